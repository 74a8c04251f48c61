"""The losses that the steps of a run see, and what its weights cost besides; it never trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.training.training_state import restore_into

__all__ = ["LossLog"]


class LossLog:
    """Room for every step of a run, filled from the front.

    Parameters
    ----------
    n_steps : int
    penalized : bool
        Whether weights cost something.
    """

    def __init__(self, n_steps: int, penalized: bool) -> None:
        self._losses = np.zeros(n_steps)
        self._penalties = np.zeros(n_steps) if penalized else None

    def keep(self, step: int, loss: float, penalty: float) -> None:
        """Keep what a step saw."""
        self._losses[step] = loss
        if self._penalties is not None:
            self._penalties[step] = penalty

    def until(self, step: int) -> tuple[Array, Array | None]:
        """Return the losses and the penalties of the steps before `step`."""
        return self._losses[:step], None if self._penalties is None else self._penalties[:step]

    def state(self, step: int) -> dict[str, NDArray[Any]]:
        """Return what was kept before `step`, as arrays."""
        losses, penalties = self.until(step)
        return {"losses": losses} if penalties is None else {"losses": losses, "penalties": penalties}

    def restore(self, step: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go back to what `state` returned; raises an ordinary error where it does not fit."""
        for name, kept in self.state(step).items():
            restore_into(kept, arrays[name])
