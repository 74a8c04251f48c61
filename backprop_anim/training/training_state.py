"""A run between two steps as plain words and arrays, and who keeps it; nothing here trains or writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Checkpointer", "NoCheckpoints", "TrainingState", "checked_array", "restore_into"]


@dataclass(frozen=True)
class TrainingState:
    """A run between two steps: with it, training goes on as if it had never stopped.

    Attributes
    ----------
    words : mapping
        What can be written as JSON: the step, and the states of the random generators.
    arrays : mapping of str to ndarray
    """

    words: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


class Checkpointer(Protocol):
    """Takes the state of a run whenever it is `due`; may raise to end the run.

    Attributes
    ----------
    due : bool
        Whether the state should be handed over before the next step.
    begun : bool
        Whether it has taken one.
    """

    @property
    def due(self) -> bool: ...

    @property
    def begun(self) -> bool: ...

    def save(self, state: TrainingState) -> None: ...


class NoCheckpoints:
    """Keeps nothing."""

    due = begun = False

    def save(self, state: TrainingState) -> None:
        """Never called."""


def restore_into(target: NDArray[Any], kept: NDArray[Any]) -> None:
    """Write what was kept into `target`; raises ValueError where it does not fit."""
    target[...] = _fitting(kept, target.dtype, target.shape)


def checked_array(kept: NDArray[Any], kind: Any, shape: tuple[int | None, ...]) -> NDArray[Any]:
    """Return a copy of what was kept, if it has this type and shape, where None stands for any length.

    Raises
    ------
    ValueError
        If it does not.
    """
    return _fitting(kept, kind, shape).copy()


def _fitting(kept: NDArray[Any], kind: Any, shape: tuple[int | None, ...]) -> NDArray[Any]:
    fits = len(kept.shape) == len(shape) and all(n in (None, m) for n, m in zip(shape, kept.shape, strict=True))
    if not fits or kept.dtype != np.dtype(kind):
        raise ValueError(f"an array of {kept.dtype} {kept.shape} stands where {np.dtype(kind)} {shape} is needed")
    return kept
