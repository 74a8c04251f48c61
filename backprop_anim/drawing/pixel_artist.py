"""Artists that write pixels straight into a frame, and what they paint as a picture of its own."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from numpy.typing import NDArray

__all__ = ["Painted", "PixelArtist", "painted_by"]


class PixelArtist(Artist):
    """What has no lines or letters to be drawn by: it is pixels, in a drawing of lines too.

    Attributes
    ----------
    is_sharp : bool
        Whether it is cells of whole pixels, whose edges stay where they are in finer pixels too.
    """

    is_sharp: ClassVar[bool] = False


Painted = tuple[int, int, NDArray[np.uint8]]
"""A picture's left and lower edge in pixels of its frame, and its colours, RGBA, the lowest row first."""


def painted_by(artist: PixelArtist, renderer: RendererAgg) -> Painted | None:
    """Return what an artist paints, with how far what lies under it shines through; None where it paints nothing.

    It is drawn once over black and once over white: what differs is the ground.
    """
    pixels = np.asarray(renderer.buffer_rgba())
    found = []
    for ground in (0, 255):
        pixels[..., :3], pixels[..., 3] = ground, 255
        artist.draw(renderer)
        found.append(pixels[..., :3].astype(np.int16))
    on_black, on_white = found
    opacity = 255 - (on_white - on_black).max(axis=2)
    rows, columns = np.flatnonzero(opacity.any(axis=1)), np.flatnonzero(opacity.any(axis=0))
    if not rows.size:
        return None
    place = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    opacity = opacity[place]
    rgba = np.empty((*opacity.shape, 4), np.uint8)
    rgba[..., :3] = np.clip(np.rint(on_black[place] * 255.0 / np.maximum(opacity, 1)[..., np.newaxis]), 0, 255)
    rgba[..., 3] = opacity
    return place[1].start, len(pixels) - place[0].stop, rgba[::-1]
