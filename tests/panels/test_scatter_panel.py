"""The scatter panel shows every answer beside what is so, on axes that never move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from numpy.typing import NDArray
from small_runs import DrawnFilm, experiment, texts
from table_films import NETWORK, drawn, made, prices_text

from backprop_anim.common.errors import ExperimentError
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import default_grid, leading_panel
from backprop_anim.panels.scatter import MOST_LINES, ScatterPanel
from backprop_anim.story.shown_samples import probe_samples

ALONE = "video.panels=[[scatter]]"
RESIDUALS = "video.panel_options={scatter: {show: residuals}}"


def marks(shown: DrawnFilm) -> dict[str, NDArray[np.float64]]:
    """Where the dots and the marks at the edges are, by their shape; the ring is called ring."""
    lines = shown.animated("scatter", Line2D)
    return {
        "ring" if line.get_markersize() == 22 else str(line.get_marker()): np.column_stack(line.get_data())
        for line in lines
    }


def axes_of(shown: DrawnFilm) -> Any:
    return shown.animated("scatter", Line2D)[0].axes


def answers(shown: DrawnFilm, frame: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is so and what is predicted, in the units of the file."""
    run = shown.recording.experiment
    return run.dataset.shown_targets[:, 0], run.answers(shown.parameters(frame), run.dataset.shown_inputs)[:, 0]


def test_each_sample_is_a_dot_or_a_mark_at_the_edge() -> None:
    shown = drawn(prices_text(), ALONE)
    low, high = axes_of(shown).get_ylim()
    for frame in shown.some_frames():
        shown.draw(frame)
        actual, predicted = answers(shown, frame)
        inside = (predicted >= low) & (predicted <= high)
        found = marks(shown)
        np.testing.assert_allclose(found["o"], np.column_stack([actual, predicted])[inside])
        np.testing.assert_allclose(found["^"][:, 0], actual[predicted > high])
        np.testing.assert_allclose(found["v"][:, 0], actual[predicted < low])
        assert (found["^"][:, 1] == high).all()
        assert (found["v"][:, 1] == low).all()
        assert len(found["<"]) == len(found[">"]) == 0


def test_answers_far_off_stay_at_the_edge() -> None:
    """Of weights so large that the first answers miss everything."""
    wild = NETWORK.replace("[5]", "[5], init: {kind: normal, scale: 30}")
    shown = drawn(prices_text(30, wild), ALONE)
    shown.draw(0)
    found = marks(shown)
    assert len(found["^"]) + len(found["v"]) > 0
    assert sum(len(found[mark]) for mark in "o^v") == 30
    box = axes_of(shown).get_xlim() + axes_of(shown).get_ylim()
    assert box[:2] == box[2:]


def test_the_axes_have_one_unit_and_a_diagonal() -> None:
    shown = drawn(prices_text(), ALONE)
    axes = axes_of(shown)
    assert axes.get_xlim() == axes.get_ylim()
    assert axes.bbox.width == pytest.approx(axes.bbox.height, rel=1e-6)
    targets = shown.recording.experiment.dataset.shown_targets
    assert axes.get_xlim()[0] < targets.min()
    assert axes.get_xlim()[1] > targets.max()
    color = themes["light"]().target
    (diagonal,) = (line for line in axes.lines if line.get_color() == color)
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())


def test_axes_do_not_move() -> None:
    shown = drawn(prices_text(), ALONE)
    limits = set()
    for frame in shown.some_frames():
        shown.draw(frame)
        limits.add((axes_of(shown).get_xlim(), axes_of(shown).get_ylim()))
    assert len(limits) == 1


def test_lines_lead_from_the_dots_to_the_diagonal_where_they_are_few() -> None:
    shown = drawn(prices_text(), ALONE)
    shown.draw(-1)
    (errors,) = shown.animated("scatter", PathPatch)
    ends = np.asarray(errors.get_path().vertices).reshape(-1, 2, 2)
    actual, predicted = answers(shown, -1)
    np.testing.assert_allclose(ends[:, 0], np.column_stack([actual, predicted]))
    np.testing.assert_allclose(ends[:, 1], np.column_stack([actual, actual]))
    assert "error" in texts(shown.canvas)
    many = drawn(prices_text(MOST_LINES + 1), ALONE)
    off = drawn(prices_text(), ALONE, "video.panel_options={scatter: {residuals: false}}")
    for other in (many, off):
        other.draw(-1)
        assert other.animated("scatter", PathPatch) == []
        assert "error" not in texts(other.canvas)


def test_many_samples_are_evenly_chosen_with_all_that_get_a_ring() -> None:
    shown = drawn(prices_text(), ALONE, "video.panel_options={scatter: {max_points: 5}}")
    shown.draw(-1)
    current = set(probe_samples(shown.recording, shown.moments))
    assert 5 <= sum(len(found) for shape, found in marks(shown).items() if shape != "ring") <= 5 + len(current)


def test_the_ring_is_around_the_current_sample() -> None:
    shown = drawn(prices_text(), ALONE)
    samples = probe_samples(shown.recording, shown.moments)
    for frame in shown.some_frames():
        shown.draw(frame)
        actual, predicted = answers(shown, frame)
        low, high = axes_of(shown).get_ylim()
        wanted = [actual[samples[frame]], np.clip(predicted[samples[frame]], low, high)]
        np.testing.assert_allclose(marks(shown)["ring"][0], wanted)


def test_residuals_are_how_far_a_prediction_is_off() -> None:
    shown = drawn(prices_text(), ALONE, RESIDUALS)
    shown.draw(-1)
    actual, predicted = answers(shown, -1)
    found = np.concatenate([marks(shown)[mark] for mark in "o<>"])
    np.testing.assert_allclose(np.sort(found[:, 1]), np.sort(predicted - actual), atol=1e-9)
    assert "predicted − actual" in texts(shown.canvas)
    assert "predicted price" in texts(shown.canvas)
    low, high = axes_of(shown).get_ylim()
    assert low == -high


@pytest.mark.parametrize("size", ["1280x720", "1080x1080", "1080x1920", "320x180"])
def test_both_axes_are_named(size: str) -> None:
    shown = drawn(prices_text(), ALONE, f"video.size={size}")
    shown.draw(-1)
    assert {"actual price", "predicted price", "right"} <= set(texts(shown.canvas))


def test_it_leads_where_there_are_more_inputs_than_a_plane_has() -> None:
    assert leading_panel(made(prices_text())) == "scatter"
    assert default_grid(made(prices_text()), 16 / 9)[0][0] == "scatter"
    assert leading_panel(experiment("table")) is None  # four rows are a table
    assert leading_panel(experiment("series")) == "fit"


def test_it_shows_a_series_where_one_asks_for_it() -> None:
    assert ScatterPanel().unsupported_reason(experiment("series")) is None
    assert "classes" in (ScatterPanel().unsupported_reason(experiment("classes")) or "")


def test_an_output_that_is_not_there_is_refused() -> None:
    with pytest.raises(ExperimentError, match=r"no output is called 'prize'.*did you mean 'price'"):
        made(prices_text(), "video.panel_options={scatter: {output: prize}}")
