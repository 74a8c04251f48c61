"""Small curves as pixels, many at a time, by the distance of each pixel from its curve; nothing is stroked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["stroke_coverage"]

Single = NDArray[np.float32]


def stroke_coverage(y: Single, rows: int, width: float) -> Single:
    """Return how far curves cover the pixels of their pictures, (curves, rows, columns), from 0 to 1.

    Parameters
    ----------
    y : ndarray of float32, shape (curves, columns)
        Where each curve crosses the middle of each column, in pixels from the picture's upper edge.
    rows : int
    width : float
        Of the pen, in pixels.
    """
    half = width / 2
    slope = np.gradient(y, axis=1)
    reach = half * np.sqrt(1 + slope**2)  # a pen that goes uphill is higher than wide
    wide = np.pad(y, ((0, 0), (1, 1)), mode="edge")
    neighbours = np.stack([(wide[:, :-2] + y) / 2, (wide[:, 2:] + y) / 2, y])
    top = np.maximum(y - reach, neighbours.min(axis=0) - 1.7 * half)  # but not beyond the ends of a jump
    bottom = np.minimum(y + reach, neighbours.max(axis=0) + 1.7 * half)
    places = np.arange(rows, dtype=np.float32)[:, np.newaxis] + 0.5
    covered = np.minimum(bottom[:, np.newaxis] - places, places - top[:, np.newaxis])
    coverage: Single = np.clip(covered + np.float32(0.5), 0, 1)
    return coverage
