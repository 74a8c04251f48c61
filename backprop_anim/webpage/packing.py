"""Arrays as text for the page's data: little-endian bytes, deflated, in base64."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack", "pack_whole"]

LEVEL = 9
MOST_SINGLE = float(np.finfo(np.float32).max)


def pack(array: NDArray[np.float64], single: bool = False) -> dict[str, str]:
    """Return numbers as the page unpacks them, in double or in single precision; what is beyond it is its greatest."""
    if single:
        array = array.clip(-MOST_SINGLE, MOST_SINGLE)
    kind = "f4" if single else "f8"
    return {"type": kind, "bytes": _text(array.astype(f"<{kind}"))}


def pack_whole(array: NDArray[np.int64]) -> dict[str, str]:
    """Return whole numbers as the page unpacks them."""
    return {"type": "i4", "bytes": _text(array.astype("<i4"))}


def _text(array: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(array.tobytes(), LEVEL)).decode("ascii")
