"""What each frame shows: a run's snapshots laid out in time; it never draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backprop_anim.engine.types import Array
from backprop_anim.experiment import Video
from backprop_anim.recording import Recording

__all__ = ["Moment", "probe_inputs", "still_moment", "timeline"]

PROBE_ROUND_S = 6.0
"""Seconds in which the probe travels once along a one-dimensional input."""

PROBE_SAMPLE_S = 0.5
"""Seconds for which the probe stays on one sample of other data."""


@dataclass(frozen=True)
class Moment:
    """What one frame shows.

    Attributes
    ----------
    frame : int
        Its place in the film.
    time_s : float
        Seconds from the start of the film.
    snapshot : int
        The row of the recording that is shown.
    held : bool
        Whether the picture is that of the moment before.
    """

    frame: int
    time_s: float
    snapshot: int
    held: bool = False


def timeline(video: Video, recording: Recording) -> tuple[Moment, ...]:
    """Return the moments of the whole film, the hold on the last state among them.

    Without `video.seconds` each snapshot has one frame; with it they are spread over that time.
    """
    n = recording.n_snapshots
    if video.seconds is None:
        shown = list(range(n))
    else:
        frames = max(2, round(video.seconds * video.fps))
        shown = np.rint(np.linspace(0, n - 1, frames)).astype(int).tolist()
    moving = len(shown)
    shown += [n - 1] * round(video.hold_s * video.fps)
    return tuple(Moment(frame, frame / video.fps, row, frame >= moving) for frame, row in enumerate(shown))


def still_moment(video: Video, recording: Recording, step: int) -> Moment:
    """Return the moment of the film that shows the last recorded state at or before `step`."""
    snapshot = recording.nearest(step)
    return next(moment for moment in timeline(video, recording) if moment.snapshot >= snapshot)


def probe_inputs(recording: Recording, moments: tuple[Moment, ...]) -> Array:
    """Return what is sent through the network diagram at each moment, shape (moments, n_in).

    Along a one-dimensional input the probe travels from end to end; otherwise it is the sample that the step
    saw, or goes through the data one by one. While the last state is held, it rests.
    """
    inputs = recording.experiment.dataset.inputs
    times = np.maximum.accumulate([0.0 if moment.held else moment.time_s for moment in moments])
    if inputs.shape[1] == 1:
        low, high = float(inputs.min()), float(inputs.max())
        return (low + (high - low) * ((times / PROBE_ROUND_S) % 1.0))[:, np.newaxis]
    turns = (times / PROBE_SAMPLE_S).astype(int) % len(inputs)
    seen = recording.samples[[moment.snapshot for moment in moments]]
    chosen: Array = inputs[np.where(seen >= 0, seen, turns)]
    return chosen
