"""Steps of recorded runs that can be told: what is known of them, which is all but the batch and the optimizer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backprop_anim.common import RecordingError
from backprop_anim.training import Recording, Trace

__all__ = ["told_as_recorded"]


def told_as_recorded(recording: Recording, step: int) -> Recording:
    """Return the recording of a run that others trained with the trace of the last kept step at or before `step`.

    Its gradient is that over all samples: which of them the step saw is not known, nor what its optimizer remembers.

    Raises
    ------
    RecordingError
        If no update that leaves a state is known.
    """
    experiment = recording.experiment
    row = min(recording.nearest(step), recording.n_snapshots - 2)
    if row < 0:
        raise RecordingError(f"no step of {experiment.name} was recorded that could be told: it has one state")
    nothing = np.zeros((experiment.training.optimizer.n_memory, experiment.network.layout.n_parameters))
    trace = Trace(
        step=int(recording.steps[row]),
        batch=np.arange(experiment.dataset.n_samples, dtype=np.int64),
        noise=np.ones(len(experiment.network.layout.names)),
        rate=experiment.training.aggression,
        memory_before=nothing,
        memory_after=nothing,
    )
    others = tuple(kept for kept in recording.traces if kept.step != trace.step)
    return replace(recording, traces=(*others, trace))
