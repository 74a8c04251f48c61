"""Data sets from the user's own numbers, a CSV file or rows in the experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import OWN_NAMES, Dataset, DatasetKind, Names, TaskError, tasks
from backprop_anim.tasks.features import FeatureList
from backprop_anim.tasks.held_out import Holdout, TestShare, without_rows
from backprop_anim.tasks.naming import renamed
from backprop_anim.tasks.normalizing import Normalize, normalized
from backprop_anim.tasks.raw_table import RawTable
from backprop_anim.tasks.table_cells import Cell
from backprop_anim.tasks.table_column import Column
from backprop_anim.tasks.table_dialect import ReadOptions
from backprop_anim.tasks.table_features import columns_of_features, with_table_features
from backprop_anim.tasks.table_gaps import Missing, without_gaps
from backprop_anim.tasks.table_inputs import chosen_inputs, encoded_inputs, unfit_reason
from backprop_anim.tasks.table_reading import file_table, row_table

__all__ = ["TableTask"]

Array = NDArray[np.float64]

AS_FOUND = ReadOptions()

FEW = 5
"""So many classes of one row are named."""


@tasks.register("table")
@dataclass(frozen=True)
class TableTask:
    """Your own data, from a CSV file or from rows in the experiment.

    Attributes
    ----------
    targets : str or tuple of str
        The columns that the network should answer.
    inputs : str or tuple of str
        The columns that it reads; without them, every other column that can serve. Words become one column each,
        dates days.
    file : str, optional
        A CSV file; instead of `rows`.
    read : ReadOptions
        How the file is written, where that is not found rightly by itself.
    rows : tuple, optional
        Rows as lists, named by `columns`, or as mappings; instead of `file`.
    columns : tuple of str
        The names of the columns of `rows` that are lists, or of a file without a header.
    features : tuple
        What the network is given in place of the inputs: formulas in the names of columns, in the units of the file,
        and waves as ``{fourier: 4}``. Without `inputs`, the columns that they name are read.
    missing : {"error", "drop", "mean"}
        What is done where cells are missing: refuse, leave out the rows, or take the mean or the commonest word.
    normalize : str or mapping
        The units that the network is trained in; what is shown stays in those of the file. By itself, inputs and
        targets are standardized where they are above 10 in size.
    truth : str or tuple of str
        The columns that hold the targets without observation noise, one for each target.
    classes : bool, optional
        Whether the targets are classes: one column of whole numbers or words, or one-hot columns.
        When it is not given, a target column without any number holds classes.
    curve : bool
        Whether the two targets are the x and the y of a curve.
    names : Names
        Other names for the inputs, the outputs and the classes.
    test : float, optional
        The share of the rows, of each class alike, that the network is tested on and not trained on.
    test_file : str, optional
        Another CSV file with the same columns that it is tested on, instead.
    """

    targets: str | tuple[str, ...]
    inputs: str | tuple[str, ...] = ()
    file: str | None = field(default=None, metadata={"file": True})
    read: ReadOptions = AS_FOUND
    rows: tuple[tuple[Cell, ...] | Mapping[str, Cell], ...] | None = None
    columns: tuple[str, ...] = ()
    features: FeatureList = field(default=(), metadata={"quiet": True})
    missing: Missing = "error"
    normalize: Normalize = "auto"
    truth: str | tuple[str, ...] = ()
    classes: bool | None = None
    curve: bool = False
    names: Names = OWN_NAMES
    test: TestShare = field(default=None, metadata={"quiet": True})
    test_file: str | None = field(default=None, metadata={"file": True, "quiet": True})

    @property
    def n_samples(self) -> int | None:
        """The number of rows in the experiment; None where a file decides."""
        return None if self.rows is None or self.missing == "drop" else len(self.rows)

    def build(self, rng: np.random.Generator) -> Dataset:
        """Read the samples; nothing about them is random.

        Raises
        ------
        TaskError
            If the columns are not there, or hold what they cannot hold.
        """
        return self.build_apart(rng, None)

    def build_apart(self, rng: np.random.Generator, holdout: Holdout | None) -> Dataset:
        """Read the samples; means and units come from those that are not held out.

        Raises
        ------
        TaskError
            As `build` does.
        """
        self._check_options()
        table = self.table()
        notes = [f"{self.file}: {', '.join(table.guesses)}"] if table.guesses and self.file else []
        inputs, targets, truth = self._columns(table, notes)
        option = "rows" if self.file is None else "file"
        inputs, targets, truth = without_gaps((inputs, targets, truth), self.missing, option, notes)
        n = len(targets[0].cells)
        if not _listed(self.inputs) and n < len(table.places):
            inputs = _still_varying(inputs, notes)
        are_classes = self._are_classes(targets)
        labels, classes = self._labels(targets) if are_classes else (None, ())
        rows = self._held_out(targets[0].places) if holdout is None else holdout.rows(n, labels, classes)
        trained = np.setdiff1d(np.arange(n), rows)
        matrix, input_names, held = encoded_inputs([column.filled(trained) for column in inputs])
        self._check_not_answered(input_names)
        notes += [note for column in inputs if column.kind == "words" for note in column.spelling_notes]
        notes += _unit_notes((*inputs, *targets))
        if labels is not None:
            alone = [name for name, count in zip(classes, np.bincount(labels), strict=True) if count == 1]
            notes += [f"class {name} has one row" for name in alone[:FEW]]
            are_words = len(targets) == 1 and targets[0].is_text()
            notes += targets[0].spelling_notes if len(targets) == 1 else ()
            dataset = renamed(self._classes(matrix, input_names, labels, classes), self.names, are_words)
        else:
            dataset = renamed(self._numbers(matrix, input_names, targets, truth), self.names)
        if self.features:
            dataset = with_table_features(dataset, self.features, held, trained)
        dataset = replace(normalized(dataset, self.normalize, trained), notes=tuple(notes), input_columns=held)
        dataset = replace(dataset, n_left_out=len(table.places) - n)
        return without_rows(dataset, rows) if rows.size else dataset

    def table(self) -> RawTable:
        """Read all columns, whatever they hold.

        Raises
        ------
        TaskError
            If there is no table.
        """
        if self.file is not None:
            wanted = (*_listed(self.inputs), *_listed(self.targets), *_listed(self.truth))
            table = file_table(Path(self.file), self.read, self.columns, wanted)
            return table if self.test_file is None else self._with_tests(table)
        return row_table(self.rows or (), self.columns)

    def _with_tests(self, table: RawTable) -> RawTable:
        """Return the table with the rows of the test file below its own."""
        path = Path(str(self.test_file))
        try:
            return table.joined(file_table(path, self.read, self.columns, table.names), path.name)
        except TaskError as error:
            raise TaskError(f"{path.name}: {error}", "test_file") from None

    def _held_out(self, places: Sequence[int | str]) -> NDArray[np.int64]:
        """Return the rows that stand in the test file."""
        rows = np.flatnonzero([isinstance(place, str) for place in places])
        if self.test_file is not None and rows.size in (0, len(places)):
            raise TaskError("no row is left to test on" if not rows.size else "no row is left to train on", "test_file")
        return rows

    def _check_options(self) -> None:
        if self.test_file is not None and (self.file is None or self.test is not None):
            said = "test and test_file both say what is held out" if self.file else "test_file goes with file"
            raise TaskError(said, "test_file")
        if (self.file is None) == (self.rows is None):
            raise TaskError("give either file or rows" + (", not both" if self.file else ""), "file")
        for option in ("inputs", "targets", "truth"):
            given = _listed(getattr(self, option))
            if not given and option == "targets":
                raise TaskError("name at least one column", option)
            if len(set(given)) < len(given):
                raise TaskError(f"a column is named twice: {', '.join(given)}", option)
        self._check_truth()

    def _check_truth(self) -> None:
        n_truth, n_targets = len(_listed(self.truth)), len(_listed(self.targets))
        if n_truth not in (0, n_targets):
            raise TaskError(f"truth names {n_truth} columns; targets names {n_targets}", "truth")
        if self.curve and (len(_listed(self.inputs)) not in (0, 1) or n_targets != 2):
            raise TaskError("a curve needs one input and two targets, its x and its y", "curve")

    def _columns(self, table: RawTable, notes: list[str]) -> tuple[list[Column], list[Column], list[Column]]:
        """Return the columns of inputs, targets and truth."""
        targets = [table.column(name, "targets") for name in _listed(self.targets)]
        truth = [table.column(name, "truth") for name in _listed(self.truth)]
        if given := _listed(self.inputs):
            both = set(given) & set(_listed(self.targets))
            if both and set(given) != set(_listed(self.targets)):
                raise TaskError(f"column '{min(both)}' is an input and a target: it would only be copied", "inputs")
            return [table.column(name, "inputs") for name in given], targets, truth
        others = (*_listed(self.targets), *_listed(self.truth))
        if named := columns_of_features(self.features, table, others):
            return named, targets, truth
        inputs, left_out = chosen_inputs(table, others)
        notes += left_out
        return inputs, targets, truth

    def _check_not_answered(self, names: Sequence[str]) -> None:
        if self.curve and len(names) != 1:
            raise TaskError(f"a curve needs one input, and here are {len(names)}: {', '.join(names)}", "inputs")

    def _are_classes(self, targets: Sequence[Column]) -> bool:
        found = len(targets) == 1 and targets[0].is_text() and targets[0].kind != "dates"
        if found and self.classes is None:
            targets[0].check_words()
        found = found if self.classes is None else self.classes
        if found and _listed(self.truth):
            raise TaskError("classes have no truth column", "truth")
        if found and self.curve:
            raise TaskError("the targets of a curve are numbers, not classes", "curve")
        return found

    def _labels(self, targets: Sequence[Column]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        return targets[0].labels() if len(targets) == 1 else _from_one_hot(targets)

    def _classes(
        self, inputs: Array, input_names: tuple[str, ...], labels: NDArray[np.int64], names: tuple[str, ...]
    ) -> Dataset:
        one_hot = np.eye(len(names))[labels]  # (N, n_classes)
        return Dataset(
            kind="classes",
            inputs=inputs,
            targets=labels[:, np.newaxis].astype(np.float64) if len(names) == 2 else one_hot,
            labels=labels,
            input_names=input_names,
            output_names=_listed(self.targets) if len(names) == 2 and len(_listed(self.targets)) == 1 else names,
            class_names=names,
        )

    def _numbers(
        self, inputs: Array, input_names: tuple[str, ...], targets: Sequence[Column], truth: Sequence[Column]
    ) -> Dataset:
        return Dataset(
            kind=self._kind(inputs.shape[1]),
            inputs=inputs,
            targets=_stacked(targets),
            truth=_stacked(truth) if truth else None,
            input_names=input_names,
            output_names=_listed(self.targets),
        )

    def _kind(self, n_inputs: int) -> DatasetKind:
        if self.curve:
            return "curve"
        return "series" if n_inputs == len(_listed(self.targets)) == 1 else "regression"


def _listed(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _still_varying(columns: list[Column], notes: list[str]) -> list[Column]:
    """Leave out what says nothing in the rows that are left."""
    reasons = [unfit_reason(column) for column in columns]
    notes += [
        f"column '{column.name}' is left out: in the rows that are kept {reason}"
        for column, reason in zip(columns, reasons, strict=True)
        if reason
    ]
    kept = [column for column, reason in zip(columns, reasons, strict=True) if not reason]
    if not kept:
        raise TaskError("no column can serve as an input: in the rows that are kept all are constant", "inputs")
    return kept


def _stacked(columns: Sequence[Column]) -> Array:
    """Return columns as numbers, shape (N, n)."""
    return np.column_stack([column.numbers() for column in columns])


def _unit_notes(columns: Sequence[Column]) -> list[str]:
    """Return a note for each column whose numbers are written with a unit."""
    found = [(column.name, sorted(column.units())) for column in columns]
    return [f"column '{name}' is read without {' and '.join(units)}" for name, units in found if units]


def _from_one_hot(targets: Sequence[Column]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    values = np.column_stack([column.numbers() for column in targets])  # (N, n_classes)
    is_one = values == 1
    wrong = np.flatnonzero((is_one.sum(axis=1) != 1) | ((values != 0) & ~is_one).any(axis=1))
    if wrong.size:
        raise targets[0].error(int(wrong[0]), "several class columns are one-hot: one of them is 1, the others 0")
    return is_one.argmax(axis=1), tuple(column.name for column in targets)
