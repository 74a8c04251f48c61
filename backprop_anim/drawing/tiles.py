"""Where the matrices of a network stand in a panel: side by side, in lines if need be; nothing here draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from backprop_anim.drawing.layout import Rect

__all__ = ["PlacedMatrix", "Tile", "arrange_tiles"]

TITLE_ROOM, FOOT_ROOM = 26.0, 20.0
TITLE_RISE = 14.0  # of a title's baseline, from the top of its line
LARGEST_CELL, LEAST_CELL = 38.0, 3.0
SHORTEST_SIDE = 14.0
WIDEST = 1.7  # times as wide as high is a cell at most
BIAS_GAP, GAP, LINE_GAP = 7.0, 28.0, 14.0
SIDES = (256, 128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 4)
"""The most cells along a side; the first that leaves them large enough is taken."""


@dataclass(frozen=True)
class Tile:
    """The place of one matrix, in pixels from the lower left corner of the frame.

    Attributes
    ----------
    left_px, top_px : int
        The upper left corner.
    rows, columns : int
        Cells; fewer than the matrix has entries where it is shown in blocks.
    cell_width_px, cell_height_px : int
    """

    left_px: int
    top_px: int
    rows: int
    columns: int
    cell_width_px: int
    cell_height_px: int

    @property
    def right_px(self) -> int:
        """The right edge."""
        return self.left_px + self.columns * self.cell_width_px

    @property
    def bottom_px(self) -> int:
        """The lower edge."""
        return self.top_px - self.rows * self.cell_height_px


@dataclass(frozen=True)
class PlacedMatrix:
    """One layer's weights and biases on the page.

    Attributes
    ----------
    layer : int
        From 1.
    weights : Tile
    bias : Tile or None
    baseline : float
        Of its title, in points; the title starts at the left edge of the weights.
    """

    layer: int
    weights: Tile
    bias: Tile | None
    baseline: float


def arrange_tiles(
    sizes: Sequence[int], bias: bool, rect: Rect, scale: float, title_width: Callable[[int], float], most: int
) -> list[PlacedMatrix]:
    """Return the matrices of a network in a panel, in as many lines as let the cells be largest.

    Parameters
    ----------
    sizes : sequence of int
        Neurons of each layer.
    bias : bool
    rect : Rect
    scale : float
        Pixels in a point.
    title_width : callable
        Returns the width of a layer's title, in points.
    most : int
        The most cells along a side.

    Returns
    -------
    list of PlacedMatrix
        Only the first layers where there is no room for all.
    """
    for n_layers in range(len(sizes) - 1, 0, -1):
        layers = range(1, n_layers + 1)
        for side in (side for side in SIDES if side <= most or side == SIDES[-1]):
            pages = [_Page(sizes, bias, rect, scale, title_width, side, n) for n in range(1, n_layers + 1)]
            best = max(pages, key=lambda page: page.cell_px(layers))
            if best.cell_px(layers) >= max(LEAST_CELL * scale, 2):
                return best.matrices(layers)
    return []


@dataclass(frozen=True)
class _Page:
    """One way to set the matrices: in so many lines, with so many cells along a side at most."""

    sizes: Sequence[int]
    bias: bool
    rect: Rect
    scale: float
    title_width: Callable[[int], float]
    side: int
    n_lines: int

    def cell_px(self, layers: range) -> int:
        """Return the largest cells that fit; 0 where none do."""
        low, high = 0, int(LARGEST_CELL * self.scale)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._fits(layers, middle, middle) else (low, middle - 1)
        return low

    def matrices(self, layers: range) -> list[PlacedMatrix]:
        """Return the matrices at their places."""
        height = self.cell_px(layers)
        width = height
        while width < WIDEST * height and self._fits(layers, width + 1, height):
            width += 1
        found, top = [], self.rect.top
        for line in self._lines(layers):
            left = self.rect.left
            for layer in line:
                found.append(self._matrix(layer, left, top, width, height))
                left += self._width(layer, width) + GAP
            top -= self._line_height(line, height) + LINE_GAP
        return found

    def _matrix(self, layer: int, left: float, top: float, width: int, height: int) -> PlacedMatrix:
        rows, columns = self._cells(layer)
        high = self._thick(rows, height)
        x, y = round(left * self.scale), round((top - TITLE_ROOM) * self.scale)
        weights = Tile(x, y, rows, columns, self._thick(columns, width), high)
        gap = round(BIAS_GAP * self.scale)
        bias = Tile(weights.right_px + gap, y, rows, 1, self._thick(1, width), high) if self.bias else None
        return PlacedMatrix(layer, weights, bias, top - TITLE_RISE)

    def _lines(self, layers: range) -> list[range]:
        """Return the layers of each line, about as many in each."""
        per_line = ceil(len(layers) / self.n_lines)
        return [layers[start : start + per_line] for start in range(0, len(layers), per_line)]

    def _fits(self, layers: range, width: int, height: int) -> bool:
        lines = self._lines(layers)
        high = sum(self._line_height(line, height) for line in lines) + LINE_GAP * (len(lines) - 1)
        wide = max(sum(self._width(layer, width) + GAP for layer in line) - GAP for line in lines)
        return high <= self.rect.height and wide <= self.rect.width - 1

    def _line_height(self, line: range, height: int) -> float:
        rows = [self._cells(layer)[0] for layer in line]
        foot = FOOT_ROOM if self.bias else 2.0
        return TITLE_ROOM + foot + max(n * self._thick(n, height) for n in rows) / self.scale

    def _width(self, layer: int, width: int) -> float:
        columns = self._cells(layer)[1]
        cells = columns * self._thick(columns, width) / self.scale
        bias = BIAS_GAP + self._thick(1, width) / self.scale if self.bias else 0.0
        return max(cells + bias, self.title_width(layer))

    def _cells(self, layer: int) -> tuple[int, int]:
        return min(self.sizes[layer], self.side), min(self.sizes[layer - 1], self.side)

    def _thick(self, n: int, cell: int) -> int:
        """Return how thick a row or a column is, in pixels: few of them are thicker than many."""
        return max(cell, ceil(SHORTEST_SIDE * self.scale / n))
