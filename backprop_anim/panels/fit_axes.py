"""Axes of a drawn curve and of a series, with the target and the key; it knows nothing of the network's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backprop_anim.drawing import LegendEntry, PanelArea, Rect, Scale
    from backprop_anim.engine import Array
    from backprop_anim.tasks import Dataset
    from backprop_anim.training import Recording

__all__ = ["curve_axes", "draw_key_line", "residual_rows", "series_axes"]

KEY_ROOM = 30.0

ALONG_CURVE, MOST_RESIDUALS = 24, 60
"""How many residuals a curve has, and up to how many a series: more would be a surface, not lines."""


def curve_axes(stage: PanelArea, more: Sequence[LegendEntry]) -> Axes:
    """Draw the target curve on axes with equal units, centred in the panel, and the key; `more` where it has room."""
    from backprop_anim.drawing import LEGEND_LINE, LegendEntry

    targets = stage.recording.experiment.dataset.shown_targets
    every = np.concatenate([each.experiment.dataset.shown_targets for each in stage.recordings_on_axes])
    low, high = every.min(axis=0), every.max(axis=0)
    middle, size = (low + high) / 2, np.maximum(high - low, 1e-9)
    theme, above = stage.theme, 0.0 if stage.shared else LEGEND_LINE
    rect = stage.rect.inset(6, 6, 6, 6 + above)
    per_point = max(1.12 * size[0] / rect.width, 1.12 * size[1] / rect.height)
    half = np.array([rect.width, rect.height]) * per_point / 2
    axes = stage.axes(rect)
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
    path = _closed(targets)
    axes.plot(*path.T, color=stage.theme.target, linewidth=2.2, linestyle=(0, (4.5, 2.6)))
    keys = [LegendEntry("target", theme.target, "dashes")]
    if not stage.shared:
        keys.append(LegendEntry("network", "", "line", theme.ramp))
    if held_out := stage.recording.experiment.dataset.held_out:
        axes.plot(*held_out.shown_targets.T, **_hollow(stage))
        keys.append(LegendEntry("held out", theme.ink, "ring"))
    keys += more
    where = stage.shared.key if stage.shared else stage.rect.inset(bottom=stage.rect.height - KEY_ROOM)
    if where:
        draw_key_line(stage, where, keys)
    return axes


def _closed(points: Array) -> Array:
    """Join the last point to the first where the gap is no wider than the gaps between neighbours."""
    gaps = np.hypot(*np.diff(points, axis=0).T)
    if np.hypot(*(points[0] - points[-1])) <= 1.5 * gaps.max():
        return np.concatenate([points, points[:1]])
    return points


def series_axes(stage: PanelArea, more: Sequence[LegendEntry]) -> Axes:
    """Draw observations and the true series on axes with ticks, and the key above them; `more` where it has room."""
    from backprop_anim.drawing import (
        LEGEND_LINE,
        LegendEntry,
        draw_legend,
        left_room,
        legend_lines,
        legend_width,
        plot_axes,
    )

    dataset, theme = stage.recording.experiment.dataset, stage.theme
    x, y = dataset.shown_inputs[:, 0], dataset.shown_targets[:, 0]
    truth = None if dataset.truth is None else dataset.truth[:, 0]
    noisy = truth is None or not np.array_equal(truth, y)
    scale, y_scale = _series_scales(stage.recordings_on_axes)
    outputs = (f"probability of {dataset.class_names[1]}",) if dataset.class_names else dataset.output_names
    names = (dataset.input_names or ("",))[0], (outputs or ("",))[0]
    seen = "samples" if dataset.class_names else "observations"
    keys = [LegendEntry(seen, theme.muted, "dots")] if noisy else []
    if dataset.held_out is not None:
        keys.append(LegendEntry("held out", theme.ink, "ring"))
    if truth is not None:
        keys.append(LegendEntry("true curve" if noisy else "target", theme.target, "dashes"))
    if stage.shared:
        axes = plot_axes(stage, scale, y_scale, "", names[0])
        if stage.shared.key:
            draw_key_line(stage, stage.shared.key, [*keys, *more], names[1])
    else:
        keys.append(LegendEntry("network", theme.ramp[len(theme.ramp) // 2], "line"))
        room = stage.rect.width - left_room(stage, scale, y_scale)
        for key in more:
            keys += [key] if legend_width(stage, [*keys, key]) <= room else []
        lines = legend_lines(stage, keys, room)
        axes = plot_axes(_without_top(stage, LEGEND_LINE * len(lines)), scale, y_scale, names[1], names[0])
        for row, line in enumerate(lines):
            draw_legend(stage, line, axes.bbox.x0 / stage.scale, stage.rect.top - 14 - LEGEND_LINE * row)
    if dataset.held_out is not None:
        axes.plot(dataset.held_out.shown_inputs[:, 0], dataset.held_out.shown_targets[:, 0], **_hollow(stage))
    if noisy:
        axes.plot(x, y, "o", color=theme.ink, alpha=0.45, markersize=6, mew=0)
    if truth is not None:
        if dataset.held_out is not None and dataset.held_out.truth is not None:
            x = np.append(x, dataset.held_out.shown_inputs[:, 0])
            truth = np.append(truth, dataset.held_out.truth[:, 0])
        order = np.argsort(x)
        axes.plot(x[order], truth[order], color=theme.target, linewidth=2.2, linestyle=(0, (4.5, 2.6)))
    return axes


def _series_scales(recordings: Sequence[Recording]) -> tuple[Scale, Scale]:
    """Return the axes that hold the observations, the true series and the last fit of every recording."""
    from backprop_anim.drawing import Scale, date_scale, linear_scale

    xs, ys = [], []
    for recording in recordings:
        dataset = recording.experiment.dataset
        targets = dataset.shown_targets[:, 0]
        xs.append(dataset.shown_inputs[:, 0])
        if dataset.held_out is not None:
            xs.append(dataset.held_out.shown_inputs[:, 0])
            ys.append(dataset.held_out.shown_targets[:, 0])
        ys += [targets] if dataset.truth is None else [targets, dataset.truth[:, 0]]
        if recording.diverged_at is None:  # or the last answers would flatten all else
            ys.append(recording.experiment.answers(recording.parameters[-1], dataset.shown_inputs)[:, 0])
    x, y, shown = np.concatenate(xs), np.concatenate(ys), recordings[0].experiment.dataset.shown_range
    of_days = bool(recordings[0].experiment.dataset.date_inputs)
    scale = (date_scale if of_days else linear_scale)(float(x.min()), float(x.max()), 5, 0.02)
    if shown is not None and x.max() > x.min():
        first, last = shown
        labelled = linear_scale(first, last, 5, 0.02)
        ticks = (np.array(labelled.ticks) - first) / (last - first)
        scale = Scale("linear", -0.02, 1.02, tuple(ticks * (x.max() - x.min()) + x.min()), labelled.labels)
    return scale, linear_scale(float(y.min()), float(y.max()), 5, 0.12)


def _hollow(stage: PanelArea) -> dict[str, Any]:
    """Return how samples are drawn that the network is not trained on."""
    return {"linestyle": "none", "marker": "o", "mfc": "none", "mec": stage.theme.ink, "mew": 1.2, "markersize": 6}


def draw_key_line(stage: PanelArea, rect: Rect, keys: Sequence[LegendEntry], y_name: str = "") -> None:
    """Write the name of y, and the key behind it, in as much of it as there is room for."""
    from backprop_anim.drawing import LABEL_SIZE, draw_legend, legend_width

    baseline, left = rect.top - 14, rect.left
    if y_name:
        name = stage.truncate_text(f"↑ {y_name}", max(0.4 * rect.width, rect.width - legend_width(stage, keys) - 28))
        stage.text(left, baseline, name)
        left += stage.text_width(name, LABEL_SIZE) + 28
    while keys and legend_width(stage, keys) > rect.right - left:
        keys = keys[:-1]
    draw_legend(stage, keys, left, baseline)


def _without_top(stage: PanelArea, height: float) -> PanelArea:
    """Return the same stage without a strip at its top."""
    from dataclasses import replace

    return replace(stage, rect=stage.rect.inset(top=height))


def residual_rows(dataset: Dataset) -> NDArray[np.int64]:
    """Return the samples whose residuals are drawn: some along a curve, all of a series that is short enough."""
    n = dataset.n_samples
    if dataset.kind == "curve":
        return dataset.some_samples(ALONG_CURVE)
    return np.arange(n if n <= MOST_RESIDUALS else 0)
