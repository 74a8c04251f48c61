"""What a film stops at or says on its way: steps in slow motion, captions; it never lays them in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Le, Len

__all__ = ["USUAL_MOTION_S", "Caption", "SlowMotion"]

USUAL_MOTION_S = 30.0
"""About how long a step takes whose numbers are given the time to be read; they are known only after training."""


@dataclass(frozen=True)
class SlowMotion:
    """One training step that the film stops at and shows in full.

    Attributes
    ----------
    step : int
        How many updates the state that it starts from has behind it.
    seconds : float or None
        How long it takes; None gives its numbers the time to be read.
    sample : int or None
        The sample whose numbers are shown; None means the one of the step's batch that is worth telling.
    follow : tuple of str
        The neurons, weights and biases that it is told by, in the words of `followed_part`; empty means those that
        the error moves most.
    """

    step: Annotated[int, Ge(0)]
    seconds: Annotated[float, Ge(2), Le(120)] | None = None
    sample: Annotated[int, Ge(0)] | None = None
    follow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Caption:
    """Words at the foot of the frame from a step on; the film goes on under them.

    Attributes
    ----------
    step : int
    text : str
    seconds : float
    """

    step: Annotated[int, Ge(0)]
    text: Annotated[str, Len(1, 120)]
    seconds: Annotated[float, Gt(0), Le(60)] = 3.0
