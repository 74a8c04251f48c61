"""Outputs of a trained network for new samples, as a table; it never trains and never prints."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.common import NotFoundError, UsageError, counted, did_you_mean
from backprop_anim.engine import Array, decided_classes
from backprop_anim.experiment import Experiment
from backprop_anim.tasks import Column, Dataset, DataSource, ReadOptions, TaskError, date_text, file_table
from backprop_anim.training import Recording

__all__ = ["Prediction", "predict", "rows_from_csv", "rows_from_text", "rows_of_columns"]


AS_FOUND = ReadOptions()


@dataclass(frozen=True, eq=False)
class Prediction:
    """New samples and what the network makes of them.

    Attributes
    ----------
    input_names, output_names : tuple of str
    inputs, outputs : ndarray, shape (N, n_in) and (N, n_out)
    classes : tuple of str
        The class of each sample; empty where the task has none.
    dates : tuple of int
        The inputs that are days since the start of 1970.
    """

    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    inputs: Array
    outputs: Array
    classes: tuple[str, ...]
    dates: tuple[int, ...] = ()

    @property
    def n_numbers(self) -> int:
        """How many columns hold numbers."""
        return int(self.inputs.shape[1] + self.outputs.shape[1])

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (*self.input_names, *self.output_names, *(("class",) if self.classes else ()))

    def lines(self) -> list[tuple[str, ...]]:
        """Return the rows as text."""
        numbers = np.hstack([self.inputs, self.outputs])
        days = set(self.dates)
        rows = [
            tuple(date_text(value) if k in days else f"{value:.6g}" for k, value in enumerate(row))
            for row in numbers.tolist()
        ]
        return [(*row, name) for row, name in zip(rows, self.classes, strict=True)] if self.classes else rows

    def as_mapping(self) -> dict[str, Any]:
        """Return the table for JSON, with all digits."""
        found: dict[str, Any] = {
            "input_names": list(self.input_names),
            "output_names": list(self.output_names),
            "inputs": self.inputs.tolist(),
            "outputs": self.outputs.tolist(),
        }
        return found | ({"classes": list(self.classes)} if self.classes else {})


def predict(recording: Recording, rows: Sequence[Sequence[float]], step: int | None = None) -> Prediction:
    """Send rows through the network as it was at a step, or after the last one.

    Raises
    ------
    UsageError
        If there are no rows, or a feature has no value for one.
    """
    if not rows:
        raise UsageError("give samples with --row or --csv")
    dataset = recording.experiment.dataset
    snapshot = recording.n_snapshots - 1 if step is None else recording.nearest(step)
    inputs = np.array(rows, dtype=np.float64)
    if dataset.features is not None:
        try:
            dataset.features.checked(inputs)
        except TaskError as error:
            raise UsageError(str(error)) from None
    outputs = recording.experiment.answers(recording.parameters[snapshot], inputs)
    classes: tuple[str, ...] = ()
    names = dataset.output_names
    if dataset.kind == "classes":
        chosen = decided_classes(outputs)
        classes = tuple(dataset.class_names[index] for index in chosen)
        names = dataset.class_names if outputs.shape[1] > 1 else dataset.class_names[1:2]
        names = tuple(f"p({name})" for name in names)
    return Prediction(
        _enough(dataset.input_names, inputs.shape[1], "x"),
        _enough(names, outputs.shape[1], "y"),
        inputs,
        outputs,
        classes,
        dataset.date_inputs,
    )


def rows_of_columns(texts: Iterable[str], table: Path | None, experiment: Experiment) -> list[list[float]]:
    """Return samples that are given by the columns of the file that a network learned from.

    Parameters
    ----------
    texts : iterable of str
        Rows such as ``39.1,Dream,male``: a cell for each of `dataset.input_columns`.
    table : Path or None
        A CSV file with those columns, whatever else is in it, under the file's own names or those that are shown.
    experiment : Experiment
        Whose `task.read` says how files are written, where that had to be said.

    Raises
    ------
    NotFoundError
        If there is no such file.
    UsageError
        If it lacks a column, or a cell is none of what the column held.
    """
    dataset = experiment.dataset
    held = dataset.input_columns
    found: list[list[float]] = []
    try:
        for text in texts:
            cells = next(csv.reader([text], skipinitialspace=True), [])
            if len(cells) != len(held):
                names = ", ".join(column.name for column in held)
                raise UsageError(f"--row {text}: needed are {counted(len(held), 'cell')} ({names}), not {len(cells)}")
            source = DataSource(row_word=f"--row {text}: cell", option="row", header_option="row")
            parts = [
                column.encoded(Column(column.name, [cell], [place], source))
                for place, (column, cell) in enumerate(zip(held, cells, strict=True), start=1)
            ]
            found.append(np.hstack(parts)[0].tolist())
        if table is not None:
            found += _rows_of_file(table, dataset, getattr(experiment.task, "read", AS_FOUND))
    except TaskError as error:
        raise UsageError(str(error) if table is None else f"{table}: {error}") from None
    return found


def _rows_of_file(path: Path, dataset: Dataset, read: ReadOptions) -> list[list[float]]:
    if not path.exists():
        raise NotFoundError(f"no file {path}")
    held = dataset.input_columns
    names = [column.name for column in held]
    table = file_table(path, read, (), names)
    shown = dict(zip(names, dataset.input_names, strict=False)) if len(names) == len(dataset.input_names) else {}
    if not set(names) & set(table.names) and len(table.names) == len(names):
        columns = list(table.columns)  # none of the names is there: by their places
    else:
        renamed = {name for name in names if name not in table.names and shown.get(name) in table.names}
        columns = [table.column(shown[name] if name in renamed else name, "csv") for name in names]
    parts = [column.encoded(cells) for column, cells in zip(held, columns, strict=True)]
    rows: list[list[float]] = np.hstack(parts).tolist()
    return rows


def rows_from_text(texts: Iterable[str], n_in: int) -> list[list[float]]:
    """Return samples that are written as ``0,1,1``.

    Raises
    ------
    UsageError
        If one is not `n_in` numbers.
    """
    return [_numbers(text.split(","), n_in, f"--row {text}") for text in texts]


def rows_from_csv(path: Path, names: Sequence[str], n_in: int) -> list[list[float]]:
    """Return the samples of a CSV file: the columns with the inputs' names, or all of just `n_in` columns.

    The first line names the columns; without names it may be a sample already.

    Raises
    ------
    NotFoundError
        If there is no such file.
    UsageError
        If it lacks a column, or a cell is not a number; the message names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            lines = [(reader.line_num, line) for line in reader if line]
    except FileNotFoundError:
        raise NotFoundError(f"no file {path}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read as CSV: {error}") from None
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    rows = lines[1:]
    missing = [name for name in names if name not in header]
    if names and not missing:
        columns = [header.index(name) for name in names]
    elif len(header) == n_in and len(missing) == len(names):  # none of the names is there: by their places
        columns = list(range(n_in))
        rows = lines if all(map(_is_number, header)) else rows  # a first line of numbers is a sample like any other
    else:
        hint = did_you_mean(missing[0], header) if missing else ""
        if header and ";" in header[0]:
            hint = " (its columns are separated by semicolons; commas are needed)"
        raise UsageError(f"{path} lacks the column {', '.join(missing)}{hint}; it has {', '.join(header) or 'none'}")
    found = []
    for number, line in rows:
        if len(line) <= max(columns):
            raise UsageError(f"{path}, line {number}: {len(line)} cells, not {len(header)}")
        found.append(_numbers([line[column] for column in columns], n_in, f"{path}, line {number}"))
    return found


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbers(cells: Sequence[str], n_in: int, place: str) -> list[float]:
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        wrong = next(cell for cell in cells if not _is_number(cell))
        raise UsageError(f"{place}: {wrong.strip()!r} is not a number") from None
    needed = f"the network takes {counted(n_in, 'number')}"
    if len(values) != n_in:
        raise UsageError(f"{place}: {needed}, not {len(values)}")
    if not all(map(math.isfinite, values)):
        raise UsageError(f"{place}: {needed}, and none may be infinite or nan")
    return values


def _enough(names: Sequence[str], n: int, letter: str) -> tuple[str, ...]:
    return tuple(names) if len(names) == n else tuple(f"{letter}{k}" for k in range(1, n + 1))
