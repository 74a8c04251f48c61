"""Numbers for many frames, found a block of frames at a time, so that memory does not grow with the film."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["FrameBlocks", "states_at_once"]

T = TypeVar("T")

BLOCK = 128

MOST_NUMBERS = 1_000_000
"""Parameters in a block of states."""


class FrameBlocks(Generic[T]):
    """Rows that are computed in blocks when one of them is asked for; one block is kept.

    Parameters
    ----------
    compute : callable
        Given the rows ``start`` and ``stop``, returns what is kept for all of them.
    n_rows : int
    size : int, optional
        Rows in a block.
    """

    def __init__(self, compute: Callable[[int, int], T], n_rows: int, size: int = BLOCK) -> None:
        self._compute, self._n_rows, self._size = compute, n_rows, size
        self._start = -1
        self._block: T

    def at(self, row: int) -> tuple[T, int]:
        """Return the block that holds `row`, and the row's place in it."""
        start = row - row % self._size
        if start != self._start:
            self._block = self._compute(start, min(start + self._size, self._n_rows))
            self._start = start
        return self._block, row - start


def states_at_once(n_parameters: int) -> int:
    """Return how many states a block holds, fewer where they are large."""
    return max(1, min(BLOCK, MOST_NUMBERS // n_parameters))
