"""Gradients and updates of kept states, computed again from their parameters; it trains nothing on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array, Backprop, BatchStream, Rows
from backprop_anim.experiment import Experiment

__all__ = ["StepReplay", "seen_batches"]


@dataclass(frozen=True, eq=False)
class StepReplay:
    """The steps that left a run's kept states, taken again.

    A step sees the batch and the noise that it saw in training, and is made by the same rule; so where the parameters
    are exact, gradient and update are, too, and where they are rounded, as near to them as their digits go.

    Attributes
    ----------
    experiment : Experiment
    steps : ndarray of int, shape (S,)
        Those of the states as they were kept.
    parameters : Rows, shape (S, P)
    noise : ndarray, shape (S, arrays), or None
        By what each array's gradient was multiplied; None without noise.
    is_ended : bool
        Whether the last state is that of the end: no update leaves it, and its gradient is over all samples.
    """

    experiment: Experiment
    steps: NDArray[np.int64]
    parameters: Rows
    noise: Array | None = None
    is_ended: bool = True
    _passes: dict[int, tuple[Array, Backprop]] = field(default_factory=dict, repr=False)

    def gradient(self, row: int) -> Array:
        """Return the gradient that the step from a state saw, penalties included, shape (P,)."""
        training, layout = self.experiment.training, self.experiment.network.layout
        batch = None if self._is_last(row) else self._batches.get(int(self.steps[row]))
        inputs, targets = (each if batch is None else each[:, batch] for each in self._samples)
        state, backprop = self._pass_of(inputs.shape[1])
        state[...] = self.parameters[row]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            backprop.forward(inputs)
            backprop.backward(targets)
            gradient = backprop.gradient.copy()
            if training.penalty:
                gradient += training.penalty.gradient(layout, state)
        return gradient

    def update(self, row: int) -> Array:
        """Return what was added to a state, by an optimizer without a memory, shape (P,)."""
        experiment, step = self.experiment, int(self.steps[row])
        training, network = experiment.training, experiment.network
        update = np.zeros(network.layout.n_parameters)
        if self._is_last(row):
            return update
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            gradient = self.gradient(row)
            if self.noise is not None:
                gradient = self.noise[row][network.layout.owner] * gradient
            none = np.zeros((0, network.layout.n_parameters))
            training.optimizer.update(gradient, self._rates[step], step + 1, none, self.parameters[row], update)
        if network.frozen:
            update[network.is_frozen] = 0.0
        return update

    def _is_last(self, row: int) -> bool:
        return self.is_ended and row == len(self.steps) - 1

    def _pass_of(self, size: int) -> tuple[Array, Backprop]:
        if size not in self._passes:
            state = np.empty(self.experiment.network.layout.n_parameters)
            loss = self.experiment.training.loss
            self._passes[size] = state, Backprop(self.experiment.network, loss, state, size)
        return self._passes[size]

    @cached_property
    def _samples(self) -> tuple[Array, Array]:
        experiment = self.experiment
        return np.ascontiguousarray(experiment.dataset.inputs.T), np.ascontiguousarray(experiment.targets().T)

    @cached_property
    def _rates(self) -> list[float]:
        training = self.experiment.training
        rates: list[float] = (training.aggression * training.schedule.factors(training.steps)).tolist()
        return rates

    @cached_property
    def _batches(self) -> dict[int, NDArray[np.int64]]:
        return seen_batches(self.experiment, self.steps)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is found again."""
        kept = ("experiment", "steps", "parameters", "noise", "is_ended")
        return {name: getattr(self, name) for name in kept} | {"_passes": {}}


def seen_batches(experiment: Experiment, steps: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    """Return the samples that each of these rising steps saw; nothing where every step sees all of them."""
    training, n_samples = experiment.training, experiment.dataset.n_samples
    if training.batch is None or not len(steps):
        return {}
    size, rng = min(training.batch, n_samples), experiment.streams().batch
    stream, wanted = BatchStream(training.order, n_samples, size, rng, training.straddles), set(steps.tolist())
    found = {}
    for step in range(int(steps[-1]) + 1):
        batch = stream.take()
        if step in wanted:
            found[step] = np.array(batch, np.int64)
    return found
