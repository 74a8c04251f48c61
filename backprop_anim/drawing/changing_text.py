"""Text that changes from frame to frame, cheaply and without jitter: every piece is rasterised once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from backprop_anim.drawing.formulas import as_plain, draw_words, has_formula, measure_words, split_formulas
from backprop_anim.drawing.lettering import SHARES, write_words

__all__ = ["Align", "ChangingText", "tokens_of"]

Align = Literal["left", "center", "right"]

TOKENS = re.compile(r"[0-9]|[^0-9]+")
PAD = 2  # pixels around a piece, for the ink that leaves its box
MAX_PIECES = 512


class ChangingText(Artist):
    """A line of text whose digits all take the same whole number of pixels.

    Parameters
    ----------
    x, y : float
        The end of the baseline that `align` names, in pixels from the lower left corner.
    properties : FontProperties
    color : str
    dpi : float
    align : {"left", "center", "right"}

    Attributes
    ----------
    size : float
        Of the letters, in points.
    """

    def __init__(
        self, x: float, y: float, properties: FontProperties, color: str, dpi: float, align: Align = "left"
    ) -> None:
        super().__init__()
        self.x, self.y, self.align = x, y, align
        self.size = float(properties.get_size_in_points())
        self._color = color
        self._rgb = np.round(np.array(to_rgb(color)) * 255).astype(np.uint8)
        self._opacity = 1.0
        self._pieces = _Pieces(properties, dpi)
        self._content = ""

    def set_content(self, text: str, opacity: float = 1.0) -> None:
        """Show `text` from now on."""
        self._content, self._opacity = text, opacity

    @property
    def content(self) -> str:
        """What is shown."""
        return self._content

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the box of the present text, in pixels of the frame."""
        width = sum(advance for _, advance in self._placed())
        below, above = self._pieces.reach(self._content)
        return Bbox.from_extents(self._start(width), self.y - below, self._start(width) + width, self.y + above)

    def _placed(self) -> list[tuple[NDArray[np.uint8], int]]:
        return [self._pieces.get(token) for token in tokens_of(self._content)]

    def _start(self, width: int) -> int:
        return round(self.x - {"left": 0.0, "center": width / 2, "right": width}[self.align])

    def draw(self, renderer: RendererBase) -> None:
        """Paste the pieces of the present text; write it in letters where there are no pixels."""
        if not self._content or self._opacity <= 0:
            return
        if not isinstance(renderer, RendererAgg):
            place, properties, share = (self.x, self.y), self._pieces.properties, SHARES[self.align]
            write_words(renderer, self._content, place, properties, self._color, align=share, opacity=self._opacity)
            return
        pieces = self._placed()
        width = sum(advance for _, advance in pieces)
        start = self._start(width)
        mask = np.zeros((self._pieces.height, width + 2 * PAD), dtype=np.uint8)
        for piece, advance in pieces:
            room = mask[:, : piece.shape[1]] if piece.shape[1] <= mask.shape[1] else mask
            np.maximum(room, piece[:, : room.shape[1]], out=room)
            mask = mask[:, advance:]
        whole = mask if mask.base is None else mask.base
        image = np.empty((*whole.shape, 4), dtype=np.uint8)
        image[..., :3] = self._rgb
        image[..., 3] = whole if self._opacity >= 1 else (whole * self._opacity).astype(np.uint8)
        gc = renderer.new_gc()
        renderer.draw_image(gc, start - PAD, round(self.y) - self._pieces.below, image)
        gc.restore()


def tokens_of(content: str) -> list[str]:
    """Return the pieces in which a text is drawn: digits one by one, formulas whole, and what is between."""
    if "$" not in content:
        return TOKENS.findall(as_plain(content))
    found = list[str]()
    for part, is_formula in split_formulas(content):
        found += [part] if is_formula else TOKENS.findall(as_plain(part))
    return found


class _Pieces:
    """Rasterised words and digits of one font, upside down as the renderer wants images."""

    def __init__(self, properties: FontProperties, dpi: float) -> None:
        self.properties, self._dpi = properties, dpi
        size_px = properties.get_size_in_points() * dpi / 72
        self.below = int(np.ceil(size_px * 0.35)) + PAD
        self.height = int(np.ceil(size_px * 1.1)) + self.below + PAD
        self._ruler = RendererAgg(8, 8, dpi)
        self.get = lru_cache(maxsize=MAX_PIECES)(self._rasterise)

    def _rasterise(self, token: str) -> tuple[NDArray[np.uint8], int]:
        """Return the opacity of a token's pixels and how far it moves the pen, in pixels."""
        formula = has_formula(token)
        around = self._width(token) if formula else self._width(f"0{token}0") - self._width("00")
        advance = max(round(around), 1)
        if token.isdigit():  # no digit may differ from another, or numbers would shake
            advance = round((self._width("0" * 11) - self._width("0")) / 10)
        renderer = RendererAgg(advance + 4 * PAD + self.below, self.height, self._dpi)
        draw_words(renderer, token, (PAD, self.height - self.below), self.properties)
        opacity = np.asarray(renderer.buffer_rgba())[::-1, :, 3]
        inked = int(np.flatnonzero(opacity.any(axis=0)).max(initial=0)) + 1
        return opacity[:, :inked].copy(), advance

    def reach(self, text: str) -> tuple[float, float]:
        """Return how far a text reaches below and above its baseline, in pixels."""
        _, height, descent = measure_words(self._ruler, text, self.properties)
        return float(descent), float(height - descent)

    def _width(self, text: str) -> float:
        return float(measure_words(self._ruler, text, self.properties)[0])
