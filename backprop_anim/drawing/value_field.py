"""A field of colours that stand for amounts, and the bar that says which; it never asks the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.dotted_field import DITHER, DottedField, Single
from backprop_anim.engine import Array

__all__ = ["ValueColors", "ValueField"]

SHADES = 1023


class ValueColors:
    """The colours of amounts over a range; what lies beyond it has those of its ends.

    Parameters
    ----------
    colors : sequence of str
        From little to much.
    low, high : float
    """

    def __init__(self, colors: Sequence[str], low: float, high: float) -> None:
        self.low, self.high = low, high
        corners, at = np.array([to_rgb(color) for color in colors]), np.linspace(0, len(colors) - 1, SHADES + 1)
        self.shades = np.column_stack([np.interp(at, np.arange(len(corners)), part) for part in corners.T])

    def places(self, values: Array | Single) -> NDArray[np.intp]:
        """Return which of the shades each value has; the lowest where it is no number."""
        share = np.nan_to_num((values - self.low) / (self.high - self.low), nan=0.0)
        return np.rint(np.clip(share, 0, 1) * SHADES).astype(np.intp)

    def of(self, values: Array) -> Array:
        """Return the colours of values, (N,) -> (N, RGB)."""
        found: Array = self.shades[self.places(values)]
        return found


class ValueField(DottedField):
    """The colour of a network's answer at every place.

    Parameters
    ----------
    axes : Axes
        With linear scales.
    n_outputs : int
    background : str
    colors : ValueColors
    answer : callable
        From the pre-activations z of the last layer, (n_out, places), to the answer that is shown, (places,).
    """

    def __init__(
        self, axes: Axes, n_outputs: int, background: str, colors: ValueColors, answer: Callable[[Single], Single]
    ) -> None:
        super().__init__(axes, n_outputs, background)
        self._colors, self._answer = colors, answer
        grounds = np.round(255 * np.array(to_rgb(background))).astype(int) % DITHER
        shades = np.clip(np.round(255 * colors.shades).astype(int), grounds, 256 - DITHER + grounds)  # within levels
        self._table = np.column_stack([shades, np.full(len(shades), 255)]).astype(np.uint8)

    def mix(self, z: Single, pixels: NDArray[np.uint8]) -> None:
        """Turn the z of a strip into colours."""
        np.copyto(pixels, self._table[self._colors.places(self._answer(z))].reshape(pixels.shape))
