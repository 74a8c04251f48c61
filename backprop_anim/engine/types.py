"""The array types of the engine; nothing else."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Rows"]

Array = NDArray[np.float64]
"""Every number of the engine is a float64."""


class Rows(Protocol):
    """Many flat vectors, shape (S, P): an array, or what makes its rows when they are asked for.

    A row, or rows by a slice or by their numbers, are arrays of float64 however they are kept.
    """

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any, /) -> Any: ...
