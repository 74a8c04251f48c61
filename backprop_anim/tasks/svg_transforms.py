"""What an SVG's attributes say in numbers: coordinates and transforms; it knows no shapes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["UNMOVED", "Matrix", "svg_number", "transform_matrix"]

Matrix: TypeAlias = NDArray[np.float64]
"""Takes (x, y, 1) to its place, shape (3, 3)."""

UNMOVED: Matrix = np.eye(3)

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
LONGEST = 400
"""Characters of an attribute with numbers; no drawing needs as many."""

_STEP = re.compile(r"[\s,]*(\w+)\s*\(([^()]*)\)")


def svg_number(element: Element, name: str) -> float:
    """Return an attribute in pixels, 0 where it is not there.

    Raises
    ------
    TaskError
        If it is in another unit.
    """
    given = element.get(name, "0").strip()
    found = re.fullmatch(rf"({NUMBER})(?:px)?", given) if len(given) <= LONGEST else None
    if not found:
        raise TaskError(f"{name}={given[:40]!r} cannot be read; allowed are numbers without a unit, or in px", "file")
    return float(found[1])


def transform_matrix(text: str) -> Matrix:
    """Return the product of the transforms in an attribute.

    Raises
    ------
    TaskError
        If one is unknown or has the wrong count of numbers.
    """
    matrix, at, text = UNMOVED, 0, text.strip()
    while at < len(text):
        step = _STEP.match(text, at) if len(text) <= LONGEST else None
        if step is None or re.sub(NUMBER, "", step[2]).strip(" ,\t\n"):
            raise TaskError(f"transform={text[:60]!r} cannot be read; allowed are {', '.join(_MATRICES)}", "file")
        matrix, at = matrix @ _step_matrix(step[1], [float(found) for found in re.findall(NUMBER, step[2])]), step.end()
    return matrix


def _step_matrix(word: str, numbers: list[float]) -> Matrix:
    counts, make = _MATRICES.get(word, ((), None))
    if make is None or len(numbers) not in counts:
        raise TaskError(
            f"transform {word[:20]} with {len(numbers)} numbers is unknown; allowed are {', '.join(_MATRICES)}", "file"
        )
    return np.array([*np.reshape(make(*numbers), (3, 2)).T, (0.0, 0.0, 1.0)])


def _rotation(degrees: float, cx: float = 0.0, cy: float = 0.0) -> tuple[float, ...]:
    c, s = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
    return c, s, -s, c, cx - c * cx + s * cy, cy - s * cx - c * cy


def _tan(degrees: float) -> float:
    return float(np.tan(np.radians(degrees)))


_MATRICES: dict[str, tuple[tuple[int, ...], Callable[..., tuple[float, ...]]]] = {
    "matrix": ((6,), lambda *numbers: numbers),
    "translate": ((1, 2), lambda x, y=0.0: (1.0, 0.0, 0.0, 1.0, x, y)),
    "scale": ((1, 2), lambda x, y=None: (x, 0.0, 0.0, x if y is None else y, 0.0, 0.0)),
    "rotate": ((1, 3), _rotation),
    "skewX": ((1,), lambda degrees: (1.0, 0.0, _tan(degrees), 1.0, 0.0, 0.0)),
    "skewY": ((1,), lambda degrees: (1.0, _tan(degrees), 0.0, 1.0, 0.0, 0.0)),
}
"""How many numbers each may have, and the matrix that it is, column by column: a b c d e f."""
