"""What the quantities of a network are called in formulas, as mathtext; it never knows their numbers."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Notation", "function_symbol"]

SYMBOLS = {"sigmoid": r"\sigma", "linear": r"\mathrm{id}"}


def function_symbol(name: str) -> str:
    """Return what an activation is called."""
    return SYMBOLS.get(name, rf"\mathrm{{{name.replace('_', ' ')}}}")


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

    def _is_single(self, layer: int) -> bool:
        return self._sizes[layer] == 1
