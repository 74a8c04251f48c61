"""Axes with ticks in the house style: labels outside, hairlines inside, no box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from backprop_anim.common import SUPERSCRIPTS
from backprop_anim.drawing.layout import Rect
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea

__all__ = [
    "LEGEND_LINE",
    "ROOM_BELOW_AXES",
    "LegendEntry",
    "Scale",
    "axes_rect",
    "draw_legend",
    "left_room",
    "legend_lines",
    "legend_width",
    "linear_scale",
    "log_scale",
    "plot_axes",
    "steps_scale",
]

TICK_PAD = 8.0
TITLE_ROOM, TITLE_BASELINE = 26.0, 12.0
LABEL_ROOM = 24.0
LEGEND_LINE, KEY_SAMPLE, KEY_GAP, KEY_PIECES = 26.0, 25.0, 24.0, 9

ROOM_BELOW_AXES = LABEL_SIZE + TICK_PAD + LABEL_ROOM
"""Points that the numbers and the name of x take below the axes."""

ROOM_BELOW = 1.6

FIRST_YEAR, LAST_YEAR, YEARS = 1500.0, 2100.0, 50.0
"""Whole numbers between these, as near to each other, are taken for years, which have no comma."""
"""An axis of decades starts this factor below the least value, unless a decade stands nearer."""

Kind = Literal["linear", "log", "symlog"]


@dataclass(frozen=True)
class Scale:
    """One axis: its limits, where its ticks stand and what they say."""

    kind: Kind
    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def linear_scale(low: float, high: float, n_ticks: int = 5, pad: float = 0.0, whole: bool = False) -> Scale:
    """Return a linear axis with round ticks; `pad` widens it by that share at both ends.

    With `whole` ticks stand at whole numbers only.
    """
    if high <= low:
        low, high = low - 0.5, high + 0.5
    room = pad * (high - low)
    low, high = low - room, high + room
    ticks = MaxNLocator(n_ticks, steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(low, high)
    inside = [float(t) for t in ticks if low - 1e-9 * (high - low) <= t <= high + 1e-9 * (high - low)]
    return Scale("linear", low, high, tuple(inside), tuple(_plain(inside)))


def log_scale(low: float, high: float) -> Scale:
    """Return a logarithmic axis from just below `low`, or the decade below it, to just above `high`."""
    first = int(np.floor(np.log10(low)))
    last = int(np.floor(np.log10(high)))
    bottom = 10.0**first
    if last - first >= 2 and low > ROOM_BELOW * bottom:  # two decades at least are told
        first, bottom = first + 1, low / ROOM_BELOW
    stride = max(1, -(-(last - first + 1) // 6))
    powers = range(first, last + 1, stride)
    labels = tuple(f"10{str(power).translate(SUPERSCRIPTS)}" for power in powers)
    return Scale("log", bottom, high * 1.25, tuple(10.0**power for power in powers), labels)


def steps_scale(n_steps: float, logarithmic: bool) -> Scale:
    """Return an axis for training steps or epochs from 0 on, linear or with decades."""
    if not logarithmic:
        return linear_scale(0, n_steps, 4, whole=n_steps >= 1)
    powers = [10.0**power for power in range(1 + max(0, int(np.log10(n_steps))))]
    shown = powers[:: max(1, -(-len(powers) // 6))]
    ticks = (0.0, *(tick for tick in shown if tick * 1.6 < n_steps))
    return Scale("symlog", 0, n_steps, ticks, tuple(f"{round(tick):,}" for tick in ticks))


def _plain(ticks: Sequence[float]) -> list[str]:
    """Return tick labels with as many decimals as their spacing needs, all alike, and a true minus sign.

    Where that would be long, they are multiples of one power of ten.
    """
    spacing = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    largest = max(map(abs, ticks), default=0.0)
    if largest >= 1e6 or 0 < largest < 1e-4:
        power = int(np.floor(np.log10(largest) + 1e-9))
        unit = f"·10{str(power).translate(SUPERSCRIPTS)}"
        factors = _plain([tick / 10.0**power for tick in ticks])
        return [factor + unit if tick else "0" for factor, tick in zip(factors, ticks, strict=True)]
    decimals = max(0, -int(np.floor(np.log10(spacing) + 1e-9)))
    if len(ticks) > 1 and round(spacing * 10**decimals, 6) % 1:  # 2.5, 0.25 …
        decimals += 1
    comma = "" if not decimals and spacing <= YEARS and FIRST_YEAR <= min(ticks) <= largest <= LAST_YEAR else ","
    return [f"{tick + 0.0:{comma}.{min(decimals, 6)}f}".replace("-", "−") for tick in ticks]


def axes_rect(stage: PanelArea, x: Scale, y: Scale, heading: str, x_label: str, equal_units: bool) -> Rect:
    """Return where axes stand in the stage's rectangle; with equal units they are centred in what they could fill."""
    right = (
        stage.text_width(x.labels[-1], LABEL_SIZE) / 2
        if x.labels and x.ticks[-1] > x.low + 0.9 * (x.high - x.low)
        else 6
    )
    bottom = ROOM_BELOW_AXES if x_label or stage.shared else LABEL_SIZE + TICK_PAD
    inner = stage.rect.inset(left=left_room(stage, x, y), bottom=bottom, top=TITLE_ROOM if heading else 6, right=right)
    if not equal_units:
        return inner
    per_point = max((x.high - x.low) / inner.width, (y.high - y.low) / inner.height)
    beside = (inner.width - (x.high - x.low) / per_point) / 2
    over = (inner.height - (y.high - y.low) / per_point) / 2
    if stage.shared:  # a tile's picture stands under its label
        return inner.inset(beside, 2 * over, beside)
    return inner.inset(beside, over, beside, over)


def plot_axes(
    stage: PanelArea,
    x: Scale,
    y: Scale,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    equal_units: bool = False,
) -> Axes:
    """Return axes in the stage's rectangle with room for their labels, grid drawn.

    The title stands over the upper left corner, the label of x is centred below; that of y stands where the
    title would, for a turned one is hard to read. Of axes that are shared only the tiles at the left and at the foot
    have numbers, and the one in the corner the name of x; all keep the same room. With equal units one is as long
    on x as on y, and words stay at the axes.
    """
    rect, theme, shared = stage.rect, stage.theme, stage.shared
    heading = "" if shared else title or y_label
    inner = axes_rect(stage, x, y, heading, x_label, equal_units)
    wide = max((stage.text_width(label, LABEL_SIZE) for label in x.labels), default=0.0)
    x = _with_room(x, inner.width / (wide + 2 * TICK_PAD))
    y = _with_room(y, inner.height / (1.3 * LABEL_SIZE))
    axes = stage.axes(inner)
    for axis, scale in ((axes.xaxis, x), (axes.yaxis, y)):
        set_scale = axes.set_xscale if axis is axes.xaxis else axes.set_yscale
        if scale.kind == "symlog":
            set_scale("symlog", linthresh=1.0, linscale=0.4)
        else:
            set_scale(scale.kind)
        axis.set_minor_locator(MaxNLocator(1))
        axis.set_ticks(list(scale.ticks), list(scale.labels), fontproperties=stage.fonts.properties(LABEL_SIZE))
        axis.set_ticks([], minor=True)
    axes.tick_params(labelleft=not shared or shared.left, labelbottom=not shared or shared.below)
    axes.tick_params(length=0, pad=TICK_PAD, labelcolor=theme.muted)
    axes.set_xlim(x.low, x.high)
    axes.set_ylim(y.low, y.high)
    axes.grid(axis="y", color=theme.hairline, linewidth=1.0)
    axes.set_axisbelow(True)
    for edge in ((0, 0, 0, 1), (0, 1, 0, 0)):
        axes.add_line(
            Line2D(edge[:2], edge[2:], transform=axes.transAxes, color=theme.hairline, linewidth=1.2, clip_on=False)
        )
    if heading:
        baseline = inner.top + TITLE_BASELINE
        stage.text(inner.left, baseline, stage.truncate_text(heading, rect.right - inner.left), va="baseline")
    if x_label and (not shared or (shared.left and shared.below)):
        label = stage.truncate_text(x_label, inner.width)
        baseline = inner.bottom - ROOM_BELOW_AXES + 4
        stage.text(inner.left + inner.width / 2, baseline, label, ha="center", va="baseline")
    return axes


def left_room(stage: PanelArea, x: Scale, y: Scale) -> float:
    """Return the room for the labels of y, and for the half of the first label of x that stands out."""
    widest = max((stage.text_width(label, LABEL_SIZE) for label in y.labels), default=0.0) + TICK_PAD
    if not x.labels or x.ticks[0] > x.low + 0.1 * (x.high - x.low):
        return widest
    return max(widest, stage.text_width(x.labels[0], LABEL_SIZE) / 2)


def _with_room(scale: Scale, most: float) -> Scale:
    """Return the scale with every second tick, or fewer, so that at most `most` labels stand on it."""
    stride = max(1, -(-len(scale.ticks) // max(1, int(most))))
    return replace(scale, ticks=scale.ticks[::stride], labels=scale.labels[::stride])


def legend_width(stage: PanelArea, keys: Sequence[LegendEntry]) -> float:
    """Return how wide `draw_legend` makes a key, in points."""
    return sum(KEY_SAMPLE + stage.text_width(key.label, LABEL_SIZE) + KEY_GAP for key in keys) - KEY_GAP


@dataclass(frozen=True)
class LegendEntry:
    """One word of a key: what it is called and how it is drawn, in one colour or in those of a ramp."""

    label: str
    color: str
    style: Literal["line", "thin", "dashes", "dots", "dot", "ring", "upright"]
    ramp: tuple[str, ...] = ()


def legend_lines(stage: PanelArea, keys: Sequence[LegendEntry], width: float) -> list[list[LegendEntry]]:
    """Return a key broken into lines of at most `width` points; each takes `LEGEND_LINE` of height."""
    lines: list[list[LegendEntry]] = [[]]
    for key in keys:
        if lines[-1] and legend_width(stage, [*lines[-1], key]) > width:
            lines.append([])
        lines[-1].append(key)
    return lines


def draw_legend(stage: PanelArea, keys: Sequence[LegendEntry], left: float, baseline: float) -> None:
    """Write the words of a key side by side, each behind a small sample of what it names."""
    axes = stage.canvas_axes()
    x, y = left, baseline + LABEL_SIZE * 0.33
    for key in keys:
        if key.style == "dots":
            axes.plot([x + 4, x + 14], [y, y], "o", color=key.color, markersize=5, clip_on=False)
        elif key.ramp:
            colors = LinearSegmentedColormap.from_list("ramp", list(key.ramp))(np.linspace(0, 1, KEY_PIECES))
            ends = x + np.linspace(0, 18, KEY_PIECES + 1)
            pieces = [[(start, y), (end, y)] for start, end in pairwise(ends)]
            axes.add_collection(LineCollection(pieces, colors=colors, linewidths=2.5, clip_on=False), autolim=False)
        elif key.style == "dot":
            axes.plot([x + 9], [y], "o", color=key.color, markersize=9, mew=0, clip_on=False)
        elif key.style == "ring":
            axes.plot([x + 9], [y], "o", mfc="none", mec=key.color, mew=1.2, markersize=6, clip_on=False)
        elif key.style == "upright":
            axes.plot([x + 14, x + 14], [y - 7, y + 7], color=key.color, linewidth=1.2, clip_on=False)
        else:
            dashes = (0, (3, 1.6)) if key.style == "dashes" else "-"
            width = 1.3 if key.style == "thin" else 2.5
            axes.plot([x, x + 18], [y, y], color=key.color, linewidth=width, linestyle=dashes, clip_on=False)
        stage.text(x + KEY_SAMPLE, baseline, key.label, LABEL_SIZE)
        x += KEY_SAMPLE + stage.text_width(key.label, LABEL_SIZE) + KEY_GAP
