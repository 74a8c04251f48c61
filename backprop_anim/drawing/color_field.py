"""Areas of soft colour that follow a network's answers to a grid of places; it never asks the network."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.engine import Activation, Array

__all__ = ["LARGEST", "ColorField", "Single", "class_shares"]

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


class ColorField(Artist):
    """Colours between what is known at a grid of places, written straight into the axes' rectangle as fine dots.

    What is interpolated are the pre-activations z of the last layer, not the answers: z is smooth where an answer
    jumps from 0 to 1, so that a coarse grid gives a sharp border.

    Parameters
    ----------
    axes : Axes
        With linear scales.
    activation : Activation
        Turns z into answers.
    n_outputs : int
    colors : sequence of str
        One for each class.
    background : str
        The colour where no class is likelier than another.
    strength : float
        How far the colours go from the background to those of the classes.

    Attributes
    ----------
    x, y : ndarray
        The grid's places in data, (columns,) and (rows,); the outermost lie one cell outside of the axes.
    x_px, y_px : ndarray
        The same in pixels from the lower left corner of the frame.
    """

    def __init__(
        self,
        axes: Axes,
        activation: Activation,
        n_outputs: int,
        colors: Sequence[str],
        background: str,
        strength: float,
    ) -> None:
        super().__init__()
        self._activation = activation
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

        width, n_classes = len(across), max(2, n_outputs)
        self._wide = np.empty((len(self.y_px), n_outputs, width), np.float32)
        self._z, self._a = np.empty((2, n_outputs, STRIP, width), np.float32)
        self._shares = np.ones((n_classes + 1, STRIP * width), np.float32)  # the last is the background
        self._tints = _tints(colors[:n_classes], background, strength)
        self._mixed = np.empty((STRIP * width, 4), np.float32)
        self._pixels = np.empty((len(down), width, 4), np.uint8)
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
            self._mix(self._pixels[index * STRIP : (index + 1) * STRIP])
        for picture, larger in pairwise(self._doubled):
            _double(picture, larger)
        _dither(self._doubled[-1], self._to_level, self._thresholds)
        self._is_known = True

    def _mix(self, pixels: NDArray[np.uint8]) -> None:
        """Turn the z of a strip into colours."""
        n_outputs = len(self._z)
        a = self._a.reshape(n_outputs, -1)
        with np.errstate(over="ignore"):
            self._activation.value(self._z.reshape(n_outputs, -1), a)  # type: ignore[arg-type]
        class_shares(a, self._shares[:-1], self._activation.output_only)
        np.matmul(self._shares.T, self._tints, out=self._mixed)
        np.copyto(pixels, self._mixed.reshape(pixels.shape), casting="unsafe")

    def draw(self, renderer: RendererBase) -> None:
        """Copy the colours."""
        if self._is_known:
            pixels = np.asarray(renderer.buffer_rgba()).view(np.uint32)[..., 0]  # type: ignore[attr-defined]
            first, (rows, columns) = len(pixels) - self._top, self._size
            pixels[first : first + rows, self._left : self._left + columns] = self._doubled[-1][:rows, :columns]


def class_shares(a: Single, out: Single, add_up: bool) -> None:
    """Write how much of each class's colour belongs to answers, (n_out, N) -> (classes, N).

    A class has a share where it is likelier than by chance, all of it at 1. With a single output, which is the
    second class's probability, the first class has what is left.

    Parameters
    ----------
    a : ndarray, shape (n_out, N)
    out : ndarray, shape (classes, N)
    add_up : bool
        Whether the answers of a sample add up to 1, as probabilities do; otherwise the shares are made to.
    """
    if len(a) == 1:
        np.multiply(a[0], 2, out=out[1])
        np.subtract(out[1], 1, out=out[1])
        np.negative(out[1], out=out[0])
    else:
        chance = 1 / len(a)
        np.subtract(a, chance, out=out)
        np.multiply(out, 1 / (1 - chance), out=out)
    np.clip(out, 0, 1, out=out)
    if len(a) > 1 and not add_up:
        np.divide(out, np.maximum(out.sum(axis=0), 1), out=out)


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


def _tints(colors: Sequence[str], background: str, strength: float) -> Single:
    """Return what a whole share of each class adds to the background, and the background, (classes + 1, RGBA)."""
    rgb = np.array([to_rgb(color) for color in colors]) * 255
    ground = np.array(to_rgb(background)) * 255
    tints = np.zeros((len(colors) + 1, 4), np.float32)
    whole = DITHER * np.round(strength * (rgb - ground) / DITHER)
    whole -= DITHER * np.sign(whole) * ((ground + whole < 0) | (ground + whole > 255))
    tints[:-1, :3] = whole  # a level, so that there are no dots where the network is sure
    tints[-1] = [*(ground + 0.5), 255.5]  # the cast to whole numbers cuts
    return tints


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
