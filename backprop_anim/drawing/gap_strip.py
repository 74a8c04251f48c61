"""How far each row's answer is from its target: on one axis, with a tick, a dot, and the way between them."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import LineCollection

from backprop_anim.drawing.layout import LEAST_SIZE, Rect
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.engine import Array

__all__ = ["GapStrip", "draw_head_marks"]

LONGEST_STRIP = 320.0
"""The greatest width of the axis, in points."""

TICK, DOT, LINE = 9.0, 9.0, 4.0
HEAD_DROP = 5.0  # of a sample's middle, from the baseline of its head up
HEAD_GAP = 8.0
BEFORE_HEAD = 9.0  # from the middle of a sample to its word


class GapStrip:
    """The axis beside the rows of a table.

    Parameters
    ----------
    stage : PanelArea
    rect : Rect
        Where it may stand: its left end, and at its top the baseline of the heads.
    middles : ndarray, shape (rows,)
        The middle of each row, in points.
    span : (float, float)
        What stands at both ends.
    words : (str, str, str)
        What is written at the left end, over the lines, and at the right end.
    """

    def __init__(
        self, stage: PanelArea, rect: Rect, middles: Array, span: tuple[float, float], words: tuple[str, str, str]
    ) -> None:
        self._y, self._span, self._left = middles, span, rect.left
        self._width = min(rect.width - DOT, LONGEST_STRIP)
        theme, self._axes = stage.theme, stage.canvas_axes()
        right = self._left + self._width
        tracks = [[(self._left, y), (right, y)] for y in middles]
        self._axes.add_collection(LineCollection(tracks, colors=theme.hairline, linewidths=1.6), autolim=False)
        self._ticks = LineCollection([], colors=theme.ink, linewidths=2.2)
        self._gaps = LineCollection([], colors=theme.accent, linewidths=LINE, capstyle="butt")
        for lines in (self._gaps, self._ticks):
            self._axes.add_collection(lines, autolim=False)
        (self._dots,) = self._axes.plot([], [], "o", color=theme.ink, markersize=DOT, mec=theme.background, mew=1.2)
        stage.animate(self._gaps, self._ticks, self._dots)
        self._write_head(stage, rect.top, right, words)

    def show(self, answers: Array, targets: Array) -> None:
        """Show the answer and the target of each row, both (rows,)."""
        a, y = self._places(answers), self._places(targets)
        self._gaps.set_segments([[(one, m), (other, m)] for one, other, m in zip(a, y, self._y, strict=True)])
        self._ticks.set_segments([[(x, m - TICK), (x, m + TICK)] for x, m in zip(y, self._y, strict=True)])
        self._dots.set_data(a, self._y)

    def _places(self, values: Array) -> Array:
        """Return where values stand, in points; what is beyond an end stands at it."""
        low, high = self._span
        shares = np.nan_to_num((values - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
        places: Array = self._left + self._width * np.clip(shares, 0, 1)
        return places

    def _write_head(self, stage: PanelArea, baseline: float, right: float, words: tuple[str, str, str]) -> None:
        """Write both ends of the axis, and between them what the line is, where there is room."""
        low, name, high = words
        stage.text(self._left, baseline, low, LEAST_SIZE, ha="left", va="baseline")
        stage.text(right, baseline, high, LEAST_SIZE, ha="right", va="baseline")
        taken = 2 * max(stage.text_width(word, LEAST_SIZE) for word in (low, high))
        if self._width - taken >= stage.text_width(name, LEAST_SIZE, "bold") + 2 * HEAD_GAP:
            middle = (self._left + right) / 2
            stage.text(middle, baseline, name, LEAST_SIZE, stage.theme.accent, "bold", ha="center", va="baseline")


def draw_head_marks(stage: PanelArea, tick: tuple[float, float], dot: tuple[float, float]) -> None:
    """Draw the tick and the dot before the heads of their columns, which begin at these places."""
    axes, theme = stage.canvas_axes(), stage.theme
    x, y = tick[0] - BEFORE_HEAD, tick[1] + HEAD_DROP
    axes.plot([x, x], [y - 6, y + 6], color=theme.ink, linewidth=2.2, solid_capstyle="butt")
    axes.plot([dot[0] - BEFORE_HEAD - 1], [dot[1] + HEAD_DROP], "o", color=theme.ink, markersize=7.5)
