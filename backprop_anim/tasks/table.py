"""Data sets from the user's own numbers, a CSV file or rows in the experiment; never guesses which column is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import OWN_NAMES, Dataset, DatasetKind, Names, TaskError, tasks
from backprop_anim.tasks.naming import renamed
from backprop_anim.tasks.table_column import Cell, Column
from backprop_anim.tasks.table_reading import file_columns, row_columns

__all__ = ["TableTask"]

Array = NDArray[np.float64]


@tasks.register("table")
@dataclass(frozen=True)
class TableTask:
    """Your own data, from a CSV file or from rows in the experiment.

    Attributes
    ----------
    inputs, targets : str or tuple of str
        The columns that the network reads, and those that it should answer.
    file : str, optional
        A CSV file: UTF-8, commas, column names in the first line; instead of `rows`.
    rows : tuple, optional
        Rows as lists, named by `columns`, or as mappings; instead of `file`.
    columns : tuple of str
        The names of the columns of `rows` that are lists.
    truth : str or tuple of str
        The columns that hold the targets without observation noise, one for each target.
    classes : bool, optional
        Whether the targets are classes: one column of whole numbers or words, or one-hot columns.
        When it is not given, a target column without any number holds classes.
    curve : bool
        Whether the two targets are the x and the y of a curve.
    names : Names
        Other names for the inputs, the outputs and the classes.
    """

    inputs: str | tuple[str, ...]
    targets: str | tuple[str, ...]
    file: str | None = field(default=None, metadata={"file": True})
    rows: tuple[tuple[Cell, ...] | Mapping[str, Cell], ...] | None = None
    columns: tuple[str, ...] = ()
    truth: str | tuple[str, ...] = ()
    classes: bool | None = None
    curve: bool = False
    names: Names = OWN_NAMES

    @property
    def n_samples(self) -> int | None:
        """The number of rows in the experiment; None where a file decides."""
        return None if self.rows is None else len(self.rows)

    def build(self, rng: np.random.Generator) -> Dataset:
        """Read the samples; nothing about them is random.

        Raises
        ------
        TaskError
            If the columns are not there, or hold what they cannot hold.
        """
        self._check_options()
        columns = self._columns()
        targets = [columns[name] for name in _listed(self.targets)]
        if self._are_classes(targets):
            are_words = len(targets) == 1 and targets[0].is_text()
            return renamed(self._classes(columns, targets), self.names, are_words)
        return renamed(self._numbers(columns), self.names)

    def _check_options(self) -> None:
        if (self.file is None) == (self.rows is None):
            raise TaskError("give either file or rows" + (", not both" if self.file else ""), "file")
        if self.file is not None and self.columns:
            raise TaskError("columns belongs to rows; a file names its columns in its first line", "columns")
        for option in ("inputs", "targets", "truth"):
            given = _listed(getattr(self, option))
            if not given and option != "truth":
                raise TaskError("name at least one column", option)
            if len(set(given)) < len(given):
                raise TaskError(f"a column is named twice: {', '.join(given)}", option)
        self._check_truth()

    def _check_truth(self) -> None:
        n_truth, n_targets = len(_listed(self.truth)), len(_listed(self.targets))
        if n_truth not in (0, n_targets):
            raise TaskError(f"truth names {n_truth} columns; targets names {n_targets}", "truth")
        if self.curve and (len(_listed(self.inputs)), n_targets) != (1, 2):
            raise TaskError("a curve needs one input and two targets, its x and its y", "curve")

    def _columns(self) -> dict[str, Column]:
        wanted = {option: _listed(getattr(self, option)) for option in ("inputs", "targets", "truth")}
        if self.file is not None:
            return file_columns(Path(self.file), wanted)
        return row_columns(self.rows or (), self.columns, wanted)

    def _are_classes(self, targets: Sequence[Column]) -> bool:
        found = len(targets) == 1 and targets[0].is_text() if self.classes is None else self.classes
        if found and _listed(self.truth):
            raise TaskError("classes have no truth column", "truth")
        if found and self.curve:
            raise TaskError("the targets of a curve are numbers, not classes", "curve")
        return found

    def _classes(self, columns: Mapping[str, Column], targets: Sequence[Column]) -> Dataset:
        labels, names = targets[0].labels() if len(targets) == 1 else _from_one_hot(targets)
        one_hot = np.eye(len(names))[labels]  # (N, n_classes)
        return Dataset(
            kind="classes",
            inputs=_stacked(columns, self.inputs),
            targets=labels[:, np.newaxis].astype(np.float64) if len(names) == 2 else one_hot,
            labels=labels,
            input_names=_listed(self.inputs),
            output_names=_listed(self.targets) if len(names) == 2 and len(targets) == 1 else names,
            class_names=names,
        )

    def _numbers(self, columns: Mapping[str, Column]) -> Dataset:
        return Dataset(
            kind=self._kind(),
            inputs=_stacked(columns, self.inputs),
            targets=_stacked(columns, self.targets),
            truth=_stacked(columns, self.truth) if _listed(self.truth) else None,
            input_names=_listed(self.inputs),
            output_names=_listed(self.targets),
        )

    def _kind(self) -> DatasetKind:
        if self.curve:
            return "curve"
        one_to_one = len(_listed(self.inputs)) == len(_listed(self.targets)) == 1
        return "series" if one_to_one else "regression"


def _listed(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _stacked(columns: Mapping[str, Column], names: str | tuple[str, ...]) -> Array:
    """Return the named columns as numbers, shape (N, n)."""
    return np.column_stack([columns[name].numbers() for name in _listed(names)])


def _from_one_hot(targets: Sequence[Column]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    values = np.column_stack([column.numbers() for column in targets])  # (N, n_classes)
    is_one = values == 1
    wrong = np.flatnonzero((is_one.sum(axis=1) != 1) | ((values != 0) & ~is_one).any(axis=1))
    if wrong.size:
        raise targets[0].error(int(wrong[0]), "several class columns are one-hot: one of them is 1, the others 0")
    return is_one.argmax(axis=1), tuple(column.name for column in targets)
