"""The one curve that a network learns from an SVG: its longest path in one stroke; it reads no XML."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.svg_document import read_svg
from backprop_anim.tasks.svg_outlines import Outline, SubPath, outlines

__all__ = ["drawn_curve"]

MAX_PARTS = 200

CLOSED = 1e-9
"""Ends of a part that lie as near, as a share of its coordinates, are one point."""


def drawn_curve(path: Path, fraction: NDArray[np.float64]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return points at fractions of the length of an SVG's longest path, and what a user should know of it.

    Parameters
    ----------
    path : Path
    fraction : ndarray, shape (N,)
        From 0 to 1.

    Returns
    -------
    values : ndarray, shape (N, 2)
        Its x and y, y upwards.
    notes : tuple of str

    Raises
    ------
    TaskError
        If the file is no SVG, or shows no path that can be followed.
    """
    root = read_svg(path)
    try:
        with np.errstate(all="ignore"):  # numbers out of bounds are found where the length is
            parts, n_outlines = _longest(outlines(root))
            line, along = _one_stroke(parts)
    except TaskError as error:
        raise TaskError(f"{path.name}: {error}", "file") from None
    at = fraction * along[-1]
    values = np.column_stack([np.interp(at, along, line.real), np.interp(at, along, 0 - line.imag)])
    said = [f"the longest of {n_outlines} paths is drawn"] * (n_outlines > 1)
    said += [f"its {len(parts)} parts are joined by the shortest jumps"] * (len(parts) > 1)
    return values, tuple([f"{path.name}: {', '.join(said)}"] * bool(said))


def _longest(found: list[Outline]) -> tuple[list[SubPath], int]:
    seen = [outline for outline in found if outline.is_seen] or found
    if not seen:
        raise TaskError("no path is shown; allowed are path, line, polyline, polygon, rect, circle and ellipse", "file")
    longest = max(seen, key=lambda outline: outline.length)
    if not np.isfinite(longest.length):
        raise TaskError("its numbers are too large to be drawn", "file")
    if not longest.length > 0:
        raise TaskError("its paths have no length", "file")
    if len(longest.parts) > MAX_PARTS:
        raise TaskError(f"its longest path has {len(longest.parts):,} parts; at most {MAX_PARTS} are joined", "file")
    return longest.parts, len(seen)


def _one_stroke(parts: list[SubPath]) -> tuple[SubPath, NDArray[np.float64]]:
    """Return the parts as one line, and how much was drawn at each of its points; a jump draws nothing."""
    line, *left = parts
    along = _lengths(line)
    while left:
        turned = [_from_nearest(part, line[-1]) for part in left]
        nearest = min(range(len(left)), key=lambda number: abs(turned[number][0] - line[-1]))
        del left[nearest]
        line = np.concatenate([line, turned[nearest]])
        along = np.concatenate([along, along[-1] + _lengths(turned[nearest])])
    return line, along


def _lengths(part: SubPath) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.abs(np.diff(part)))])


def _from_nearest(part: SubPath, pen: complex) -> SubPath:
    """Return the part from where it is nearest to the pen: a closed one from any point, an open one from an end."""
    if abs(part[0] - part[-1]) > CLOSED * np.abs(part).max():
        return part if abs(part[0] - pen) <= abs(part[-1] - pen) else part[::-1]
    first = int(np.argmin(np.abs(part[:-1] - pen)))
    return np.concatenate([part[first:-1], part[: first + 1]])
