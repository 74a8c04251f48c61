"""All that training leaves and all that drawing needs; saved without pickle, and never trusted when read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import ExperimentError, RecordingError, counted
from backprop_anim.engine import DAMAGE, Array, Backprop, decided_classes, read_arrays
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.tasks import Dataset
from backprop_anim.training.recording_checks import check_run, check_traces
from backprop_anim.training.stored_dataset import dataset_arrays, dataset_words, read_dataset

__all__ = ["FORMAT_VERSION", "Recording", "Trace", "load_recording", "save_recording"]

WORTH_SEEING = 100.0
"""Where a run diverges, its losses are followed up to so many times the first one."""

FORMAT_VERSION = 1
"""Raised whenever an older program could not read what is saved."""

Parse = Callable[[Mapping[str, Any], Dataset], Experiment]
"""Builds an experiment from its plain mapping and its samples."""


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
    parameters : ndarray, shape (S, P)
    gradients : ndarray, shape (S, P)
        At each kept state the gradient that its step saw, before noise; for the last state, over all samples.
    updates : ndarray, shape (S, P)
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
    parameters: Array
    gradients: Array
    updates: Array
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
        return self._losses_over(self.experiment.dataset)

    @cached_property
    def test_losses(self) -> Array | None:
        """The loss over the samples that are held out, at each kept state, shape (S,); None where there are none."""
        held_out = self.experiment.dataset.held_out
        return None if held_out is None else self._losses_over(held_out)

    def _losses_over(self, dataset: Dataset) -> Array:
        experiment, state = self.experiment, np.empty(self.parameters.shape[1])
        backprop = Backprop(experiment.network, experiment.training.loss, state, dataset.n_samples)
        inputs, targets = dataset.inputs.T, dataset.for_outputs(experiment.network.sizes[-1]).T
        found = np.empty(self.n_snapshots)
        with np.errstate(over="ignore", invalid="ignore"):
            for row, parameters in enumerate(self.parameters):
                state[...] = parameters
                backprop.forward(inputs)
                found[row] = backprop.loss_value(targets)
        return found

    @cached_property
    def snapshot_totals(self) -> Array:
        """The loss over all samples with what the weights cost, at each kept state, shape (S,)."""
        experiment = self.experiment
        return self.snapshot_losses + experiment.training.penalty.value(experiment.network.layout, self.parameters)

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
        arrays = {name: getattr(self, name)[rows] for name in _ARRAYS if name != "losses"}
        traces = tuple(trace for trace in self.traces if trace.step in arrays["steps"])
        return replace(self, **arrays, traces=traces)

    @property
    def n_finite(self) -> int:
        """How many states there are before the first that holds a number that is not finite."""
        finite = [np.isfinite(rows).all(axis=1) for rows in (self.parameters, self.gradients, self.updates)]
        return int(np.logical_and.accumulate(np.logical_and.reduce(finite)).sum())

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


_ARRAYS = ("steps", "parameters", "gradients", "updates", "samples", "losses")
_TRACE_ARRAYS = ("batch", "noise", "memory_before", "memory_after")


def save_recording(recording: Recording, target: Path | IO[bytes]) -> None:
    """Write `recording` as an .npz file; the same recording gives the same bytes."""
    dataset = recording.experiment.dataset
    stored: dict[str, NDArray[Any]] = {name: getattr(recording, name) for name in _ARRAYS}
    stored |= dataset_arrays(dataset)
    if recording.penalties is not None:
        stored["penalties"] = recording.penalties
    for index, trace in enumerate(recording.traces):
        for name in _TRACE_ARRAYS:
            stored[f"trace{index}_{name}"] = getattr(trace, name)
    words = {
        "version": FORMAT_VERSION,
        "traces": [{"step": trace.step, "rate": trace.rate} for trace in recording.traces],
        "experiment": as_mapping(recording.experiment),
        "dataset": dataset_words(dataset),
    }
    if _has_short_batches(recording.experiment):
        words["batches"] = "short"  # recordings without this word have batches that straddle two passes
    if recording.diverged_at is not None:
        words["diverged_at"] = recording.diverged_at
    if recording.out_of_patience:
        words["out_of_patience"] = True
    text = json.dumps(words, ensure_ascii=False)
    np.savez(target, allow_pickle=False, words=np.frombuffer(text.encode(), dtype=np.uint8), **stored)


def load_recording(path: Path, parse: Parse) -> Recording:
    """Read what `save_recording` wrote.

    Raises
    ------
    RecordingError
        If the file is not a recording, is of another version, or does not fit together.
    """
    stored = read_arrays(path, "a recording")
    try:
        words = json.loads(stored["words"].tobytes().decode())
        if words["version"] != FORMAT_VERSION:
            raise RecordingError(f"{path} was written by another version of backprop-anim: train it again")
        experiment = parse(words["experiment"], read_dataset(words["dataset"], stored))
        if _has_short_batches(experiment) and "batches" not in words:
            experiment = replace(experiment, training=replace(experiment.training, straddles=True))
        traces = tuple(_trace(kept, index, stored) for index, kept in enumerate(words["traces"]))
        arrays: dict[str, Any] = {name: stored[name] for name in _ARRAYS}
        penalties = stored["penalties"] if experiment.training.penalty else None
        diverged_at = None if words.get("diverged_at") is None else int(words["diverged_at"])
        recording = Recording(experiment, **arrays, traces=traces, diverged_at=diverged_at, penalties=penalties)
        recording = replace(recording, out_of_patience=bool(words.get("out_of_patience", False)))
        check_run(recording)
        check_traces(recording)
    except ExperimentError as error:
        raise RecordingError(f"{path} holds an experiment that is not valid:\n{error}") from None
    except DAMAGE as error:
        raise RecordingError(f"{path} is not a whole recording ({type(error).__name__}: {error})") from None
    return recording


def _has_short_batches(experiment: Experiment) -> bool:
    """Return whether the last batch of a pass is smaller than the others."""
    training = experiment.training
    divides = training.batch is None or experiment.dataset.n_samples % training.batch == 0
    return not divides and training.order.has_passes and not training.straddles


def _trace(words: Mapping[str, Any], index: int, stored: Mapping[str, NDArray[Any]]) -> Trace:
    arrays = {name: stored[f"trace{index}_{name}"] for name in _TRACE_ARRAYS}
    return Trace(step=int(words["step"]), rate=float(words["rate"]), **arrays)
