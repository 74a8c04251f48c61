"""A film frame by frame: a run's snapshots, slow motion and cards laid out in time; it never draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from backprop_anim.experiment import Video
from backprop_anim.story.caption_times import FADE_S, captioned
from backprop_anim.story.chain_rule import derivation_steps
from backprop_anim.story.moment import PHASES, Moment, Phase, StepPhase
from backprop_anim.story.passages import reading_s
from backprop_anim.story.step_values import compute_step_values
from backprop_anim.training import Recording

__all__ = ["LOOPING", "moment_of_phase", "moment_of_still", "poster_moment", "timeline"]

EASE_S = 0.13
"""Seconds in which what is drawn passes from a state that was held to the next."""

LAST_S, CARD_S = 1.0, 2.0
"""How long the last state of a run that diverged is held, and the card that says so at least."""

LOOPING = ("gif", "webp")
"""Formats that begin again at their end: they fade out, or the last picture would jump to the first."""

FADE_OUT_S = 0.5


def timeline(video: Video, recording: Recording, explain: bool = False, kept_s: float = 0.0) -> tuple[Moment, ...]:
    """Return the moments of the whole film, the hold on the last state among them.

    Without `video.seconds` each snapshot has one frame; with it they are spread over that time.

    Parameters
    ----------
    video : Video
    recording : Recording
    explain : bool, optional
        Leave out everything but slow motion and what it leads to.
    kept_s : float, optional
        Seconds for which a state is kept at least, so that its numbers can be read: those between are passed over,
        and the film stays as long as it is.
    """
    before: Moment | None = None
    found = []
    bare = list(_explained(video, recording) if explain else _bare(video, recording, round(kept_s * video.fps)))
    for frame, moment in enumerate(captioned([*bare, *_ending(bare[-1], video, recording)], video, recording)):
        found.append(replace(moment, frame=frame, time_s=frame / video.fps, held=moment == before))
        before = moment
    return tuple(found)


def moment_of_still(video: Video, recording: Recording, step: int) -> Moment:
    """Return the moment of the film that shows the last recorded state at or before `step`."""
    snapshot = recording.nearest(step)
    moments = timeline(video, recording)
    shown = next(moment for moment in moments if moment.snapshot >= snapshot and not moment.card)
    return replace(shown, frame=0, snapshot=snapshot, held=False, act=None, caption="", blend=0.0)


def moment_of_phase(recording: Recording, phase: Phase) -> Moment:
    """Return the moment at which a phase of the first step in slow motion has been told whole."""
    step = recording.experiment.video.slow_motion[0].step
    return Moment(0, 0.0, recording.nearest(step), act=StepPhase(0, phase, 1.0))


def poster_moment(moments: Sequence[Moment]) -> int:
    """Return the place of the moment that stands for the film: its last before it fades out."""
    return max(place for place, moment in enumerate(moments) if not moment.faded or place == 0)


def _bare(video: Video, recording: Recording, n_kept: int) -> Iterator[Moment]:
    """Yield what is shown frame by frame up to the last state, without frame numbers and captions."""
    fps = video.fps
    intro, fade = round(video.intro_s * fps), max(1, round(FADE_S * fps))
    for frame in range(intro):
        yield Moment(0, 0.0, 0, card=min(1.0, (intro - frame) / fade))
    yield from [Moment(0, 0.0, 0)] * round(video.opening_s * fps)
    stops = {recording.nearest(motion.step): index for index, motion in enumerate(video.slow_motion)}
    shown = list(_kept(_shown_rows(video, recording), sorted(stops), n_kept))
    for frame, row in enumerate(tuple(shown)):
        for stop in sorted(stop for stop in stops if stop <= row):
            motion = stops.pop(stop)
            led_to = recording.nearest(video.slow_motion[motion].step + 1)  # the film does not go back behind that
            shown[frame:] = [max(later, led_to) for later in shown[frame:]]
            yield from _slow_motion_moments(motion, Moment(0, 0.0, stop, probe_s=frame / fps), video, recording)
        toward, blend = _easing(shown, frame, n_kept, fps)
        yield Moment(0, 0.0, shown[frame], toward, blend, probe_s=frame / fps)


def _shown_rows(video: Video, recording: Recording) -> list[int]:
    """Return the row of the recording for each frame in which training goes on."""
    n = recording.n_snapshots
    if video.seconds is None:
        return list(range(n))
    rows: list[int] = np.rint(np.linspace(0, n - 1, max(2, round(video.seconds * video.fps)))).astype(int).tolist()
    return rows


def _kept(rows: list[int], stops: Sequence[int], n_kept: int) -> list[int]:
    """Return as many rows in which each is shown for `n_kept` frames; a step in slow motion begins anew."""
    if n_kept < 2:
        return rows
    found: list[int] = []
    begun, left = rows[0], n_kept
    for row in rows:
        passed = [stop for stop in stops if begun < stop <= row]
        if left == 0 or passed:
            begun, left = row, n_kept
        found.append(begun)
        left -= 1
    return found


def _easing(shown: list[int], frame: int, n_kept: int, fps: int) -> tuple[int, float]:
    """Return the next state and how far the picture is on its way there, in the last frames of one that was held."""
    n_eased = min(n_kept - 1, round(EASE_S * fps))
    for back in range(1, n_eased + 1):
        place = frame + back
        if place < len(shown) and shown[place] != shown[frame]:
            return shown[place], (n_eased + 1 - back) / (n_eased + 1)
    return 0, 0.0


def _explained(video: Video, recording: Recording) -> Iterator[Moment]:
    """Yield the steps in slow motion alone, each from before its first phase to what it came to."""
    for motion in sorted(range(len(video.slow_motion)), key=lambda index: video.slow_motion[index].step):
        start = Moment(0, 0.0, recording.nearest(video.slow_motion[motion].step))
        yield from [replace(start, act=StepPhase(motion, "forward", 0.0))] * round(video.opening_s * video.fps)
        yield from _slow_motion_moments(motion, start, video, recording)


def _slow_motion_moments(motion: int, start: Moment, video: Video, recording: Recording) -> Iterator[Moment]:
    """Yield the frames of one step in slow motion, and then the state that it led to."""
    shown = video.slow_motion[motion]
    passages = derivation_steps(recording.experiment, compute_step_values(recording, motion))
    times = {phase: sum(map(reading_s, passages[phase])) for phase in (*PHASES, "outcome")}
    pace = 1.0 if shown.seconds is None else shown.seconds / sum(times.values())
    for phase in PHASES:
        moving = max(2, round(pace * times[phase] * video.fps))
        for frame in range(moving):
            yield replace(start, act=StepPhase(motion, phase, (frame + 1) / moving))
    after, n_after = recording.nearest(shown.step + 1), max(1, round(pace * times["outcome"] * video.fps))
    for frame in range(n_after):
        yield replace(start, snapshot=after, act=StepPhase(motion, "outcome", (frame + 1) / n_after))


def _ending(last: Moment, video: Video, recording: Recording) -> Iterator[Moment]:
    """Yield the hold on the last state, the card of a run that diverged, and the fade of formats that loop."""
    fps, fade = video.fps, max(1, round(FADE_S * video.fps))
    if last.act is None:  # a state that was kept may stand where the last one is reached
        last = replace(last, snapshot=recording.n_snapshots - 1, blend=0.0, toward=0)
    if recording.diverged_at is None:
        yield from [last] * round(video.hold_s * fps)
    else:
        yield from [last] * round(LAST_S * fps)
        for frame in range(round(max(CARD_S, video.hold_s) * fps)):
            last = replace(last, card=min(1.0, (frame + 1) / fade), closing=True)
            yield last
    if set(video.formats) & set(LOOPING) and video.hold_s > 0:
        n_out = max(2, round(FADE_OUT_S * fps))
        for frame in range(n_out):
            yield replace(last, faded=(frame + 1) / n_out)
