"""All that training leaves and all that drawing needs, in memory; it reads and writes no file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import counted
from backprop_anim.engine import Array, Backprop, Rows, decided_classes
from backprop_anim.experiment import Experiment
from backprop_anim.tasks import Dataset
from backprop_anim.training.kept_rows import PlacedRows, n_finite_rows, taken, with_row

__all__ = ["Recording", "Trace"]

WORTH_SEEING = 100.0
"""Where a run diverges, its losses are followed up to so many times the first one."""


@dataclass(frozen=True, eq=False)
class Trace:
    """What one step did with the gradient that it saw; the rest stands in the recording's row of that step.

    Attributes
    ----------
    step : int
        How many updates the state before it has behind it.
    batch : ndarray of int, shape (batch,)
        The samples that it saw.
    noise : ndarray, shape (arrays,)
        The factor of each array's gradient, in the order of the layout's names; ones without noise.
    rate : float
        The aggression of this step.
    memory_before, memory_after : ndarray, shape (n_memory, P)
        What the optimizer carried into the step, and out of it.
    """

    step: int
    batch: NDArray[np.int64]
    noise: Array
    rate: float
    memory_before: Array
    memory_after: Array


@dataclass(frozen=True, eq=False)
class Recording:
    """A run, as far as it came.

    Attributes
    ----------
    experiment : Experiment
    steps : ndarray of int, shape (S,)
        How many updates each kept state has behind it; the first is 0.
    parameters : Rows, shape (S, P)
        An array, or of a large run what stands for one: a row, or rows by a slice or by their numbers, are arrays.
    gradients : Rows, shape (S, P)
        At each kept state the gradient that its step saw, before noise; for the last state, over all samples.
    updates : Rows, shape (S, P)
        What was added to each kept state; zeros for the last, which no update leaves.
    samples : ndarray of int, shape (S,)
        The sample that the step from each state saw, where a batch is one sample; otherwise -1.
    losses : ndarray, shape (steps,)
        For every step the loss of its batch, before its update.
    penalties : ndarray, shape (steps,), or None
        For every step what its weights cost besides; None where they cost nothing.
    traces : tuple of Trace
        The steps of which everything is kept, for slow motion.
    diverged_at : int or None
        The step whose loss is no longer a finite number; what is kept ends before it.
    out_of_patience : bool
        Whether it ended early because the loss over what is held out was not better for long.
    """

    experiment: Experiment
    steps: NDArray[np.int64]
    parameters: Rows
    gradients: Rows
    updates: Rows
    samples: NDArray[np.int64]
    losses: Array
    traces: tuple[Trace, ...] = ()
    diverged_at: int | None = None
    penalties: Array | None = None
    out_of_patience: bool = False

    def __repr__(self) -> str:
        """Say which run it is, in one line."""
        states, steps = counted(self.n_snapshots, "state"), counted(len(self.losses), "step")
        return f"Recording({self.experiment.name}: {states}, {steps})"

    @property
    def n_snapshots(self) -> int:
        """The number S of kept states."""
        return len(self.steps)

    @cached_property
    def snapshot_losses(self) -> Array:
        """The loss over all samples at each kept state, shape (S,): what a film shows."""
        seen = self.losses[self.steps[self.steps < len(self.losses)]]
        is_known = isinstance(self.parameters, PlacedRows) and self.experiment.training.batch is None
        return self._losses_over(self.experiment.dataset, seen if is_known else np.empty(0))

    @cached_property
    def test_losses(self) -> Array | None:
        """The loss over the samples that are held out, at each kept state, shape (S,); None where there are none."""
        held_out = self.experiment.dataset.held_out
        return None if held_out is None else self._losses_over(held_out)

    def _losses_over(self, dataset: Dataset, known: Array | None = None) -> Array:
        """Return the loss over samples at each kept state, the first of which may be known already."""
        experiment, state = self.experiment, np.empty(self.parameters.shape[1])
        backprop = Backprop(experiment.network, experiment.training.loss, state, dataset.n_samples)
        inputs, targets = dataset.inputs.T, dataset.for_outputs(experiment.network.sizes[-1]).T
        found, n_known = np.empty(self.n_snapshots), 0
        if known is not None:
            n_known = len(known)
            found[:n_known] = known
        with np.errstate(over="ignore", invalid="ignore"):
            for row in range(n_known, self.n_snapshots):
                state[...] = self.parameters[row]
                backprop.forward(inputs)
                found[row] = backprop.loss_value(targets)
        return found

    @cached_property
    def snapshot_totals(self) -> Array:
        """The loss over all samples with what the weights cost, at each kept state, shape (S,)."""
        experiment = self.experiment
        penalty, layout = experiment.training.penalty, experiment.network.layout
        if isinstance(self.parameters, PlacedRows):
            costs: Array = np.array([penalty.value(layout, row) for row in self.parameters])
        else:
            costs = penalty.value(layout, self.parameters[:])
        return self.snapshot_losses + costs

    @cached_property
    def snapshot_accuracies(self) -> Array:
        """The share of samples that each kept state puts into the right class, shape (S,)."""
        return self._accuracies_over(self.experiment.dataset)

    @cached_property
    def test_accuracies(self) -> Array | None:
        """The same of the samples that are held out; None where there are none, or no classes."""
        held_out = self.experiment.dataset.held_out
        return None if held_out is None or held_out.labels is None else self._accuracies_over(held_out)

    def _accuracies_over(self, dataset: Dataset) -> Array:
        decided = decided_classes(self.experiment.network.outputs(self.parameters, dataset.inputs))
        share: Array = (decided == dataset.labels).mean(axis=-1)
        return share

    @cached_property
    def label_accuracies(self) -> Array:
        """The share of samples for which each output of each kept state rightly says yes or no, shape (S, n_out)."""
        return self._label_accuracies_over(self.experiment.dataset)

    @cached_property
    def test_label_accuracies(self) -> Array | None:
        """The same of the samples that are held out; None where there are none."""
        held_out = self.experiment.dataset.held_out
        return None if held_out is None else self._label_accuracies_over(held_out)

    def _label_accuracies_over(self, dataset: Dataset) -> Array:
        says_yes = self.experiment.network.outputs(self.parameters, dataset.inputs) >= 0.5
        share: Array = (says_yes == (dataset.targets >= 0.5)).mean(axis=-2)
        return share

    @property
    def measures(self) -> dict[str, Array]:
        """What is known of each kept state, shape (S,), by the words of a run's files; only what the task has."""
        found = {"loss": self.snapshot_losses}
        if self.experiment.dataset.kind == "classes":
            found["accuracy"] = self.snapshot_accuracies
        if self.test_losses is not None:
            found["test_loss"] = self.test_losses
        if self.test_accuracies is not None:
            found["test_accuracy"] = self.test_accuracies
        return found

    @property
    def last_measures(self) -> dict[str, float]:
        """What is known of the last state beside its loss."""
        return {word: float(values[-1]) for word, values in self.measures.items() if word != "loss"}

    def first_states(self, n_states: int) -> Recording:
        """Return the recording with only its first `n_states` kept states."""
        return self.only(slice(n_states))

    def only(self, rows: NDArray[np.int64] | slice) -> Recording:
        """Return the recording with some of its kept states, in rising order; the losses stay whole."""
        shown = self.with_rows(rows)
        return replace(shown, traces=tuple(trace for trace in self.traces if trace.step in shown.steps))

    def with_rows(self, rows: NDArray[np.int64] | slice) -> Recording:
        """Return the recording with these of its kept states, some of them perhaps several times, and all else."""
        return replace(
            self,
            steps=self.steps[rows],
            parameters=taken(self.parameters, rows),
            gradients=taken(self.gradients, rows),
            updates=taken(self.updates, rows),
            samples=self.samples[rows],
        )

    def with_state_of(self, other: Recording, row: int) -> Recording:
        """Return the recording with a state of another training of the same run put in at its place."""
        at = int(np.searchsorted(self.steps, other.steps[row]))
        return replace(
            self,
            steps=np.insert(self.steps, at, other.steps[row]),
            parameters=with_row(self.parameters, at, other.parameters[row]),
            gradients=with_row(self.gradients, at, other.gradients[row]),
            updates=with_row(self.updates, at, other.updates[row]),
            samples=np.insert(self.samples, at, other.samples[row]),
        )

    @property
    def n_finite(self) -> int:
        """How many states there are before the first that holds a number that is not finite."""
        return min(map(n_finite_rows, (self.parameters, self.gradients, self.updates)))

    @property
    def n_steps(self) -> int:
        """How many steps the run took; the last one of a run that diverged is the one that left the numbers."""
        return int(self.steps[-1]) if self.diverged_at is None else self.diverged_at

    @property
    def stopped_at(self) -> int | None:
        """The step at which the run ended early, because it had learned enough."""
        training, last = self.experiment.training, int(self.steps[-1])
        if training.stop is None or self.diverged_at is not None or last >= training.steps:
            return None
        is_small = training.stop.loss is not None and self.snapshot_losses[-1] <= training.stop.loss * (1 + 1e-9)
        return last if is_small or self.out_of_patience else None

    @property
    def losses_worth_seeing(self) -> float:
        """The greatest loss that an axis need show: beyond it a run that diverges flattens all else."""
        first = float(self.snapshot_losses[0])
        return math.inf if self.diverged_at is None else WORTH_SEEING * max(first, 1e-300)

    def nearest(self, step: int) -> int:
        """Return the position of the last snapshot that is not after `step`."""
        return int(np.searchsorted(self.steps, step, side="right")) - 1
