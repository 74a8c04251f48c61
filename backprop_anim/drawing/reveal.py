"""Pictures that are drawn once and uncovered bit by bit: far cheaper than drawing a long line in every frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

__all__ = ["Reveal"]


class Reveal(Artist):
    """A layer over the static picture, shown from the left up to a pixel column.

    Parameters
    ----------
    artists : sequence of Artist
        What the layer shows.
    """

    def __init__(self, artists: Sequence[Artist]) -> None:
        super().__init__()
        self._artists = artists
        self._picture: NDArray[np.uint8] | None = None
        self._rows = slice(0)
        self._left = 0
        self._stop = 0

    def uncover_to(self, x_px: float) -> None:
        """Show the layer up to `x_px`, in pixels from the left of the frame."""
        self._stop = max(0, round(x_px))

    def bake(self, renderer: RendererBase, pixels: NDArray[np.uint8]) -> None:
        """Draw the layer over the static picture in `pixels`, keep what it changed, and put the picture back."""
        before = pixels.copy()
        for artist in self._artists:
            artist.draw(renderer)
        changed = (pixels != before).any(axis=2)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if rows.size:
            self._rows, self._left = slice(int(rows[0]), int(rows[-1]) + 1), int(columns[0])
            self._picture = pixels[self._rows, self._left : int(columns[-1]) + 1].copy()
        pixels[...] = before

    def draw(self, renderer: RendererBase) -> None:
        """Copy the uncovered columns; draw what they show where there are no pixels."""
        if not isinstance(renderer, RendererAgg):
            self._draw_lines(renderer)
            return
        if self._picture is None:
            return
        width = min(self._stop - self._left, self._picture.shape[1])
        if width > 0:
            pixels = np.asarray(renderer.buffer_rgba())
            pixels[self._rows, self._left : self._left + width] = self._picture[:, :width]

    def _draw_lines(self, renderer: RendererBase) -> None:
        height = renderer.get_canvas_width_height()[1]
        uncovered = Bbox.from_extents(0, 0, self._stop, height)
        for artist in self._artists:
            whole = artist.get_clip_box()
            artist.set_clip_box(uncovered if whole is None else Bbox.intersection(whole, uncovered))
            artist.draw(renderer)
            artist.set_clip_box(whole)
