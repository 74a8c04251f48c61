"""How a loss is written in formulas: what one output of one sample adds to it; it never computes a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["LossTelling"]


class LossTelling(NamedTuple):
    """What one output adds to the loss of one sample, as mathtext in which {a} is the answer and {y} the target.

    Attributes
    ----------
    value : str
        What it adds; empty where that is nothing whatever the answer.
    slope : str
        The derivative by {a}; by the output's z where the loss has an `output` of its own.
    again : callable
        What it adds, from an answer and a target: for the digits that are shown.
    value_of_any, slope_of_any : str
        The same for every answer, for sums over outputs, where `value` and `slope` hold for answers near this one
        alone; otherwise empty.
    words : str
        What a symbol among them stands for.
    """

    value: str
    slope: str
    again: Callable[[float, float], float]
    value_of_any: str = ""
    slope_of_any: str = ""
    words: str = ""
