"""A picture whose pixels are seen one by one, written straight into the frame's own; what it shows is passed in."""

from __future__ import annotations

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.layout import Rect
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.pixel_artist import PixelArtist

__all__ = ["PixelPicture"]

EDGE = 1.0
"""The width of the line around it, in points: a picture may have the colour of the frame's ground."""


class PixelPicture(PixelArtist):
    """Colours in rows and columns that fill a rectangle, each as a sharp cell.

    Parameters
    ----------
    stage : PanelArea
    rect : Rect
        In points.
    columns, rows : int

    Attributes
    ----------
    colors : ndarray of uint8, shape (rows, columns, RGBA)
        What is shown, from the top; opaque.
    """

    def __init__(self, stage: PanelArea, rect: Rect, columns: int, rows: int) -> None:
        super().__init__()
        scale = stage.scale
        height_px = round(stage.figure.get_size_inches()[1] * stage.figure.dpi)
        left, right = round(rect.left * scale), round(rect.right * scale)
        top, bottom = height_px - round(rect.top * scale), height_px - round(rect.bottom * scale)
        edge = max(1, round(EDGE * scale))
        self._inside = slice(top, bottom), slice(left, right)
        self._around = slice(top - edge, bottom + edge), slice(left - edge, right + edge)
        self._row_of = (2 * np.arange(bottom - top) + 1) * rows // (2 * (bottom - top))
        self._column_of = (2 * np.arange(right - left) + 1) * columns // (2 * (right - left))
        line = np.array([*to_rgb(stage.theme.faint), 1.0])
        self._edge = np.round(255 * line).astype(np.uint8).view(np.uint32)[0]
        self.colors = np.zeros((rows, columns, 4), np.uint8)
        self.colors[..., 3] = 255
        stage.figure.add_artist(self)

    def set_colors(self, colors: NDArray[np.uint8]) -> None:
        """Show colours, (rows, columns, RGB), or (rows, columns, 1) for greys."""
        self.colors[..., :3] = colors

    def draw(self, renderer: RendererBase) -> None:
        """Write the cells over the frame."""
        pixels = np.asarray(renderer.buffer_rgba()).view(np.uint32)[..., 0]  # type: ignore[attr-defined]
        packed = self.colors.view(np.uint32)[..., 0]
        pixels[self._around] = self._edge
        pixels[self._inside] = packed.take(self._column_of, axis=1).take(self._row_of, axis=0)
