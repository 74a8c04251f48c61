"""A colour for each of several runs, far from each other and from those of the classes; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from backprop_anim.experiment import Theme

__all__ = ["run_colors"]

SPREAD = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#8c6d31", "#7f7f7f")
"""Colours that differ for everybody (Okabe and Ito, 2008, without black and yellow), and two more."""

MORE = ("#882255", "#44aa99", "#5b4bc4", "#117733", "#aa4499", "#4a90e8", "#994f2e", "#a3a3c2")
"""What takes the place of those that are too near to the colour of a class."""

NEAR, FAINT = 32.0, 35.0
"""How far in CIELAB a run's colour must at least be from that of a class, and from the background."""


def run_colors(n: int, theme: Theme, n_classes: int = 0) -> list[str]:
    """Return a colour for each run: far apart where they are few, along a ramp where they are many.

    Parameters
    ----------
    n : int
    theme : Theme
    n_classes : int
        So many classes have colours of their own in the same picture.
    """
    taken = [theme.classes[k % len(theme.classes)] for k in range(n_classes)]
    candidates = [color for color in (*SPREAD, *MORE) if _nearest(color, [theme.background]) > FAINT]
    free = [color for color in candidates if not taken or _nearest(color, taken) > NEAR]
    if n <= min(len(SPREAD), len(free)):
        return free[:n] if not taken else _farthest(free, n)
    from matplotlib import colormaps

    ramp = colormaps["viridis"]
    dark = theme.background < "#8"
    low, high = (0.15, 1.0) if dark else (0.0, 0.88)
    return [to_hex(ramp(place)) for place in np.linspace(low, high, n)]


def _farthest(colors: Sequence[str], n: int) -> list[str]:
    """Return so many of the colours, the first, and then each time the one that is farthest from all before."""
    chosen = [colors[0]]
    while len(chosen) < n:
        chosen.append(max((one for one in colors if one not in chosen), key=lambda one: _nearest(one, chosen)))
    return chosen


def _nearest(color: str, others: Sequence[str]) -> float:
    """Return how far in CIELAB the nearest of the others is."""
    return min(float(np.linalg.norm(_lab(color) - _lab(other))) for other in others)


def _lab(color: str) -> NDArray[np.float64]:
    """Return a colour in CIELAB, in which distances are about as large as they look."""
    encoded = np.array(to_rgb(color))
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.maximum(to_xyz @ light / [0.9505, 1.0, 1.089], 1e-6))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
