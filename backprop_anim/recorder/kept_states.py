"""The states that are kept of a training whose length nobody knows: thinned on the way, evenly in what moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.experiment import evenly_spaced_rows

__all__ = ["KeptStates"]

Vector = NDArray[np.floating]

LEAP, STILL = 2.0, 0.5
"""States are taken more often where more than so many shares of the whole motion lie between two, and less often where
fewer do."""

LOOKS = 2
"""At rest a state is taken at least so often in the time that one of the wanted ones would have if all were even."""

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
        How far the answers have come since the first state.
    update : ndarray, shape (P,), or None
        What led from it to the next state that was seen; None while none was.
    """

    step: int
    parameters: Vector
    way: float
    update: Vector | None = None


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
        Takes parameters, shape (P,), and returns what the network answers to some samples.

    Attributes
    ----------
    due : int
        The next step to be looked at; no other one need be read.
    """

    def __init__(self, count: int, pinned: Iterable[int], answers: Callable[[Vector], Array]) -> None:
        self.count, self._pinned, self._answers = max(2, count), sorted(set(pinned)), answers
        self._held: list[_State] = []
        self._newest: Array | None = None
        self._size = 0.0
        self._stride = 1
        self.due = self._next_kept = 0

    def __len__(self) -> int:
        return len(self._held)

    def see(self, step: int, parameters: Vector) -> None:
        """Look at a state that is due, or that the caller wants to be there; steps only rise."""
        if self._held and step <= self._held[-1].step:
            return
        last = self._held[-1] if self._held else None
        if last is not None and last.update is None:
            last.update = parameters - last.parameters
        if step >= self._next_kept:
            self._keep(step, parameters)
        pins = [pin for pin in self._pinned if pin > step]
        self._next_kept = min([self._held[-1].step + self._stride, *pins[:1]])
        self.due = step + 1 if self._held[-1].update is None else self._next_kept

    def see_last(self, step: int, parameters: Vector) -> None:
        """Look at the state in which the training ended: it is kept."""
        self._next_kept = 0
        self.see(step, parameters)

    def chosen(self) -> tuple[NDArray[np.int64], Array, Array]:
        """Return steps (S,), parameters (S, P) and updates (S, P) of the wanted states; the last update is none."""
        held = [self._held[row] for row in self._wanted_rows()]
        parameters = np.array([state.parameters for state in held], np.float64)
        updates = np.zeros_like(parameters)
        for row, state in enumerate(held[:-1]):
            updates[row] = 0.0 if state.update is None else state.update
        return np.array([state.step for state in held], np.int64), parameters, updates

    def _keep(self, step: int, parameters: Vector) -> None:
        newest = np.asarray(self._answers(parameters))
        moved = 0.0 if self._newest is None else float(np.sqrt(np.mean((newest - self._newest) ** 2)))
        moved = moved if np.isfinite(moved) else 0.0
        self._newest, self._size = newest, max(self._size, float(np.sqrt(np.mean(newest**2))))
        self._held.append(_State(step, parameters, (self._held[-1].way if self._held else 0.0) + moved))
        self._adapt(step, moved)
        if len(self._held) >= 2 * self.count:
            rows = self._wanted_rows()
            self._held = [self._held[row] for row in rows]

    def _adapt(self, step: int, moved: float) -> None:
        share = max(self._held[-1].way, VISIBLE * self._size) / self.count
        if moved > LEAP * share:
            self._stride //= 2
        elif moved <= STILL * share:
            self._stride *= 2
        self._stride = max(1, min(self._stride, step // (LOOKS * self.count)))

    def _wanted_rows(self) -> list[int]:
        """Return the states that are kept when there are more than are wanted: the pinned ones, and evenly the rest."""
        n = len(self._held)
        if n <= self.count:
            return list(range(n))
        ways = np.array([state.way for state in self._held])
        pinned = [row for row, state in enumerate(self._held) if state.step in self._pinned]
        rows: list[int] = evenly_spaced_rows(np.diff(ways, prepend=ways[0]), self.count, pinned).tolist()
        return rows
