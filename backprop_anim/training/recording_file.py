"""Recordings as files: saved without pickle, and never trusted when read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import ExperimentError, RecordingError
from backprop_anim.engine import DAMAGE, Rows, read_arrays
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.tasks import Dataset
from backprop_anim.training.kept_rows import ReplayedRows, SingleRows
from backprop_anim.training.recording import Recording, Trace
from backprop_anim.training.recording_checks import check_run, check_traces
from backprop_anim.training.step_replay import StepReplay
from backprop_anim.training.stored_dataset import dataset_arrays, dataset_words, read_dataset

__all__ = ["FORMAT_VERSION", "load_recording", "save_recording"]

FORMAT_VERSION = 1
"""Raised whenever an older program could not read what is saved."""

SINGLE_VERSION = 2
"""That of recordings whose states are not all in double precision."""

FIELDS = ("parameters", "gradients", "updates")
_ARRAYS = ("steps", "samples", "losses")
_TRACE_ARRAYS = ("batch", "noise", "memory_before", "memory_after")

Parse = Callable[[Mapping[str, Any], Dataset], Experiment]
"""Builds an experiment from its plain mapping and its samples."""

Stored = Mapping[str, NDArray[Any]]


def save_recording(recording: Recording, target: Path | IO[bytes]) -> None:
    """Write `recording` as an .npz file; the same recording gives the same bytes."""
    if isinstance(recording.gradients, ReplayedRows):  # what was made again and put in is not kept
        recording = recording.with_rows(np.flatnonzero(recording.gradients.places >= 0))
    dataset = recording.experiment.dataset
    stored: dict[str, NDArray[Any]] = {"steps": recording.steps}
    for name in FIELDS:
        stored |= _row_arrays(name, getattr(recording, name))
    stored |= {"samples": recording.samples, "losses": recording.losses}
    stored |= dataset_arrays(dataset)
    if recording.penalties is not None:
        stored["penalties"] = recording.penalties
    for index, trace in enumerate(recording.traces):
        for name in _TRACE_ARRAYS:
            stored[f"trace{index}_{name}"] = getattr(trace, name)
    words = {
        "version": _version(stored),
        "traces": [{"step": trace.step, "rate": trace.rate} for trace in recording.traces],
        "experiment": as_mapping(recording.experiment),
        "dataset": dataset_words(dataset),
    }
    if isinstance(recording.gradients, ReplayedRows):
        replay, rows = recording.gradients.replay, recording.gradients.places
        words["replay"] = {"is_ended": replay.is_ended and len(replay.steps) - 1 in rows}
        if replay.noise is not None:
            stored["noise"] = replay.noise[rows]
    if _has_short_batches(recording.experiment):
        words["batches"] = "short"  # recordings without this word have batches that straddle two passes
    if recording.diverged_at is not None:
        words["diverged_at"] = recording.diverged_at
    if recording.out_of_patience:
        words["out_of_patience"] = True
    text = json.dumps(words, ensure_ascii=False)
    np.savez(target, allow_pickle=False, words=np.frombuffer(text.encode(), dtype=np.uint8), **stored)


def _version(stored: Stored) -> int:
    """Return the version of a file that holds these arrays."""
    return SINGLE_VERSION if any(name.endswith("_single") for name in stored) else FORMAT_VERSION


def _row_arrays(name: str, rows: Rows) -> dict[str, NDArray[Any]]:
    """Return the arrays by which a file holds rows; nothing for those that are computed again."""
    if isinstance(rows, ReplayedRows):
        return {}
    if not isinstance(rows, SingleRows):
        return {name: rows[:]}
    rows = rows.compact()
    return {f"{name}_single": rows.numbers, f"{name}_exact": rows.exact, f"{name}_places": rows.places}


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
        if words["version"] != _version(stored):
            raise RecordingError(f"{path} was written by another version of backprop-anim: train it again")
        experiment = parse(words["experiment"], read_dataset(words["dataset"], stored))
        if _has_short_batches(experiment) and "batches" not in words:
            experiment = replace(experiment, training=replace(experiment.training, straddles=True))
        traces = tuple(_trace(kept, index, stored) for index, kept in enumerate(words["traces"]))
        arrays: dict[str, Any] = {name: stored[name] for name in _ARRAYS}
        penalties = stored["penalties"] if experiment.training.penalty else None
        diverged_at = None if words.get("diverged_at") is None else int(words["diverged_at"])
        arrays |= _read_rows(stored, words, experiment)
        recording = Recording(experiment, **arrays, traces=traces, diverged_at=diverged_at, penalties=penalties)
        recording = replace(recording, out_of_patience=bool(words.get("out_of_patience", False)))
        check_run(recording)
        check_traces(recording)
    except ExperimentError as error:
        raise RecordingError(f"{path} holds an experiment that is not valid:\n{error}") from None
    except DAMAGE as error:
        raise RecordingError(f"{path} is not a whole recording ({type(error).__name__}: {error})") from None
    return recording


def _read_rows(stored: Stored, words: Mapping[str, Any], experiment: Experiment) -> dict[str, Rows]:
    """Return parameters, gradients and updates as they were kept."""
    found: dict[str, Rows] = {}
    for name in FIELDS:
        if name in stored:
            found[name] = stored[name]
        elif f"{name}_single" in stored:
            exact, places, numbers = (stored[f"{name}_{part}"] for part in ("exact", "places", "single"))
            found[name] = SingleRows(exact, places, numbers)
    if "replay" in words:
        noise = stored["noise"] if experiment.training.noise else None
        is_ended = bool(words["replay"]["is_ended"])
        replay = StepReplay(experiment, stored["steps"], found["parameters"], noise, is_ended)
        none, places = np.empty((0, experiment.network.layout.n_parameters)), np.arange(len(stored["steps"]))
        found["gradients"] = ReplayedRows(none, places, replay, "gradients")
        if "updates" not in found:
            found["updates"] = ReplayedRows(none, places, replay, "updates")
    return found


def _has_short_batches(experiment: Experiment) -> bool:
    """Return whether the last batch of a pass is smaller than the others."""
    training = experiment.training
    divides = training.batch is None or experiment.dataset.n_samples % training.batch == 0
    return not divides and training.order.has_passes and not training.straddles


def _trace(words: Mapping[str, Any], index: int, stored: Stored) -> Trace:
    arrays = {name: stored[f"trace{index}_{name}"] for name in _TRACE_ARRAYS}
    return Trace(step=int(words["step"]), rate=float(words["rate"]), **arrays)
