"""The states that are kept of a training whose length nobody knows: thinned on the way, evenly in what moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.experiment import evenly_spaced_rows

__all__ = ["KeptStates"]

Vector = NDArray[np.floating]

LEAP, STILL = 2.0, 0.8
"""States are taken more often where more than so many shares of the whole motion lie between two, and less often where
fewer do."""

LOOKS = 300
"""At rest a state is taken after at most this part of the steps so far, however few are wanted."""

TOGETHER = 12
"""So many states are measured together while nothing leaps, and after a leap so many are each measured at once."""

SUDDEN, NEWEST = 3.0, 0.1
"""A pace of the parameters that is so many times the usual one may be a leap; how much the newest counts in that."""

MANY, COARSE = 64, 4
"""Of more states than so many that are measured together, only each fourth is, and the others lie between."""

VISIBLE = 0.05
"""A whole motion below this share of the answers' size is none: what grows from nothing would always be a leap."""


@dataclass
class _State:
    """A state that is kept.

    Attributes
    ----------
    step : int
    parameters : ndarray, shape (P,)
    way : float
        How far the answers have come since the first state; not a number while that was not measured.
    update : ndarray, shape (P,), or None
        What led from it to the next state that was seen; None while none was.
    span : int
        In how many steps.
    """

    step: int
    parameters: Vector
    way: float = math.nan
    update: Vector | None = None
    span: int = 1


class KeptStates:
    """States as they come; at most twice as many as are wanted are ever held.

    A state is looked at when it is due. The gap to the next one doubles while little moves and halves where much does,
    and it never grows beyond a share of the steps so far: so a leap after a long rest is seen in time. When there are
    twice as many as are wanted, those between which least moves go.

    Parameters
    ----------
    count : int
        How many are wanted.
    pinned : iterable of int
        Steps that are kept in any case.
    answers : callable
        Takes the parameters of states, each (P,), and returns for each what the network answers to some samples.

    Attributes
    ----------
    due : int
        The next step to be looked at; no other one need be read.
    """

    def __init__(
        self, count: int, pinned: Iterable[int], answers: Callable[[Sequence[Vector]], Iterable[Vector]]
    ) -> None:
        self.count, self._pinned, self._answers = max(2, count), sorted(set(pinned)), answers
        self._held: list[_State] = []
        self._newest: Vector | None = None
        self._size = self._newest_way = 0.0
        self._n_measured = self._n_alone = 0
        self._pace: float | None = None
        self._gap = 1
        self.due = self._next_kept = 0

    def __len__(self) -> int:
        return len(self._held)

    def see(self, step: int, parameters: Vector) -> None:
        """Look at a state that is due, or that the caller wants to be there; steps only rise."""
        last = self._held[-1] if self._held else None
        if last is not None:
            if step <= last.step:
                return
            if last.update is None:
                last.update, last.span = parameters - last.parameters, step - last.step
        if step >= self._next_kept:
            self._held.append(_State(step, parameters))
            self._adapt(step)
            if len(self._held) >= 2 * self.count:
                self._held = [self._held[row] for row in self._wanted_rows()]
                self._n_measured = len(self._held)
        pin = next((pin for pin in self._pinned if pin > step), None)
        self._next_kept = self._held[-1].step + self._gap
        if pin is not None and pin < self._next_kept:
            self._next_kept = pin
        self.due = step + 1 if self._held[-1].update is None else self._next_kept

    def see_last(self, step: int, parameters: Vector) -> None:
        """Look at the state in which the training ended: it is kept."""
        self._next_kept = 0
        self.see(step, parameters)

    def forget_after(self, step: int) -> None:
        """Forget the states from a step on: the training went back to it."""
        self._measure()
        self._held = [state for state in self._held if state.step < step] or self._held[:1]
        self._n_measured = len(self._held)
        self._newest_way = self._held[-1].way

    def chosen(self) -> tuple[NDArray[np.int64], list[Vector], list[Vector]]:
        """Return steps (S,), parameters and updates of the wanted states, each (P,); the last update is none."""
        held = [self._held[row] for row in self._wanted_rows()]
        none = np.zeros_like(held[-1].parameters)
        updates = [none if state.update is None else state.update for state in held[:-1]]
        return (
            np.array([state.step for state in held], np.int64),
            [state.parameters for state in held],
            [*updates, none],
        )

    @property
    def stride(self) -> int:
        """How many steps lie between a state and the next that was seen; 0 for no fixed number."""
        spans = {state.span for state in self._held[:-1]}
        return spans.pop() if len(spans) == 1 else int(not spans)

    def _adapt(self, step: int) -> None:
        """Find the gap to the next state; where it can only be the least, nothing need be measured yet."""
        longest = -(-step // max(self.count, LOOKS))
        if longest < 2:
            return
        is_sudden = self._is_sudden()
        if len(self._held) - self._n_measured < TOGETHER and not is_sudden and not self._n_alone:
            return
        moved = self._measure()
        share = max(self._newest_way, VISIBLE * self._size) / self.count
        self._n_alone = TOGETHER if moved > LEAP * share else max(0, self._n_alone - 1)
        if moved > LEAP * share:
            self._gap //= 2
        elif moved <= STILL * share:
            self._gap *= 2
        self._gap = max(1, min(self._gap, longest))

    def _is_sudden(self) -> bool:
        """Return whether the parameters went much further in a step than they do: then the answers may leap."""
        before, now = self._held[-2:]
        way = now.parameters - before.parameters
        pace = math.sqrt(float(way.dot(way))) / (now.step - before.step)
        usual, self._pace = self._pace, pace if self._pace is None else (1 - NEWEST) * self._pace + NEWEST * pace
        return usual is not None and pace > SUDDEN * usual

    def _measure(self) -> float:
        """Find how far the answers of all states have come that are not measured yet; return the longest way of one."""
        new, longest, before = self._held[self._n_measured :], 0.0, self._newest_way
        self._n_measured = len(self._held)
        if not new:
            return longest
        each = COARSE if len(new) > MANY else 1
        some = new[:-1:each] + new[-1:]
        for state, answers in zip(some, self._answers([state.parameters for state in some]), strict=True):
            flat = answers.ravel()
            gap = flat - (flat if self._newest is None else self._newest)
            moved, size = (math.sqrt(float(one.dot(one)) / one.size) for one in (gap, flat))
            moved = moved if math.isfinite(moved) else 0.0
            self._newest_way += moved
            state.way, longest = self._newest_way, max(longest, moved / each)
            self._newest, self._size = flat, max(self._size, size if math.isfinite(size) else 0.0)
        if each > 1:
            rows = [-1, *(row for row, state in enumerate(new) if math.isfinite(state.way))]
            ways = np.interp(np.arange(len(new)), rows, [before, *(new[row].way for row in rows[1:])])
            for state, way in zip(new, ways.tolist(), strict=True):
                state.way = way
        return longest

    def _wanted_rows(self) -> list[int]:
        """Return the states that are kept when there are more than are wanted: the pinned ones, and evenly the rest."""
        n = len(self._held)
        if n <= self.count:
            return list(range(n))
        self._measure()
        ways = np.array([state.way for state in self._held])
        pinned = [row for row, state in enumerate(self._held) if state.step in self._pinned]
        rows: list[int] = evenly_spaced_rows(np.diff(ways, prepend=ways[0]), self.count, pinned).tolist()
        return rows
