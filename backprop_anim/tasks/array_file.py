"""Data sets from arrays, as NumPy writes them: x, y and what is held out; words and gaps are for tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import OWN_NAMES, Dataset, DatasetKind, Names, TaskError, tasks
from backprop_anim.tasks.held_out import Holdout, TestShare, without_rows
from backprop_anim.tasks.naming import renamed
from backprop_anim.tasks.normalizing import Normalize, normalized

__all__ = ["ArrayTask", "check_samples", "rewritten", "write_arrays"]

Array = NDArray[Any]

MOST_BYTES = 2_000_000_000
MOST_CLASSES = 1000


@tasks.register("arrays")
@dataclass(frozen=True)
class ArrayTask:
    """Your own numbers from an .npz file: x and y, and x_test and y_test for what is held out.

    Attributes
    ----------
    file : str
        An .npz file as np.savez writes it: x (N, n_in), y (N,) or (N, n_out). Whole numbers and words in one column of
        y are classes; other axes of x, as those of pictures, are laid out in a row.
    classes : bool, optional
        Whether y holds classes, where its type does not say so: whole numbers or one-hot rows, or else numbers.
    normalize : str or mapping
        The units that the network is trained in, as for a table.
    curve : bool
        Whether the two columns of y are the x and the y of a curve.
    names : Names
        Names of inputs, outputs and classes.
    test : float, optional
        The share of the samples that is held out, of each class alike.
    """

    file: str
    classes: bool | None = None
    normalize: Normalize = "auto"
    curve: bool = False
    names: Names = OWN_NAMES
    test: TestShare = field(default=None, metadata={"quiet": True})

    @property
    def n_samples(self) -> int | None:
        """Not known before the file is read."""
        return None

    def build(self, rng: np.random.Generator) -> Dataset:
        """Read the samples; nothing about them is random.

        Raises
        ------
        TaskError
            If the file cannot be read, or its arrays do not go together.
        """
        return self.build_apart(rng, None)

    def build_apart(self, rng: np.random.Generator, holdout: Holdout | None) -> Dataset:
        """Read the samples; units come from those that are not held out.

        Raises
        ------
        TaskError
            As `build` does.
        """
        return self.build_from(_read(Path(self.file)), holdout)

    def build_from(self, arrays: Mapping[str, Array], holdout: Holdout | None = None) -> Dataset:
        """Make the data set of arrays that are there already, by the names that they have in a file.

        Raises
        ------
        TaskError
            If they do not go together.
        """
        x, y = check_samples(arrays, "x", "y")
        n_trained = len(x)
        if "x_test" in arrays or "y_test" in arrays:
            if holdout is not None:
                raise TaskError("test and x_test both say what is held out; give one of them", "test")
            x, y = _joined((x, y), check_samples(arrays, "x_test", "y_test"))
        dataset = self._dataset(x, y)
        listed = dataset.labels is not None and dataset.class_names == self.names.classes
        names = replace(self.names, classes=()) if listed else self.names
        dataset = renamed(dataset, names, are_words=y.dtype.kind == "U")
        rows = np.arange(n_trained, len(x))
        if holdout is not None:
            rows = holdout.rows(len(x), dataset.labels, dataset.class_names)
        dataset = normalized(dataset, self.normalize, np.setdiff1d(np.arange(len(x)), rows))
        return without_rows(dataset, rows) if rows.size else dataset

    def _dataset(self, x: Array, y: Array) -> Dataset:
        inputs = np.ascontiguousarray(x.reshape(len(x), -1), dtype=np.float64)
        given = self.names
        names = given.inputs if len(given.inputs) == inputs.shape[1] else _own("x", inputs)
        are_classes = y.ndim == 1 and y.dtype.kind in "iubU" if self.classes is None else self.classes
        if are_classes and self.curve:
            raise TaskError("the targets of a curve are numbers, not classes", "curve")
        if are_classes:
            labels, classes = _labels(y, self.names.classes)
            two = len(classes) == 2
            targets = labels[:, np.newaxis].astype(np.float64) if two else np.eye(len(classes))[labels]
            return Dataset("classes", inputs, targets, labels, input_names=names, class_names=classes)
        if y.dtype.kind == "U":
            raise TaskError("y holds words, which are classes (classes: false says otherwise)", "classes")
        targets = np.ascontiguousarray(y.reshape(len(y), -1), dtype=np.float64)
        if self.curve and (inputs.shape[1], targets.shape[1]) != (1, 2):
            said = f"a curve needs one input and two targets, and here are {inputs.shape[1]} and {targets.shape[1]}"
            raise TaskError(said, "curve")
        outputs = given.outputs if len(given.outputs) == targets.shape[1] else _own("y", targets)
        kind: DatasetKind = "curve" if self.curve else "regression"
        if inputs.shape[1] == targets.shape[1] == 1:
            kind = "series"
        return Dataset(kind, inputs, targets, input_names=names, output_names=outputs)


def rewritten(task: ArrayTask, dataset: Dataset, file: str) -> ArrayTask:
    """Return the task that reads `dataset` again from a file that `write_arrays` made of it."""
    names = Names(dataset.input_names, dataset.output_names, dataset.class_names)
    return replace(task, file=file, names=names, test=None, classes=dataset.kind == "classes")


def write_arrays(dataset: Dataset, target: Path | IO[bytes]) -> None:
    """Write samples, in the units of their file, as `ArrayTask` reads them."""
    arrays = {"x": dataset.shown_inputs, "y": _answers(dataset)}
    if dataset.held_out is not None:
        arrays |= {"x_test": dataset.held_out.shown_inputs, "y_test": _answers(dataset.held_out)}
    np.savez(target, allow_pickle=False, **arrays)


def _answers(dataset: Dataset) -> Array:
    return dataset.shown_targets if dataset.labels is None else dataset.labels


def _own(letter: str, columns: Array) -> tuple[str, ...]:
    """Return names for columns that have none."""
    n = columns.shape[1]
    return (letter,) if n == 1 else tuple(f"{letter}{k}" for k in range(1, n + 1))


def _read(path: Path) -> dict[str, Array]:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TaskError(f"{path} has {size:,} bytes; at most {MOST_BYTES:,} are read", "file")
        stored = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        if isinstance(stored, np.ndarray):
            raise TaskError(f"{path} holds one array; np.savez(file, x=x, y=y) writes both", "file")
        return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        raise TaskError(f"there is no file {path}", "file") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        said = getattr(error, "strerror", None) or error
        raise TaskError(f"{path} is no .npz file of arrays ({said})", "file") from None


def check_samples(arrays: Mapping[str, Array], x_name: str, y_name: str) -> tuple[Array, Array]:
    """Return inputs and answers, held to each other.

    Raises
    ------
    TaskError
        If one is missing, holds anything but finite numbers or words, or has other samples than the other.
    """
    for name in (x_name, y_name):
        if name not in arrays:
            raise TaskError(f"there is no array {name}; there are {', '.join(arrays) or 'none'}", "file")
    x, y = arrays[x_name], arrays[y_name]
    for name, array, kinds in ((x_name, x, "fiub"), (y_name, y, "fiubU")):
        if array.dtype.kind not in kinds:
            raise TaskError(f"{name} holds {array.dtype}, not numbers", "file")
        if array.ndim == 0 or not array.size:
            raise TaskError(f"{name} has the shape {array.shape}: there are no samples in it", "file")
        if array.dtype.kind == "f" and not (finite := np.isfinite(array)).all():
            where = int(np.flatnonzero(~finite.reshape(len(array), -1).all(axis=1))[0])
            raise TaskError(f"{name} holds numbers that are not finite, the first in row {where}", "file")
    if len(x) != len(y):
        hint = "; it looks transposed: a row is a sample" if x.ndim > 1 and x.shape[1] == len(y) else ""
        raise TaskError(f"{x_name} has {len(x):,} rows and {y_name} {len(y):,}{hint}", "file")
    return x, y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y


def _joined(first: tuple[Array, Array], second: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return two sets of samples as one."""
    for name, one, other in zip("xy", first, second, strict=True):
        if one.shape[1:] != other.shape[1:]:
            raise TaskError(f"{name} has the shape {one.shape} and {name}_test {other.shape}", "file")
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])


def _labels(y: Array, names: object) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the class of each sample and what the classes are called.

    Whole numbers are positions in a list of names, where there is one that is long enough: a class may have no sample.
    """
    if y.ndim == 2:
        if not (np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()):
            raise TaskError("y has several columns, and its rows are not one-hot: a single 1 among zeros", "classes")
        names = names or tuple(map(str, range(y.shape[1])))
        y = y.argmax(axis=1)
    if y.dtype.kind == "f" and (y != np.round(y)).any():
        raise TaskError("y holds fractions, and no classes", "classes")
    if y.dtype.kind != "U":
        y = y.astype(np.int64)
        if isinstance(names, tuple) and y.min() >= 0 and y.max() < len(names):
            return y, names
    found, labels = np.unique(y, return_inverse=True)
    if not 1 < len(found) <= MOST_CLASSES:
        raise TaskError(f"y holds {len(found):,} different classes; there can be 2 to {MOST_CLASSES:,}", "classes")
    return labels.astype(np.int64), tuple(map(str, found.tolist()))
