"""Signed matrices as cells of colour, written straight into the picture's pixels; what they hold is passed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.pixel_artist import PixelArtist
from backprop_anim.drawing.tiles import Tile
from backprop_anim.engine import Array
from backprop_anim.experiment import Theme

__all__ = ["SignedMap", "pool_matrix"]

SHADES = 255
"""Colours on either side of zero."""

LEAST_FOR_LINES = 6
"""Cells of at least so many pixels have a hairline between them."""

STRIPE = 4
"""Pixels after which the stripes of negative cells repeat, in themes without hues."""

Packed = NDArray[np.uint32]


class SignedMap(PixelArtist):
    """Matrices whose cells are coloured by values from -1 to 1.

    Parameters
    ----------
    stage : PanelArea
    tiles : sequence of Tile
        Where the matrices stand.
    lines : bool, optional
        Whether large cells have hairlines between them.

    Attributes
    ----------
    values : list of ndarray, shape (rows, columns)
        What the cells show, one array for each tile.
    """

    is_sharp: ClassVar[bool] = True

    def __init__(self, stage: PanelArea, tiles: Sequence[Tile], lines: bool = True) -> None:
        super().__init__()
        self.tiles = tuple(tiles)
        self.values = [np.zeros((tile.rows, tile.columns)) for tile in tiles]
        self._shades = _shades(stage.theme)
        self._line = _packed(np.array(to_rgb(stage.theme.hairline))[np.newaxis])[0]
        stripe = STRIPE * max(1, round(stage.scale))
        self._cells = [_cells(tile, lines, stripe) for tile in tiles]
        height_px = round(stage.figure.get_size_inches()[1] * stage.figure.dpi)
        self._corners = [(height_px - tile.top_px, tile.left_px) for tile in tiles]
        self._pictures: list[Packed] = []
        stage.figure.add_artist(self)

    def set_values(self, values: Sequence[Array]) -> None:
        """Show matrices of these values, clipped to -1 … 1."""
        self.values = [np.clip(matrix, -1, 1) for matrix in values]
        self._pictures = [
            self._colors(matrix).take(cells) for matrix, cells in zip(self.values, self._cells, strict=True)
        ]

    def draw(self, renderer: RendererBase) -> None:
        """Write the cells over the picture."""
        pixels = np.asarray(renderer.buffer_rgba()).view(np.uint32)[..., 0]  # type: ignore[attr-defined]
        for picture, (top, left) in zip(self._pictures, self._corners, strict=False):
            height, width = picture.shape
            pixels[top : top + height, left : left + width] = picture

    def _colors(self, matrix: Array) -> Packed:
        """Return the colours that `_cells` points to: of the cells, of their stripes, and of the lines."""
        places = np.rint((matrix.ravel() + 1) * SHADES).astype(np.intp)
        return np.append(self._shades[:, places].ravel(), self._line)


def _cells(tile: Tile, lines: bool, stripe: int) -> NDArray[np.intp]:
    """Return for each pixel of a tile which colour of `SignedMap._colors` it has, shape (height, width)."""
    line = int(lines and min(tile.cell_width_px, tile.cell_height_px) >= LEAST_FOR_LINES)
    y = np.arange(tile.rows * tile.cell_height_px + line)[:, np.newaxis]
    x = np.arange(tile.columns * tile.cell_width_px + line)[np.newaxis]
    row, column = y // tile.cell_height_px, x // tile.cell_width_px
    count = tile.rows * tile.columns
    striped = (x + y) % stripe < stripe // 2
    cells = row * tile.columns + column + np.where(striped, count, 0)
    if line:
        cells[(y % tile.cell_height_px == 0) | (x % tile.cell_width_px == 0)] = 2 * count
    return cells


def _shades(theme: Theme) -> Packed:
    """Return the colours from -1 to 1, shape (2, 2·SHADES + 1): of a cell, and of the stripes on it."""
    negative, zero, positive = (np.array(to_rgb(c)) for c in (theme.negative, theme.background, theme.positive))
    strength = np.linspace(-1, 1, 2 * SHADES + 1)[:, np.newaxis]
    plain = zero + np.abs(strength) * (np.where(strength < 0, negative, positive) - zero)
    striped = plain
    if not theme.has_hues:  # greys: a sign must not rest on lightness alone
        striped = np.where(strength < 0, zero, plain)
    return np.stack([_packed(plain), _packed(striped)])


def _packed(rgb: Array) -> Packed:
    """Return colours as the renderer's pixels, shape (n,)."""
    rgba = np.full((len(rgb), 4), 255, dtype=np.uint8)
    rgba[:, :3] = np.round(rgb * 255)
    return rgba.view(np.uint32)[:, 0]


def pool_matrix(matrix: Array, rows: int, columns: int) -> Array:
    """Return a matrix of at most `rows` by `columns`: of each block of entries the one of the largest size."""
    if matrix.shape == (rows, columns):
        return matrix
    high = _reduced(np.maximum.reduceat, matrix, rows, columns)
    low = _reduced(np.minimum.reduceat, matrix, rows, columns)
    return np.where(high >= -low, high, low)


def _reduced(reduce: Callable[..., Array], matrix: Array, rows: int, columns: int) -> Array:
    down = np.arange(rows) * matrix.shape[0] // rows
    across = np.arange(columns) * matrix.shape[1] // columns
    return reduce(reduce(matrix, down, axis=0), across, axis=1)
