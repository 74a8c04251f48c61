"""All that training leaves and all that drawing needs; saved without pickle, and never trusted when read."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine.backprop import Backprop
from backprop_anim.engine.types import Array
from backprop_anim.errors import ExperimentError, RecordingError
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.tasks import Dataset

__all__ = ["FORMAT_VERSION", "Recording", "load_recording", "save_recording"]

FORMAT_VERSION = 1
"""Raised whenever an older program could not read what is saved."""

Parse = Callable[[Mapping[str, Any], Dataset], Experiment]
"""Builds an experiment from its plain mapping and its samples."""


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
    """

    experiment: Experiment
    steps: NDArray[np.int64]
    parameters: Array
    gradients: Array
    updates: Array
    samples: NDArray[np.int64]
    losses: Array

    @property
    def n_snapshots(self) -> int:
        """The number S of kept states."""
        return len(self.steps)

    @cached_property
    def snapshot_losses(self) -> Array:
        """The loss over all samples at each kept state, shape (S,): what a film shows."""
        experiment, state = self.experiment, np.empty(self.parameters.shape[1])
        backprop = Backprop(experiment.network, experiment.training.loss, state, experiment.dataset.n_samples)
        inputs, targets = experiment.dataset.inputs.T, experiment.targets().T
        found = np.empty(self.n_snapshots)
        with np.errstate(over="ignore", invalid="ignore"):
            for row, parameters in enumerate(self.parameters):
                state[...] = parameters
                backprop.forward(inputs)
                found[row] = backprop.loss_value(targets)
        return found

    def without_last(self) -> Recording:
        """Return the recording without its last kept state."""
        arrays = {name: getattr(self, name)[:-1] for name in _ARRAYS if name != "losses"}
        return replace(self, **arrays)

    def nearest(self, step: int) -> int:
        """Return the position of the last snapshot that is not after `step`."""
        return int(np.searchsorted(self.steps, step, side="right")) - 1


_ARRAYS = ("steps", "parameters", "gradients", "updates", "samples", "losses")
_DATA_ARRAYS = ("inputs", "targets", "labels", "truth")


def save_recording(recording: Recording, target: Path | IO[bytes]) -> None:
    """Write `recording` as an .npz file; the same recording gives the same bytes."""
    dataset = recording.experiment.dataset
    stored: dict[str, NDArray[Any]] = {name: getattr(recording, name) for name in _ARRAYS}
    for name in _DATA_ARRAYS:
        if getattr(dataset, name) is not None:
            stored[f"data_{name}"] = getattr(dataset, name)
    words = {
        "version": FORMAT_VERSION,
        "experiment": as_mapping(recording.experiment),
        "dataset": {
            "kind": dataset.kind,
            "input_names": dataset.input_names,
            "output_names": dataset.output_names,
            "class_names": dataset.class_names,
            "shown_range": dataset.shown_range,
        },
    }
    text = json.dumps(words, ensure_ascii=False)
    np.savez(target, allow_pickle=False, words=np.frombuffer(text.encode(), dtype=np.uint8), **stored)


def load_recording(path: Path, parse: Parse) -> Recording:
    """Read what `save_recording` wrote.

    Raises
    ------
    RecordingError
        If the file is not a recording, is of another version, or does not fit together.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            words = json.loads(stored["words"].tobytes().decode())
            if words["version"] != FORMAT_VERSION:
                raise RecordingError(f"{path} was written by another version of backprop-anim: train it again")
            arrays = {name: stored[name] for name in _ARRAYS}
            data = {name: stored[f"data_{name}"] for name in _DATA_ARRAYS if f"data_{name}" in stored.files}
        experiment = parse(words["experiment"], _dataset(words["dataset"], data))
    except ExperimentError as error:
        raise RecordingError(f"{path} holds an experiment that is not valid:\n{error}") from None
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise RecordingError(f"{path} is not a whole recording ({type(error).__name__}: {error})") from None
    recording = Recording(experiment, **arrays)
    _check(recording, path)
    return recording


def _dataset(words: Mapping[str, Any], data: Mapping[str, NDArray[Any]]) -> Dataset:
    shown = words["shown_range"]
    names = {key: tuple(map(str, words[key])) for key in ("input_names", "output_names", "class_names")}
    named: dict[str, Any] = {**names, **data}
    return Dataset(kind=words["kind"], shown_range=tuple(shown) if shown else None, **named)


def _check(recording: Recording, path: Path) -> None:
    """Refuse arrays that do not belong to each other, before anything is drawn from them."""
    experiment, dataset = recording.experiment, recording.experiment.dataset
    rows, size = len(recording.steps), experiment.network.layout.n_parameters
    n = dataset.n_samples
    expected: dict[str, tuple[NDArray[Any] | None, tuple[int, ...], str]] = {
        "steps": (recording.steps, (rows,), "i"),
        "parameters": (recording.parameters, (rows, size), "f"),
        "gradients": (recording.gradients, (rows, size), "f"),
        "updates": (recording.updates, (rows, size), "f"),
        "samples": (recording.samples, (rows,), "i"),
        "losses": (recording.losses, (len(recording.losses),), "f"),
        "inputs": (dataset.inputs, (n, experiment.network.sizes[0]), "f"),
        "targets": (dataset.targets, (n, *dataset.targets.shape[1:2]), "f"),
        "labels": (dataset.labels, (n,), "i"),
        "truth": (dataset.truth, (n, *dataset.targets.shape[1:2]), "f"),
    }
    for name, (array, shape, kind) in expected.items():
        if array is not None and (array.shape != shape or array.dtype.kind != kind):
            raise RecordingError(f"{path}: {name} has the shape {array.shape} of {array.dtype}, not {shape}")
    if rows == 0 or recording.steps[0] != 0 or (np.diff(recording.steps) <= 0).any():
        raise RecordingError(f"{path}: the steps do not rise from 0")
    if (recording.samples >= n).any():
        raise RecordingError(f"{path}: a step saw a sample that the data do not have")
