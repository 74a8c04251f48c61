"""From kept states to a recording: what the views need beyond the parameters is worked out from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import RecordingError
from backprop_anim.engine import Array
from backprop_anim.experiment import EqualMotionSnapshots, Experiment
from backprop_anim.recorder.kept_states import KeptStates, Vector
from backprop_anim.training import Recording, ReplayedRows, SingleRows, StepReplay

__all__ = ["finite_states", "recording_of"]

LARGE_BYTES = 20_000_000
"""Recordings that would take more hold their states in single precision, and gradients are computed when asked for."""


def recording_of(experiment: Experiment, states: KeptStates, arranged: Callable[[Vector], Array]) -> Recording:
    """Return the recording of states that others trained.

    Parameters
    ----------
    experiment : Experiment
        Its number of steps is replaced by the last step.
    states : KeptStates
    arranged : callable
        Returns parameters, shape (..., P), in the order of our engine.
    """
    steps, parameters, updates = states.chosen()
    training = replace(experiment.training, steps=max(1, int(steps[-1])), stride=states.stride)
    whole = replace(experiment, training=training, snapshots=EqualMotionSnapshots(max(2, len(steps))))
    is_large = 3 * 8 * len(steps) * len(parameters[0]) > LARGE_BYTES
    rows = _single_rows if is_large else _double_rows
    return Recording(
        whole,
        steps=steps,
        **rows(whole, steps, parameters, updates, arranged),
        samples=np.full(len(steps), -1, np.int64),
        losses=np.zeros(0),
    )


def finite_states(recording: Recording) -> Recording:
    """Return the states before the first whose loss or gradient has left the numbers, at whose step it diverged.

    Raises
    ------
    RecordingError
        If not even the first state has a finite loss and gradient.
    """
    finite = np.isfinite(recording.snapshot_losses)
    n = min(recording.n_finite, int(np.logical_and.accumulate(finite).sum()))
    if n == recording.n_snapshots:
        return recording
    if n == 0:
        raise RecordingError(f"the loss of the first state of {recording.experiment.name} is not a finite number")
    return replace(recording.first_states(n), diverged_at=int(recording.steps[n]))


def _double_rows(
    experiment: Experiment,
    steps: NDArray[np.int64],
    parameters: Sequence[Vector],
    updates: Sequence[Vector],
    arranged: Callable[[Vector], Array],
) -> dict[str, Any]:
    whole = arranged(np.array(parameters))
    replay = StepReplay(experiment, steps, whole)
    return {
        "parameters": whole,
        "gradients": np.array([replay.gradient(row) for row in range(len(steps))]),
        "updates": arranged(np.array(updates)),
    }


def _single_rows(
    experiment: Experiment,
    steps: NDArray[np.int64],
    parameters: Sequence[Vector],
    updates: Sequence[Vector],
    arranged: Callable[[Vector], Array],
) -> dict[str, Any]:
    """Return states in single precision, the first and the last exact, with gradients that are computed when asked."""
    n, size = len(steps), len(parameters[0])
    inside, changes = np.empty((max(0, n - 2), size), np.float32), np.empty((n, size), np.float32)
    for row in range(n):
        changes[row] = arranged(updates[row])
        if 0 < row < n - 1:
            inside[row - 1] = arranged(parameters[row])
    ends = np.array([arranged(parameters[row]) for row in sorted({0, n - 1})])
    places = np.arange(-1, n - 1)
    places[-1] = -len(ends)
    kept = SingleRows(ends, places, inside)
    none, every = np.empty((0, size)), np.arange(n)
    replay = StepReplay(experiment, steps, kept)
    return {
        "parameters": kept,
        "gradients": ReplayedRows(none, every, replay, "gradients"),
        "updates": SingleRows(none, every, changes),
    }
