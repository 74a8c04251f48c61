"""Artists that never change, drawn once and laid over every frame; it never asks what they show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg

__all__ = ["MarkerSprite"]


class MarkerSprite(Artist):
    """Artists that never change but stand over what does: drawn once on nothing, then laid over each frame.

    Parameters
    ----------
    artists : sequence of Artist
        Each belongs to the same figure.
    """

    def __init__(self, artists: Sequence[Artist]) -> None:
        super().__init__()
        self._artists = artists
        self._is_baked = False

    def draw(self, renderer: RendererBase) -> None:
        """Lay the pixels over the frame; draw the artists where there are no pixels."""
        if not isinstance(renderer, RendererAgg):
            for artist in self._artists:
                artist.draw(renderer)
            return
        flat = np.asarray(renderer.buffer_rgba()).reshape(-1, 4)
        if not self._is_baked:
            self._bake(renderer)
        flat[self._solid] = self._solid_colors
        flat[self._edge] = (flat[self._edge] * self._through + self._added) // 255

    def _bake(self, renderer: RendererBase) -> None:
        width, height = (round(size) for size in renderer.get_canvas_width_height())
        own = RendererAgg(width, height, renderer.dpi)  # type: ignore[attr-defined]
        for artist in self._artists:
            artist.draw(own)
        flat = np.asarray(own.buffer_rgba()).reshape(-1, 4)
        opacity = flat[:, 3]
        self._solid, self._edge = np.flatnonzero(opacity == 255), np.flatnonzero((opacity > 0) & (opacity < 255))
        self._solid_colors = flat[self._solid]
        edge = flat[self._edge].astype(np.uint16)
        edge_opacity = edge[:, 3:].copy()
        edge[:, 3] = 255  # the frame stays opaque
        self._through, self._added = 255 - edge_opacity, edge * edge_opacity + 127
        self._is_baked = True
