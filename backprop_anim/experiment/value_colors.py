"""Colours for amounts, from little to much, in steps that look equally large; it never draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["even_colors"]

Array = NDArray[np.float64]

STANDS_OUT = 26.0
"""The lightness by which marks in ink stand out from the farthest colour."""

OFF_GROUND = 9.0
"""The distance from the background at which colours begin, so that a field has an edge everywhere."""

FINE = 512

TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)


def even_colors(background: str, ramp: Sequence[str], ink: str, count: int) -> tuple[str, ...]:
    """Return colours at equal distances for the eye, from near the background through a ramp.

    Lightness goes one way, so that more is more in grey as well, and ends before that of the ink.

    Parameters
    ----------
    background, ink : str
        In six digits.
    ramp : sequence of str
        In six digits, in any order.
    count : int

    Returns
    -------
    tuple of str
        In six digits.

    References
    ----------
    CIELAB (ISO/CIE 11664-4), whose distances are about those that are seen.
    """
    ground, end = _lab(background), _lab(ink)[0]
    toward = 1.0 if end > ground[0] else -1.0
    corners = sorted(map(_lab, ramp), key=lambda lab: toward * lab[0])
    between = [lab for lab in corners if toward * (lab[0] - ground[0]) > 0]
    way = np.array([ground, *(between or [_lab(ink)])])
    way = _sampled(way)
    room = toward * (end - way[:, 0]) >= STANDS_OUT
    way = way[: max(FINE // 4, int(room.sum()))]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
    wanted = np.linspace(min(OFF_GROUND, along[-1] / count), along[-1], count)
    even = np.column_stack([np.interp(wanted, along, part) for part in way.T])
    return tuple(map(_hex, even))


def _sampled(corners: Array) -> Array:
    """Return many places along the lines between corners, (corners, 3) -> (FINE, 3)."""
    at, wanted = np.arange(len(corners)), np.linspace(0, len(corners) - 1, FINE)
    return np.column_stack([np.interp(wanted, at, part) for part in corners.T])


def _lab(color: str) -> Array:
    encoded = np.array([int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ light / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (xyz * 24389 / 27 + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _hex(lab: Array) -> str:
    y = (lab[0] + 16) / 116
    f = np.array([y + lab[1] / 500, y, y - lab[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, (116 * f - 16) * 27 / 24389) * WHITE
    light = np.clip(np.linalg.solve(TO_XYZ, xyz), 0, 1)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * part):02x}" for part in encoded)
