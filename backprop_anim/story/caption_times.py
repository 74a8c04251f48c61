"""When captions and milestones are said over the moments of a film; it never changes anything else of a moment."""

from __future__ import annotations

from dataclasses import replace

from backprop_anim.experiment import Caption, Video
from backprop_anim.story.milestones import SECONDS, milestones
from backprop_anim.story.moment import Moment
from backprop_anim.story.verdict import verdict
from backprop_anim.training import Recording

__all__ = ["FADE_S", "captioned"]

FADE_S = 0.25
"""Seconds in which a caption or a card appears and goes."""

SHORTEST_S, PATIENCE_S = 1.2, 1.5
"""How long a milestone is said at least, and how much later than it is reached, where others or other words stand."""


def captioned(moments: list[Moment], video: Video, recording: Recording) -> list[Moment]:
    """Return the moments with the words that stand over them.

    A caption of the experiment makes way for the next one; a milestone waits until nothing else is said, and is not
    said at all where it would wait long. What is said of an earlier state ends before the last one, over which stands
    what the run came to.
    """
    spans: list[tuple[int, int, str]] = []
    ended = _end(moments, recording)
    reached_ones = (caption for caption in video.captions if caption.step <= recording.steps[-1])
    for caption in sorted(reached_ones, key=lambda caption: caption.step):
        start, stop = _span(caption, moments, recording, video)
        spans.append((start, stop if start >= ended else min(stop, ended), caption.text))
    if video.milestones and not any(start >= ended for start, _, _ in spans):
        spans.append((ended, len(moments), verdict(recording)))
    spans = [(start, min(stop, after), text) for (start, stop, text), after in zip(spans, _starts(spans), strict=True)]
    spans += [(frame, frame + 1, "") for frame, moment in enumerate(moments) if moment.act]
    rows = SECONDS * video.fps * recording.n_snapshots / max(1, sum(moment.act is None for moment in moments))
    told_of = milestones(recording, round(rows)) if video.milestones else []
    nexts = [_span(caption, moments, recording, video)[0] for caption in told_of[1:]] + [2**62]
    for caption, after in zip(told_of, nexts, strict=False):
        reached, stop = _span(caption, moments, recording, video)
        stop = min(stop, ended)
        n_frames = min(stop - reached, max(round(SHORTEST_S * video.fps), after - reached))
        told = _in_between(reached, n_frames, spans, video.fps)
        if told is not None:
            spans.append((*told, caption.text))
    fade, found = FADE_S * video.fps, list(moments)
    for start, stop, text in (span for span in spans if span[2]):
        leaves = stop < len(moments)  # the last words stay
        for frame in range(start, min(stop, len(moments))):
            opacity = min(1.0, (frame - start + 1) / fade, (stop - frame) / fade if leaves else 1.0)
            found[frame] = replace(found[frame], caption=text, caption_opacity=opacity)
    return found


def _end(moments: list[Moment], recording: Recording) -> int:
    """Return the first frame of the hold on the last state; behind the film where it has none."""
    last = recording.n_snapshots - 1
    place = len(moments)
    while place and moments[place - 1].snapshot == last and moments[place - 1].act is None:
        place -= 1
    return place


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
