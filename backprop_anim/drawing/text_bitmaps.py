"""Lines of text or formulas that are rasterised once and pasted into any number of frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from backprop_anim.drawing.formulas import draw_words, glyph_places, measure_words
from backprop_anim.drawing.lettering import lay_ground, write_formula, write_words
from backprop_anim.story import Tint, formula_parts, untinted

__all__ = ["BitmapLayer", "TextBitmap", "rasterize_text", "tint_columns"]

PAD = 3  # pixels around a line, for the ink that leaves its box
GROUND = 225  # how far that ground covers what is under it
HALO = 2  # pixels of ground around the letters of a number that stands on lines


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


@lru_cache(maxsize=512)
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


@lru_cache(maxsize=512)
def tint_columns(line: str, properties: FontProperties, dpi: float) -> tuple[tuple[int, int, Tint], ...]:
    """Return which pixel columns of a rasterised line of mathtext have a tint: the first, the one after the last.

    The line is set as a whole, or its spaces would not be those of a formula; glyphs come in the order of the text,
    so that counting them says where a part begins.
    """
    parts = formula_parts(line)
    if all(not part.tint for part in parts):
        return ()
    places = _glyph_places(untinted(line), properties)
    bitmap = rasterize_text(untinted(line), properties, dpi, formula=True)
    inked = bitmap.opacity.sum(axis=0, dtype=np.int64)
    scale = dpi / 72
    first = int(np.flatnonzero(inked)[0]) - places[0] * scale if inked.any() else float(PAD)
    found, count = [], 0
    for part in parts:
        ends = count, count + len(_glyph_places(part.text, properties))
        count = ends[1]
        if part.tint:
            left, right = (
                _gap(inked, first + places[end] * scale) if end < len(places) else len(inked) for end in ends
            )
            found.append((left, right, part.tint))
    return tuple(found)


@lru_cache(maxsize=2048)
def _glyph_places(content: str, properties: FontProperties) -> tuple[float, ...]:
    """Return where the glyphs of a line of mathtext begin, in points, in the order in which they are written."""
    if not content.strip():
        return ()
    return glyph_places(f"${content}$", properties)


def _gap(inked: NDArray[np.int64], near: float) -> int:
    """Return the emptiest column near a place: where one glyph ends and the next begins."""
    start = min(max(0, round(near) - 2), len(inked) - 1)
    return start + int(np.argmin(inked[start : round(near) + 2] if round(near) + 2 > start else inked[start:]))


class BitmapLayer(Artist):
    """Pictures at their places, shown together.

    Parameters
    ----------
    dpi : float
    """

    def __init__(self, dpi: float) -> None:
        super().__init__()
        self._dpi = dpi
        self._items: list[_Item] = []

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
            rgb = np.broadcast_to(_rgb(color), (line.opacity.shape[1], 3))
            self._items.append(
                _Item(line, x * scale - align * line.width, y * scale, rgb, opacity, properties, ((content, color),))
            )

    def add_on_ground(
        self, content: str, x: float, y: float, properties: FontProperties, color: str, ground: str, opacity: float
    ) -> None:
        """Show a line about a place, with a colour under it, so that nothing drawn before runs through its letters."""
        before = len(self._items)
        self.add(content, x, y, properties, color, align=0.5, opacity=opacity)
        self._items[before:] = [item._replace(ground=ground) for item in self._items[before:]]

    def add_formula(
        self,
        content: str,
        x: float,
        y: float,
        properties: FontProperties,
        colors: Mapping[Tint, str],
        *,
        opacity: float = 1.0,
    ) -> None:
        """Show a line of mathtext with the left end of its baseline at a place in points, its parts in their colours.

        `colors` has one for each tint, and that of all else at ``""``.
        """
        if content and opacity > 0:
            plain = untinted(content)
            line, scale = rasterize_text(plain, properties, self._dpi, True), self._dpi / 72
            rgb = np.tile(_rgb(colors[""]), (line.opacity.shape[1], 1))
            for start, stop, tint in tint_columns(content, properties, self._dpi):
                rgb[start:stop] = _rgb(colors[tint])
            parts = tuple((part.text, colors[part.tint]) for part in formula_parts(content))
            self._items.append(_Item(line, x * scale, y * scale, rgb, opacity, properties, parts, is_formula=True))

    @property
    def contents(self) -> list[str]:
        """What is written, line by line."""
        return [item.content for item in self._items]

    @property
    def sizes(self) -> list[float]:
        """The font size of each line, in points."""
        return [float(item.properties.get_size_in_points()) for item in self._items]

    def boxes(self) -> list[Bbox]:
        """Return the box of each line, in pixels of the frame."""
        return [
            Bbox.from_extents(x, y - line.below + PAD, x + line.width, y - line.below + len(line.opacity) - PAD - 2)
            for line, x, y, *_ in self._items
        ]

    def draw(self, renderer: RendererBase) -> None:
        """Paste the lines; write them in letters where there are no pixels."""
        if not isinstance(renderer, RendererAgg):
            self._write(renderer)
            return
        gc = renderer.new_gc()
        for item in self._items:
            line, x, y, rgb, opacity, *_ = item
            if item.ground:
                left, low, right, top = item.inked()
                under = np.full((top - low, right - left, 4), 255, dtype=np.uint8)
                under[..., :3] = _rgb(item.ground)
                under[..., 3] = int(GROUND * opacity)
                renderer.draw_image(gc, left, low, under)
            image = np.empty((*line.opacity.shape, 4), dtype=np.uint8)
            image[..., :3] = rgb
            image[..., 3] = line.opacity if opacity >= 1 else (line.opacity * opacity).astype(np.uint8)
            renderer.draw_image(gc, round(x) - PAD, round(y) - line.below, image)
        gc.restore()

    def _write(self, renderer: RendererBase) -> None:
        for item in self._items:
            if item.ground:
                lay_ground(renderer, Bbox.from_extents(*item.inked()), item.ground, item.opacity * GROUND / 255)
            place = item.x, item.y
            if item.is_formula:
                write_formula(renderer, item.parts, place, item.properties, item.opacity)
            else:
                ((words, color),) = item.parts
                write_words(renderer, words, place, item.properties, color, opacity=item.opacity)


class _Item(NamedTuple):
    """One line at its place: left end and baseline in pixels, a colour for each column, and the parts with theirs."""

    line: TextBitmap
    x: float
    y: float
    rgb: NDArray[np.uint8]
    opacity: float
    properties: FontProperties
    parts: tuple[tuple[str, str], ...]
    is_formula: bool = False
    ground: str = ""

    @property
    def content(self) -> str:
        """What is written."""
        return "".join(text for text, _ in self.parts)

    def inked(self) -> tuple[int, int, int, int]:
        """Return the left, lower, right and upper edge of the ground about its letters, in pixels of the frame."""
        opacity = self.line.opacity
        rows, columns = (np.flatnonzero(opacity.any(axis=axis)) for axis in (1, 0))
        low, left = (max(int(inked[0]) - HALO, 0) for inked in (rows, columns))  # no more, or it would cut a number
        x, y = round(self.x) - PAD, round(self.y) - self.line.below
        return x + left, y + low, x + int(columns[-1]) + 1 + HALO, y + int(rows[-1]) + 1 + HALO


def _rgb(color: str) -> NDArray[np.uint8]:
    return np.round(np.array(to_rgb(color)) * 255).astype(np.uint8)
