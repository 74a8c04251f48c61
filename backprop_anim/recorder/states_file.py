"""A recording from a file of states, which any language can write: W1 (S, n_out, n_in), b1 (S, n_out), …, step (S,)."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.api import Run
from backprop_anim.common import IN_MEMORY, ExperimentError, NotFoundError, RecordingError, UsageError
from backprop_anim.config import config_text, is_table, read_experiment
from backprop_anim.engine import FromFile, read_arrays
from backprop_anim.experiment import EqualMotionSnapshots, Experiment
from backprop_anim.recorder.agreement import LossesGiven
from backprop_anim.recorder.array_recorder import network_of, packed
from backprop_anim.recorder.kept_states import KeptStates
from backprop_anim.recorder.recorded_experiment import with_subtitle
from backprop_anim.recorder.recorded_run import recording_of
from backprop_anim.recorder.shown_recorder import PROBES, as_doubles

__all__ = ["StatesFile", "recording_of_states"]

MOST_BYTES = 2_000_000_000
MOST_STATES = 100_000
ARRAY_NAME = re.compile(r"[Wb][1-9]\d*")


@dataclass(frozen=True)
class StatesFile:
    """The states of a training.

    Attributes
    ----------
    path : Path
    steps : ndarray of int, shape (S,)
    weights, biases : list of ndarray
        Of each layer, shape (S, n_out, n_in) and (S, n_out); no biases where the network has none.
    losses : ndarray, shape (S,), or None
        What the training says its loss is.
    """

    path: Path
    steps: NDArray[np.int64]
    weights: list[NDArray[np.float64]]
    biases: list[NDArray[np.float64]] | None
    losses: NDArray[np.float64] | None

    @classmethod
    def read(cls, path: Path) -> StatesFile:
        """Read and check a file of states.

        Raises
        ------
        RecordingError
            If it is none, or its arrays do not fit together.
        """
        stored = read_arrays(path, "an .npz file of states", MOST_BYTES)
        layers = [name for name in stored if ARRAY_NAME.fullmatch(name)]
        if unknown := sorted(set(stored) - set(layers) - {"step", "loss"}):
            raise RecordingError(f"{path} holds {unknown[0]}; expected are W1, b1, W2, …, step and loss")
        n_layers = sum(name.startswith("W") for name in layers)
        if not n_layers:
            raise RecordingError(f"{path} holds no W1 of shape (states, n_out, n_in)")
        weights = [_array(path, stored, f"W{k}", 3) for k in range(1, n_layers + 1)]
        has_biases = any(name.startswith("b") for name in layers)
        biases = [_array(path, stored, f"b{k}", 2) for k in range(1, n_layers + 1)] if has_biases else None
        if extra := sorted(set(layers) - {f"{kind}{k}" for kind in "Wb" for k in range(1, n_layers + 1)}):
            raise RecordingError(f"{path} holds {extra[0]}, and no W{extra[0][1:]}")
        n_states = len(weights[0])
        for k, array in enumerate(weights, 1):
            _require_states(path, f"W{k}", array, n_states)
        for k, array in enumerate(biases or (), 1):
            _require_states(path, f"b{k}", array, n_states)
            wanted, turned = weights[k - 1].shape[1:]
            if array.shape[1] != wanted:
                hint = "; W looks transposed: a row is a neuron" if array.shape[1] == turned else ""
                raise RecordingError(f"{path}: b{k} has {array.shape[1]} numbers a state; W{k} has {wanted} rows{hint}")
        losses = _array(path, stored, "loss", 1) if "loss" in stored else None
        if losses is not None:
            _require_states(path, "loss", losses, n_states)
        return cls(path, _steps(path, stored, n_states), weights, biases, losses)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, the input first."""
        return (self.weights[0].shape[2], *(array.shape[1] for array in self.weights))

    def vectors(self, experiment: Experiment) -> NDArray[np.float64]:
        """Return all states as our engine has them, shape (S, P)."""
        found = np.empty((len(self.steps), experiment.network.layout.n_parameters))
        for row in range(len(self.steps)):
            biases = None if self.biases is None else [array[row] for array in self.biases]
            found[row] = packed(experiment, [array[row] for array in self.weights], biases)
        return found


def recording_of_states(states: StatesFile, config: Path, settings: Sequence[str], by: str = "another program") -> Run:
    """Return the recording of a file of states.

    Parameters
    ----------
    states : StatesFile
    config : Path
        A CSV file with the data, or an experiment file, whose network and steps are those of the states.
    settings : sequence of str
        Settings of the experiment: ``task.targets=["y"]``, ``network.activation=tanh``.
    by : str
        Who trained.

    Raises
    ------
    RecordingError
        If the states are no network of these data.
    ExperimentError
        If a setting is not valid.
    """
    experiment = _experiment(states, config, settings, by)
    try:
        network_of([w[0] for w in states.weights], None, "tanh", experiment.dataset.n_given)
        vectors = states.vectors(experiment)
    except UsageError as error:
        raise RecordingError(f"{states.path}: {error}") from None
    if not (finite := np.isfinite(vectors).all(axis=1)).all():
        step = states.steps[int(np.argmin(finite))]
        raise RecordingError(f"{states.path}: the state of step {step:,} holds numbers that are not finite")
    some = experiment.dataset.inputs[experiment.dataset.some_samples(PROBES)]
    count = getattr(experiment.snapshots, "count", len(vectors))
    kept = KeptStates(
        count, experiment.kept_steps, lambda given: experiment.network.outputs(np.array(given, np.float64), some)
    )
    for step, vector in zip(states.steps.tolist(), vectors, strict=True):
        kept.see_last(step, vector)
    given = LossesGiven(warnings.warn)
    for vector, loss in zip(vectors, [] if states.losses is None else states.losses.tolist(), strict=False):
        given.compare(experiment, vector, loss)
    given.compare_last()
    return Run.of(recording_of(experiment, kept, as_doubles))


def _experiment(states: StatesFile, config: Path, settings: Sequence[str], by: str) -> Experiment:
    last = int(states.steps[-1])
    own = [
        f"network.layers={list(states.sizes)}",
        f"network.bias={'true' if states.biases is not None else 'false'}",
        f"training.steps={max(1, last)}",
        "training.kind=recorded",
        f"training.by={json.dumps(by)}",
        *(["training.batch=full", "task.normalize=none"] if is_table(config) else []),
    ]
    named = [*own, *settings]
    if not config.is_file():
        raise NotFoundError(f"there is no file {config}")
    text = config_text(config, named)
    label, name = str(config), states.path.stem
    try:
        experiment = read_experiment(text, label=label, name=name, folder=config.parent, overrides=named)
    except ExperimentError as error:
        ends = [one.message for one in error.problems if one.path[:2] == ("network", "layers")]
        if not ends:
            raise
        sizes = " → ".join(map(str, states.sizes))
        raise RecordingError(f"{states.path} is a network {sizes}: {'; '.join(ends)}") from None
    if getattr(experiment.task, "test", None) is not None:
        raise RecordingError(
            "which rows others held out is not known: task.test cannot draw them; test_file names them"
        )
    snapshots = experiment.snapshots
    if not hasattr(snapshots, "count"):
        snapshots = EqualMotionSnapshots(max(2, min(len(states.steps), MOST_STATES)))
    return with_subtitle(replace(experiment, init=FromFile(IN_MEMORY), snapshots=snapshots))


def _array(path: Path, stored: dict[str, NDArray[Any]], name: str, n_axes: int) -> NDArray[np.float64]:
    if name not in stored:
        raise RecordingError(f"{path} holds no {name}; it holds {', '.join(sorted(stored))}")
    array = stored[name]
    if array.dtype.kind not in "fiu":
        raise RecordingError(f"{path}: {name} holds {array.dtype}, not numbers")
    if array.ndim != n_axes or not array.size:
        shape = {3: "(states, n_out, n_in)", 2: "(states, n_out)", 1: "(states,)"}[n_axes]
        raise RecordingError(f"{path}: {name} has the shape {array.shape}; needed is {shape}")
    return array.astype(np.float64)


def _require_states(path: Path, name: str, array: NDArray[np.float64], n_states: int) -> None:
    if len(array) != n_states:
        raise RecordingError(f"{path}: {name} has {len(array):,} states and W1 has {n_states:,}")


def _steps(path: Path, stored: dict[str, NDArray[Any]], n_states: int) -> NDArray[np.int64]:
    if n_states > MOST_STATES:
        raise RecordingError(f"{path} has {n_states:,} states; at most {MOST_STATES:,} are read")
    given = _array(path, stored, "step", 1) if "step" in stored else np.arange(n_states, dtype=np.float64)
    _require_states(path, "step", given, n_states)
    steps = given.astype(np.int64)
    if (steps != given).any() or steps[0] != 0 or (np.diff(steps) <= 0).any():
        raise RecordingError(f"{path}: step holds {_few(given)}; needed are whole numbers that rise from 0")
    return steps


def _few(values: NDArray[np.float64]) -> str:
    return ", ".join(f"{one:g}" for one in values[:4].tolist()) + (", …" if len(values) > 4 else "")
