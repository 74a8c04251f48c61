"""Vectors of a run's states that are not all kept in double precision; whoever asks for a row gets float64."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array, Rows

if TYPE_CHECKING:
    from backprop_anim.training.step_replay import StepReplay

__all__ = ["PlacedRows", "ReplayedRows", "SingleRows", "n_finite_rows", "taken", "with_row"]

Singles = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PlacedRows(ABC):
    """Rows of which some are kept exactly, and the others have places where they are found.

    Attributes
    ----------
    exact : ndarray, shape (E, P)
        Rows in double precision.
    places : ndarray of int, shape (S,)
        Where each row is: -1, -2, … stand for the first, the second … of `exact`.
    """

    exact: Array
    places: NDArray[np.int64]

    @abstractmethod
    def _at(self, place: int) -> Array:
        """Return what has the place 0, 1, …, shape (P,)."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(S, P), as of an array."""
        return len(self.places), self.exact.shape[1]

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Array]:
        return (self._row(place) for place in self.places.tolist())

    def __getitem__(self, rows: Any, /) -> Array:
        places = self.places[rows]
        if places.ndim == 0:
            return self._row(int(places))
        found = np.empty((len(places), self.exact.shape[1]))
        for row, place in enumerate(places.tolist()):
            found[row] = self._row(place)
        return found

    def _row(self, place: int) -> Array:
        row: Array = self._at(place) if place >= 0 else self.exact[-1 - place]
        return row

    def taken(self, rows: NDArray[np.int64] | slice) -> Self:
        """Return some of the rows; nothing is copied."""
        return replace(self, places=self.places[rows])

    def with_row(self, position: int, values: Array) -> Self:
        """Return the rows with an exact one put in before that at `position`."""
        places = np.insert(self.places, position, -1 - len(self.exact))
        return replace(self, exact=np.vstack([self.exact, values]), places=places)


@dataclass(frozen=True, eq=False)
class SingleRows(PlacedRows):
    """Rows in single precision, the exact ones apart.

    Attributes
    ----------
    numbers : ndarray of float32, shape (K, P)
        What stands at the places 0, 1, …
    """

    numbers: Singles

    def _at(self, place: int) -> Array:
        row: Array = self.numbers[place].astype(np.float64)
        return row

    def compact(self) -> SingleRows:
        """Return the same rows, with nothing kept that none of them needs."""
        used = np.unique(self.places[self.places >= 0])
        needed = np.unique(-1 - self.places[self.places < 0])
        if len(used) == len(self.numbers) and len(needed) == len(self.exact):
            return self
        inside = self.places >= 0
        places = np.where(inside, np.searchsorted(used, self.places), -1 - np.searchsorted(needed, -1 - self.places))
        from_front = len(used) == 0 or int(used[-1]) == len(used) - 1
        return SingleRows(self.exact[needed], places, self.numbers[: len(used)] if from_front else self.numbers[used])


@dataclass(frozen=True, eq=False)
class ReplayedRows(PlacedRows):
    """Gradients or updates that are computed when they are asked for.

    Attributes
    ----------
    replay : StepReplay
        Knows those of the rows 0, 1, … of the run as it was kept.
    field : {"gradients", "updates"}
    """

    replay: StepReplay
    field: Literal["gradients", "updates"]

    def _at(self, place: int) -> Array:
        return self.replay.gradient(place) if self.field == "gradients" else self.replay.update(place)


def taken(rows: Rows, chosen: NDArray[np.int64] | slice) -> Rows:
    """Return some of the rows, kept as they are kept."""
    found: Rows = rows.taken(chosen) if isinstance(rows, PlacedRows) else rows[chosen]
    return found


def with_row(rows: Rows, position: int, values: Array) -> Rows:
    """Return rows with one put in before that at `position`."""
    if isinstance(rows, PlacedRows):
        return rows.with_row(position, values)
    more: Array = np.insert(rows[:], position, values, axis=0)
    return more


def n_finite_rows(rows: Rows) -> int:
    """Return how many rows there are before the first that holds a number that is not finite."""
    if isinstance(rows, ReplayedRows):  # what any but the last step would have spoilt, the parameters after it show
        return len(rows) - bool(len(rows) and not np.isfinite(rows[-1]).all())
    if isinstance(rows, PlacedRows):
        finite = np.array([bool(np.isfinite(row).all()) for row in rows], np.bool_)
    else:
        finite = np.isfinite(rows[:]).all(axis=1)
    return int(np.logical_and.accumulate(finite).sum())
