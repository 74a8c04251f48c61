"""Arrays, tensors and data frames that a user hands over, as numbers and words of NumPy's, or as files of a run."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import UsageError
from backprop_anim.tasks import TaskError, check_samples

__all__ = ["as_array", "column_names", "task_of"]

MOST_LABELS, LEAST_OF_LABEL = 20, 2
"""Whole numbers are classes where there are at most so many different ones, each so often, as in a CSV file."""

_folder: list[TemporaryDirectory[str]] = []
"""Where data are written that were handed over, until the program ends: a run copies them beside its own files."""

_numbers = count()


def task_of(data: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the task that learns what was handed over, in the words of a file.

    Parameters
    ----------
    data : sequence
        X and y, and X and y of what is held out, where there is some. A data frame keeps its words and dates.
    said : mapping
        What else is said of the task.

    Raises
    ------
    UsageError
        If it is something else.
    """
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 4):
        raise UsageError("data is a pair (X, y), or (X, y, X_test, y_test), of arrays or data frames")
    if clash := {"file", "rows", "inputs", "targets"} & set(said):
        raise UsageError(f"data and task.{min(clash)} both say what is learned; give one of them")
    x, y, *more = data
    if hasattr(x, "columns"):
        return {**_frame_task(x, y, more), **said}
    arrays = {name: as_array(one, name) for name, one in zip(("x", "y", "x_test", "y_test"), data, strict=False)}
    try:
        for ending in ("", "_test") if more else ("",):
            check_samples(arrays, f"x{ending}", f"y{ending}")
    except TaskError as error:
        raise UsageError(f"data: {error}") from None
    path = _new_file("samples.npz")
    np.savez(path, allow_pickle=False, **arrays)
    names = {"names": {"outputs": list(outputs)}} if (outputs := column_names(y)) and not _are_labels(y) else {}
    return {"kind": "arrays", "file": str(path), "classes": _are_labels(y), **names, **said}


def _frame_task(x: Any, y: Any, more: Sequence[Any]) -> dict[str, Any]:
    inputs = list(column_names(x))
    targets = list(column_names(y)) or [f"y{k}" for k in range(1, _width(y) + 1)]
    targets = [name if name not in inputs else f"{name} (y)" for name in (["y"] if targets == ["y1"] else targets)]
    path = _new_file("data.csv")
    _write_table(path, x, y, inputs, targets)
    task = {"kind": "table", "file": str(path), "inputs": inputs, "targets": targets if targets[1:] else targets[0]}
    if more:
        held_out = _new_file("test.csv")
        _write_table(held_out, more[0], more[1], inputs, targets)
        task["test_file"] = str(held_out)
    return task | ({"classes": True} if _are_labels(y) and not _are_words(y) else {})


def _write_table(path: Path, x: Any, y: Any, inputs: Sequence[str], targets: Sequence[str]) -> None:
    """Write a data frame and its answers as a CSV file."""
    if sorted(map(str, x.columns)) != sorted(inputs):
        raise UsageError(f"data: the columns of X_test are {', '.join(map(str, x.columns))}, those of X are others")
    columns = [list(x[name]) for name in x.columns]
    answers = [list(y[name]) for name in y.columns] if hasattr(y, "columns") else _answers(y)
    lengths = {len(column) for column in (*columns, *answers)}
    if len(lengths) > 1:
        raise UsageError(f"data: X has {len(columns[0]):,} rows and y {len(answers[0]):,}")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*map(str, x.columns), *targets])
        writer.writerows([_cell(value) for value in row] for row in zip(*columns, *answers, strict=True))


def _answers(y: Any) -> list[list[Any]]:
    """Return the columns of y."""
    if hasattr(y, "to_numpy"):
        return [list(y)]
    array = as_array(y, "y")
    return array.reshape(len(array), -1).T.tolist()


def _cell(value: Any) -> Any:
    """Return a value as a cell of a CSV file; what is missing is empty."""
    if value is None or value != value:  # noqa: PLR0124  # nan, and pandas' NaT
        return ""
    if hasattr(value, "isoformat"):
        text: str = value.isoformat() if isinstance(value, date) else str(value)
        return text.removesuffix("T00:00:00")
    return value.item() if isinstance(value, np.generic) else value


def _width(y: Any) -> int:
    shape: tuple[int, ...] = getattr(y, "shape", ())
    return int(shape[1]) if len(shape) > 1 else 1


def _are_words(y: Any) -> bool:
    return _width(y) == 1 and as_array(y, "y").dtype.kind == "U"


def _are_labels(y: Any) -> bool:
    """Return whether y is one column of words, of yes and no, or of few whole numbers that come back."""
    array = as_array(y, "y")
    if array.ndim > 1 and array.shape[1] > 1:
        return False
    if array.dtype.kind in "Ub":
        return True
    if array.dtype.kind not in "iu" or not array.size:
        return False
    found, counts = np.unique(array, return_counts=True)
    return bool(1 < len(found) <= MOST_LABELS and counts.min() >= LEAST_OF_LABEL)


def _new_file(name: str) -> Path:
    """Return a file for data that were handed over."""
    if not _folder:
        _folder.append(TemporaryDirectory(prefix="backprop-anim-"))
    folder = Path(_folder[0].name, str(next(_numbers)))
    folder.mkdir()
    return folder / name


def as_array(value: Any, name: str) -> NDArray[Any]:
    """Return what a user gave as an array of numbers or words; tensors come from their device.

    Raises
    ------
    UsageError
        If it cannot be one.
    """
    for method in ("detach", "cpu"):  # a tensor of PyTorch
        if hasattr(value, method):
            value = getattr(value, method)()
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(f"{name} is no array ({error})") from None
    if array.dtype.kind == "O":
        array = _from_objects(array, name)
    if array.dtype.kind not in "fiubUS":
        raise UsageError(f"{name} holds {array.dtype}, not numbers")
    return array.astype(str) if array.dtype.kind == "S" else array


def _from_objects(array: NDArray[Any], name: str) -> NDArray[Any]:
    if all(isinstance(one, str) for one in array.ravel().tolist()):
        return array.astype(str)
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        kinds = sorted({type(one).__name__ for one in array.ravel().tolist()})
        raise UsageError(
            f"{name} holds {' and '.join(kinds)}: give numbers, words of one kind become numbers first"
        ) from None


def column_names(value: Any) -> tuple[str, ...]:
    """Return the names of a data frame's columns, or of a series; nothing for an array."""
    columns = getattr(value, "columns", None)
    if columns is not None:
        return tuple(map(str, columns))
    name = getattr(value, "name", None)
    return (str(name),) if isinstance(name, str) and hasattr(value, "to_numpy") else ()
