"""What each frame shows: a run's snapshots, slow motion, captions and cards laid out in time; it never draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.experiment import Caption, Video
from backprop_anim.story.milestones import SECONDS, milestones
from backprop_anim.training import Recording

__all__ = [
    "PHASES",
    "Moment",
    "Phase",
    "StepPhase",
    "eased",
    "moment_of_still",
    "probe_inputs",
    "probe_samples",
    "shown_state",
    "slow_sample",
    "timeline",
]

PROBE_ROUND_S = 6.0
"""Seconds in which the probe travels once along a one-dimensional input."""

PROBE_SAMPLE_S = 0.5
"""Seconds for which the probe stays on one sample of other data."""

DETAIL_S = 0.4
"""Seconds for which single numbers stand still: a step's sample, its Δw, its line in the log."""

SHORTEST_S, PATIENCE_S = 1.2, 1.5
"""How long a milestone is said at least, and how much later than it is reached, where others or other words stand."""

LAST_S, CARD_S = 1.0, 2.0
"""How long the last state of a run that diverged is held, and the card that says so at least."""

FADE_S = 0.25
"""Seconds in which a caption or a card appears and goes."""

Phase = Literal["forward", "loss", "backward", "update"]
PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update")
SHARES: dict[Phase, float] = {"forward": 0.28, "loss": 0.2, "backward": 0.32, "update": 0.2}
"""How a step in slow motion divides its time."""


@dataclass(frozen=True)
class StepPhase:
    """A moment of one training step in slow motion.

    Attributes
    ----------
    motion : int
        Which entry of `video.slow_motion` it belongs to.
    phase : {"forward", "loss", "backward", "update"}
    progress : float
        How much of the phase is done, 0 to 1, evenly in time.
    """

    motion: int
    phase: Phase
    progress: float


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
    detail : int
        The row whose single numbers are shown: that of a moment ago, or nobody could read them.
    held : bool
        Whether the picture is that of the moment before.
    act : StepPhase or None
        Where in a step it is, in slow motion.
    caption : str
        Words at the foot of the frame.
    caption_opacity : float
        How far they have appeared, 0 to 1.
    card : float
        How far a card covers the panels, 0 to 1: that with the title, or the closing one.
    closing : bool
        Whether the card is the one that says how the run ended.
    probe_s : float
        Seconds for which the probe has been travelling.
    """

    frame: int
    time_s: float
    snapshot: int
    detail: int = 0
    held: bool = False
    act: StepPhase | None = None
    caption: str = ""
    caption_opacity: float = 0.0
    card: float = 0.0
    closing: bool = False
    probe_s: float = 0.0


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
    for frame, moment in enumerate(_captioned(bare, video, recording)):
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


def _captioned(moments: list[Moment], video: Video, recording: Recording) -> list[Moment]:
    """Return the moments with the words that stand over them.

    A caption of the experiment makes way for the next one; a milestone waits until nothing else is said, and is not
    said at all where it would wait long.
    """
    spans: list[tuple[int, int, str]] = []
    reached_ones = (caption for caption in video.captions if caption.step <= recording.steps[-1])
    for caption in sorted(reached_ones, key=lambda caption: caption.step):
        spans.append((*_span(caption, moments, recording, video), caption.text))
    spans = [(start, min(stop, after), text) for (start, stop, text), after in zip(spans, _starts(spans), strict=True)]
    spans += [(frame, frame + 1, "") for frame, moment in enumerate(moments) if moment.act]
    rows = SECONDS * video.fps * recording.n_snapshots / max(1, sum(moment.act is None for moment in moments))
    told_of = milestones(recording, round(rows)) if video.milestones else []
    nexts = [_span(caption, moments, recording, video)[0] for caption in told_of[1:]] + [2**62]
    for caption, after in zip(told_of, nexts, strict=False):
        reached, stop = _span(caption, moments, recording, video)
        n_frames = min(stop - reached, max(round(SHORTEST_S * video.fps), after - reached))
        told = _in_between(reached, n_frames, spans, video.fps)
        if told is not None:
            spans.append((*told, caption.text))
    fade, found = FADE_S * video.fps, list(moments)
    for start, stop, text in (span for span in spans if span[2]):
        for frame in range(start, min(stop, len(moments))):
            opacity = min(1.0, (frame - start + 1) / fade, (stop - frame) / fade)
            found[frame] = replace(found[frame], caption=text, caption_opacity=opacity)
    return found


def _in_between(reached: int, n_frames: int, spans: list[tuple[int, int, str]], fps: int) -> tuple[int, int] | None:
    """Return from which frame to which a milestone is said: soon, and for a while; or None."""
    shortest = round(SHORTEST_S * fps)
    for start in sorted({reached, *(ended for _, ended, _ in spans if 0 < ended - reached <= PATIENCE_S * fps)}):
        if not any(begun <= start < ended for begun, ended, _ in spans):
            stop = min([start + n_frames, *(begun for begun, _, _ in spans if begun > start)])
            if stop - start >= shortest:
                return start, stop
    return None


def _starts(spans: list[tuple[int, int, str]]) -> list[int]:
    """Return for each span where the next one starts."""
    return [span[0] for span in spans[1:]] + [2**62] * bool(spans)


def _span(caption: Caption, moments: list[Moment], recording: Recording, video: Video) -> tuple[int, int]:
    """Return the frame at which a caption's step is reached, and the frame after its last."""
    reached = (
        frame
        for frame, moment in enumerate(moments)
        if not moment.card and recording.steps[moment.snapshot] >= caption.step
    )
    start = next(reached, len(moments) - 1)
    return start, start + round(caption.seconds * video.fps)


def shown_state(recording: Recording, moment: Moment) -> Array:
    """Return the parameters that a moment shows, shape (P,): while a step updates them, they are on their way."""
    parameters: Array = recording.parameters[moment.snapshot]
    if moment.act is not None and moment.act.phase == "update":
        parameters = parameters + eased(moment.act.progress) * recording.updates[moment.snapshot]
    return parameters


def eased(progress: float) -> float:
    """Return a motion from 0 to 1 that starts and ends gently (the smoothstep polynomial 3p² - 2p³)."""
    p = min(1.0, max(0.0, progress))
    return p * p * (3 - 2 * p)


def probe_inputs(recording: Recording, moments: tuple[Moment, ...]) -> Array:
    """Return what is sent through the network diagram at each moment, shape (moments, n_in).

    Along a one-dimensional input the probe travels from end to end; otherwise it is the sample that the step
    saw, or goes through the data one by one. It rests while the last state is held, and in slow motion it is the
    sample whose numbers are shown.
    """
    inputs = recording.experiment.dataset.inputs
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
    seen = recording.samples[[moment.detail for moment in moments]]
    samples = np.where(seen >= 0, seen, turns % recording.experiment.dataset.n_samples)
    one_a_step = recording.experiment.training.batch == 1
    for place, moment in enumerate(moments):
        if moment.act is not None:
            samples[place] = slow_sample(recording, moment.act.motion)
        elif one_a_step and place and seen[place] < 0:
            samples[place] = samples[place - 1]  # the last state: no step leaves it
    return samples


def slow_sample(recording: Recording, motion: int) -> int:
    """Return the sample whose numbers a step in slow motion shows: the chosen one, or the first of its batch."""
    chosen = recording.experiment.video.slow_motion[motion]
    if chosen.sample is not None:
        return chosen.sample
    trace = next(trace for trace in recording.traces if trace.step == chosen.step)
    return int(trace.batch[0])
