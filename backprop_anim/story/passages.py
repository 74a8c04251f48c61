"""What is said of a step at a time, and of which neuron: words, formulas, and the numbers that stand in the picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from backprop_anim.story.formula_tints import untinted
from backprop_anim.story.moment import PHASES, Phase, StepPhase

__all__ = [
    "DerivationStep",
    "Edge",
    "Focus",
    "Mark",
    "MarkKind",
    "Passages",
    "derivation_at",
    "reading_s",
    "told_so_far",
]

NUMBER_S, LEAST_S = 0.35, 2.0
"""Seconds to read one number, and for a passage at least."""

NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
INDEX = re.compile(r"[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|.)")

MarkKind = Literal["value", "delta", "target", "bias", "weight"]


class Edge(NamedTuple):
    """The weight W`layer`[`unit`, `source`]."""

    layer: int
    unit: int
    source: int


class Mark(NamedTuple):
    """A number that stands in the picture just as it stands in a formula.

    Attributes
    ----------
    kind : {"value", "delta", "target", "bias", "weight"}
    layer, unit : int
        The neuron; of a weight the one that it leads to.
    source : int
        Where a weight comes from; -1 for all others.
    text : str
    value : float
    """

    kind: MarkKind
    layer: int
    unit: int
    source: int
    text: str
    value: float


@dataclass(frozen=True)
class Focus:
    """What of the network a passage speaks of.

    Attributes
    ----------
    layer, unit : int
        The neuron.
    direction : {"forward", "loss", "backward", "update"}
    edges : tuple of Edge
        The lines that it speaks of.
    marks : tuple of Mark
        The numbers of its formulas that belong to neurons and lines.
    """

    layer: int
    unit: int
    direction: Phase
    edges: tuple[Edge, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class DerivationStep:
    """One passage: a sentence, the formulas below it, and what is new in them.

    Attributes
    ----------
    sentence : str
    tinted_lines : tuple of str
        Mathtext, with the tints of `formula_tints`.
    note : str
        What the symbols mean that appear for the first time.
    focus : Focus or None
        None where it speaks of no neuron.
    """

    sentence: str
    tinted_lines: tuple[str, ...]
    note: str = ""
    focus: Focus | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The formulas as plain mathtext."""
        return tuple(map(untinted, self.tinted_lines))


Passages = Mapping[Phase, Sequence[DerivationStep]]
"""The passages of each phase of a step."""


class ShownPassage(NamedTuple):
    """A passage, its number within its phase, and how much of its time is over, 0 to 1."""

    passage: DerivationStep
    number: int
    share: float


def reading_s(passage: DerivationStep) -> float:
    """Return how many seconds a passage takes to read: by its numbers, indices apart."""
    n_numbers = sum(len(NUMBER.findall(INDEX.sub("", line))) for line in passage.lines)
    return max(LEAST_S, NUMBER_S * n_numbers)


def derivation_at(steps: Passages, act: StepPhase) -> ShownPassage:
    """Return the passage that a moment of a step shows; every view of the moment asks here."""
    group = steps[act.phase]
    times = [reading_s(passage) for passage in group]
    over = act.progress * sum(times)
    index = 0
    while index < len(group) - 1 and over >= times[index]:
        over -= times[index]
        index += 1
    return ShownPassage(group[index], index, min(1.0, max(0.0, over / times[index])))


def told_so_far(steps: Passages, act: StepPhase) -> list[DerivationStep]:
    """Return the passages of a step up to the one that a moment shows."""
    earlier = PHASES[: PHASES.index(act.phase)] if act.phase in PHASES else PHASES
    past = [passage for phase in earlier for passage in steps[phase]]
    return [*past, *steps[act.phase][: derivation_at(steps, act).number + 1]]
