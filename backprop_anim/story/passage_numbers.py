"""The numbers of a step written into formulas, each remembered so that the picture shows it in the same digits."""

from __future__ import annotations

import numpy as np

from backprop_anim.engine import activations, optimizers
from backprop_anim.experiment import Experiment
from backprop_anim.story.formula_tints import sign_tint, tinted
from backprop_anim.story.moment import Phase
from backprop_anim.story.notation import Notation, function_symbol
from backprop_anim.story.passages import DerivationStep, Edge, Focus, Mark, MarkKind
from backprop_anim.story.step_values import StepValues
from backprop_anim.story.worked_formula import Written, bracketed, plain_text
from backprop_anim.story.worth_telling import Subjects

__all__ = ["MOST_TERMS", "PassageNumbers"]

MOST_TERMS = 3
"""Longer sums show so many of their terms, the largest ones, and the rest as one number."""


class PassageNumbers:
    """What every part of the derivation writes with.

    Parameters
    ----------
    experiment : Experiment
    numbers : StepValues
    subjects : Subjects
    """

    def __init__(self, experiment: Experiment, numbers: StepValues, subjects: Subjects) -> None:
        self.experiment, self.numbers, self.subjects = experiment, numbers, subjects
        self.last = len(numbers.z)
        self.symbols = Notation([len(a) for a in numbers.a])
        self.names = [activations.name_of(activation) for activation in experiment.network.activations]
        self.functions = [function_symbol(name) for name in self.names]
        self.loss = experiment.training.loss
        self.optimizer = optimizers.name_of(experiment.training.optimizer)
        self.noise, self.bias = experiment.training.noise, experiment.network.bias
        self._marks: dict[tuple[MarkKind, int, int, int], Mark] = {}
        self._edges: dict[Edge, None] = {}
        self._said: set[str] = set()

    def weight(self, write: Written, layer: int, unit: int, source: int) -> str:
        """Write a weight, in brackets where it is negative, and in the colour of its line."""
        value = float(self.numbers.weights[f"W{layer}"][unit, source])
        self._edges[Edge(layer, unit, source)] = None
        return tinted(bracketed(self._mark("weight", layer, unit, source, write(value), value)), sign_tint(value))

    def bias_of(self, write: Written, layer: int, unit: int) -> str:
        """Write a bias."""
        value = float(self.numbers.weights[f"b{layer}"][unit])
        return tinted(bracketed(self._mark("bias", layer, unit, -1, write(value), value)), sign_tint(value))

    def value(self, write: Written, layer: int, unit: int) -> str:
        """Write an activation, in brackets where it is negative."""
        value = float(self.numbers.a[layer][unit])
        return bracketed(self._mark("value", layer, unit, -1, write(value), value))

    def target(self, write: Written, unit: int) -> str:
        """Write the target of an output."""
        value = float(self.numbers.target[unit])
        return bracketed(self._mark("target", self.last, unit, -1, write(value), value))

    def delta(self, write: Written, layer: int, unit: int) -> str:
        """Write a delta, in the colour of the error."""
        value = float(self.numbers.delta[layer - 1][unit])
        return tinted(bracketed(self._mark("delta", layer, unit, -1, write(value), value)), "error")

    def show_value(self, write: Written, layer: int, unit: int) -> None:
        """Let an activation stand in the picture that is the result of a formula."""
        self.value(write, layer, unit)

    def show_edges(self, *edges: Edge) -> None:
        """Let lines be strong that have no number in a formula."""
        self._edges |= dict.fromkeys(edges)

    def passage(
        self, sentence: str, lines: tuple[str, ...], note: str, layer: int, unit: int, direction: Phase
    ) -> DerivationStep:
        """Return a passage about a neuron, with the numbers that were written since the last one."""
        focus = Focus(layer, unit, direction, tuple(self._edges), tuple(self._marks.values()))
        self._marks, self._edges = {}, {}
        return DerivationStep(sentence, tuple(line for line in lines if line), note, focus)

    def once(self, *said: str) -> str:
        """Return those explanations that were not given before, as one line."""
        new = [one for one in said if one and one not in self._said]
        self._said |= set(new)
        return "; ".join(new)

    def largest_terms(self, layer: int, unit: int) -> list[int]:
        """Return the sources whose terms of a weighted sum are shown, in their order."""
        terms = np.abs(self.numbers.weights[f"W{layer}"][unit] * self.numbers.a[layer - 1])
        if len(terms) <= MOST_TERMS + 1:
            return list(range(len(terms)))
        return sorted(np.argsort(-terms, kind="stable")[:MOST_TERMS].tolist())

    def neuron(self, layer: int, unit: int) -> str:
        """Return what a sentence calls a neuron."""
        if layer == self.last:
            names = self.experiment.dataset.names_of_outputs(len(self.numbers.a[-1]))
            return "the output" if len(self.numbers.a[-1]) == 1 else f"output {names[unit] if names else unit + 1}"
        if self.last == 2:
            return f"hidden neuron {unit + 1}"
        return f"neuron {unit + 1} of hidden layer {layer}"

    def loss_slope(self, a: float, y: float) -> float:
        """Return the loss's derivative for one output of one sample."""
        answer, slope = np.array([[a]]), np.empty((1, 1))
        self.loss.gradient(answer, answer, np.array([[y]]), slope)
        return float(slope[0, 0])

    def _mark(self, kind: MarkKind, layer: int, unit: int, source: int, text: str, value: float) -> str:
        self._marks[kind, layer, unit, source] = Mark(kind, layer, unit, source, plain_text(text), value)
        return text
