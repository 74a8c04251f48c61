"""Lines of text or formulas that are rasterised once and pasted into any number of frames."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from backprop_anim.drawing.formulas import draw_words, measure_words

__all__ = ["BitmapLayer", "TextBitmap", "rasterize_text"]

PAD = 3  # pixels around a line, for the ink that leaves its box


@dataclass(frozen=True, eq=False)
class TextBitmap:
    """The opacity of a line's pixels.

    Attributes
    ----------
    opacity : ndarray of uint8, shape (height, width)
        Upside down, as the renderer wants images.
    below : int
        Pixels under the baseline.
    width : int
        How wide the line is, without padding.
    """

    opacity: NDArray[np.uint8]
    below: int
    width: int


@lru_cache(maxsize=256)
def rasterize_text(content: str, properties: FontProperties, dpi: float, formula: bool = False) -> TextBitmap:
    """Return a line of text, or of mathtext, as a picture; a text may have formulas between dollars."""
    words = f"${content}$" if formula else content
    ruler = RendererAgg(8, 8, dpi)
    width, height, descent = measure_words(ruler, words, properties, formula)
    below = int(np.ceil(descent)) + PAD
    size = int(np.ceil(width)) + 2 * PAD, int(np.ceil(height)) + 2 * PAD + 2
    renderer = RendererAgg(*size, dpi)
    renderer.mathtext_parser = ruler.mathtext_parser  # which remembers: parsing is nearly all of the time
    draw_words(renderer, words, (PAD, size[1] - below), properties, formula)
    return TextBitmap(np.asarray(renderer.buffer_rgba())[::-1, :, 3].copy(), below, int(np.ceil(width)))


class BitmapLayer(Artist):
    """Pictures at their places, shown together.

    Parameters
    ----------
    dpi : float
    """

    def __init__(self, dpi: float) -> None:
        super().__init__()
        self._dpi = dpi
        self._items: list[tuple[TextBitmap, float, float, NDArray[np.uint8], float]] = []

    def clear(self) -> None:
        """Show nothing."""
        self._items = []

    def add(
        self,
        content: str,
        x: float,
        y: float,
        properties: FontProperties,
        color: str,
        *,
        align: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Show a line with its baseline at a place in points; `align` is 0 for its left end, 1 for its right."""
        if content and opacity > 0:
            line, scale = rasterize_text(content, properties, self._dpi), self._dpi / 72
            self._items.append((line, x * scale - align * line.width, y * scale, _rgb(color), opacity))

    def add_formula(
        self, content: str, x: float, y: float, properties: FontProperties, color: str, *, opacity: float = 1.0
    ) -> None:
        """Show a line of mathtext with the left end of its baseline at a place in points."""
        if content and opacity > 0:
            line, scale = rasterize_text(content, properties, self._dpi, True), self._dpi / 72
            self._items.append((line, x * scale, y * scale, _rgb(color), opacity))

    def boxes(self) -> list[Bbox]:
        """Return the box of each line, in pixels of the frame."""
        return [
            Bbox.from_extents(x, y - line.below + PAD, x + line.width, y - line.below + len(line.opacity) - PAD - 2)
            for line, x, y, *_ in self._items
        ]

    def draw(self, renderer: RendererBase) -> None:
        """Paste the lines."""
        gc = renderer.new_gc()
        for line, x, y, rgb, opacity in self._items:
            image = np.empty((*line.opacity.shape, 4), dtype=np.uint8)
            image[..., :3] = rgb
            image[..., 3] = line.opacity if opacity >= 1 else (line.opacity * opacity).astype(np.uint8)
            renderer.draw_image(gc, round(x) - PAD, round(y) - line.below, image)
        gc.restore()


def _rgb(color: str) -> NDArray[np.uint8]:
    return np.round(np.array(to_rgb(color)) * 255).astype(np.uint8)
