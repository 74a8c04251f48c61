"""Small rounded pictures at the places of a diagram's nodes, written straight into the frame's pixels.

What they show is passed in; they never ask a network.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.pixel_artist import PixelArtist
from backprop_anim.engine import Array

__all__ = ["NodePictures", "Palette"]

Palette = tuple[str, str, str]
"""The colours of -1, 0 and 1."""

SHADES = 255
"""Colours on either side of zero."""

ROUNDING = 0.16
"""The radius of a picture's corners, as a share of its side."""

RIM, STRONG_RIM = 1.2, 3.2
STRIPE = 4
"""Pixels after which the stripes of negative places repeat, in themes without hues."""


class NodePictures(PixelArtist):
    """Square pictures with rounded corners, coloured by values from -1 to 1.

    Parameters
    ----------
    stage : PanelArea
    centres : ndarray, shape (pictures, 2)
        In points.
    half : float
        Half of a side, in points.
    palettes : sequence of (str, str, str)
        The colours of -1, 0 and 1, for each picture.

    Attributes
    ----------
    side : int
        Of a picture, in pixels.
    levels : ndarray of float32, shape (pictures, side, side)
        What is shown, the uppermost row first.
    opacities : ndarray, shape (pictures,)
    strong : ndarray of bool, shape (pictures,)
        Which pictures are ringed.
    """

    def __init__(self, stage: PanelArea, centres: Array, half: float, palettes: Sequence[Palette]) -> None:
        super().__init__()
        self.centres = centres
        scale, n, theme = stage.scale, len(centres), stage.theme
        self.side = side = max(4, round(2 * half * scale))
        height_px = round(stage.figure.get_size_inches()[1] * stage.figure.dpi)
        lefts = np.rint(centres[:, 0] * scale - side / 2).astype(int)
        tops = height_px - np.rint(centres[:, 1] * scale + side / 2).astype(int)
        self._corners = list(zip(tops.tolist(), lefts.tolist(), strict=True))
        self.levels = np.zeros((n, side, side), np.float32)
        self.opacities, self.strong = np.ones(n), np.zeros(n, dtype=bool)
        self.rims = [theme.muted] * n
        self._ground = np.array(to_rgb(theme.background)) * 255
        self._shades = np.stack([_shades(palette) for palette in palettes])
        stripe = STRIPE * max(1, round(scale))
        y, x = np.mgrid[:side, :side]
        self._striped = ((x + y) % stripe < stripe // 2) & (not theme.has_hues)
        outside = _distance(side, ROUNDING * side)
        inside = np.clip(0.5 - outside, 0, 1)
        shares = [np.clip(outside + width * scale + 0.5, 0, 1) for width in (RIM, STRONG_RIM)]
        self._rims = [(*np.nonzero(share > 0), share[share > 0][:, np.newaxis]) for share in shares]
        self._cut = np.nonzero(inside < 1)
        self._kept = inside[self._cut][:, np.newaxis]
        self._table, self._table_for = np.empty(0, np.uint32), np.empty(0)
        stage.figure.add_artist(self)

    def set_levels(self, levels: NDArray[np.float32]) -> None:
        """Show values from -1 to 1, shape (pictures, side, side); those beyond are cut."""
        self.levels = levels

    def draw(self, renderer: RendererBase) -> None:
        """Write the pictures over the frame."""
        frame = np.asarray(renderer.buffer_rgba())  # type: ignore[attr-defined]
        places = [frame[top : top + self.side, left : left + self.side] for top, left in self._corners]
        pictures, (rows, columns) = self._pictures(), self._cut
        ground = np.stack([place[rows, columns] for place in places])
        pictures[:, rows, columns] = np.rint(ground * (1 - self._kept) + pictures[:, rows, columns] * self._kept)
        for place, picture in zip(places, pictures, strict=True):
            place[...] = picture

    def _pictures(self) -> NDArray[np.uint8]:
        """Return the colours of all pictures, (pictures, side, side, RGBA)."""
        n = len(self.levels)
        levels = np.where(self._striped & (self.levels < 0), 0, self.levels)
        places = np.rint((np.clip(np.nan_to_num(levels), -1, 1) + 1) * SHADES).astype(np.intp)
        places += (np.arange(n) * (2 * SHADES + 1))[:, np.newaxis, np.newaxis]
        found: NDArray[np.uint8] = self._colors().take(places).view(np.uint8).reshape(n, self.side, self.side, 4)
        for strong, (rows, columns, share) in enumerate(self._rims):
            which = np.flatnonzero(self.strong == bool(strong))
            if len(which):
                colors = np.array([to_rgb(self.rims[index]) for index in which]) * 255
                colors = self._ground + self.opacities[which, np.newaxis] * (colors - self._ground)
                place = which[:, np.newaxis], rows, columns, slice(3)
                found[place] = np.rint(found[place] * (1 - share) + colors[:, np.newaxis] * share)
        return found

    def _colors(self) -> NDArray[np.uint32]:
        """Return what each picture's values from -1 to 1 look like, one after another; it changes with opacities."""
        if not np.array_equal(self._table_for, self.opacities):
            rgba = np.full((len(self._shades), 2 * SHADES + 1, 4), 255, np.uint8)
            faded = self.opacities[:, np.newaxis, np.newaxis]
            rgba[..., :3] = np.rint(self._ground + faded * (self._shades - self._ground))
            self._table, self._table_for = rgba.reshape(-1, 4).view(np.uint32)[:, 0], self.opacities.copy()
        return self._table


def _shades(palette: Palette) -> Array:
    """Return the colours from -1 to 1, (2·SHADES + 1, RGB), from 0 to 255."""
    low, middle, high = (np.array(to_rgb(color)) * 255 for color in palette)
    strength = np.linspace(-1, 1, 2 * SHADES + 1)[:, np.newaxis]
    shades: Array = middle + np.abs(strength) * (np.where(strength < 0, low, high) - middle)
    return shades


def _distance(side: int, radius: float) -> Array:
    """Return how far each pixel is outside of a square with rounded corners, (side, side); negative inside."""
    from_middle = np.abs(np.arange(side) + 0.5 - side / 2) - (side / 2 - radius)
    x, y = np.meshgrid(from_middle, from_middle)
    beyond: Array = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0) - radius
    return beyond
