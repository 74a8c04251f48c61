"""The array type of the engine; nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array"]

Array = NDArray[np.float64]
"""Every number of the engine is a float64."""
