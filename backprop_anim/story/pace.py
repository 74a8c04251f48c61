"""How fast time runs in a film: steps a frame, said where it bends; it never draws."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backprop_anim.story.moment import Moment
from backprop_anim.training import Recording

__all__ = ["pace_texts"]

BENT = 2.0
"""Time bends where one second of the film holds so many times the steps of another."""

SLOW = "slow motion"


def pace_texts(recording: Recording, moments: Sequence[Moment]) -> list[str]:
    """Return for each moment how many steps a frame stands for, the same for a second; nothing where time is even."""
    found = [SLOW if moment.act else "" for moment in moments]
    paces = []
    for frames in _seconds(moments, recording.experiment.video.fps):
        first, after = moments[frames[0]], moments[min(frames[-1] + 1, len(moments) - 1)]
        passed = int(recording.steps[after.snapshot]) - int(recording.steps[first.snapshot])
        if passed > 0:
            paces.append((frames, passed / len(frames)))
    rates = [rate for _, rate in paces]
    if rates and max(rates) >= BENT * min(rates):
        for frames, rate in paces:
            for frame in frames:
                found[frame] = _pace(rate, recording.experiment.step_word)
    return found


def _seconds(moments: Sequence[Moment], fps: int) -> list[list[int]]:
    """Return the frames in which training goes on, second by second; what is left over belongs to the last one."""
    running = [k for k, moment in enumerate(moments) if not moment.act and not moment.card]
    opening = [k for k in running if moments[k].snapshot == moments[0].snapshot]
    first = max(opening, default=0)
    stretches: list[list[int]] = []
    for frame in running:
        if frame < first or moments[frame].snapshot == moments[-1].snapshot:
            continue
        if not stretches or frame != stretches[-1][-1] + 1 or len(stretches[-1]) == fps:
            stretches.append([])
        stretches[-1].append(frame)
    found: list[list[int]] = []
    for stretch in stretches:
        if found and len(stretch) < fps / 2 and stretch[0] == found[-1][-1] + 1:
            found[-1] += stretch
        else:
            found.append(stretch)
    return found


def _pace(rate: float, word: str) -> str:
    """Return a pace with two digits: ``36 steps a frame``."""
    decimals = 1 - math.floor(math.log10(rate))
    number = f"{round(rate, decimals):,.{max(0, decimals)}f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number} {word if number == '1' else word + 's'} a frame"
