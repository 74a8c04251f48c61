"""A table as it stands in a CSV file or in the experiment: columns of cells, held to one shape.

The standard library parses; what a file is like is found by `table_dialect`. Pandas, Polars and DuckDB read larger
files sooner, but each takes longer to be loaded than all of a small table takes here, and is many times the size of
this program.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from backprop_anim.common import counted
from backprop_anim.tasks.data_file import file_status
from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.raw_table import RawTable
from backprop_anim.tasks.table_cells import Cell, found_marks
from backprop_anim.tasks.table_column import DataSource
from backprop_anim.tasks.table_dialect import (
    SAMPLE_CHARACTERS,
    Dialect,
    ReadOptions,
    found_dialect,
    found_encoding,
    has_header,
)

__all__ = ["MAX_BYTES", "MAX_CELLS", "MAX_ROWS", "Row", "file_table", "row_table"]

Row = tuple[Cell, ...] | Mapping[str, Cell]

MAX_BYTES = 100_000_000
MAX_LINE_CHARACTERS = 1_000_000
MAX_ROWS = 200_000
MAX_CELLS = 5_000_000

HEADER_ROWS = 100
"""Rows that are looked at to find out whether there is a header."""

MARK_CELLS = 20_000
"""Cells that are looked at to find out how numbers are written."""

FILE = DataSource(row_word="line", option="file", header_option="file")
INLINE = DataSource(row_word="row", option="rows", header_option="columns")


def file_table(path: Path, options: ReadOptions, columns: Sequence[str], wanted: Sequence[str]) -> RawTable:
    """Read a CSV file.

    Parameters
    ----------
    path : Path
    options : ReadOptions
    columns : sequence of str
        The names of the columns where the file has no header; empty where it has one.
    wanted : sequence of str
        The names that are asked for; they help to tell a header.

    Raises
    ------
    TaskError
        If the file is missing, too big, not text, ragged or empty.
    """
    status = file_status(path, MAX_BYTES)
    return _file_table(
        path, options, tuple(columns), tuple(wanted), (status.st_mtime_ns, status.st_size, status.st_ino)
    )


@lru_cache(maxsize=1)
def _file_table(
    path: Path, options: ReadOptions, columns: tuple[str, ...], wanted: tuple[str, ...], version: tuple[int, ...]
) -> RawTable:
    """Read a file as `file_table` does; the last one is kept, for it is often asked for twice in a row."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror or error}", "file") from None
    encoding, guess = found_encoding(content, path.name, options.encoding)
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")  # as it is read, not all at once
    dialect = found_dialect(lines.read(SAMPLE_CHARACTERS), options)
    lines.seek(0)
    records = _records(lines, dialect)
    first_rows = list(islice(records, HEADER_ROWS))
    if not first_rows:
        raise TaskError("the file is empty", "file")
    _check_first_line(first_rows)
    guesses = [guess] * bool(guess) + [f"columns parted by {dialect.separator_word}"] * (dialect.separator != ",")
    names, rows = _names(first_rows, options, columns, wanted, dialect, guesses)
    places, kept = _shaped(chain(rows, records), names)
    if not kept:
        raise TaskError("there are column names but no rows", "file")
    names, cells = _without_empty_ends(names, tuple(zip(*kept, strict=True)))
    marks, guess = found_marks(_some_cells(cells), dialect.separator)
    guesses += [guess] * bool(guess and options.decimal is None and options.thousands is None)
    return RawTable(names, cells, places, FILE, options.marks(marks), tuple(guesses))


def _check_first_line(rows: Sequence[tuple[int, list[str]]]) -> None:
    """Refuse a first line of another length than all lines below have, as a count of the rows before them has."""
    widths = [len(row) for _, row in rows]
    if (
        len(set(widths[1:])) == 1 < len(widths) - 1
        and widths[0] < widths[1]
        and "".join(rows[1][1][widths[0] :]).strip()
    ):
        raise TaskError(
            f"line {rows[0][0]} has {counted(widths[0], 'cell')}, and the lines below have {widths[1]:,}: take it out "
            "where it is no header, or name every column there",
            "file",
        )


def _records(text: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line it begins on; blank lines, comments and rows without any value are left out."""
    lines = _kept_lines(text, dialect)
    reader = csv.reader(lines, delimiter=dialect.separator, skipinitialspace=True, strict=True)
    begins = 1
    try:
        for record in reader:
            if any(record) and not (record[0].isspace() and not "".join(record).strip()):
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        said = "a quote is opened there and never closed" if "unexpected end" in str(error) else str(error)
        raise TaskError(f"line {begins}: {said}", "file") from None


def _kept_lines(lines: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """Give the lines, empty ones for those that are left out, so that each keeps its number."""
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise TaskError(f"line {number} holds a null character; this is not a text file", "file")
        if len(line) > MAX_LINE_CHARACTERS:
            raise TaskError(f"line {number} has more than {MAX_LINE_CHARACTERS:,} characters", "file")
        if number <= dialect.n_skipped or (dialect.comment and line.startswith(dialect.comment)):
            yield "\n"
        elif dialect.has_marked_header and number == dialect.n_skipped + 1:
            yield line[1:]
        else:
            yield line


def _names(
    rows: list[tuple[int, list[str]]],
    options: ReadOptions,
    columns: Sequence[str],
    wanted: Sequence[str],
    dialect: Dialect,
    guesses: list[str],
) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Return the names of the columns, and the rows without the one that held them."""
    first = rows[0][1]
    if columns and options.header is not True:
        if len(columns) != len(first):
            raise TaskError(f"columns names {len(columns)}; the file has {len(first)}", "columns")
        return tuple(columns), rows
    found = options.header
    if found is None:
        found = has_header([row for _, row in rows], wanted, dialect.separator)
    if columns:
        raise TaskError("columns names the columns of a file without a header; this one has one", "columns")
    if found:
        return tuple(name.strip() for name in first), rows[1:]
    guesses.append("no header")
    return tuple(f"column {k}" for k in range(1, len(first) + 1)), rows


def _shaped(rows: Iterator[tuple[int, list[str]]], names: Sequence[str]) -> tuple[list[int], list[list[str]]]:
    """Return the places and the cells of the rows, all as long as there are names."""
    places, kept, n = [], [], len(names)
    for place, row in rows:
        if len(row) != n:
            while len(row) > n and not row[-1].strip():
                row.pop()
            _check_length(row, names, place, FILE)
        places.append(place)
        kept.append(row)
        if len(kept) > MAX_ROWS:
            raise TaskError(f"there are more than {MAX_ROWS:,} rows", "file")
    if len(kept) * n > MAX_CELLS:
        raise TaskError(f"there are more than {MAX_CELLS:,} cells", "file")
    return places, kept


def _without_empty_ends(
    names: tuple[str, ...], cells: tuple[Sequence[Cell], ...]
) -> tuple[tuple[str, ...], tuple[Sequence[Cell], ...]]:
    """Leave out the columns without name and values that a spreadsheet adds at its right."""
    n = len(names)
    while n > 1 and not names[n - 1] and not any(str(cell).strip() for cell in cells[n - 1]):
        n -= 1
    return names[:n], cells[:n]


def _some_cells(cells: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Give the texts of each column's first rows, each once."""
    per_column = max(50, MARK_CELLS // max(len(cells), 1))
    for column in cells:
        yield from dict.fromkeys(map(str, column[:per_column]))


def row_table(rows: Sequence[Row], columns: Sequence[str]) -> RawTable:
    """Read inline rows: lists with their names in `columns`, or mappings.

    Raises
    ------
    TaskError
        If the rows differ in their columns.
    """
    if not rows:
        raise TaskError("there are no rows", "rows")
    if isinstance(rows[0], Mapping):
        if columns:
            raise TaskError("rows that are mappings name their columns themselves", "columns")
        columns = list(rows[0])
    elif not columns:
        raise TaskError("rows that are lists need their columns named, as in columns: [x1, x2, y]", "columns")
    if len(rows) > MAX_ROWS:
        raise TaskError(f"there are more than {MAX_ROWS:,} rows", "rows")
    if len(rows) * len(columns) > MAX_CELLS:
        raise TaskError(f"there are more than {MAX_CELLS:,} cells", "rows")
    listed = [_listed(row, columns, number, rows[0]) for number, row in enumerate(rows, start=1)]
    for number, row in enumerate(listed, start=1):
        _check_length(row, columns, number, INLINE)
    texts = (cell for row in listed for cell in row if isinstance(cell, str))
    marks, guess = found_marks(islice(texts, MARK_CELLS), ",")
    cells = tuple(zip(*listed, strict=True))
    return RawTable(tuple(map(str, columns)), cells, range(1, len(rows) + 1), INLINE, marks, (guess,) * bool(guess))


def _listed(row: Row, columns: Sequence[str], number: int, first: Row) -> Sequence[Cell]:
    if isinstance(row, Mapping) != isinstance(first, Mapping):
        raise TaskError(f"row {number} is not written as row 1 is: all are lists or all are mappings", "rows")
    if not isinstance(row, Mapping):
        return row
    if row.keys() != set(columns):
        raise TaskError(f"row {number} names {', '.join(row)}; row 1 names {', '.join(columns)}", "rows")
    return [row[name] for name in columns]


def _check_length(row: Sequence[Cell], names: Sequence[str], place: int, origin: DataSource) -> None:
    if len(row) != len(names):
        cells = f"{len(row)} cell{'s' if len(row) != 1 else ''}"
        there = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        raise TaskError(f"{origin.row_word} {place} has {cells}; the columns are {len(names)}: {there}", origin.option)
