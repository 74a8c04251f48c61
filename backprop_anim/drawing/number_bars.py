"""Numbers as bars from zero in rows above each other; it never writes the numbers themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection

from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.engine import Array

__all__ = ["NumberBars"]


class NumberBars:
    """A bar from zero for each number, and a mark where an output should be.

    Parameters
    ----------
    stage : PanelArea
    left, width : float
        Where all bars lie, in points.
    rows : sequence of float
        Baselines of the rows, inputs first.
    spans : sequence of (float, float)
        The numbers at both ends of each bar.
    n_in : int
    size : float
        Of the letters, in points.
    """

    def __init__(
        self,
        stage: PanelArea,
        left: float,
        width: float,
        rows: Sequence[float],
        spans: Sequence[tuple[float, float]],
        n_in: int,
        size: float,
    ) -> None:
        self._left, self._width, self._n_in = left, width, n_in
        self._low, self._span = np.array([low for low, _ in spans]), np.array([high - low for low, high in spans])
        self._y = np.array(rows) + 0.33 * size
        self._zero = self._places(np.zeros(len(spans)), slice(None))
        self._ends, self._marks = self._zero.copy(), self._zero[n_in:].copy()
        self._tick = 0.42 * size
        axes, theme = stage.canvas_axes(), stage.theme
        tracks = [[(left, y), (left + width, y)] for y in self._y]
        axes.add_collection(LineCollection(tracks, colors=theme.hairline, linewidths=5), autolim=False)
        colors = [theme.faint] * n_in + [theme.accent] * (len(rows) - n_in)
        self._filled = LineCollection([], colors=colors, linewidths=5)
        self._target = LineCollection([], colors=theme.ink, linewidths=2)
        for lines in (self._filled, self._target):
            axes.add_collection(lines, autolim=False)
        stage.animate(self._filled, self._target)

    def _places(self, values: Array, rows: slice) -> Array:
        """Return how far along its bar each number lies, in points of the frame."""
        share = np.nan_to_num((values - self._low[rows]) / self._span[rows], nan=0.0, posinf=1.0, neginf=0.0)
        places: Array = self._left + self._width * np.clip(share, 0, 1)
        return places

    def set_inputs(self, values: Array) -> None:
        """Let the bars of the inputs end at values, (n_in,)."""
        self._ends[: self._n_in] = self._places(values[: self._n_in], slice(self._n_in))

    def set_outputs(self, output: Array, target: Array) -> None:
        """Let the bars of the outputs end at `output` with a mark at `target`, both (n_out,)."""
        rows = slice(self._n_in, None)
        n_out = len(self._marks)
        self._ends[rows], self._marks = self._places(output[:n_out], rows), self._places(target[:n_out], rows)
        self._filled.set_segments([[(a, y), (b, y)] for a, b, y in zip(self._zero, self._ends, self._y, strict=True)])
        self._target.set_segments(
            [[(x, y - self._tick), (x, y + self._tick)] for x, y in zip(self._marks, self._y[rows], strict=True)]
        )
