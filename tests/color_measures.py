"""How far colours are from each other for the eye: contrast and lightness."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray


def linear(color: str) -> NDArray[np.float64]:
    """Red, green and blue as amounts of light, 0 to 1 (IEC 61966-2-1)."""
    encoded = np.array(to_rgb(color))
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def lightness(color: str) -> float:
    """L* of CIELAB, 0 to 100: how light a colour looks, and all that is left of it in grey."""
    y = luminance(color)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def seen_by(color: str, missing: str) -> NDArray[np.float64]:
    """The light that an eye without the "red" or the "green" cones takes it for (Viénot, Brettel & Mollon, 1999)."""
    matrix = {
        "red": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
        "green": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
    }[missing]
    return np.clip(np.array(matrix) @ linear(color), 0, 1)


def lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIELAB of linear red, green and blue (D65)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ light / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (xyz * 24389 / 27 + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
