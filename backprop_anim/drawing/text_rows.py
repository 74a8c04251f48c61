"""Words and numbers in rows and columns, bitmaps at many places; digits are as wide as each other, nothing shakes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.changing_text import Align, _Pieces, tokens_of
from backprop_anim.drawing.lettering import SHARES, write_words
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea

__all__ = [
    "TextLine",
    "TextRows",
    "TextSpan",
    "column_decimals",
    "column_ends",
    "column_number",
    "decimals_for",
    "signed_number",
]

DIGITS = 5
"""What a number of a column shows at most, unless it has more before the point."""

HUGE = 1e12

KEPT_LINES = 1024
PAD = 2  # pixels around a line, as around the pieces that it is made of


class TextSpan(NamedTuple):
    """A word or a number of a line: where it starts, ends or has its middle, in points."""

    x: float
    content: str
    align: Align = "left"


class TextLine(NamedTuple):
    """Words and numbers on one baseline, at a height in points, and how they look."""

    y: float
    parts: tuple[TextSpan, ...]
    color: str
    weight: str = "regular"
    opacity: float = 1.0


class TextRows(Artist):
    """Lines of words and numbers of one size, shown together.

    Parameters
    ----------
    stage : PanelArea
    size : float
        Of the letters, in points.

    Attributes
    ----------
    lines : list of TextLine
        What is shown now.
    """

    def __init__(self, stage: PanelArea, size: float = LABEL_SIZE) -> None:
        super().__init__()
        self.size = size
        self.lines: list[TextLine] = []
        self._scale = stage.scale
        fonts = {weight: stage.fonts.properties(size, weight) for weight in ("regular", "bold")}
        self._pieces = {weight: _Pieces(font, stage.figure.dpi) for weight, font in fonts.items()}
        self._joined = lru_cache(maxsize=KEPT_LINES)(self._join)

    @property
    def contents(self) -> list[str]:
        """All words and numbers that are shown, line by line."""
        return [part.content for line in self.lines for part in line.parts]

    def width(self, content: str, weight: str = "regular") -> float:
        """Return how wide a word or a number is, in points."""
        return sum(self._pieces[weight].get(token)[1] for token in tokens_of(content)) / self._scale

    def draw(self, renderer: RendererBase) -> None:
        """Paste the lines; write them in letters where there are no pixels."""
        if not isinstance(renderer, RendererAgg):
            self._write(renderer)
            return
        gc = renderer.new_gc()
        for y, parts, color, weight, opacity in self.lines:
            mask, left = self._joined(parts, weight)
            if opacity > 0 and mask.size:
                image = _tints(color, opacity).take(mask).view(np.uint8).reshape(*mask.shape, 4)
                renderer.draw_image(gc, left, round(y * self._scale) - self._pieces[weight].below, image)
        gc.restore()

    def _write(self, renderer: RendererBase) -> None:
        for y, parts, color, weight, opacity in self.lines:
            for x, content, align in parts if opacity > 0 else ():
                place, properties = (x * self._scale, y * self._scale), self._pieces[weight].properties
                write_words(renderer, content, place, properties, color, align=SHARES[align], opacity=opacity)

    def _join(self, parts: tuple[TextSpan, ...], weight: str) -> tuple[NDArray[np.uint8], int]:
        """Return the opacity of a line's pixels, upside down as the renderer wants images, and its left edge."""
        placed, height = [], self._pieces[weight].height
        for x, content, align in parts:
            pieces = [self._pieces[weight].get(token) for token in tokens_of(content)]
            width = sum(advance for _, advance in pieces)
            start = round(x * self._scale - {"left": 0.0, "center": width / 2, "right": width}[align])
            for piece, advance in pieces:
                placed.append((start, piece))
                start += advance
        if not placed:
            return np.zeros((height, 0), dtype=np.uint8), 0
        left = min(start for start, _ in placed)
        mask = np.zeros((height, max(start + piece.shape[1] for start, piece in placed) - left), dtype=np.uint8)
        for start, piece in placed:
            room = mask[:, start - left : start - left + piece.shape[1]]
            np.maximum(room, piece, out=room)
        return mask, left - PAD


@lru_cache(maxsize=256)
def _tints(color: str, opacity: float) -> NDArray[np.uint32]:
    """Return a colour in 256 degrees of opacity, each packed as one pixel: far quicker to look up than to compute."""
    rgba = np.empty((256, 4), dtype=np.uint8)
    rgba[:, :3] = np.round(np.array(to_rgb(color)) * 255)
    rgba[:, 3] = np.arange(256) * min(opacity, 1.0)
    return rgba.view(np.uint32)[:, 0]


def column_ends(widths: Sequence[float], left: float, room: float, gaps: tuple[float, float]) -> list[float] | None:
    """Return the left edge of each column and the right edge of the last.

    Parameters
    ----------
    widths : sequence of float
    left : float
        Where the first starts.
    room : float
        How wide all may be.
    gaps : tuple of float
        The least and the greatest distance between columns.

    Returns
    -------
    list of float, or None where they do not fit
    """
    n_gaps = max(len(widths) - 1, 1)
    gap = min(gaps[1], (room - sum(widths)) / n_gaps)
    if sum(widths) > room or (len(widths) > 1 and gap < gaps[0]):
        return None
    starts = [left + sum(widths[:k]) + gap * k for k in range(len(widths))]
    return [*starts, starts[-1] + widths[-1]]


def decimals_for(values: NDArray[np.float64], most: int) -> int:
    """Return the least decimals with which all values are exact, or `most` where there is no such number."""
    for decimals in range(most):
        if np.allclose(values, np.round(values, decimals), rtol=0, atol=1e-9):
            return decimals
    return most


def column_decimals(values: NDArray[np.float64], most: int) -> int:
    """Return the decimals that leave the largest of a column's numbers five digits, at most `most`."""
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    return int(np.clip(DIGITS - 1 - np.floor(np.log10(max(largest, 1.0))), 0, most))


def column_number(value: float, decimals: int) -> str:
    """Return a number of a column, where all look alike: with thousands parted, and no exponent below a trillion."""
    if not np.isfinite(value) or abs(value) >= HUGE:
        return signed_number(value, decimals, plus=False)
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text if text.strip("−0.") else text.replace("−", "")


def signed_number(value: float, decimals: int, plus: bool = True) -> str:
    """Return a number with a fixed count of decimals, a true minus sign and, if wanted, a plus sign."""
    if not np.isfinite(value):
        return "∞"
    if abs(value) >= 1e6:
        return f"{value:{'+' if plus else ''}.1e}".replace("-", "−").replace("e+0", "e").replace("e+", "e")
    text = f"{value:{'+' if plus else ''}.{decimals}f}".replace("-", "−")
    return text if text.strip("+−0.") else text.replace("+", "").replace("−", "")
