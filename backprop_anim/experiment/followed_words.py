"""The words by which a file follows a neuron, a weight or a bias through a step: ``hidden 2``, ``w1.2.1``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Followed", "followed_part"]


@dataclass(frozen=True)
class Followed:
    """A neuron, a weight or a bias that a step is told by.

    Attributes
    ----------
    kind : {"neuron", "weight", "bias"}
    layer, unit : int
        The neuron, its layer counted from 1 and itself from 0; of a weight or a bias, the one that it belongs to.
    source : int
        Where a weight comes from; of the others, the neuron before it that is told along with it, or -1.
    """

    kind: Literal["neuron", "weight", "bias"]
    layer: int
    unit: int
    source: int = -1


def followed_part(word: str, sizes: tuple[int, ...], bias: bool) -> Followed:
    """Return what a word names in a network of these sizes; everything in it counts from 1.

    Raises
    ------
    ValueError
        With what is wrong and what is allowed.
    """
    last, text = len(sizes) - 1, word.strip().lower()
    if found := re.fullmatch(r"output ([0-9]+)", text):
        return Followed("neuron", last, _within(word, int(found[1]), sizes[-1], "output") - 1)
    if found := re.fullmatch(r"hidden (?:([0-9]+)\.)?([0-9]+)", text):
        if last < 2:
            raise ValueError(f"{word!r} names a hidden neuron, and this network has none")
        if found[1] is None and last > 2:
            raise ValueError(
                f"{word!r} does not say in which of {last - 1} hidden layers: 'hidden 1.2' is neuron 2 of the first"
            )
        layer = _within(word, int(found[1] or 1), last - 1, "hidden layer")
        return Followed("neuron", layer, _within(word, int(found[2]), sizes[layer], "neuron") - 1)
    if found := re.fullmatch(r"w([0-9]+)\.([0-9]+)\.([0-9]+)", text):
        layer = _within(word, int(found[1]), last, "layer of weights")
        unit = _within(word, int(found[2]), sizes[layer], "neuron that it leads to")
        source = _within(word, int(found[3]), sizes[layer - 1], "neuron that it comes from")
        return Followed("weight", layer, unit - 1, source - 1)
    if found := re.fullmatch(r"b([0-9]+)\.([0-9]+)", text):
        if not bias:
            raise ValueError(f"{word!r} names a bias, and this network has none")
        layer = _within(word, int(found[1]), last, "layer of biases")
        return Followed("bias", layer, _within(word, int(found[2]), sizes[layer], "neuron") - 1)
    raise ValueError(f"{word!r} is none of: {_allowed(last, bias)}")


def _within(word: str, number: int, most: int, what: str) -> int:
    if not 1 <= number <= most:
        raise ValueError(f"{word!r} names {what} {number:,}: allowed are 1 to {most:,}")
    return number


def _allowed(last: int, bias: bool) -> str:
    hidden = {1: "", 2: "'hidden 2', "}.get(last, "'hidden 1.2' (neuron 2 of hidden layer 1), ")
    return f"{hidden}'output 1', 'w1.2.1' (layer 1, to 2, from 1)" + (", 'b1.2'" if bias else "")
