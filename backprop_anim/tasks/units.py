"""Between the units of a file and those that a network is trained in: each column less a shift, by a scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Units", "spanned", "standardized"]

Array = NDArray[np.float64]

LARGE = 10.0
"""Training inputs of a size above this are standardized by themselves: they would saturate the first layer."""

INPUT_SPAN, TARGET_SPAN = (-1.0, 1.0), (0.1, 0.9)
"""Where ``range`` takes inputs and targets; a sigmoid reaches 0 and 1 only with infinite weights."""


@dataclass(frozen=True, eq=False)
class Units:
    """How numbers of a file become those that a network is trained on.

    Attributes
    ----------
    shift, scale : ndarray, shape (n,)
        Of each column: the number of the file that becomes 0, and how many of its units become 1.
    """

    shift: Array
    scale: Array

    def to_trained(self, values: Array) -> Array:
        """Return numbers of the file, shape (..., n), as those that a network is trained on."""
        found: Array = (values - self.shift) / self.scale
        return found

    def to_file(self, values: Array) -> Array:
        """Return numbers that a network is trained on, shape (..., n), in the units of the file."""
        found: Array = values * self.scale + self.shift
        return found


def standardized(values: Array) -> Units:
    """Return the units in which each column, shape (N, n), has the mean 0 and the standard deviation 1.

    The deviation is that of the samples themselves, with N in the denominator; a constant is only moved to 0.
    """
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    return Units(mean, _no_zero(deviation, values))


def spanned(values: Array, low: float, high: float) -> Units:
    """Return the units in which each column, shape (N, n), goes from `low` to `high`; a constant to their middle."""
    least, most = values.min(axis=0), values.max(axis=0)
    scale = _no_zero((most - least) / (high - low), values)
    is_constant = most == least
    return Units(np.where(is_constant, least - (low + high) / 2 * scale, least - low * scale), scale)


def _no_zero(scale: Array, values: Array) -> Array:
    """Return a scale of 1 for columns that do not vary beyond the rounding of their numbers."""
    rounding = 1e-12 * np.abs(values).max(axis=0)
    return np.where(scale > rounding, scale, 1.0)
