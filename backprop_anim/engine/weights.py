"""Weights as a file, by our names W1, b1, W2, … or by PyTorch's; never unpickled, its shapes never trusted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import RecordingError
from backprop_anim.engine.npz_file import read_arrays
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.tensor_file import TENSOR_SUFFIX, read_tensors
from backprop_anim.engine.types import Array

__all__ = ["read_weights", "write_weights"]

KINDS = (".weight", ".bias")
"""How the names of PyTorch's arrays end."""

MOST_BYTES = 50_000_000
"""More than the weights of any network that an experiment may have."""


def write_weights(target: Path | IO[bytes], layout: Layout, vector: Array) -> None:
    """Write a flat vector, shape (P,), as named arrays."""
    arrays = {name: np.ascontiguousarray(view) for name, view in layout.arrays(vector).items()}
    np.savez(target, allow_pickle=False, **arrays)


def read_weights(path: Path, layout: Layout) -> Array:
    """Return the weights in `path` as a flat vector, shape (P,).

    Raises
    ------
    NotFoundError
        If it is a .safetensors file, and the package that reads these is missing.
    RecordingError
        If the file cannot be read, or does not hold finite arrays of just the shapes of `layout`.
    """
    expected = layout.shapes()
    if path.suffix.lower() == TENSOR_SUFFIX:
        found = _in_order(path, read_tensors(path, "a .safetensors file of weights", MOST_BYTES))
    else:
        found = read_arrays(path, "an .npz file of weights", MOST_BYTES)
    stored = _renamed(found, list(expected))
    if set(stored) != set(expected):
        raise RecordingError(f"{path} holds {', '.join(sorted(stored)) or 'nothing'}; needed: {', '.join(expected)}")
    return layout.pack({name: _checked(path, name, stored[name], shape) for name, shape in expected.items()})


def _in_order(path: Path, stored: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file that keeps no order in that of the numbers in their names.

    Raises
    ------
    RecordingError
        If names that are not ours do not say by such numbers which layer comes first.
    """
    layers = {name.rpartition(".")[0] for name in stored if name.endswith(KINDS)}
    alike = {re.sub("[0-9]+", "0", layer) for layer in layers}
    if len(layers) > 1 and len(alike) > 1:
        said = f"{path} does not say which layer comes first: {', '.join(sorted(layers))}"
        raise RecordingError(f"{said}; name them by numbers, as 0.weight, 0.bias, 2.weight, or W1, b1, W2")
    return dict(sorted(stored.items(), key=lambda item: [int(part) for part in re.findall("[0-9]+", item[0])]))


def _renamed(stored: dict[str, NDArray[Any]], expected: list[str]) -> dict[str, NDArray[Any]]:
    """Return arrays that are named as PyTorch names them, ``0.weight, 0.bias, 2.weight, …``, by our names."""
    kinds = dict(zip("Wb", KINDS, strict=True))
    if set(stored) & set(expected) or not all(name.endswith(KINDS) for name in stored):
        return stored
    of_kind = {letter: [name for name in stored if name.endswith(ending)] for letter, ending in kinds.items()}
    wanted = {letter: [name for name in expected if name.startswith(letter)] for letter in kinds}
    if any(len(of_kind[letter]) != len(wanted[letter]) for letter in kinds):
        return stored
    return {
        ours: stored[theirs] for letter in kinds for ours, theirs in zip(wanted[letter], of_kind[letter], strict=True)
    }


def _checked(path: Path, name: str, array: NDArray[Any], shape: tuple[int, ...]) -> Array:
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        raise RecordingError(f"{path}: {name} holds {array.dtype}, not numbers of up to 64 bits")
    if array.shape != shape:
        hint = "; it looks transposed: a row is a neuron here, so save its .T" if array.shape == shape[::-1] else ""
        raise RecordingError(f"{path}: {name} has the shape {array.shape}; the network needs {shape}{hint}")
    if not np.isfinite(array).all():
        raise RecordingError(f"{path}: {name} holds numbers that are not finite")
    return array.astype(np.float64)
