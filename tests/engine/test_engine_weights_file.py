"""Weights as a file: bit for bit there and back, in PyTorch's shapes, and nothing but RecordingError for the rest."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import altered, stored

from backprop_anim.common.errors import RecordingError
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array
from backprop_anim.engine.weights import read_weights, write_weights

LAYOUT = Layout((2, 3, 1))
VECTOR = np.random.default_rng(1).normal(size=LAYOUT.n_parameters)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_weights(tmp_path / "weights.npz", LAYOUT, VECTOR)
    return tmp_path / "weights.npz"


def arrays() -> dict[str, Any]:
    return {name: view.copy() for name, view in LAYOUT.arrays(VECTOR).items()}


@pytest.mark.parametrize("bias", [True, False])
def test_weights_come_back_bit_for_bit(tmp_path: Path, bias: bool) -> None:
    layout = Layout((2, 5, 4, 3), bias)
    vector = np.random.default_rng(2).normal(size=layout.n_parameters)
    vector[:3] = [5e-324, -0.0, 1.7976931348623157e308]
    write_weights(tmp_path / "w.npz", layout, vector)
    assert read_weights(tmp_path / "w.npz", layout).tobytes() == vector.tobytes()


def test_pytorchs_names_are_taken_in_their_order(tmp_path: Path) -> None:
    given = arrays()
    theirs = {"10.weight": given["W1"], "10.bias": given["b1"], "2.weight": given["W2"], "2.bias": given["b2"]}
    np.savez(tmp_path / "w.npz", **theirs)
    np.testing.assert_array_equal(read_weights(tmp_path / "w.npz", LAYOUT), VECTOR)
    np.savez(tmp_path / "w.npz", **dict(list(theirs.items())[:3]))
    with pytest.raises(RecordingError, match=r"needed: W1, b1, W2, b2"):
        read_weights(tmp_path / "w.npz", LAYOUT)


def test_a_transposed_matrix_gets_a_hint(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", **{**arrays(), "W1": arrays()["W1"].T})
    with pytest.raises(RecordingError, match=r"looks transposed.*save its \.T"):
        read_weights(tmp_path / "w.npz", LAYOUT)


def test_the_file_holds_plain_arrays_in_the_shapes_of_pytorchs_linear(file: Path) -> None:
    found = stored(file)
    assert {name: array.shape for name, array in found.items()} == {
        "W1": (3, 2),
        "b1": (3,),
        "W2": (1, 3),
        "b2": (1,),
    }
    assert all(array.dtype == np.float64 for array in found.values())
    outputs = found["W2"] @ np.tanh(found["W1"] @ [0.3, -0.2] + found["b1"]) + found["b2"]
    assert outputs.shape == (1,)


def test_the_same_weights_give_the_same_bytes(file: Path) -> None:
    buffer = io.BytesIO()
    write_weights(buffer, LAYOUT, VECTOR)
    assert buffer.getvalue() == file.read_bytes()


@pytest.mark.parametrize("kind", ["float32", "float16", "int8", "uint64", ">f8", "<i2"])
def test_other_kinds_of_numbers_become_float64(tmp_path: Path, kind: str) -> None:
    whole = {name: np.rint(4 * np.abs(array)).astype(kind) for name, array in arrays().items()}
    np.savez(tmp_path / "w.npz", allow_pickle=False, **whole)
    found = read_weights(tmp_path / "w.npz", LAYOUT)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, LAYOUT.pack(whole))


def test_compressed_and_column_major_arrays_are_read_too(tmp_path: Path) -> None:
    turned = {name: np.asfortranarray(array) for name, array in arrays().items()}
    np.savez_compressed(tmp_path / "w.npz", allow_pickle=False, **turned)
    np.testing.assert_array_equal(read_weights(tmp_path / "w.npz", LAYOUT), VECTOR)


def with_nan(values: dict[str, Any]) -> None:
    values["W1"][1, 1] = np.nan


def with_infinity(values: dict[str, Any]) -> None:
    values["b2"][0] = -np.inf


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "missing": (lambda v: v.pop("b2"), "holds W1, W2, b1; needed: W1, b1, W2, b2"),
    "more": (lambda v: v.update(W3=np.zeros(2)), "needed: W1, b1, W2, b2"),
    "empty": (lambda v: v.clear(), "holds nothing"),
    "turned": (lambda v: v.update(W1=v["W1"].T), r"W1 has the shape \(2, 3\); the network needs \(3, 2\)"),
    "flat": (lambda v: v.update(b1=np.array(1.0)), r"b1 has the shape \(\)"),
    "nan": (with_nan, "W1 holds numbers that are not finite"),
    "infinite": (with_infinity, "b2 holds numbers that are not finite"),
    "complex": (lambda v: v.update(W1=v["W1"] * 1j), "W1 holds complex128"),
    "words": (lambda v: v.update(b1=np.array(["a", "b", "c"])), "b1 holds <U1"),
    "truths": (lambda v: v.update(b1=np.array([True, False, True])), "b1 holds bool"),
    "dates": (lambda v: v.update(b1=np.zeros(3, "datetime64[s]")), "b1 holds datetime64"),
    "records": (lambda v: v.update(b1=np.zeros(3, [("a", "f8")])), "b1 holds"),
    "wide": (lambda v: v.update(b1=np.full(3, 2, np.longdouble)), "up to 64 bits"),
}


@pytest.mark.parametrize("case", WRONG)
def test_weights_that_do_not_fit_are_refused_with_the_reason(tmp_path: Path, case: str) -> None:
    change, said = WRONG[case]
    values = arrays()
    change(values)
    path = tmp_path / "w.npz"
    np.savez(path, allow_pickle=False, **values)
    with pytest.raises(RecordingError, match=said) as caught:
        read_weights(path, LAYOUT)
    assert str(path) in str(caught.value)


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        read_weights(path, LAYOUT)
    return str(caught.value)


class Bomb:
    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return pytest.fail, ("it was unpickled",)


def saved(write: Callable[..., object], *values: Any, **more: Any) -> bytes:
    buffer = io.BytesIO()
    write(buffer, *values, **more)
    return buffer.getvalue()


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    objects = np.array([Bomb(), Bomb(), Bomb()], dtype=object)
    assert "Object arrays" in refused(
        tmp_path / "w.npz", saved(np.savez, allow_pickle=True, **arrays() | {"b1": objects})
    )
    assert refused(tmp_path / "w.npz", pickle.dumps(Bomb()))
    assert refused(tmp_path / "w.npz", saved(np.save, objects, allow_pickle=True))


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    for content in (b"", b"PK", b"title: a YAML file\n", saved(np.save, np.zeros(3)), b"\x00" * 1000):
        assert "is not an .npz file of weights" in refused(path, content)
    with zipfile.ZipFile(path, "w") as archive:
        for name in LAYOUT.names:
            archive.writestr(f"{name}.npy", b"no array at all")
    assert "is not an .npz file of weights" in refused(path, path.read_bytes())
    with pytest.raises(RecordingError, match="there is no file"):
        read_weights(tmp_path / "nothing.npz", LAYOUT)
    with pytest.raises(RecordingError, match="is not an"):
        read_weights(tmp_path, LAYOUT)


def header(shape: str, kind: str = "<f8") -> bytes:
    """The start of an .npy file that declares a shape, and the numbers of no array behind it."""
    words = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(words).to_bytes(2, "little") + words.encode() + b"\x00" * 24


@pytest.mark.parametrize(
    "shape", ["(4611686018427387904,)", "(1000000000000000,)", "(-3,)", "(99999999999, 99999999999)", "(3.0,)", "'no'"]
)
def test_declared_sizes_are_not_believed(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "w.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays().items():
            archive.writestr(f"{name}.npy", header(shape) if name == "b1" else saved(np.save, array))
    assert refused(path, path.read_bytes())


def test_a_small_file_does_not_unpack_to_a_large_one(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("W1.npy", "w") as member:
        member.write(header("(30000000,)"))
        for _ in range(240):
            member.write(b"\x00" * 1_000_000)
    assert path.stat().st_size < 1_000_000
    assert "it unpacks to 240,0" in refused(path, path.read_bytes())


def test_damaged_files_are_refused_or_whole(file: Path) -> None:
    good = file.read_bytes()
    refusals = 0
    for damaged in altered(good, 600):
        file.write_bytes(damaged)
        try:
            found: Array = read_weights(file, LAYOUT)
        except RecordingError:
            refusals += 1
        else:
            assert found.tobytes() == VECTOR.tobytes()  # the damage hit a byte that nobody reads
    assert refusals > 300
