"""What the quantities of a network are called in formulas, as mathtext; it never knows their numbers."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Notation", "function_symbol", "function_words", "slope_words"]

SYMBOLS = {"sigmoid": r"\sigma", "linear": r"\mathrm{id}"}


FUNCTIONS = {
    "sigmoid": "σ, the sigmoid, squeezes z into 0 to 1",
    "tanh": "tanh squeezes z into −1 to 1",
    "relu": "relu lets only what is above 0 pass",
    "softmax": "softmax turns all z into probabilities",
    "linear": "",
}


def function_symbol(name: str) -> str:
    """Return what an activation is called."""
    return SYMBOLS.get(name, rf"\mathrm{{{name.replace('_', ' ')}}}")


def function_words(name: str) -> str:
    """Return what an activation does, in a few words of text."""
    return FUNCTIONS.get(name, f"{name.replace('_', ' ')} bends z")


def slope_words(name: str) -> str:
    """Return what the slope of an activation is called, in words of text."""
    symbol = {"sigmoid": "σ"}.get(name, name.replace("_", " "))
    return "" if name in ("linear", "softmax") else f"{symbol}′ is the slope of {symbol} at this z"


class Notation:
    """The names of what belongs to single units; the only unit of its layer needs no number.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, the inputs first.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes, self._last = sizes, len(sizes) - 1

    def z(self, layer: int, unit: int) -> str:
        """Return the pre-activation of a unit."""
        return rf"z{'' if self._is_single(layer) else f'_{{{unit + 1}}}'}^{{({layer})}}"

    def a(self, layer: int, unit: int) -> str:
        """Return the activation of a unit; those of the inputs are x, those of the last layer ŷ."""
        index = "" if self._is_single(layer) else f"_{{{unit + 1}}}"
        if layer == 0:
            return rf"x{index}"
        return rf"\hat y{index}" if layer == self._last else rf"a{index}^{{({layer})}}"

    def y(self, unit: int) -> str:
        """Return the target of an output."""
        return "y" if self._is_single(self._last) else f"y_{{{unit + 1}}}"

    def delta(self, layer: int, unit: int) -> str:
        """Return the error dL/dz of a unit."""
        return rf"\delta{'' if self._is_single(layer) else f'_{{{unit + 1}}}'}^{{({layer})}}"

    def w(self, layer: int, unit: int, source: int) -> str:
        """Return the weight by which a unit takes a source of the layer before it."""
        comma = "" if source < 9 and unit < 9 else ","
        index = f"{source + 1}" if self._is_single(layer) else f"{unit + 1}{comma}{source + 1}"
        return rf"w_{{{index}}}^{{({layer})}}"

    def b(self, layer: int, unit: int) -> str:
        """Return the bias of a unit."""
        return rf"b{'' if self._is_single(layer) else f'_{{{unit + 1}}}'}^{{({layer})}}"

    def _is_single(self, layer: int) -> bool:
        return self._sizes[layer] == 1
