"""Weights from .safetensors files: by our names or PyTorch's, in any precision, and one message for the rest."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.common.errors import NotFoundError, RecordingError
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.weights import read_weights

LAYOUT = Layout((2, 3, 1))
VECTOR = np.random.default_rng(1).normal(size=LAYOUT.n_parameters)


def arrays() -> dict[str, Any]:
    return {name: view.copy() for name, view in LAYOUT.arrays(VECTOR).items()}


def saved(tmp_path: Path, tensors: dict[str, Any]) -> Path:
    """A .safetensors file, whose order is its own: the largest numbers first, then by name."""
    numpy_file = pytest.importorskip("safetensors.numpy")
    numpy_file.save_file(
        {name: np.ascontiguousarray(array) for name, array in tensors.items()}, tmp_path / "w.safetensors"
    )
    return tmp_path / "w.safetensors"


def written_by_hand(kind: str, tensors: dict[str, Any]) -> bytes:
    """Eight bytes with the length of a header in JSON, the header, the numbers."""
    header, data = dict[str, Any](), b""
    for name, array in tensors.items():
        end = len(data) + array.nbytes
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(data), end]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_safetensors_are_taken_by_our_names_and_by_pytorchs(tmp_path: Path) -> None:
    given = arrays()
    np.testing.assert_array_equal(read_weights(saved(tmp_path, given), LAYOUT), VECTOR)
    names = ("layers.2.weight", "layers.2.bias", "layers.10.weight", "layers.10.bias")
    np.testing.assert_array_equal(
        read_weights(saved(tmp_path, dict(zip(names, given.values(), strict=True))), LAYOUT), VECTOR
    )
    with pytest.raises(RecordingError, match=r"looks transposed"):
        read_weights(saved(tmp_path, {**given, "W1": given["W1"].T}), LAYOUT)


def test_layers_whose_names_do_not_say_their_order_are_refused(tmp_path: Path) -> None:
    names = ("trunk.weight", "trunk.bias", "head.weight", "head.bias")
    with pytest.raises(RecordingError, match=r"does not say which layer comes first: head, trunk; name"):
        read_weights(saved(tmp_path, dict(zip(names, arrays().values(), strict=True))), LAYOUT)


def test_half_precision_is_taken_for_what_it_is(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    half = {name: array.astype(np.float16) for name, array in arrays().items()}
    wanted = np.concatenate([half["W1"], half["b1"][:, None]], axis=1).astype(float)
    np.testing.assert_array_equal(LAYOUT.arrays(read_weights(saved(tmp_path, half), LAYOUT))["W1"], wanted[:, :2])
    single = {name: array.astype(np.float32) for name, array in arrays().items()}
    cut = {name: (array.view(np.uint32) >> 16).astype(np.uint16) for name, array in single.items()}
    (tmp_path / "b.safetensors").write_bytes(written_by_hand("BF16", cut))
    found = LAYOUT.arrays(read_weights(tmp_path / "b.safetensors", LAYOUT))
    for name, array in single.items():
        np.testing.assert_array_equal(found[name], (array.view(np.uint32) & 0xFFFF0000).view(np.float32))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 40, b"\x10" + b"\0" * 7 + b'{"a": 3}        '])
def test_a_damaged_safetensors_file_is_told(content: bytes, tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    (tmp_path / "w.safetensors").write_bytes(content)
    with pytest.raises(RecordingError, match=r"w\.safetensors is not a \.safetensors file of weights \("):
        read_weights(tmp_path / "w.safetensors", LAYOUT)
    with pytest.raises(RecordingError, match="there is no file"):
        read_weights(tmp_path / "none.safetensors", LAYOUT)


def test_flags_are_no_weights(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"W1 holds BOOL; save it as float32"):
        read_weights(saved(tmp_path, {**arrays(), "W1": np.ones((3, 2), bool)}), LAYOUT)


def test_without_the_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(NotFoundError, match=r"w\.safetensors needs safetensors: pip install 'backprop-anim\[safet"):
        read_weights(tmp_path / "w.safetensors", LAYOUT)
