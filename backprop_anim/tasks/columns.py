"""Columns of a CSV file or of inline rows, held to one shape; never says which of them is an input."""

from __future__ import annotations

import csv
import math
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import TaskError

__all__ = [
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_CLASSES",
    "MAX_ROWS",
    "Cell",
    "Column",
    "Row",
    "file_columns",
    "row_columns",
]

Cell = bool | int | float | str
Row = tuple[Cell, ...] | Mapping[str, Cell]

MAX_BYTES = 50_000_000
MAX_LINE_CHARACTERS = 1_000_000
MAX_ROWS = 100_000
MAX_CELLS = 2_000_000
MAX_CLASSES = 100
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_MAX_WHOLE = 2**53
"""Above this a float64 no longer tells one whole number from the next."""


@dataclass(frozen=True)
class DataSource:
    """Where a table was written: the words for its rows, and the options that messages point to."""

    row_word: str
    option: str
    header_option: str


FILE = DataSource(row_word="line", option="file", header_option="file")
INLINE = DataSource(row_word="row", option="rows", header_option="columns")


@dataclass(frozen=True)
class Column:
    """The cells of one column, and where each was written."""

    name: str
    cells: list[Cell]
    places: list[int]
    origin: DataSource

    def error(self, index: int, message: str) -> TaskError:
        """Return an error that points to cell `index`."""
        place = f"{self.origin.row_word} {self.places[index]}, column '{self.name}'"
        return TaskError(f"{place}: {message}", self.origin.option)

    def numbers(self) -> NDArray[np.float64]:
        """Return the column as finite numbers, shape (N,).

        Raises
        ------
        TaskError
            If a cell is text, empty or not finite.
        """
        values = np.empty(len(self.cells))
        for index, cell in enumerate(self.cells):
            value = _number(cell)
            if value is None:
                raise self.error(index, _no_number(cell))
            values[index] = value
        wrong = np.flatnonzero(~np.isfinite(values))
        if wrong.size:
            raise self.error(int(wrong[0]), f"{_shown(self.cells[wrong[0]])} is not a finite number")
        return values

    def is_text(self) -> bool:
        """Tell whether no cell is a number."""
        return all(_number(cell) is None for cell in self.cells)

    def labels(self) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Return the class of each cell, shape (N,), and the names of the classes.

        Whole numbers are sorted as numbers, words by their letters.

        Raises
        ------
        TaskError
            If a cell is empty or a fraction, or there are too few or too many classes.
        """
        words = [self._word(index) for index in range(len(self.cells))]
        whole = all(_WHOLE.fullmatch(word) for word in words)
        names = sorted(set(words), key=int) if whole else sorted(set(words))
        if not 2 <= len(names) <= MAX_CLASSES:
            message = f"column '{self.name}' holds {len(names)} class{'es' if len(names) > 1 else ''}"
            raise TaskError(f"{message}; from 2 to {MAX_CLASSES} are allowed", "targets")
        number_of = {name: number for number, name in enumerate(names)}
        return np.array([number_of[word] for word in words], dtype=np.int64), tuple(names)

    def _word(self, index: int) -> str:
        """Return the name of the class in cell `index`; 1, 1.0 and "1" are one class."""
        cell = self.cells[index]
        value = _number(cell)
        if value is None:
            word = _text(cell)
            if not word:
                raise self.error(index, "the cell is empty; it needs the name of a class")
            return word
        if not math.isfinite(value) or value != int(value) or abs(value) > _MAX_WHOLE:
            raise self.error(index, f"{_shown(cell)} is not a class; classes are whole numbers or words")
        return str(int(value))


def _text(cell: Cell) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell).strip()


def _number(cell: Cell) -> float | None:
    """Return the number in a cell, perhaps not finite, or None; 1_000 and other scripts' digits are text."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str) and ("_" in cell or not cell.isascii()):
        return None
    try:
        return float(cell)
    except ValueError:
        return None
    except OverflowError:  # a whole number beyond float64
        return math.inf


def _no_number(cell: Cell) -> str:
    return f"{_shown(cell)} is not a number" if _text(cell) else "the cell is empty; it needs a number"


def _shown(cell: Cell) -> str:
    text = _text(cell)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"


def file_columns(path: Path, wanted: Mapping[str, Sequence[str]]) -> dict[str, Column]:
    """Read columns of a CSV file: UTF-8, commas, the first line naming the columns.

    Parameters
    ----------
    path : Path
    wanted : mapping
        The names of the columns, by the option that asks for them.

    Returns
    -------
    dict
        The wanted columns by name.

    Raises
    ------
    TaskError
        If the file is missing, too big, not text, ragged or empty, or lacks a column.
    """
    _check_file(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _gather(_records(lines), wanted, FILE)
    except UnicodeDecodeError:
        raise TaskError(f"{path.name} is not a text file in UTF-8", "file") from None
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror or error}", "file") from None


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise TaskError(f"{path} does not exist", "file") from None
    except (OSError, ValueError) as error:  # a name too long, a null character
        raise TaskError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", "file") from None
    if not stat.S_ISREG(status.st_mode):
        raise TaskError(f"{path} is not a file", "file")
    if status.st_size > MAX_BYTES:
        raise TaskError(f"{path.name} has {status.st_size:,} bytes; at most {MAX_BYTES:,} are allowed", "file")


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line it begins on; blank lines are left out."""
    reader = csv.reader(_limited_lines(lines), skipinitialspace=True, strict=True)
    begins = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record[:1]) or len(record) > 1:
                yield begins, [cell.strip() for cell in record]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TaskError(f"line {begins}: {error}", "file") from None


def _limited_lines(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise TaskError(f"line {number} holds a null character; this is not a text file", "file")
        if len(line) > MAX_LINE_CHARACTERS:
            raise TaskError(f"line {number} has more than {MAX_LINE_CHARACTERS:,} characters", "file")
        yield line


def row_columns(rows: Sequence[Row], columns: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, Column]:
    """Read columns of inline rows: lists with their names in `columns`, or mappings.

    Parameters
    ----------
    rows : sequence of tuple or mapping
    columns : sequence of str
        The names of the columns where the rows are lists; empty where they are mappings.
    wanted : mapping
        The names of the columns, by the option that asks for them.

    Returns
    -------
    dict
        The wanted columns by name.

    Raises
    ------
    TaskError
        If the rows differ in their columns, or lack a wanted one.
    """
    if not rows:
        raise TaskError("there are no rows", "rows")
    if isinstance(rows[0], Mapping):
        if columns:
            raise TaskError("rows that are mappings name their columns themselves", "columns")
        columns = list(rows[0])
    elif not columns:
        raise TaskError("rows that are lists need their columns named, as in columns: [x1, x2, y]", "columns")
    numbered = enumerate((_listed(row, columns, number, rows[0]) for number, row in enumerate(rows, start=1)), start=1)
    return _gather(_with_header(columns, numbered), wanted, INLINE)


def _with_header(
    header: Sequence[Cell], rows: Iterable[tuple[int, Sequence[Cell]]]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield 0, header
    yield from rows


def _listed(row: Row, columns: Sequence[str], number: int, first: Row) -> Sequence[Cell]:
    if isinstance(row, Mapping) != isinstance(first, Mapping):
        raise TaskError(f"row {number} is not written as row 1 is: all are lists or all are mappings", "rows")
    if not isinstance(row, Mapping):
        return row
    if row.keys() != set(columns):
        raise TaskError(f"row {number} names {', '.join(row)}; row 1 names {', '.join(columns)}", "rows")
    return [row[name] for name in columns]


def _gather(
    rows: Iterator[tuple[int, Sequence[Cell]]], wanted: Mapping[str, Sequence[str]], origin: DataSource
) -> dict[str, Column]:
    """Keep the wanted columns of `rows`, whose first holds the names."""
    _, header = next(rows, (0, ()))
    if not header:
        raise TaskError("the file is empty", origin.option)
    names = [str(name) for name in header]
    _check_header(names, wanted, origin)
    columns = {name: Column(name, [], [], origin) for option in wanted.values() for name in option}
    position = {name: names.index(name) for name in columns}
    for count, (place, row) in enumerate(rows, start=1):
        _check_length(row, names, place, origin)
        _check_size(count, len(columns), origin)
        for name, column in columns.items():
            column.cells.append(row[position[name]])
            column.places.append(place)
    if any(not column.cells for column in columns.values()):
        raise TaskError("there are column names but no rows", origin.option)
    return columns


def _check_header(names: Sequence[str], wanted: Mapping[str, Sequence[str]], origin: DataSource) -> None:
    twice = [name for name, following in pairwise(sorted(names)) if name == following]
    if twice:
        raise TaskError(f"two columns are named '{twice[0]}'", origin.header_option)
    for option, needed in wanted.items():
        for name in needed:
            if name not in names:
                there = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
                hint = did_you_mean(name, names) or _separator_hint(names)
                raise TaskError(f"there is no column '{name}'{hint}; there are {there}", option)


def _separator_hint(names: Sequence[str]) -> str:
    found = [word for mark, word in ((";", "semicolons"), ("\t", "tabs")) if len(names) == 1 and mark in names[0]]
    return f" (the columns seem to be separated by {found[0]}; commas are needed)" if found else ""


def _check_length(row: Sequence[Cell], names: Sequence[str], place: int, origin: DataSource) -> None:
    if len(row) != len(names):
        cells = f"{len(row)} cell{'s' if len(row) != 1 else ''}"
        there = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        raise TaskError(f"{origin.row_word} {place} has {cells}; the columns are {len(names)}: {there}", origin.option)


def _check_size(n_rows: int, n_columns: int, origin: DataSource) -> None:
    if n_rows > MAX_ROWS:
        raise TaskError(f"there are more than {MAX_ROWS:,} rows", origin.option)
    if n_rows * n_columns > MAX_CELLS:
        raise TaskError(f"there are more than {MAX_CELLS:,} cells in the columns that are used", origin.option)
