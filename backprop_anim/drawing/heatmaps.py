"""All weights and biases of a network as titled matrices with one key; which numbers they show is passed in."""

from __future__ import annotations

from functools import cache

import numpy as np

from backprop_anim.common import SUPERSCRIPTS
from backprop_anim.drawing.layout import LEAST_SIZE, Rect
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea
from backprop_anim.drawing.signed_map import SignedMap, pool_matrix
from backprop_anim.drawing.tiles import FOOT_ROOM, PlacedMatrix, Tile, arrange_tiles
from backprop_anim.engine import Array

__all__ = ["Heatmaps", "limit_text", "nice_limit"]

TITLE_SIZE, SMALL_SIZE = LABEL_SIZE, LEAST_SIZE
KEY_ROOM, KEY_CELLS, KEY_WIDTH, KEY_HEIGHT = 30.0, 25, 100.0, 9.0
LEAST_HEIGHT_FOR_KEY = 130.0


class Heatmaps:
    """The matrices of every layer, titled, and what their colours mean.

    Parameters
    ----------
    stage : PanelArea
    rect : Rect
    symbol : str
        What stands before each matrix's number, such as ``"W"``.
    limit : str
        What full colour means, without its sign, as `limit_text` has it.
    most : int
        The most cells along a side.
    note : str, optional
        More words on the colours.
    """

    def __init__(self, stage: PanelArea, rect: Rect, symbol: str, limit: str, most: int, note: str = "") -> None:
        self._stage, self._symbol = stage, symbol
        network = stage.recording.experiment.network
        self._layout, self._sizes = network.layout, network.sizes
        has_key = rect.height >= LEAST_HEIGHT_FOR_KEY
        body = rect.inset(bottom=KEY_ROOM) if has_key else rect
        widths = cache(self._title_width)
        self.matrices = arrange_tiles(network.sizes, network.bias, body, stage.scale, widths, most)
        tiles = [tile for matrix in self.matrices for tile in (matrix.weights, matrix.bias) if tile is not None]
        self.map = SignedMap(stage, tiles)
        stage.animate(self.map)
        for matrix in self.matrices:
            self._write_title(matrix)
        if has_key:
            self._draw_key(rect, limit, note)

    def show(self, vector: Array) -> None:
        """Show a flat vector of values from -1 to 1, shape (P,)."""
        values, arrays = [], self._layout.arrays(vector)
        for matrix in self.matrices:
            tile = matrix.weights
            values.append(pool_matrix(arrays[f"W{matrix.layer}"], tile.rows, tile.columns))
            if matrix.bias is not None:
                values.append(pool_matrix(arrays[f"b{matrix.layer}"][:, np.newaxis], tile.rows, 1))
        self.map.set_values(values)

    def _title(self, layer: int) -> tuple[str, str]:
        n_in, n_out = self._sizes[layer - 1 : layer + 1]
        return f"{self._symbol}{str(layer).translate(SUPERSCRIPTS)}", f"{n_out}×{n_in}"

    def _title_width(self, layer: int) -> float:
        name, shape = self._title(layer)
        return self._stage.text_width(name, TITLE_SIZE, "bold") + 7 + self._stage.text_width(shape, SMALL_SIZE)

    def _write_title(self, matrix: PlacedMatrix) -> None:
        stage, (name, shape) = self._stage, self._title(matrix.layer)
        left = matrix.weights.left_px / stage.scale
        stage.text(left, matrix.baseline, name, TITLE_SIZE, stage.theme.ink, "bold", va="baseline")
        width = stage.text_width(name, TITLE_SIZE, "bold")
        stage.text(left + width + 7, matrix.baseline, shape, SMALL_SIZE, va="baseline")
        if matrix.bias is not None:
            middle = (matrix.bias.left_px + matrix.bias.right_px) / 2 / stage.scale
            foot = matrix.bias.bottom_px / stage.scale - 14
            stage.text(middle, foot, "b", SMALL_SIZE, ha="center", va="baseline")

    def _draw_key(self, rect: Rect, limit: str, note: str) -> None:
        """Draw all colours in a line, with what they mean at both ends."""
        stage, scale = self._stage, self._stage.scale
        foot = min(tile.bottom_px for tile in self.map.tiles) / scale - FOOT_ROOM if self.map.tiles else rect.bottom
        baseline, low, high = max(rect.bottom + 4, foot - KEY_ROOM + 4), f"−{limit.partition(' ')[0]}", f"+{limit}"
        blocks = [m for m in self.matrices if (m.weights.rows, m.weights.columns) != self._shape(m.layer)]
        notes = (note, "largest of each block" if blocks else "", self._left_out())
        left = rect.left + stage.text_width(low, SMALL_SIZE) + 8
        shortest = high.partition(" ")[0]
        room = rect.right - left - 8 - stage.text_width(shortest, SMALL_SIZE)
        cell = max(1, min(round(KEY_WIDTH * scale / KEY_CELLS), int(room * scale / KEY_CELLS)))
        tile = Tile(round(left * scale), round((baseline + 10) * scale), 1, KEY_CELLS, cell, round(KEY_HEIGHT * scale))
        key = SignedMap(stage, [tile], lines=False)  # never animated: a part of the static picture
        key.set_values([np.linspace(-1, 1, KEY_CELLS)[np.newaxis]])
        stage.text(rect.left, baseline, low, SMALL_SIZE, va="baseline")
        x = tile.right_px / scale + 8
        words = "  ·  ".join([high, *filter(None, notes)])
        while stage.text_width(words, SMALL_SIZE) > rect.right - x and "  ·  " in words:
            words = words.rpartition("  ·  ")[0]
        if stage.text_width(words, SMALL_SIZE) > rect.right - x:
            words = shortest
        stage.text(x, baseline, words, SMALL_SIZE, va="baseline")

    def _shape(self, layer: int) -> tuple[int, int]:
        return self._sizes[layer], self._sizes[layer - 1]

    def _left_out(self) -> str:
        missing = len(self._sizes) - 1 - len(self.matrices)
        return f"{missing} more layers" if missing else ""


def nice_limit(largest: Array, share: float) -> float:
    """Return what is drawn in full colour: this quantile of a run's largest numbers, rounded up to two digits."""
    value = float(np.quantile(largest[np.isfinite(largest)], share)) if np.isfinite(largest).any() else 0.0
    if value <= 0:
        return 1.0
    unit = 10.0 ** (np.floor(np.log10(value)) - 1)
    return float(np.ceil(value / unit - 1e-9) * unit)


def limit_text(limit: float, largest: float) -> str:
    """Return two digits of what is full colour, and whether a run's largest number lies beyond it."""
    exponent = int(np.floor(np.log10(limit) + 1e-12))
    number = f"{limit / 10.0**exponent:.1f}·10{str(exponent).translate(SUPERSCRIPTS)}"
    if -3 <= exponent <= 4:
        number = f"{limit:.{max(0, 1 - exponent)}f}"
    return number + (" and beyond" if largest > limit * (1 + 1e-9) else "")
