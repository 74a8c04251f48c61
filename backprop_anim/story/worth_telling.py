"""What of a step is told where nothing is chosen: the sample and the neurons that it matters most for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment, Followed

if TYPE_CHECKING:
    from backprop_anim.story.step_values import StepValues

__all__ = ["Subjects", "most_telling_sample", "subjects_of"]


def most_telling_sample(experiment: Experiment, parameters: Array, batch: NDArray[np.int64]) -> int:
    """Return the sample of a batch with the largest loss, of those whose inputs are not all 0 where there are such.

    An input of 0 moves no weight: every ∂L/∂w behind it is 0, and there would be nothing to see.

    Parameters
    ----------
    experiment : Experiment
    parameters : ndarray, shape (P,)
        The state before the step.
    batch : ndarray of int
        The samples that the step saw.
    """
    samples = np.unique(batch)
    inputs = experiment.dataset.inputs[samples]
    told = samples[inputs.any(axis=1)] if inputs.any() else samples
    z = experiment.network.pre_activations(parameters, experiment.dataset.inputs[told]).T
    a, targets = np.empty_like(z), experiment.targets()[told].T
    with np.errstate(over="ignore", invalid="ignore"):  # a run on its way out of the numbers
        experiment.network.activations[-1].value(z, a)
        loss = experiment.training.loss
        losses = [loss.value(z[:, k : k + 1], a[:, k : k + 1], targets[:, k : k + 1]) for k in range(len(told))]
    return int(told[int(np.argmax(np.nan_to_num(losses, nan=-np.inf)))])


@dataclass(frozen=True)
class Subjects:
    """What a step is told by.

    Attributes
    ----------
    forward, backward : tuple of Followed
        Neurons, in the order in which the step comes to them; the outputs are among both.
    updated : tuple of Followed
        Weights and biases.
    is_chosen : bool
        Whether the file chose them.
    """

    forward: tuple[Followed, ...]
    backward: tuple[Followed, ...]
    updated: tuple[Followed, ...]
    is_chosen: bool


def subjects_of(numbers: StepValues, followed: tuple[Followed, ...]) -> Subjects:
    """Return the followed subjects in the order of the step; without any, the neurons with the largest |δ|."""
    last = len(numbers.z)
    output = int(np.argmax(np.abs(numbers.delta[-1])))
    chosen = followed
    if not chosen and last > 1:
        hidden = int(np.argmax(np.abs(numbers.delta[-2])))
        chosen = (Followed("neuron", last - 1, hidden, -1),)
    neurons = {(one.layer, one.unit): one for one in chosen}
    if all(layer < last for layer, _ in neurons):
        nearest = max((unit for layer, unit in neurons if layer == last - 1), default=-1)
        neurons[last, output] = Followed("neuron", last, output, nearest)
    told = [_with_source(numbers, one) for one in neurons.values()]
    told.sort(key=lambda one: one.layer)  # stable: neurons of one layer in the order of the file
    updated = tuple(one for one in followed if one.kind != "neuron")
    if not updated:
        first = told[0] if followed else told[-1]
        updated = (Followed("weight", first.layer, first.unit, first.source),)
    backward = tuple(sorted(told, key=lambda one: -one.layer))
    return Subjects(tuple(told), backward, updated, bool(followed))


def _with_source(numbers: StepValues, subject: Followed) -> Followed:
    """Return a subject with the neuron before it that moves its weights most, where none is chosen."""
    if subject.source >= 0:
        return subject
    source = int(np.argmax(np.abs(numbers.a[subject.layer - 1])))
    return Followed(subject.kind, subject.layer, subject.unit, source)
