"""Weights as a file: an .npz of W1, b1, W2, b2, …; it is never unpickled, and its shapes are never trusted."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

import numpy as np

from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array
from backprop_anim.errors import RecordingError

__all__ = ["read_weights", "write_weights"]


def write_weights(target: Path | IO[bytes], layout: Layout, vector: Array) -> None:
    """Write a flat vector, shape (P,), as named arrays."""
    arrays = {name: np.ascontiguousarray(view) for name, view in layout.arrays(vector).items()}
    np.savez(target, allow_pickle=False, **arrays)


def read_weights(path: Path, layout: Layout) -> Array:
    """Return the weights in `path` as a flat vector, shape (P,).

    Raises
    ------
    RecordingError
        If the file cannot be read, or does not hold finite arrays of just the shapes of `layout`.
    """
    expected = layout.shapes()
    try:
        with np.load(path, allow_pickle=False) as stored:
            if set(stored.files) != set(expected):
                raise RecordingError(f"{path} holds {', '.join(sorted(stored.files))}; needed: {', '.join(expected)}")
            arrays = {name: _checked(path, name, stored[name], shape) for name, shape in expected.items()}
    except FileNotFoundError:
        raise RecordingError(f"there is no file {path}") from None
    except (OSError, ValueError, EOFError, KeyError, AttributeError, zipfile.BadZipFile) as error:
        raise RecordingError(f"{path} is not an .npz file of weights ({error})") from None
    return layout.pack(arrays)


def _checked(path: Path, name: str, array: Array, shape: tuple[int, ...]) -> Array:
    if array.dtype.kind not in "fiu":
        raise RecordingError(f"{path}: {name} holds {array.dtype}, not numbers")
    if array.shape != shape:
        raise RecordingError(f"{path}: {name} has the shape {array.shape}; the network needs {shape}")
    if not np.isfinite(array).all():
        raise RecordingError(f"{path}: {name} holds numbers that are not finite")
    return array.astype(np.float64)
