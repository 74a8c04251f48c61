"""Axes for two inputs beside the bar that says which colour is which amount; it knows no answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_anim.panels.class_plane import (
    KEY_BASELINE,
    bare_plane,
    frame_plane,
    have_one_unit,
    input_scale,
    ring_mark,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backprop_anim.drawing import PanelArea, Scale
    from backprop_anim.engine import Array

__all__ = ["value_edge", "value_plane", "value_scale"]

BAR, BAR_GAP, NUMBER_GAP = 14.0, 16.0, 8.0
NAME_GAP, NAME_BASELINE, ROW = 22.0, 12.0, 26.0
KEY_MARK, KEY_SIZE, RING_SIZE = 20.0, 9.5, 14.0
FEW, MANY = 3, 5
FLAT_BAR, LEAST_FLAT_BAR = 120.0, 40.0
ACTUAL, CURRENT = "actual", "current"


def value_scale(values: Array) -> Scale:
    """Return the scale of the bar: from the least value to the greatest, with round numbers between."""
    from backprop_anim.drawing import linear_scale

    low, high = float(values.min()), float(values.max())
    scales = [linear_scale(low, high, n_ticks) for n_ticks in range(MANY - 1, 2 * MANY)]
    return next((scale for scale in scales if FEW <= len(scale.ticks) <= MANY), scales[0])


def value_plane(stage: PanelArea, names: Sequence[str], places: Array, values: Scale, dots: bool) -> Axes:
    """Draw axes without a grid, the bar of colours at their right, and above both what they are called.

    Parameters
    ----------
    stage : PanelArea
    names : sequence of str
        Of both inputs and of the target.
    places : ndarray, shape (N, 2)
        What the axes have room for.
    values : Scale
        Of the bar.
    dots : bool
        Whether samples are drawn, which the key then names.
    """
    from backprop_anim.drawing import LABEL_SIZE, axes_rect

    def width(text: str) -> float:
        return stage.text_width(text, LABEL_SIZE)

    dataset = stage.recording.experiment.dataset
    if stage.shared:
        return _tile(stage, names, places, values, dots)
    x, y = (input_scale(column, k in dataset.date_inputs) for k, column in enumerate(places.T))
    numbers = max((width(label) for label in values.labels), default=0.0)
    beside = BAR_GAP + BAR + NUMBER_GAP + numbers
    place = replace(stage, rect=stage.rect.inset(right=beside - 6))  # which axes keep for themselves
    plane = axes_rect(place, x, y, "y", names[0], have_one_unit(x, y))
    right = min(plane.right + beside, stage.rect.right)
    x_name, y_name = (stage.truncate_text(name, plane.width) for name in names[:2])
    target = stage.truncate_text(names[2], right - stage.rect.left)
    marks = [ACTUAL, CURRENT] if dots else [CURRENT]
    in_one_row = width(y_name) + width(target) + NAME_GAP <= right - plane.left
    if not in_one_row:
        place = replace(place, rect=place.rect.inset(top=ROW))
    axes = bare_plane(place, x, y, x_name, y_name)
    left, top = axes.bbox.x0 / stage.scale, axes.bbox.y1 / stage.scale + NAME_BASELINE
    right = axes.bbox.x1 / stage.scale + beside
    _draw_bar(stage, axes, values)
    stage.text(right, top + (0 if in_one_row else ROW), target, ha="right", va="baseline")
    start = left + width(y_name) + NAME_GAP if y_name else left
    end = right - width(target) - NAME_GAP if in_one_row and target else right
    while marks and start + sum(KEY_MARK + width(mark) + NAME_GAP for mark in marks) - NAME_GAP > end:
        marks.pop()
    for mark in marks:
        start = _draw_key(stage, mark, start, top)
    return axes


def _tile(stage: PanelArea, names: Sequence[str], places: Array, values: Scale, dots: bool) -> Axes:
    """Draw the axes of one tile of several, with a key for all in one line, the bar lying at its end."""
    from backprop_anim.drawing import LABEL_SIZE, Rect

    def width(text: str) -> float:
        return stage.text_width(text, LABEL_SIZE)

    dates = stage.recording.experiment.dataset.date_inputs
    x, y = (input_scale(column, k in dates) for k, column in enumerate(places.T))
    axes = bare_plane(stage, x, y, names[0])
    shared = stage.shared
    if shared is None:
        return axes
    frame_plane(axes, shared.color)
    if (key := shared.key) is None:
        return axes
    baseline = key.bottom + KEY_BASELINE
    name = stage.truncate_text(f"↑ {names[1]}", 0.3 * key.width) if names[1] else ""
    stage.text(key.left, baseline, name)
    start = key.left + (width(name) + NAME_GAP if name else 0)
    if dots:
        start = _draw_key(stage, ACTUAL, start, baseline)
    ends = [values.labels[0], values.labels[-1]] if values.labels else ["", ""]
    target = stage.truncate_text(names[2], max(0.3 * key.width, 1.0))
    beside = sum(width(text) + NUMBER_GAP for text in (target, *ends)) + NUMBER_GAP
    long = min(FLAT_BAR, key.right - start - beside)
    if long < LEAST_FLAT_BAR:
        return axes
    left = key.right - beside - long
    stage.text(left, baseline, target)
    left += width(target) + 2 * NUMBER_GAP
    stage.text(left, baseline, ends[0])
    left += width(ends[0]) + NUMBER_GAP
    bar = stage.axes(Rect(left, baseline + 0.33 * LABEL_SIZE - BAR / 2, long, BAR))
    bar.set(xlim=(0, 1), ylim=(0, 1))
    bar.imshow(_shades(values).T, cmap=_colormap(stage), vmin=0, vmax=1, extent=(0, 1, 0, 1), aspect="auto")
    stage.text(key.right, baseline, ends[1], ha="right")
    return axes


def _shades(values: Scale) -> Array:
    """Return the shares of the bar between its first and its last number, (256, 1)."""
    low, high = ((tick - values.low) / (values.high - values.low) for tick in (values.ticks[0], values.ticks[-1]))
    shares: Array = np.linspace(low, high, 256)[:, np.newaxis]
    return shares


def value_edge(stage: PanelArea) -> dict[str, Any]:
    """Return how the edge of a sample is drawn, whose inside is its value."""
    return {"edgecolors": stage.theme.ink, "linewidths": 0.8}


def _draw_bar(stage: PanelArea, axes: Axes, values: Scale) -> None:
    """Draw the bar from the lowest value at the foot of the axes to the greatest at their top."""
    from backprop_anim.drawing import LABEL_SIZE, Rect

    box, scale = axes.bbox, stage.scale
    left = box.x1 / scale + BAR_GAP
    bar = stage.axes(Rect(left, box.y0 / scale, BAR, box.height / scale))
    shades = np.linspace(0, 1, 256)[:, np.newaxis]
    bar.set_ylim(values.low, values.high)
    bar.set_xlim(0, 1)
    extent = (0.0, 1.0, values.low, values.high)
    bar.imshow(shades, cmap=_colormap(stage), origin="lower", extent=extent, aspect="auto", interpolation="bilinear")
    fits = max(1, int(box.height / scale / (1.3 * LABEL_SIZE)))
    every = max(1, -(-len(values.ticks) // fits))
    for tick, label in list(zip(values.ticks, values.labels, strict=True))[::every]:
        y = box.y0 / scale + box.height / scale * (tick - values.low) / (values.high - values.low)
        stage.text(left + BAR + NUMBER_GAP, y, label, va="center_baseline")


def _colormap(stage: PanelArea) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("values", list(stage.theme.values))


def _draw_key(stage: PanelArea, word: str, left: float, baseline: float) -> float:
    """Say what a dot or the ring means; return where the next would start."""
    from backprop_anim.drawing import LABEL_SIZE

    axes, place = stage.canvas_axes(), ([left + 6], [baseline + LABEL_SIZE * 0.33])
    if word == CURRENT:
        axes.plot(*place, **(ring_mark(stage, RING_SIZE)))
    else:
        middle = stage.theme.values[len(stage.theme.values) // 2]
        axes.scatter(*place, s=KEY_SIZE**2, c=middle, clip_on=False, **value_edge(stage))
    stage.text(left + KEY_MARK, baseline, word, LABEL_SIZE)
    return left + KEY_MARK + stage.text_width(word, LABEL_SIZE) + NAME_GAP
