"""Which states of a run are kept for the film, chosen by step alone; they never see a network.

Adding a schedule is one registered class here.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

import numpy as np
from annotated_types import Ge, Gt, Le, Len
from numpy.typing import NDArray

from backprop_anim.common import Registry

__all__ = [
    "EqualMotionSnapshots",
    "SnapshotSchedule",
    "distinct_steps",
    "evenly_spaced_rows",
    "snapshot_schedules",
    "thinned",
    "with_pinned",
]

Count = Annotated[int, Ge(2), Le(100_000)]
Steps = NDArray[np.int64]


class SnapshotSchedule(Protocol):
    """How the kept states are spread over the run."""

    def choose(self, n_steps: int) -> Steps:
        """Return the kept steps in rising order: distinct, 0 and `n_steps` among them."""
        ...

    def at_most(self, n_steps: int) -> int:
        """Return a bound on how many steps `choose` keeps, without making them."""
        ...


snapshot_schedules: Registry[SnapshotSchedule] = Registry("snapshot schedule")
"""Every schedule, by the word that stands behind ``snapshots.schedule``."""


def distinct_steps(wanted: NDArray[np.float64], n_steps: int) -> Steps:
    """Round rising positions in 0 … `n_steps` to distinct steps, moving as few of them as little as possible.

    The first becomes 0 and the last `n_steps`; there must be at most n_steps + 1 of them.
    """
    count = len(wanted)
    places = np.arange(count)
    rounded = np.rint(wanted).astype(np.int64)
    # s[i] - i must never fall: push up from the left, then down from the right where the end is overrun.
    pushed = np.maximum.accumulate(rounded - places) + places
    highest = n_steps - (count - 1) + places
    steps = np.minimum(pushed, highest)
    steps[0], steps[-1] = 0, n_steps
    return steps


@snapshot_schedules.register("linear")
@dataclass(frozen=True)
class LinearSnapshots:
    """Evenly spread over the steps."""

    count: Count = 300

    def choose(self, n_steps: int) -> Steps:
        return distinct_steps(np.linspace(0, n_steps, min(self.count, n_steps + 1)), n_steps)

    def at_most(self, n_steps: int) -> int:
        return min(self.count, n_steps + 1)


@snapshot_schedules.register("log")
@dataclass(frozen=True)
class LogSnapshots:
    """Evenly spread over the logarithm of the step: the start in detail."""

    count: Count = 300

    def choose(self, n_steps: int) -> Steps:
        return distinct_steps(np.geomspace(1, n_steps + 1, min(self.count, n_steps + 1)) - 1, n_steps)

    def at_most(self, n_steps: int) -> int:
        return min(self.count, n_steps + 1)


@snapshot_schedules.register("power")
@dataclass(frozen=True)
class PowerSnapshots:
    """At steps · (k / count)^exponent: between linear (1) and log."""

    count: Count = 300
    exponent: Annotated[float, Gt(0), Le(20)] = 2.0

    def choose(self, n_steps: int) -> Steps:
        places = np.linspace(0, 1, min(self.count, n_steps + 1))
        return distinct_steps(n_steps * places**self.exponent, n_steps)

    def at_most(self, n_steps: int) -> int:
        return min(self.count, n_steps + 1)


@snapshot_schedules.register("every")
@dataclass(frozen=True)
class EverySnapshots:
    """Every so many steps, and the last."""

    every: Annotated[int, Ge(1), Le(1_000_000_000)] = 100

    def choose(self, n_steps: int) -> Steps:
        return np.unique(np.append(np.arange(0, n_steps + 1, self.every), n_steps))

    def at_most(self, n_steps: int) -> int:
        return -(-n_steps // self.every) + 1


@snapshot_schedules.register("steps")
@dataclass(frozen=True)
class ChosenSnapshots:
    """The steps that are named, and the first and the last."""

    steps: Annotated[tuple[Annotated[int, Ge(0)], ...], Len(1, 100_000)]

    def choose(self, n_steps: int) -> Steps:
        return np.unique([0, n_steps, *(step for step in self.steps if step <= n_steps)])

    def at_most(self, n_steps: int) -> int:
        return min(len(self.steps) + 2, n_steps + 1)


@snapshot_schedules.register("motion")
@dataclass(frozen=True)
class EqualMotionSnapshots:
    """Evenly spread over the change of the network's answers: plateaus pass quickly, leaps take their time."""

    count: Count = 300

    CANDIDATES: ClassVar[int] = 3  # for every state that is kept in the end
    EARLY: ClassVar[float] = 1.2  # above 1, the first windows of a run are shorter than the last

    def choose(self, n_steps: int) -> Steps:
        """Return the last step of each window of the run that has one candidate: short at first, longer later."""
        windows = min(self.CANDIDATES * self.count, n_steps + 1)
        return distinct_steps(n_steps * np.linspace(0, 1, windows) ** self.EARLY, n_steps)

    def at_most(self, n_steps: int) -> int:
        return min(self.count, n_steps + 1)


def evenly_spaced_rows(distances: NDArray[np.float64], count: int, pinned: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return which candidates to keep so that about the same motion lies between any two.

    Parameters
    ----------
    distances : ndarray, shape (C,)
        How far the answers moved from the candidate before; the first is 0.
    count : int
        How many to keep, at most C.
    pinned : sequence of int
        Candidates that are kept in any case.

    Returns
    -------
    ndarray of int, shape (count,)
        Rising, the first and the last candidate among them.
    """
    # A leap counts less than its length, or the film would spend itself on the spikes of a nervous run.
    usual = max(2 * float(distances.mean()), 1e-300)
    way = np.cumsum(distances / (1 + distances / usual))
    # A plateau still passes: a tenth of the film goes evenly over the candidates.
    way = way / max(float(way[-1]), 1e-300) + np.linspace(0, 0.1, len(way))
    rows = distinct_steps(np.interp(np.linspace(0, way[-1], count), way, np.arange(len(way))), len(way) - 1)
    return with_pinned(rows, pinned)


def with_pinned(steps: Steps, pinned: Sequence[int]) -> Steps:
    """Return rising steps with `pinned` among them: each takes the place of the nearest one that may go.

    The first and the last stay; where none may go, there is one more.
    """
    found = sorted(steps.tolist())
    for pin in pinned:
        if pin not in found:
            movable = [step for step in found[1:-1] if step not in pinned]
            if movable:
                found.remove(min(movable, key=lambda step: abs(step - pin)))
            insort(found, pin)
    return np.array(found, dtype=np.int64)


def thinned(steps: Steps, fixed: Steps, most: int) -> Steps:
    """Return at most so many of rising steps, evenly left out; the first, the last and the `fixed` ones stay."""
    if len(steps) <= most:
        return steps
    stay = np.union1d(steps[[0, -1]], np.intersect1d(steps, fixed))
    others = np.setdiff1d(steps, stay)
    spare = max(0, most - len(stay))
    rows = np.rint(np.linspace(0, len(others) - 1, spare + 2)[1:-1]).astype(np.int64)
    return np.union1d(stay, others[rows])
