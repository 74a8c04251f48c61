"""Fits targets into the span that a sigmoid can reach; knows nothing of where they come from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError

__all__ = ["HIGH", "LOW", "scale_into_range"]

LOW, HIGH = 0.1, 0.9
"""A sigmoid reaches 0 and 1 only with infinite weights, so targets keep clear of both."""

_CONSTANT = 1e-12
"""A span below this share of the values is rounding, and to stretch it would draw noise."""

_SMALLEST = 1e-300
"""Below it a float64 loses digits, and the factor of a smaller span would overflow."""


def scale_into_range(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale the columns of `values` by one factor, each centred, so that the widest fills [0.1, 0.9].

    Parameters
    ----------
    values : ndarray, shape (N, n_out)
        Finite numbers.

    Returns
    -------
    ndarray, shape (N, n_out)
        The same picture, its aspect kept; a constant becomes 0.5.

    Raises
    ------
    TaskError
        If the values lie further apart than a float64 can say.
    """
    low, high = values.min(axis=0), values.max(axis=0)  # (n_out,)
    with np.errstate(over="ignore"):
        span = float((high - low).max())
    if not np.isfinite(span):
        raise TaskError(f"the values run from {low.min():.3g} to {high.max():.3g}, too far apart to be scaled")
    if span <= max(_CONSTANT * float(np.abs(values).max()), _SMALLEST):
        return np.full_like(values, (LOW + HIGH) / 2)
    centre = low / 2 + high / 2
    scaled: NDArray[np.float64] = (LOW + HIGH) / 2 + (values - centre) * ((HIGH - LOW) / span)
    return scaled
