"""Steps of recorded runs that can be told: what is known of them, which is all but the batch and the optimizer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from backprop_anim.common import RecordingError
from backprop_anim.training import Recording, Trace

__all__ = ["step_to_tell", "untold_reason", "with_known_steps"]


def step_to_tell(recording: Recording, step: int) -> int:
    """Return the last kept step at or before `step` that an update leaves.

    Raises
    ------
    RecordingError
        If there is none.
    """
    row = min(recording.nearest(step), recording.n_snapshots - 2)
    if row < 0:
        raise RecordingError(
            f"no step of {recording.experiment.name} was recorded that could be told: it has one state"
        )
    return int(recording.steps[row])


def untold_reason(recording: Recording, step: int) -> str:
    """Return in words why a step of a run that others trained cannot be told."""
    known = step_to_tell(recording, step)
    return f"step {step:,} was not kept, and others trained it; the last that was kept before is step {known:,}"


def with_known_steps(recording: Recording, steps: Iterable[int]) -> Recording:
    """Return the recording of a run that others trained with traces of those of these steps that were kept.

    Their gradient is that over all samples: which of them a step saw is not known, nor what its optimizer remembers.
    """
    experiment = recording.experiment
    traced = {trace.step for trace in recording.traces}
    nothing = np.zeros((experiment.training.optimizer.n_memory, experiment.network.layout.n_parameters))
    new = [
        Trace(
            step=step,
            batch=np.arange(experiment.dataset.n_samples, dtype=np.int64),
            noise=np.ones(len(experiment.network.layout.names)),
            rate=experiment.training.aggression,
            memory_before=nothing,
            memory_after=nothing,
        )
        for step in sorted(set(steps) - traced)
        if step in recording.steps[:-1]
    ]
    traces = sorted((*recording.traces, *new), key=lambda trace: trace.step)
    return replace(recording, traces=tuple(traces))
