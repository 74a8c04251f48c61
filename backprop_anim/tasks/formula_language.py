"""What a formula may be made of, and how large it may be; it never reads one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONSTANTS", "FUNCTIONS", "MAX_CHARACTERS", "MAX_DEPTH", "MAX_PARTS", "OPERATORS", "SIGNS", "Function"]

Array = NDArray[np.float64]

MAX_CHARACTERS = 1000
MAX_DEPTH = 100
MAX_PARTS = 500


@dataclass(frozen=True)
class Function:
    """A function that formulas may call, and how many arguments it takes."""

    apply: Callable[..., Any]
    fewest: int = 1
    most: int | None = 1

    @property
    def arity(self) -> str:
        """The number of arguments in words."""
        if self.most is None:
            return f"{self.fewest} or more arguments"
        return f"{self.fewest} argument{'s' if self.fewest > 1 else ''}"


def _smallest(*values: Array) -> Array:
    return reduce(np.minimum, values)


def _largest(*values: Array) -> Array:
    return reduce(np.maximum, values)


def _step(value: Array) -> Any:
    return np.heaviside(value, 1.0)


FUNCTIONS: dict[str, Function] = {
    "sin": Function(np.sin),
    "cos": Function(np.cos),
    "tan": Function(np.tan),
    "asin": Function(np.arcsin),
    "acos": Function(np.arccos),
    "atan": Function(np.arctan),
    "atan2": Function(np.arctan2, 2, 2),
    "sinh": Function(np.sinh),
    "cosh": Function(np.cosh),
    "tanh": Function(np.tanh),
    "asinh": Function(np.arcsinh),
    "acosh": Function(np.arccosh),
    "atanh": Function(np.arctanh),
    "exp": Function(np.exp),
    "log": Function(np.log),  # natural, as in Python and NumPy
    "ln": Function(np.log),
    "log10": Function(np.log10),
    "log2": Function(np.log2),
    "sqrt": Function(np.sqrt),
    "cbrt": Function(np.cbrt),
    "hypot": Function(np.hypot, 2, 2),
    "abs": Function(np.abs),
    "sign": Function(np.sign),
    "floor": Function(np.floor),
    "ceil": Function(np.ceil),
    "mod": Function(np.mod, 2, 2),
    "min": Function(_smallest, 2, None),
    "max": Function(_largest, 2, None),
    "step": Function(_step),
    "heaviside": Function(_step),
}
"""What a formula may call, by name."""

CONSTANTS: dict[str, float] = {"pi": float(np.pi), "e": float(np.e), "tau": float(2 * np.pi)}
"""What a formula may name besides its variable."""

OPERATORS: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
"""What Python calls the operators that a formula may use."""

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "^",
}
"""How a formula's tree names the operators."""
