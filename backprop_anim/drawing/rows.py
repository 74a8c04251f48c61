"""Words and numbers in rows and columns, pasted at many places; digits are as wide as each other, nothing shakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.stage import LABEL_SIZE, Stage
from backprop_anim.drawing.text import TOKENS, Align, _Pieces

__all__ = ["Entry", "Rows", "column_ends", "decimals_for", "signed_number"]

KEPT_LINES = 1024
PAD = 2  # pixels around a line, as around the pieces that it is made of


@dataclass(frozen=True)
class Entry:
    """One word or number: where its baseline starts, ends or has its middle, in points, and how it looks."""

    x: float
    y: float
    content: str
    color: str
    opacity: float = 1.0
    weight: str = "regular"
    align: Align = "left"


class Rows(Artist):
    """Words and numbers of one size, shown together.

    Parameters
    ----------
    stage : Stage
    size : float
        Of the letters, in points.

    Attributes
    ----------
    entries : list of Entry
        What is shown now.
    """

    def __init__(self, stage: Stage, size: float = LABEL_SIZE) -> None:
        super().__init__()
        self.size = size
        self.entries: list[Entry] = []
        self._scale = stage.scale
        weights = ("regular", "bold")
        self._pieces = {weight: _Pieces(stage.lettering.properties(size, weight), stage.figure.dpi) for weight in weights}
        self._line = lru_cache(maxsize=KEPT_LINES)(self._join)
        stage.figure.add_artist(self)

    def width(self, content: str, weight: str = "regular") -> float:
        """Return how wide a word or a number is, in points."""
        return sum(self._pieces[weight].get(token)[1] for token in TOKENS.findall(content)) / self._scale

    def draw(self, renderer: RendererBase) -> None:
        """Paste the entries."""
        gc = renderer.new_gc()
        for entry in self.entries:
            if not entry.content or entry.opacity <= 0:
                continue
            opacity, width = self._line(entry.content, entry.weight)
            start = entry.x * self._scale - {"left": 0.0, "center": width / 2, "right": width}[entry.align]
            image = np.empty((*opacity.shape, 4), dtype=np.uint8)
            image[..., :3] = _rgb(entry.color)
            image[..., 3] = opacity if entry.opacity >= 1 else (opacity * entry.opacity).astype(np.uint8)
            bottom = round(entry.y * self._scale) - self._pieces[entry.weight].below
            renderer.draw_image(gc, round(start) - PAD, bottom, image)
        gc.restore()

    def _join(self, content: str, weight: str) -> tuple[NDArray[np.uint8], int]:
        """Return the opacity of a line's pixels, upside down as the renderer wants images, and its width in pixels."""
        pieces = [self._pieces[weight].get(token) for token in TOKENS.findall(content)]
        width = sum(advance for _, advance in pieces)
        line = np.zeros((self._pieces[weight].height, width + 2 * PAD), dtype=np.uint8)
        start = 0
        for piece, advance in pieces:
            room = line[:, start : start + piece.shape[1]]
            np.maximum(room, piece[:, : room.shape[1]], out=room)
            start += advance
        return line, width


@lru_cache(maxsize=64)
def _rgb(color: str) -> NDArray[np.uint8]:
    return np.round(np.array(to_rgb(color)) * 255).astype(np.uint8)


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


def signed_number(value: float, decimals: int, plus: bool = True) -> str:
    """Return a number with a fixed count of decimals, a true minus sign and, if wanted, a plus sign."""
    if not np.isfinite(value):
        return "∞"
    if abs(value) >= 1e6:
        return f"{value:{'+' if plus else ''}.1e}".replace("-", "−").replace("e+0", "e").replace("e+", "e")
    text = f"{value:{'+' if plus else ''}.{decimals}f}".replace("-", "−")
    return text if text.strip("+−0.") else text.replace("+", "").replace("−", "")
