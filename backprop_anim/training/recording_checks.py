"""Whether what a recording's file holds belongs together, before anything is drawn from it; it reads no file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Rows
from backprop_anim.training.kept_rows import ReplayedRows, SingleRows

if TYPE_CHECKING:
    from backprop_anim.training.recording import Recording

LARGE = 50_000_000
"""Bytes of an array that is looked at row by row."""

__all__ = ["check_array", "check_run", "check_traces", "require"]


def check_traces(recording: Recording) -> None:
    """Refuse steps in full that do not belong to this run."""
    experiment = recording.experiment
    n_batch = experiment.training.batch or experiment.dataset.n_samples
    n_memory, layout = experiment.training.optimizer.n_memory, experiment.network.layout
    for trace in recording.traces:
        require(trace.step in recording.steps, f"the traced step {trace.step} is not among the kept states")
        check_array("batch", trace.batch, (min(len(trace.batch), n_batch),), np.int64)
        require(len(trace.batch) > 0, "a traced step saw no sample")
        check_array("noise", trace.noise, (len(layout.names),))
        check_array("memory_before", trace.memory_before, (n_memory, layout.n_parameters))
        check_array("memory_after", trace.memory_after, (n_memory, layout.n_parameters))
        known = (trace.batch >= 0) & (trace.batch < experiment.dataset.n_samples)
        require(math.isfinite(trace.rate) and bool(known.all()), "a traced step saw what the data do not have")


def check_run(recording: Recording) -> None:
    """Refuse arrays that do not belong to each other, before anything is drawn from them."""
    rows, size = len(recording.steps), recording.experiment.network.layout.n_parameters
    n_losses = len(recording.losses)
    check_array("steps", recording.steps, (rows,), np.int64)
    check_array("samples", recording.samples, (rows,), np.int64)
    check_array("losses", recording.losses, (n_losses,))
    if recording.penalties is not None:
        check_array("penalties", recording.penalties, (n_losses,))
    for name in ("parameters", "gradients", "updates"):
        _check_rows(name, getattr(recording, name), (rows, size))
    steps, samples = recording.steps, recording.samples
    rise = rows > 0 and steps[0] == 0 and bool((steps[1:] > steps[:-1]).all())
    require(rise, "the steps do not rise from 0")
    training = recording.experiment.training
    n_needed = 0 if training.by and not n_losses else int(steps[-1])  # of what others trained, no step's loss is known
    agree = n_needed <= n_losses <= training.steps and int(steps[-1]) <= training.steps
    require(agree, "the steps and the losses do not agree")
    ended = recording.diverged_at
    n_known = training.steps if training.by else n_losses + 1
    require(ended is None or steps[-1] < ended <= n_known, "the run did not diverge where it ends")
    known = (samples >= -1) & (samples < recording.experiment.dataset.n_samples)
    require(bool(known.all()), "a step saw a sample that the data do not have")


def _check_rows(name: str, rows: Rows, shape: tuple[int, int]) -> None:
    """Refuse vectors of the states that are not as they should be, however they are kept."""
    if isinstance(rows, SingleRows):
        n_single, n_exact = len(rows.numbers), len(rows.exact)
        check_array(f"{name}_places", rows.places, shape[:1], np.int64)
        known = (rows.places >= -n_exact) & (rows.places < n_single)
        require(bool(known.all()), f"{name} are not where their places say")
        check_array(f"{name}_exact", rows.exact, (n_exact, shape[1]))
        check_array(f"{name}_single", rows.numbers, (n_single, shape[1]), np.float32)
    elif isinstance(rows, ReplayedRows):
        noise, n_arrays = rows.replay.noise, len(rows.replay.experiment.network.layout.names)
        if noise is not None:
            check_array("noise", noise, (shape[0], n_arrays))
        has_memory = rows.replay.experiment.training.optimizer.n_memory > 0
        require(not has_memory or name == "gradients", "the updates of an optimizer with a memory are missing")
    else:
        check_array(name, rows[:], shape)


def check_array(name: str, array: NDArray[Any], shape: tuple[int, ...], kind: type[np.generic] = np.float64) -> None:
    """Refuse an array of another shape or type, or with numbers that are not finite."""
    given, needed = f"{array.shape} of {array.dtype}", f"{shape} of {np.dtype(kind)}"
    require(array.shape == shape and array.dtype == kind, f"{name} has the shape {given}, not {needed}")
    is_finite = all(bool(np.isfinite(part).all()) for part in (array if array.nbytes > LARGE else (array,)))
    require(is_finite, f"{name} holds numbers that are not finite")


def require(is_right: bool, said: str) -> None:
    """Refuse what is not right, saying so."""
    if not is_right:
        raise ValueError(said)
