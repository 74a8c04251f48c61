"""The borders between the areas in which a network chooses different classes, as paths; it never draws them."""

from __future__ import annotations

from typing import Any

import numpy as np
from contourpy import LineType, contour_generator
from matplotlib.path import Path
from numpy.typing import NDArray

from backprop_anim.engine import Array

__all__ = ["border_path"]


def border_path(scores: NDArray[np.float32] | Array, x: Array, y: Array) -> Path:
    """Return the lines along which two classes have the same, highest score; each line once.

    Parameters
    ----------
    scores : ndarray, shape (classes, rows, columns)
    x, y : ndarray
        The places of the columns and of the rows.
    """
    best = scores.argmax(axis=0)
    parts: list[Array] = []
    top, second = scores[0], np.full_like(scores[0], -np.inf)
    for score in scores[1:]:
        second = np.maximum(second, np.minimum(top, score))
        top = np.maximum(top, score)
    for k in range(len(scores) - 1):
        if not (best == k).any() or (best == k).all():
            continue
        ahead = scores[k] - np.where(best == k, second, top)
        lines: Any = contour_generator(z=ahead, line_type=LineType.Separate).lines(0.0)
        for line in lines:
            parts += [line] if len(scores) == 2 else _borders_with_later(line, best, k)
    if not parts:
        return Path(np.empty((0, 2)))
    vertices = np.concatenate(parts)
    codes = np.full(len(vertices), Path.LINETO, dtype=Path.code_type)
    codes[np.cumsum([0, *(len(part) for part in parts[:-1])])] = Path.MOVETO
    places = np.column_stack(
        [np.interp(vertices[:, 0], np.arange(len(x)), x), np.interp(vertices[:, 1], np.arange(len(y)), y)]
    )
    path = Path(places, codes)
    path.should_simplify = False  # it would shift the dashes
    return path


def _borders_with_later(line: Array, best: NDArray[np.intp], k: int) -> list[Array]:
    """Return the runs of a border of class `k`, in grid units, beyond which a later class lies.

    The border with an earlier class is drawn as that one's.
    """
    line = np.round(line, 7)  # a point on a line of the grid may lie beside it, or beyond the last, by a rounding error
    low, high = np.floor(line).astype(int), np.ceil(line).astype(int)
    ends = best[low[:, 1], low[:, 0]], best[high[:, 1], high[:, 0]]
    keep = np.maximum(*ends) > k
    edges = np.flatnonzero(np.diff(keep, prepend=False, append=False))
    return [line[start:stop] for start, stop in edges.reshape(-1, 2) if stop - start > 1]
