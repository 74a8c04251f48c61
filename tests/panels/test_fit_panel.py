"""The fit panel shows the network's own answers, and the data as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from small_runs import DrawnFilm, film, recording, texts
from table_films import drawn

from backprop_anim.panels import leading_panel
from backprop_anim.panels.fit import COLORS, PER_COLOR, FitPanel
from backprop_anim.panels.fit_axes import MOST_RESIDUALS
from backprop_anim.story.moment import shown_state
from backprop_anim.story.shown_samples import probe_inputs
from backprop_anim.tasks.dataset import Dataset


def fitted_line(shown: DrawnFilm) -> LineCollection:
    (line,) = (one for one in shown.animated("fit", LineCollection) if len(one.get_colors()) == COLORS)
    return line


def residuals(shown: DrawnFilm) -> Any:
    """The drawn residuals, (lines, ends, 2), or None where there are none."""
    found = shown.animated("fit", PathPatch)
    return found[0].get_path().vertices.reshape(-1, 2, 2) if found else None


def axes_of(shown: DrawnFilm) -> Axes:
    return fitted_line(shown).axes


def still_lines(shown: DrawnFilm, color: str) -> list[Any]:
    """The points of the lines that never change, by colour."""
    return [
        np.column_stack(line.get_data())
        for line in axes_of(shown).lines
        if not line.get_animated() and line.get_color() == color
    ]


def prediction(shown: DrawnFilm) -> Any:
    """The points of the drawn prediction, without those that two pieces share."""
    line = fitted_line(shown)
    pieces = [path.vertices for path in line.get_paths()]
    return np.concatenate([piece[:-1] for piece in pieces] + [pieces[-1][-1:]])


def answers(shown: DrawnFilm, frame: int, x: Any) -> Any:
    """What the network answers, as points of the panel."""
    network, kind = shown.recording.experiment.network, shown.recording.experiment.dataset.kind
    y = network.outputs(shown.parameters(frame), x)
    return y if kind == "curve" else np.column_stack([x, y])


def way(shown: DrawnFilm) -> Any:
    inputs = shown.recording.experiment.dataset.inputs
    return np.linspace(inputs.min(), inputs.max(), COLORS * PER_COLOR + 1)[:, np.newaxis]


@pytest.mark.parametrize("name", ["heart", "series", "target"])
def test_the_line_is_what_the_network_answers(name: str) -> None:
    shown = film(name)
    for frame in shown.some_frames():
        shown.draw(frame)
        np.testing.assert_allclose(prediction(shown), answers(shown, frame, way(shown)), rtol=1e-9)


@pytest.mark.parametrize("name", ["heart", "series"])
def test_the_probe_is_on_the_line(name: str) -> None:
    shown = film(name)
    probe = next(line for line in shown.animated("fit", Line2D) if line.get_marker() == "o")
    probes = probe_inputs(shown.recording, shown.moments)
    for frame in shown.some_frames():
        shown.draw(frame)
        place = np.ravel(probe.get_data())
        np.testing.assert_allclose(place, answers(shown, frame, probes[frame : frame + 1])[0], rtol=1e-9)


def ghosts_of(shown: DrawnFilm) -> list[tuple[Any, float]]:
    """The earlier predictions that can be seen, the newest first, and their opacities."""
    found = [one for one in shown.animated("fit", LineCollection) if len(one.get_colors()) != COLORS]
    lines = [
        (path.vertices, color[3])
        for one in found
        for path, color in zip(one.get_paths(), one.get_colors(), strict=True)
    ]
    return [(points, opacity) for points, opacity in lines if opacity > 0]


def test_a_told_step_moves_the_line_and_leaves_the_old_one_behind() -> None:
    shown = film("heart", "video.slow_motion=[{step: 20}]", trained=("video.slow_motion=[{step: 20}]",))
    (left,) = (line for line in shown.animated("fit", Line2D) if line.get_linestyle() == "--")
    row, seen = shown.recording.nearest(20), []
    network = shown.recording.experiment.network
    for moment in shown.moments:
        phase = moment.act.phase if moment.act else ""
        if not moment.act and moment.frame % 20:
            continue
        shown.draw(moment.frame)
        assert left.get_visible() == (phase in ("update", "outcome"))
        state = shown_state(shown.recording, moment)
        np.testing.assert_allclose(prediction(shown), network.outputs(state, way(shown)), rtol=1e-9)
        if phase == "update":
            before = network.outputs(shown.recording.parameters[row], way(shown))
            np.testing.assert_allclose(np.column_stack(left.get_data()), before, rtol=1e-12)
            seen.append(prediction(shown)[0, 0])
    assert len(set(seen)) > 5


@pytest.mark.parametrize(("name", "n_colors"), [("heart", 10), ("series", 1)])
def test_the_probe_has_the_colour_of_its_place(name: str, n_colors: int) -> None:
    shown = film(name)
    (probe,) = (line for line in shown.animated("fit", Line2D) if line.get_marker() == "o")
    line, found = fitted_line(shown), set()
    for frame in range(0, len(shown.moments), 3):
        shown.draw(frame)
        near = np.hypot(*(prediction(shown) - np.ravel(probe.get_data())).T).argmin()
        color = line.get_colors()[min(near // PER_COLOR, COLORS - 1)]
        assert np.abs(np.array(to_rgba(probe.get_markerfacecolor())) - color).max() < 0.06
        found.add(tuple(probe.get_markerfacecolor()))
    assert len(found) >= n_colors
    assert n_colors > 1 or len(found) == 1


def test_ghosts_are_earlier_answers_and_fade() -> None:
    shown = film("heart")
    coarse = way(shown)[::PER_COLOR]
    for frame in (1, 3, 30, len(shown.moments) - 1):
        shown.draw(frame)
        seen = ghosts_of(shown)
        assert len(seen) == min(FitPanel().ghosts, shown.moments[frame].snapshot)
        earlier = [answers(shown, state, coarse) for state in range(shown.moments[frame].snapshot)]
        for back, (points, _) in enumerate(seen):  # the newest first
            np.testing.assert_allclose(points, earlier[-1 - back], rtol=1e-9)
        opacities = [opacity for _, opacity in seen]
        assert opacities == sorted(opacities, reverse=True)
        assert 0 < opacities[0] < 0.5


@pytest.mark.parametrize("name", ["heart", "target"])
def test_residuals_run_from_the_answers_to_the_targets(name: str) -> None:
    shown = film(name)
    dataset = shown.recording.experiment.dataset
    for frame in shown.some_frames():
        shown.draw(frame)
        drawn = residuals(shown)
        assert 10 < len(drawn) <= MOST_RESIDUALS
        at = [int(np.flatnonzero((ends[1] == data).all(axis=1))[0]) for ends in drawn for data in [points_of(dataset)]]
        assert len(set(at)) == len(drawn)
        np.testing.assert_allclose(drawn[:, 0], answers(shown, frame, dataset.inputs[at]), rtol=1e-9)


def points_of(dataset: Dataset) -> Any:
    return dataset.targets if dataset.kind == "curve" else np.column_stack([dataset.inputs, dataset.targets])


def test_residuals_can_be_left_out_and_are_not_drawn_where_they_are_too_many() -> None:
    off = film("target", "video.panel_options={fit: {residuals: false}}")
    assert residuals(off) is None
    assert "error" not in texts(off.canvas)
    many = film("series")
    assert many.recording.experiment.dataset.n_samples > MOST_RESIDUALS
    many.draw(0)
    assert residuals(many) is None or len(residuals(many)) == 0
    assert "error" not in texts(many.canvas)
    assert "error" in texts(film("target").canvas)


def test_there_are_no_ghosts_at_the_start_nor_where_none_are_wanted() -> None:
    shown = film("heart")
    shown.draw(0)
    assert ghosts_of(shown) == []
    without = film("heart", "video.panel_options={fit: {ghosts: 0}}")
    without.draw(-1)
    assert ghosts_of(without) == []


def test_the_line_is_coloured_along_its_way() -> None:
    shown = film("heart")
    line = fitted_line(shown)
    ramp = shown.stage("fit").theme.ramp
    colors = line.get_colors()
    assert len(colors) == COLORS
    np.testing.assert_allclose([colors[0], colors[-1]], [to_rgba(ramp[0]), to_rgba(ramp[-1])], atol=1e-6)


def test_the_target_is_the_data_and_is_closed() -> None:
    shown = film("heart")
    targets = shown.recording.experiment.dataset.targets
    (target,) = still_lines(shown, shown.stage("fit").theme.target)
    np.testing.assert_array_equal(target, np.concatenate([targets, targets[:1]]))


def test_an_open_curve_stays_open() -> None:
    shown = film("heart", trained=("task.curve=spiral",))
    (target,) = still_lines(shown, shown.stage("fit").theme.target)
    np.testing.assert_array_equal(target, shown.recording.experiment.dataset.targets)


@pytest.mark.parametrize("size", ["640x360", "540x540", "540x960"])
def test_a_curve_is_drawn_to_scale_and_whole(size: str) -> None:
    shown = film("heart", f"video.size={size}")
    to_pixels = axes_of(shown).transData.transform
    origin, along = to_pixels([(0, 0)])[0], to_pixels([(1, 1)])[0]
    assert along[0] - origin[0] == pytest.approx(along[1] - origin[1], rel=1e-6)
    rect, scale = shown.stage("fit").rect, shown.stage("fit").scale
    target = to_pixels(shown.recording.experiment.dataset.targets) / scale
    assert (target >= [rect.left, rect.bottom]).all()
    assert (target <= [rect.right, rect.top]).all()


def test_a_noisy_series_shows_observations_and_truth() -> None:
    shown = film("series")
    dataset, theme = shown.recording.experiment.dataset, shown.stage("fit").theme
    (observed,) = still_lines(shown, theme.ink)
    np.testing.assert_array_equal(observed, np.column_stack([dataset.inputs, dataset.targets]))
    truth = still_lines(shown, theme.target)[0]
    np.testing.assert_array_equal(truth, np.column_stack([dataset.inputs, dataset.truth]))
    assert {"observations", "true curve", "network"} <= set(texts(shown.canvas))


def test_a_series_without_noise_shows_its_target_alone() -> None:
    shown = film("target")
    said = texts(shown.canvas)
    assert "target" in said
    assert not {"observations", "true curve"} & set(said)
    assert not still_lines(shown, shown.stage("fit").theme.ink)


def test_the_axis_shows_the_values_that_the_user_gave() -> None:
    axes = axes_of(film("series"))
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "0"
    assert labels[-1] == "100"
    inputs = recording("series").experiment.dataset.inputs
    np.testing.assert_allclose(axes.get_xticks()[[0, -1]], [inputs.min(), inputs.max()], atol=1e-12)


def test_it_says_what_it_cannot_draw() -> None:
    assert "classes" in (FitPanel().unsupported_reason(recording("classes").experiment) or "")
    assert FitPanel().unsupported_reason(recording("heart").experiment) is None


def test_two_classes_by_one_input_are_a_curve_of_probability() -> None:
    rows = ", ".join(f"[{hours}, {'pass' if hours > 4 else 'fail'}]" for hours in range(10))
    task = f"{{kind: table, columns: [hours, result], rows: [{rows}], inputs: [hours], targets: [result]}}"
    shown = drawn(f"task: {task}\nnetwork: {{hidden: [3]}}\ntraining: {{steps: 20}}\n", "video.panels=[[fit]]")
    shown.draw(-1)
    said = texts(shown.canvas)
    assert {"probability of pass", "hours", "samples"} <= set(said)
    run = shown.recording.experiment
    hours = run.dataset.shown_inputs
    x = np.linspace(hours.min(), hours.max(), COLORS * PER_COLOR + 1)[:, np.newaxis]
    np.testing.assert_allclose(prediction(shown), np.column_stack([x, run.answers(shown.parameters(-1), x)]))
    assert leading_panel(run) == "fit"
