"""New samples as users write them, in the options of a command or in CSV files; it knows no trained network."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from backprop_anim.common import NotFoundError, UsageError, counted, did_you_mean
from backprop_anim.experiment import Experiment
from backprop_anim.tasks import Column, Dataset, DataSource, RawTable, ReadOptions, TaskError, file_table

__all__ = ["rows_from_csv", "rows_from_file", "rows_from_text", "rows_of_cells", "rows_of_columns", "table_at"]

AS_FOUND = ReadOptions()


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
    typed = {f"--row {text}": next(csv.reader([text], skipinitialspace=True), []) for text in texts}
    found = [_row_of_cells(cells, word, experiment.dataset) for word, cells in typed.items()]
    return found + ([] if table is None else rows_from_file(table, experiment))


def rows_of_cells(rows: Sequence[Sequence[str]], experiment: Experiment) -> list[list[float]]:
    """Return samples of a cell for each of `dataset.input_columns`.

    Raises
    ------
    UsageError
        If a cell is none of what the column held.
    """
    return [_row_of_cells(cells, f"row {place}", experiment.dataset) for place, cells in enumerate(rows, start=1)]


def _row_of_cells(cells: Sequence[str], word: str, dataset: Dataset) -> list[float]:
    """Return the sample that is written as a cell for each column; `word` is what it is called in messages."""
    held = dataset.input_columns
    if len(cells) != len(held):
        names = ", ".join(column.name for column in held)
        raise UsageError(f"{word}: needed are {counted(len(held), 'cell')} ({names}), not {len(cells)}")
    source = DataSource(row_word=f"{word}: cell", option="row", header_option="row")
    try:
        parts = [
            column.encoded(Column(column.name, [cell], [place], source))
            for place, (column, cell) in enumerate(zip(held, cells, strict=True), start=1)
        ]
    except TaskError as error:
        raise UsageError(str(error)) from None
    row: list[float] = np.hstack(parts)[0].tolist()
    return row


def rows_from_file(path: Path, experiment: Experiment) -> list[list[float]]:
    """Return the samples of a CSV file: by the columns that a network learned from, or else by its inputs' names.

    Raises
    ------
    NotFoundError
        If there is no such file.
    UsageError
        If it lacks a column, or a cell is none of what the column held.
    """
    dataset = experiment.dataset
    if not dataset.input_columns:
        return rows_from_csv(path, dataset.input_names, dataset.n_inputs)
    try:
        return _rows_of_file(path, dataset, getattr(experiment.task, "read", AS_FOUND))
    except TaskError as error:
        raise UsageError(f"{path}: {error}") from None


def table_at(path: Path, experiment: Experiment) -> RawTable | None:
    """Return all columns of a CSV file with the names of a network's inputs on top; None where it has not."""
    dataset = experiment.dataset
    names = [column.name for column in dataset.input_columns] or dataset.input_names
    try:
        return file_table(path, getattr(experiment.task, "read", AS_FOUND), (), names)
    except TaskError:
        return None


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
