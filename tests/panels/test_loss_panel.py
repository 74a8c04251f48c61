"""The loss panel shows every loss that was recorded, as far as the film has come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from small_runs import DrawnFilm, film, recording, texts

from backprop_anim.panels.loss import COLUMNS, _running_mean, _thinned


def point_of(shown: DrawnFilm) -> Line2D:
    (point,) = (line for line in shown.animated("loss", Line2D) if line.get_marker() == "o")
    return point


def axes_of(shown: DrawnFilm) -> Axes:
    axes = point_of(shown).axes
    assert isinstance(axes, Axes)
    return axes


def lines(shown: DrawnFilm, color: str) -> list[Any]:
    """The points of the lines of one colour, without the running point."""
    return [np.column_stack(line.get_data()) for line in axes_of(shown).lines if line.get_color() == color][:1]


@pytest.mark.parametrize("name", ["heart", "classes"])
def test_the_point_is_at_the_loss_that_the_header_says(name: str) -> None:
    shown = film(name)
    for frame in shown.some_frames():
        shown.draw(frame)
        row = shown.moments[frame].snapshot
        x, y = point_of(shown).get_data()
        assert x == [shown.recording.steps[row]]
        assert y == [shown.recording.snapshot_losses[row]]
        of_what = "loss" if name == "heart" else "loss over all data"
        assert any(text.endswith(f"{of_what} {y[0]:.4f}") for text in texts(shown.canvas))


def test_the_line_is_the_loss_of_every_step() -> None:
    shown = film("heart", trained=("training.steps=300",))
    run = shown.recording
    expected = np.column_stack([np.arange(301), np.append(run.losses, run.snapshot_losses[-1])])
    (line,) = lines(shown, shown.stage("loss").theme.accent)
    np.testing.assert_array_equal(line, expected)


def test_with_batches_the_strong_line_is_the_loss_over_all_samples() -> None:
    shown = film("classes")
    run, theme = shown.recording, shown.stage("loss").theme
    (strong,) = lines(shown, theme.accent)
    np.testing.assert_array_equal(strong, np.column_stack([run.steps, run.snapshot_losses]))
    (batches,) = lines(shown, theme.faint)
    np.testing.assert_array_equal(batches[:-1, 1], run.losses)
    (mean,) = lines(shown, theme.ink)
    assert mean[-1, 1] == pytest.approx(run.losses[-30:].mean())  # of a tenth of the steps


def test_it_uncovers_the_line_exactly_up_to_the_point() -> None:
    shown = film("heart", "video.panels=[[loss]]")
    rect, scale = shown.stage("loss").rect, shown.stage("loss").scale
    height = shown.draw(0).shape[0]
    rows = slice(int(height - rect.top * scale), int(height - rect.bottom * scale))
    first, last = shown.draw(0)[rows], shown.draw(-1)[rows]
    box = axes_of(shown).bbox
    radius = 6  # of the point with its rim, in pixels; the first and the last frame have theirs at the ends
    inside = slice(round(box.x0) + 2 * radius, round(box.x1) - 2 * radius)
    for frame in (15, 30, 45):
        pixels = shown.draw(frame)[rows]
        x, _ = axes_of(shown).transData.transform(np.ravel(point_of(shown).get_data()))
        end = 7  # the last pixels of the line are drawn anew in each frame
        before, after = slice(inside.start, int(x) - end), slice(int(x) + radius, inside.stop)
        np.testing.assert_array_equal(pixels[:, before], last[:, before])
        np.testing.assert_array_equal(pixels[:, after], first[:, after])
        assert (pixels[:, before] != first[:, before]).any()
        assert (pixels[:, after] != last[:, after]).any()


def test_what_is_to_come_is_faint() -> None:
    shown = film("heart", "video.panels=[[loss]]")
    accent = np.array(to_rgb(shown.stage("loss").theme.accent)) * 255

    def strong(frame: int) -> int:
        return int((np.abs(shown.draw(frame)[..., :3] - accent).max(axis=-1) < 40).sum())

    counts = [strong(frame) for frame in (0, 20, 40, len(shown.moments) - 1)]
    assert counts == sorted(counts)
    assert counts[-1] > 3 * counts[0]


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("heart", "", "log"),
        ("heart", "scale: linear", "linear"),
        ("series", "", "linear"),
        ("series", "scale: log", "log"),
    ],
)
def test_the_scale_suits_the_loss_or_is_chosen(name: str, options: str, expected: str) -> None:
    shown = film(name, f"video.panel_options={{loss: {{{options}}}}}")
    spread = shown.recording.snapshot_losses.max() / shown.recording.snapshot_losses.min()
    assert (spread > 20) == (name == "heart")
    assert axes_of(shown).get_yscale() == expected


@pytest.mark.parametrize(("steps", "expected"), [("auto", "symlog"), ("linear", "linear"), ("log", "symlog")])
def test_the_steps_suit_the_film_or_are_chosen(steps: str, expected: str) -> None:
    shown = film("heart", f"video.panel_options={{loss: {{steps: {steps}}}}}")
    assert axes_of(shown).get_xscale() == expected
    assert axes_of(shown).get_xlim() == (0, 1500)


def test_a_linear_film_has_linear_steps() -> None:
    assert axes_of(film("heart", trained=("snapshots.schedule=linear",))).get_xscale() == "linear"


@pytest.mark.parametrize("name", ["heart", "series", "classes", "table"])
def test_the_loss_that_is_shown_is_inside_the_axis(name: str) -> None:
    shown = film(name)
    low, high = axes_of(shown).get_ylim()
    losses = shown.recording.snapshot_losses
    assert low <= losses.min() <= losses.max() <= high


def test_a_loss_of_nothing_is_drawn() -> None:
    """Where the loss is 0 there is no logarithm."""
    exact = "task={kind: table, inputs: [x], targets: [y], columns: [x, y], rows: [[0, 0], [1, 0]]}"
    weights = ("network={layers: [1, 1], activation: linear, init: zeros}", "training.steps=3")
    shown = film("heart", trained=(exact, *weights))
    assert (shown.recording.snapshot_losses == 0).all()
    shown.draw(-1)
    assert axes_of(shown).get_yscale() == "linear"


def test_thinning_keeps_what_is_least_and_greatest_in_every_column() -> None:
    steps, losses = np.arange(20 * COLUMNS), np.random.default_rng(0).random(20 * COLUMNS)
    columns = steps / 20
    x, y = _thinned(columns, steps, losses)
    assert len(x) == len(y) == 4 * COLUMNS
    assert (np.diff(x) >= 0).all()
    blocks = losses.reshape(COLUMNS, 20)
    thin = y.reshape(COLUMNS, 4)
    np.testing.assert_array_equal(thin.min(axis=1), blocks.min(axis=1))
    np.testing.assert_array_equal(thin.max(axis=1), blocks.max(axis=1))
    np.testing.assert_array_equal(thin[:, [0, 3]], blocks[:, [0, -1]])


def test_a_running_mean_is_the_mean_of_the_last_losses() -> None:
    losses = np.random.default_rng(0).random(200)
    mean = _running_mean(losses, 16)
    for step, size in ((0, 1), (7, 2), (15, 5), (47, 16), (199, 16)):
        assert mean[step] == pytest.approx(losses[step + 1 - size : step + 1].mean())


def test_a_running_mean_lets_the_first_losses_go_without_a_kink() -> None:
    losses = 1 / (1 + np.arange(400.0))
    slopes = np.diff(np.log(_running_mean(losses, 40)))
    assert np.abs(np.diff(slopes))[30:].max() < 0.05  # a window that slides at once: 0.2


def test_every_run_says_which_loss_it_is() -> None:
    assert recording("classes").experiment.training.loss.label in texts(film("classes").canvas)


def test_a_step_over_all_samples_may_be_called_an_epoch() -> None:
    assert "epoch" in texts(film("heart", "video.panel_options={loss: {unit: epoch}}").canvas)
    assert "training step" in texts(film("heart").canvas)
