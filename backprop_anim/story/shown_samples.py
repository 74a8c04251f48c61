"""Which sample of the data each moment is about, and what it sends through the network; it never computes answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.story.moment import Moment
from backprop_anim.story.worth_telling import most_telling_sample
from backprop_anim.training import Recording

__all__ = ["probe_inputs", "probe_samples", "slow_sample"]

PROBE_ROUND_S = 6.0
"""Seconds in which the probe travels once along a one-dimensional input."""

PROBE_SAMPLE_S = 0.5
"""Seconds for which the probe stays on one sample of other data."""


def probe_inputs(recording: Recording, moments: tuple[Moment, ...]) -> Array:
    """Return what is sent through the network diagram at each moment, (moments, n_in), in the units of the file.

    Along a one-dimensional input the probe travels from end to end; otherwise it is the sample that the step
    saw, or goes through the data one by one. It rests while the last state is held, and in slow motion it is the
    sample whose numbers are shown.
    """
    inputs = recording.experiment.dataset.shown_inputs
    samples = probe_samples(recording, moments)
    if inputs.shape[1] > 1:
        chosen: Array = inputs[samples]
        return chosen
    low, high = float(inputs.min()), float(inputs.max())
    times = np.array([moment.probe_s for moment in moments])
    travelling = low + (high - low) * ((times / PROBE_ROUND_S) % 1.0)
    slow = np.array([moment.act is not None for moment in moments])
    return np.where(slow, inputs[samples, 0], travelling)[:, np.newaxis]


def probe_samples(recording: Recording, moments: tuple[Moment, ...]) -> NDArray[np.int64]:
    """Return the sample that each moment is about, shape (moments,)."""
    turns = np.array([int(moment.probe_s / PROBE_SAMPLE_S) for moment in moments], dtype=np.int64)
    seen = recording.samples[[moment.snapshot for moment in moments]]
    samples = np.where(seen >= 0, seen, turns % recording.experiment.dataset.n_samples)
    one_a_step = recording.experiment.training.batch == 1
    motions = {moment.act.motion for moment in moments if moment.act is not None}
    told = {motion: slow_sample(recording, motion) for motion in motions}
    for place, moment in enumerate(moments):
        if moment.act is not None:
            samples[place] = told[moment.act.motion]
        elif one_a_step and seen[place] < 0 and moment.snapshot:
            samples[place] = recording.samples[moment.snapshot - 1]  # no step leaves the last state
    return samples


def slow_sample(recording: Recording, motion: int) -> int:
    """Return the sample whose numbers a step in slow motion shows: the chosen one, or the one that is worth telling."""
    chosen = recording.experiment.video.slow_motion[motion]
    if chosen.sample is not None:
        return chosen.sample
    trace = next(trace for trace in recording.traces if trace.step == chosen.step)
    before = recording.parameters[recording.nearest(chosen.step)]
    return most_telling_sample(recording.experiment, before, trace.batch)
