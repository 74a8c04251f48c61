"""A film frame by frame: a run's snapshots, slow motion and cards laid out in time; it never draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from backprop_anim.experiment import Video
from backprop_anim.story.caption_times import FADE_S, captioned
from backprop_anim.story.moment import PHASES, Moment, Phase, StepPhase
from backprop_anim.training import Recording

__all__ = ["moment_of_still", "timeline"]

DETAIL_S = 0.4
"""Seconds for which single numbers stand still: a step's sample, its Δw, its line in the log."""

LAST_S, CARD_S = 1.0, 2.0
"""How long the last state of a run that diverged is held, and the card that says so at least."""

SHARES: dict[Phase, float] = {"forward": 0.28, "loss": 0.2, "backward": 0.32, "update": 0.2}
"""How a step in slow motion divides its time."""


def timeline(video: Video, recording: Recording, explain: bool = False) -> tuple[Moment, ...]:
    """Return the moments of the whole film, the hold on the last state among them.

    Without `video.seconds` each snapshot has one frame; with it they are spread over that time.

    Parameters
    ----------
    video : Video
    recording : Recording
    explain : bool, optional
        Leave out everything but slow motion and what it leads to.
    """
    before: Moment | None = None
    found = []
    bare = list(_detailed(list(_bare(video, recording, explain)), video, recording))
    for frame, moment in enumerate(captioned(bare, video, recording)):
        found.append(replace(moment, frame=frame, time_s=frame / video.fps, held=moment == before))
        before = moment
    return tuple(found)


def moment_of_still(video: Video, recording: Recording, step: int) -> Moment:
    """Return the moment of the film that shows the last recorded state at or before `step`."""
    snapshot = recording.nearest(step)
    moments = timeline(video, recording)
    shown = next(moment for moment in moments if moment.snapshot >= snapshot and not moment.card)
    return replace(shown, frame=0, snapshot=snapshot, detail=snapshot, held=False, act=None, caption="")


def _bare(video: Video, recording: Recording, explain: bool) -> Iterator[Moment]:
    """Yield what is shown frame by frame, without frame numbers and captions."""
    n, fps = recording.n_snapshots, video.fps
    intro, fade = round(video.intro_s * fps), max(1, round(FADE_S * fps))
    for frame in range(intro):
        yield Moment(0, 0.0, 0, card=min(1.0, (intro - frame) / fade))
    if video.seconds is None:
        shown = list(range(n))
    else:
        shown = np.rint(np.linspace(0, n - 1, max(2, round(video.seconds * fps)))).astype(int).tolist()
    stops = {recording.nearest(motion.step): index for index, motion in enumerate(video.slow_motion)}
    if explain:
        shown = sorted(stops)
    for frame, row in enumerate(shown):
        moment = Moment(0, 0.0, row, probe_s=frame / fps)
        yield moment
        for stop in sorted(stop for stop in stops if stop <= row):
            for slow in _slow_motion_moments(stops.pop(stop), replace(moment, snapshot=stop), video):
                yield slow
                if explain:
                    moment = slow  # in the end what the step came to is held
    if recording.diverged_at is None:
        yield from [moment] * round(video.hold_s * fps)
    else:
        yield from [moment] * round(LAST_S * fps)
        for frame in range(round(max(CARD_S, video.hold_s) * fps)):
            yield replace(moment, card=min(1.0, (frame + 1) / fade), closing=True)


def _slow_motion_moments(motion: int, moment: Moment, video: Video) -> Iterator[Moment]:
    """Yield the frames of one step in slow motion."""
    for phase in PHASES:
        frames = max(2, round(video.slow_motion[motion].seconds * SHARES[phase] * video.fps))
        for frame in range(frames):
            yield replace(moment, act=StepPhase(motion, phase, (frame + 1) / frames))


def _detailed(moments: list[Moment], video: Video, recording: Recording) -> Iterator[Moment]:
    """Yield the moments with the rows whose single numbers they show.

    A step in slow motion shows what came of it when it is done, not before.
    """
    stops = {recording.nearest(motion.step) for motion in video.slow_motion}
    still, since, last = 0, 0, len(moments) - 1
    for frame, moment in enumerate(moments):
        coming = moment.snapshot in stops and (moment.act.phase != "update" if moment.act else frame < last)
        if coming and (moment.act or (moments[frame + 1].act and moments[frame + 1].snapshot == moment.snapshot)):
            still = still if still != moment.snapshot else max(0, moment.snapshot - 1)
        elif moment.act or frame - since >= DETAIL_S * video.fps or moment.snapshot == moments[last].snapshot:
            still, since = moment.snapshot, frame
        yield replace(moment, detail=still)
