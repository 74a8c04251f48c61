"""A state that a run did not keep, made again: trained anew up to there, and held to every state that was kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from backprop_anim.common import Progress, silent
from backprop_anim.experiment import UNBOUNDED, ChosenSnapshots, Experiment
from backprop_anim.training import Recording, train

__all__ = ["with_step"]


def with_step(recording: Recording, step: int, source: Path, progress: Progress = silent) -> Recording | None:
    """Return the recording with the state after `step` updates among its rows; None where it cannot be had.

    A training repeats to the last bit on one machine. On another it may part from what was recorded, which the states
    on the way tell; then what it would come to is not the state of this run.

    Parameters
    ----------
    recording : Recording
    step : int
    source : Path
        The folder that the names of weights files start from.
    progress : Progress, optional
    """
    if step in recording.steps:
        return recording
    if not 0 < step < recording.steps[-1]:
        return None
    known = recording.steps[recording.steps < step]
    wanted = (*known.tolist(), step)
    again = train(_replayed(recording.experiment, wanted, source), progress, stop=step + 1)
    if not np.array_equal(again.steps[: len(wanted)], wanted):
        return None
    if not all(_are_same(recording, again, row) for row in range(len(known))):
        return None
    return recording.with_state_of(again, len(known))


def _are_same(recording: Recording, again: Recording, row: int) -> bool:
    """Return whether a kept state came again, to the last digit that both keep of it."""
    if not isinstance(recording.parameters, np.ndarray) or not isinstance(again.parameters, np.ndarray):
        kept, made = (each.parameters[row].astype(np.float32) for each in (recording, again))
        return np.array_equal(kept, made)
    fields = ("parameters", "gradients", "updates")
    return all(np.array_equal(getattr(recording, name)[row], getattr(again, name)[row]) for name in fields)


def _replayed(experiment: Experiment, steps: tuple[int, ...], source: Path) -> Experiment:
    """Return the experiment that keeps just these states, its first weights found from `source`."""
    init = experiment.init
    if file := getattr(init, "file", None):
        options: dict[str, str] = {"file": str(source / file)}
        init = replace(init, **options)  # type: ignore[type-var]
    shown = experiment.with_video(slow_motion=())
    chosen = ChosenSnapshots(steps)
    return replace(shown, init=init, snapshots=chosen, kept_steps=(), snapshot_budget=UNBOUNDED)
