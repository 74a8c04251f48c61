"""Columns read from a CSV file or from inline rows, held to one shape; it never says which of them is an input."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.table_column import Cell, Column, DataSource

__all__ = ["MAX_BYTES", "MAX_CELLS", "MAX_ROWS", "Row", "file_columns", "row_columns"]

Row = tuple[Cell, ...] | Mapping[str, Cell]

MAX_BYTES = 50_000_000
MAX_LINE_CHARACTERS = 1_000_000
MAX_ROWS = 100_000
MAX_CELLS = 2_000_000

FILE = DataSource(row_word="line", option="file", header_option="file")
INLINE = DataSource(row_word="row", option="rows", header_option="columns")


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
