"""Smooth colours over axes as fine dots, from values at a coarse grid of places; what a value looks like it is told."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.pixel_artist import PixelArtist
from backprop_anim.engine import Array

__all__ = ["DITHER", "LARGEST", "DottedField", "Single"]

Single = NDArray[np.float32]
"""Colours need no more than single precision, which is twice as fast."""

CELL = 7.6
"""The distance in points of the places at which the network is asked."""

MOST_PLACES = 5400
"""A larger field has larger cells, so that every field costs much the same."""

STRIP = 30
"""Rows of pixels that are mixed in one go: few enough to stay in the cache, and for BLAS not to split the product
among threads, which would fight with the encoder for cores."""

LARGEST = 1e6
"""Numbers of a network that went astray are cut here, so that nothing overflows on the way to a colour."""

HALF_BITS = np.uint32(0xFEFEFEFE)

DITHER = 4
"""Colours stand on levels so far apart, and dots of two levels mix to what lies between: an encoder that has fewer
levels than the picture makes bands of a smooth field, and keeps dots. A power of two, so that four bytes of a pixel are
done at once."""

PATTERN = ((0, 2), (3, 1))
"""From which remainder over a level on a pixel takes the level above; for `DITHER` of four."""

DOT = 0.8
"""The width of a dot in points: one pixel, but in large frames, which are seen smaller."""

BELOW_LEVEL, LEVEL = np.uint32(0x01010101 * (DITHER - 1)), np.uint32(0x01010101 * DITHER)


class DottedField(PixelArtist, ABC):
    """Colours between what is known at a grid of places, written straight into the axes' rectangle as fine dots.

    What is interpolated are the pre-activations z of the last layer, not the answers: z is smooth where an answer
    jumps from 0 to 1, so that a coarse grid gives a sharp border.

    Parameters
    ----------
    axes : Axes
        With linear scales.
    n_outputs : int
    background : str
        Its own levels are those of the dots.

    Attributes
    ----------
    x, y : ndarray
        The grid's places in data, (columns,) and (rows,); the outermost lie one cell outside of the axes.
    x_px, y_px : ndarray
        The same in pixels from the lower left corner of the frame.
    """

    def __init__(self, axes: Axes, n_outputs: int, background: str) -> None:
        super().__init__()
        box, scale = axes.bbox, axes.figure.dpi / 72
        left, right, bottom, top = (int(np.floor(edge + 0.5)) for edge in (box.x0, box.x1, box.y0, box.y1))
        self._left, self._top = left, top
        self._size = top - bottom, right - left
        cell = max(CELL * scale, float(np.sqrt(box.width * box.height / MOST_PLACES)))
        self.x_px, self.y_px = _places(box.x0, box.width, cell), _places(box.y0, box.height, cell)
        inverse = axes.transData.inverted()
        self.x = inverse.transform(np.column_stack([self.x_px, np.full(len(self.x_px), box.y0)]))[:, 0]
        self.y = inverse.transform(np.column_stack([np.full(len(self.y_px), box.x0), self.y_px]))[:, 1]

        # Colours are mixed for every second pixel (every fourth in large frames); those between are means.
        n_doublings = 1 + max(0, round(float(np.log2(scale))))
        step = 2**n_doublings
        across = np.arange(left, right + step - 1, step) + 0.5
        down = np.arange(top, bottom - step + 1, -step) - 0.5
        down = np.pad(down, (0, -len(down) % STRIP), mode="edge")
        self._across = np.ascontiguousarray(_cubic(across, self.x_px).T)  # (grid columns, pixel columns)
        self._strips = [_without_zeros(_cubic(part, self.y_px)) for part in down.reshape(-1, STRIP)]

        self.width = len(across)
        self._wide = np.empty((len(self.y_px), n_outputs, self.width), np.float32)
        self._z = np.empty((n_outputs, STRIP, self.width), np.float32)
        self._pixels = np.empty((len(down), self.width, 4), np.uint8)
        self._doubled = [self._pixels.view(np.uint32)[..., 0]]
        for _ in range(n_doublings):
            self._doubled.append(np.empty([2 * n - 1 for n in self._doubled[-1].shape], np.uint32))
        grounds = [round(255 * part) % DITHER for part in to_rgb(background)]
        self._to_level = _packed([*(-part % DITHER for part in grounds), 1])  # opacity stands at 255
        self._thresholds = _thresholds(self._doubled[-1].shape, max(1, round(DOT * scale)))
        self._is_known = False

    def set_values(self, z: Single) -> None:
        """Colour the field by the pre-activations z of the last layer at the grid, (rows, n_out, columns)."""
        np.matmul(z, self._across, out=self._wide)
        for index, (rows, weights) in enumerate(self._strips):
            np.matmul(weights, self._wide[rows].swapaxes(0, 1), out=self._z)  # (STRIP, rows) x (n_out, rows, width)
            self.mix(self._z.reshape(len(self._z), -1), self._pixels[index * STRIP : (index + 1) * STRIP])
        for picture, larger in pairwise(self._doubled):
            _double(picture, larger)
        _dither(self._doubled[-1], self._to_level, self._thresholds)
        self._is_known = True

    @abstractmethod
    def mix(self, z: Single, pixels: NDArray[np.uint8]) -> None:
        """Turn the z of a strip, (n_out, places), into colours on or between levels, (rows, columns, RGBA)."""

    def draw(self, renderer: RendererBase) -> None:
        """Copy the colours."""
        if self._is_known:
            pixels = np.asarray(renderer.buffer_rgba()).view(np.uint32)[..., 0]  # type: ignore[attr-defined]
            first, (rows, columns) = len(pixels) - self._top, self._size
            pixels[first : first + rows, self._left : self._left + columns] = self._doubled[-1][:rows, :columns]


def _places(start: float, length: float, cell: float) -> Array:
    """Return evenly spread places along a side of the axes, and one beyond each of its ends."""
    n_cells = max(2, round(length / cell))
    return start + length * np.arange(-1, n_cells + 2) / n_cells


def _cubic(wanted: Array, places: Array) -> Single:
    """Return the weights of values at even `places` that give those at `wanted`, (wanted, places).

    References
    ----------
    Keys (1981), "Cubic convolution interpolation for digital image processing".
    """
    at = np.clip((wanted - places[0]) / (places[1] - places[0]), 1, len(places) - 2)
    left = np.minimum(at.astype(int), len(places) - 3)
    t = (at - left)[:, np.newaxis]
    taps = [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3]
    weights = np.zeros((len(wanted), len(places)), np.float32)
    np.put_along_axis(weights, left[:, np.newaxis] + np.arange(-1, 3), np.concatenate(taps, axis=1) / 2, axis=1)
    return weights


def _packed(channels: Sequence[int]) -> np.uint32:
    """Return the bytes of one pixel as one number, in the order in which a picture holds them."""
    return np.uint32(int.from_bytes(bytes(channels), sys.byteorder))


def _thresholds(shape: tuple[int, ...], dot: int) -> NDArray[np.uint32]:
    """Return from which remainder on each pixel takes the level above, less than `DITHER`; it never moves."""
    pattern = np.array(PATTERN, np.uint8)
    rows, columns = (np.arange(n) // dot % len(pattern) for n in shape)
    values = pattern[rows[:, np.newaxis], columns].astype(np.uint32)
    return values * np.uint32(0x00010101)


def _dither(picture: NDArray[np.uint32], to_level: np.uint32, thresholds: NDArray[np.uint32]) -> None:
    """Bring packed RGBA to levels: to the one above in as many pixels as the colour is near to it.

    The remainder over the level below and a threshold reach the next level, or not; no byte carries into another, for
    the background and the whole tints are levels, and every colour lies between them.
    """
    rest = ((picture & BELOW_LEVEL) + to_level) & BELOW_LEVEL
    picture -= rest
    rest += thresholds
    rest &= LEVEL
    picture += rest


def _without_zeros(weights: Single) -> tuple[slice, Single]:
    """Return the columns from the first to the last that is not all zeros, and what stands there."""
    used = np.flatnonzero(weights.any(axis=0))
    columns = slice(int(used[0]), int(used[-1]) + 1)
    return columns, np.ascontiguousarray(weights[:, columns])


def _double(picture: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    """Write a picture of packed RGBA into `out` with the mean of neighbours between any two pixels.

    The four bytes of a pixel are averaged at once: a + b = 2 (a & b) + (a ^ b), without a carry from byte to byte.
    Means are cut along rows and rounded up along columns, so that the picture gets no darker.
    """
    out[::2, ::2] = picture
    a, b = picture[:, :-1], picture[:, 1:]
    out[::2, 1::2] = (a & b) + (((a ^ b) & HALF_BITS) >> np.uint32(1))
    a, b = out[:-1:2], out[2::2]
    mean = a ^ b
    np.bitwise_and(mean, HALF_BITS, out=mean)
    np.right_shift(mean, np.uint32(1), out=mean)
    np.subtract(a | b, mean, out=out[1::2])
