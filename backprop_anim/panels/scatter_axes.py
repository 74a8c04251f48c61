"""Axes for what is predicted against what is so, or for how far off it is, with the line of right answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from backprop_anim.panels.fit_axes import draw_key_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backprop_anim.drawing import LegendEntry, PanelArea, Scale
    from backprop_anim.engine import Array

__all__ = ["answer_axes", "farthest_off", "residual_axes"]

PAD = 0.06
NAME_GAP = 24.0


def answer_axes(stage: PanelArea, name: str, targets: Array, keys: Sequence[LegendEntry]) -> Axes:
    """Draw axes of one unit for what is so, along, and what is predicted, upwards, with their diagonal."""
    from backprop_anim.drawing import linear_scale

    scale = linear_scale(float(targets.min()), float(targets.max()), 5, PAD)
    axes = _axes(stage, (scale, scale), (_name(name, "actual"), _name(name, "predicted")), keys, equal=True)
    ends = [scale.low, scale.high]
    axes.plot(ends, ends, color=stage.theme.target, linewidth=2.2, linestyle=(0, (4.5, 2.6)))
    return axes


def residual_axes(stage: PanelArea, name: str, targets: Array, farthest: float, keys: Sequence[LegendEntry]) -> Axes:
    """Draw axes for what is predicted, along, and how far it is off, upwards, with the line of no error."""
    from backprop_anim.drawing import linear_scale

    x = linear_scale(float(targets.min()), float(targets.max()), 5, PAD)
    y = linear_scale(-farthest, farthest, 4)
    axes = _axes(stage, (x, y), (_name(name, "predicted"), "predicted − actual"), keys, equal=False)
    axes.plot([x.low, x.high], [0, 0], color=stage.theme.target, linewidth=2.2, linestyle=(0, (4.5, 2.6)))
    return axes


def _axes(
    stage: PanelArea, scales: tuple[Scale, Scale], names: tuple[str, str], keys: Sequence[LegendEntry], equal: bool
) -> Axes:
    """Draw axes, and as much of the key as there is room for behind the name of y, or all of it above."""
    from backprop_anim.drawing import LABEL_SIZE, LEGEND_LINE, axes_rect, draw_legend, legend_width, plot_axes

    x, y = scales
    if stage.shared:
        axes = plot_axes(stage, x, y, "", names[0], "", equal)
        if stage.shared.key:
            draw_key_line(stage, stage.shared.key, keys, names[1])
        return axes
    plot = axes_rect(stage, x, y, names[1], names[0], equal)
    start = stage.text_width(names[1], LABEL_SIZE) + NAME_GAP
    room = stage.rect.right - plot.left
    beside = start + legend_width(stage, keys) <= room
    place = stage if beside else replace(stage, rect=stage.rect.inset(top=LEGEND_LINE))
    axes = plot_axes(place, x, y, "", names[0], names[1], equal)
    while keys and legend_width(stage, keys) > (room - start if beside else room):
        keys = keys[:-1]
    left, top = axes.bbox.x0 / stage.scale, axes.bbox.y1 / stage.scale + 12
    if keys:
        draw_legend(stage, keys, left + start if beside else left, top if beside else top + LEGEND_LINE)
    return axes


def _name(name: str, what: str) -> str:
    return f"{what} {name}" if name else what  # in this order, so that a long name is cut and not what it is


def farthest_off(targets: Array, answers: Array) -> float:
    """Return how far from zero axes of errors go: what the last state needs, and no more than the targets span."""
    span = float(np.ptp(targets)) or 1.0
    off = np.abs(answers - targets)
    largest = float(off[np.isfinite(off)].max(initial=0.0))
    return min(max(1.25 * largest, 0.02 * span), span)
