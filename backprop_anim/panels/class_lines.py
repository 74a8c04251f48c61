"""Classes over one input: the probability of each as a line of its colour, the samples in a row for each class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import activations
from backprop_anim.panels.class_plane import (
    CURRENT,
    HELD_OUT,
    KEY_GAP,
    WRONG,
    class_color,
    class_key_width,
    class_mark,
    draw_class_key,
    held_out_mark,
    ring_mark,
)
from backprop_anim.panels.halos import create_halos

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backprop_anim.drawing import PanelArea, Scale
    from backprop_anim.engine import Array
    from backprop_anim.story import Moment
    from backprop_anim.tasks import Dataset
    from backprop_anim.training import Recording

__all__ = ["ALONG", "create_class_lines", "draws_class_lines"]

ALONG = 241
"""Places along the input at which the network is asked."""

MOST_POINTS = 600
ROW, ROWS_SHARE, ROWS_GAP = 24.0, 0.4, 8.0
"""Points that the row of a class takes, the share of the axes that all may take, and the gap between them and 0."""

MARK, LARGEST_MARK = 0.4, 10.0
SPREAD, GOLDEN = 0.5, 0.618034
"""Samples are spread over so much of their row, each by the golden section from the one before: equal ones part."""

KEY_BASELINE = 14.0
ABOVE = 0.05
GHOST = 0.45
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.4, 1.4)), (0, (7, 2, 1.4, 2)))
"""How lines are told apart in a theme whose classes are greys."""


def draws_class_lines(dataset: Dataset, n_outputs: int) -> bool:
    """Return whether a network's answers are the probabilities of several classes over one input."""
    return dataset.kind == "classes" and dataset.n_inputs == 1 and n_outputs > 1


def create_class_lines(stage: PanelArea) -> Callable[[Moment], None]:
    """Create the lines, the samples, rings around those that are wrong, and a dot on each line at the input now."""
    from backprop_anim.story import probe_samples

    rows = _Rows(stage)
    axes = rows.draw_axes()
    samples = probe_samples(stage.recording, stage.moments)
    drawn = rows.draw_samples(axes, np.unique(samples))
    show_lines = _create_lines(stage, axes)
    dataset = stage.recording.experiment.dataset
    inputs, heights = dataset.shown_inputs[drawn], rows.of(dataset)[drawn]
    told = [(np.column_stack([inputs, heights]), inputs, dataset.known_labels[drawn])]
    show_halos = create_halos(stage, axes, told, rows.size)
    (ring,) = axes.plot([0], [0], visible=stage.shared is None, **ring_mark(stage, rows.size + 12))
    stage.animate(ring)

    def show(moment: Moment) -> None:
        show_lines(moment)
        show_halos(moment)
        now = samples[moment.frame]
        ring.set_data(dataset.shown_inputs[now], rows.of(dataset)[now : now + 1])

    return show


class _Rows:
    """Where the samples of each class stand: in rows below the probabilities."""

    def __init__(self, stage: PanelArea) -> None:
        from backprop_anim.drawing import LABEL_SIZE, LEGEND_LINE, axes_rect

        self.stage = stage
        experiment = stage.recording.experiment
        self.n = len(experiment.dataset.class_names)
        self.marks = [WRONG, CURRENT] + ([HELD_OUT] if experiment.dataset.held_out is not None else [])
        self.name = "probability" if activations.name_of(experiment.network.activations[-1]) == "softmax" else "answer"
        room = stage.rect.width - stage.text_width(self.name, LABEL_SIZE) - 2 * KEY_GAP
        self.beside = stage.shared is not None or class_key_width(stage, self.marks) <= 0.94 * room
        self.place = stage if self.beside else replace(stage, rect=stage.rect.inset(top=LEGEND_LINE))
        self.x, y = _input_scale(stage.recordings_on_axes), _answer_scale(stage.recordings_on_axes)
        high = y.high + ABOVE * (y.high - y.low)
        height = axes_rect(self.place, self.x, y, self.name, " ", False).height
        row = min(ROW, ROWS_SHARE * height / self.n)
        self.size = min(LARGEST_MARK, max(3.0, MARK * row))
        per_point = float((high - y.low) / (height - row * self.n - ROWS_GAP))
        below = ROWS_GAP + row * (np.arange(self.n) + 0.5)
        self.rows: Array = np.asarray(y.low - per_point * below, dtype=np.float64)
        self.spread = SPREAD * per_point * row
        self.y = replace(y, low=float(y.low - per_point * (ROWS_GAP + row * self.n)), high=high)

    def of(self, dataset: Dataset) -> Array:
        """Return how high each sample stands: in the row of its class, spread over some of it."""
        off = (np.arange(dataset.n_samples) * GOLDEN) % 1 - 0.5
        found: Array = self.rows[dataset.known_labels] + self.spread * off
        return found

    def draw_axes(self) -> Axes:
        """Draw the axes and the key, in the line of the name of y where there is room."""
        from backprop_anim.drawing import LABEL_SIZE, plot_axes

        stage, shared = self.stage, self.stage.shared
        names = stage.recording.experiment.dataset.input_names
        axes = plot_axes(self.place, self.x, self.y, self.name, (names or ("",))[0])
        if shared is None:
            right = stage.rect.right
            left = axes.bbox.x0 / stage.scale
            if self.beside:
                left = max(left, right - class_key_width(stage, self.marks))
            draw_class_key(stage, left, right, stage.rect.top - KEY_BASELINE, self.marks)
        elif shared.key:
            stage.text(shared.key.left, shared.key.top - KEY_BASELINE, f"↑ {self.name}")
            left = shared.key.left + stage.text_width(f"↑ {self.name}", LABEL_SIZE) + KEY_GAP
            draw_class_key(stage, left, shared.key.right, shared.key.top - KEY_BASELINE, [WRONG])
        return axes

    def draw_samples(self, axes: Axes, current: NDArray[np.int64]) -> NDArray[np.int64]:
        """Draw the samples, evenly chosen ones where they are very many, and return those that are drawn."""
        dataset = self.stage.recording.experiment.dataset
        chosen = np.union1d(dataset.some_samples(MOST_POINTS), current)
        self._draw(axes, dataset, chosen, class_mark)
        if dataset.held_out is not None:
            self._draw(axes, dataset.held_out, dataset.held_out.some_samples(MOST_POINTS), held_out_mark)
        return chosen

    def _draw(
        self,
        axes: Axes,
        dataset: Dataset,
        chosen: NDArray[np.int64],
        look: Callable[[PanelArea, int, float], dict[str, Any]],
    ) -> None:
        x, y, labels = dataset.shown_inputs[chosen, 0], self.of(dataset)[chosen], dataset.known_labels[chosen]
        for k in range(self.n):
            axes.plot(x[labels == k], y[labels == k], **look(self.stage, k, self.size))


def _create_lines(stage: PanelArea, axes: Axes) -> Callable[[Moment], None]:
    """Create a line for each class, the dots at the input now, and the lines that a told step leaves behind."""
    from backprop_anim.drawing import FrameBlocks, states_at_once
    from backprop_anim.story import is_updating, probe_inputs, row_before, shown_state

    recording, theme = stage.recording, stage.theme
    experiment = recording.experiment
    inputs = np.concatenate([each.experiment.dataset.shown_inputs for each in stage.recordings_on_axes])
    way = np.linspace(inputs.min(), inputs.max(), ALONG)[:, np.newaxis]
    probes = probe_inputs(recording, stage.moments)
    classes = range(len(experiment.dataset.class_names))
    colors = [class_color(stage, k) for k in classes]
    dashes = [DASHES[k % len(DASHES)] if not theme.has_hues else "-" for k in classes]
    ghosts = [axes.plot([], [], color=color, lw=1.4, alpha=GHOST, ls=(0, (3.2, 2.0)))[0] for color in colors]
    lines = [axes.plot([], [], color=c, lw=theme.line, ls=d)[0] for c, d in zip(colors, dashes, strict=True)]
    look: dict[str, Any] = {"mec": theme.background, "mew": 2, "ms": 12}
    dots = [axes.plot([], [], "o", color=color, **look)[0] for color in colors]
    stage.animate(*ghosts, *lines, *dots)

    def answers(parameters: Array, x: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):  # of a network that went astray
            found: Array = experiment.answers(parameters, x)
        return found

    at_once = states_at_once(experiment.network.layout.n_parameters)
    blocks = FrameBlocks(
        lambda start, stop: answers(recording.parameters[start:stop], way), recording.n_snapshots, at_once
    )

    def show(moment: Moment) -> None:
        moving = is_updating(moment) or moment.blend  # on its way to the next state
        state = shown_state(recording, moment)
        if moving:
            found = answers(state, way)
        else:
            block, row = blocks.at(moment.snapshot)
            found = block[row]
        now = probes[moment.frame][np.newaxis]
        at = answers(state, now)[0]
        was = row_before(recording, moment)
        before = None if was is None else answers(recording.parameters[was], way)
        for k in classes:
            lines[k].set_data(way[:, 0], found[:, k])
            dots[k].set_data(now[0], at[k : k + 1])
            ghosts[k].set_visible(before is not None)
            if before is not None:
                ghosts[k].set_data(way[:, 0], before[:, k])

    return show


def _input_scale(recordings: Sequence[Recording]) -> Scale:
    from backprop_anim.drawing import date_scale, linear_scale

    every = [each.experiment.dataset for each in recordings]
    every += [each.held_out for each in every if each.held_out is not None]
    x = np.concatenate([each.shown_inputs[:, 0] for each in every])
    return (date_scale if every[0].date_inputs else linear_scale)(float(x.min()), float(x.max()), 5, 0.03)


def _answer_scale(recordings: Sequence[Recording]) -> Scale:
    """Return the axis of the answers: from 0 to 1, and what else the last states give that are no probabilities."""
    from backprop_anim.drawing import linear_scale

    low, high = 0.0, 1.0
    for each in recordings:
        if each.diverged_at is None:
            last = each.experiment.answers(each.parameters[-1], each.experiment.dataset.shown_inputs)
            low, high = min(low, float(last.min())), max(high, float(last.max()))
    return linear_scale(low, high, 5)
