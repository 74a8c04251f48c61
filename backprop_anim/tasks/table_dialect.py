"""How a CSV file is written, found from its first lines where nobody says it: encoding, separator, comments, header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Len

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.table_cells import NumberMarks, date_parser, found_marks, is_missing

__all__ = ["SAMPLE_CHARACTERS", "Dialect", "ReadOptions", "found_dialect", "found_encoding", "has_header"]

SEPARATORS = (",", ";", "\t", "|")
BLANK = " "
SEPARATOR_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", BLANK: "spaces"}

SAMPLE_LINES = 200
SAMPLE_CHARACTERS = 200_000

MANY_ZEROS = 0.7
"""Where so many of every other byte are zero, letters take two bytes."""

COMMENT = "#"

Mark = Annotated[str, Len(1, 1)]


@dataclass(frozen=True)
class ReadOptions:
    """How a file is written; what is left out is found.

    Attributes
    ----------
    separator : str, optional
        What parts the columns.
    decimal : str, optional
        What parts whole from decimals.
    thousands : str, optional
        What parts thousands.
    encoding : str, optional
        Such as utf-8 or latin-1.
    header : bool, optional
        Whether the first line names the columns.
    comment : str, optional
        What lines begin with that are left out.
    """

    separator: Mark | None = None
    decimal: Mark | None = None
    thousands: Mark | None = None
    encoding: str | None = None
    header: bool | None = None
    comment: Mark | None = None

    def marks(self, found: NumberMarks) -> NumberMarks:
        """Return how numbers are written: as was said, or else as was found."""
        decimal = self.decimal or (
            found.decimal if self.thousands != found.decimal else ".,".replace(found.decimal, "")
        )
        thousands = self.thousands or (found.thousands if found.thousands != decimal else "")
        return NumberMarks(decimal, thousands)


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    Attributes
    ----------
    separator : str
    comment : str
        Empty where no lines are left out.
    n_skipped : int
        Lines at the top that are left out.
    has_marked_header : bool
        Whether the first line that is read is the header behind a comment's mark.
    """

    separator: str
    comment: str = ""
    n_skipped: int = 0
    has_marked_header: bool = False

    @property
    def separator_word(self) -> str:
        """What messages call the separator."""
        return SEPARATOR_WORDS.get(self.separator, f"'{self.separator}'")


def found_encoding(content: bytes, name: str, given: str | None) -> tuple[str, str]:
    """Return the encoding of a file, and what to call it where that is worth a word.

    Raises
    ------
    TaskError
        If it is no text, or none in the encoding that was given.
    """
    if given is not None:
        return _checked(content, given, name), ""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(content, "utf-16", name), "UTF-16"
    if b"\0" in content[:SAMPLE_CHARACTERS]:
        start = content[:2000]
        for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
            if zeros.count(0) > MANY_ZEROS * len(zeros):
                return _checked(content, encoding, name), "UTF-16"
        raise TaskError(f"{name} holds null characters; this is not a text file", "file")
    for encoding, word in (("utf-8-sig", ""), ("cp1252", "Windows-1252")):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding, word
    return "latin-1", "Latin-1"  # which has a letter for every byte


def _checked(content: bytes, encoding: str, name: str) -> str:
    """Return an encoding that a file is in."""
    try:
        content.decode(encoding)
    except LookupError:
        raise TaskError(f"there is no encoding '{encoding}'; try utf-8 or latin-1", "read") from None
    except UnicodeError:
        raise TaskError(f"{name} is not a text in {encoding}", "read") from None
    return encoding


def found_dialect(text: str, options: ReadOptions) -> Dialect:
    """Return how a text is written, from its first `SAMPLE_CHARACTERS`; what `options` say is not tried."""
    lines = text.splitlines()
    if len(text) >= SAMPLE_CHARACTERS:
        lines = lines[:-1] or lines  # the last may be cut
    lines = lines[:SAMPLE_LINES]
    comment = options.comment or COMMENT
    n_top = 0
    while n_top < len(lines) and (not lines[n_top].strip() or lines[n_top].startswith(comment)):
        n_top += 1
    if n_top == len(lines):
        n_top = 0  # nothing else is there: a message will say so
    below = [line for line in lines[n_top:] if not (options.comment and line.startswith(comment))]
    separator = options.separator or _separator(below)
    last = next((line for line in reversed(lines[:n_top]) if line.startswith(comment)), "")
    if options.comment is None and last and below and _is_header_of(last.removeprefix(comment), below, separator):
        return Dialect(separator, n_skipped=lines.index(last), has_marked_header=True)
    return Dialect(separator, options.comment or "", n_top)


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the lines most evenly into cells that hold none of the others."""
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        rows = [row for row in _parsed(lines, separator) if row]
        if not rows:
            continue
        width, n_alike = Counter(map(len, rows)).most_common(1)[0]
        if width == 1:
            continue
        others = [mark for mark in SEPARATORS[1:] if mark != separator]
        cells = [cell for row in rows for cell in row]
        n_clean = sum(not any(mark in cell for mark in others) for cell in cells)
        header = len(rows[0]) == width
        score = n_alike / len(rows) * n_clean / len(cells) * (1.0 if header else 0.6) + 0.01 * min(width, 9)
        if score > best_score:
            best, best_score = separator, score
    return BLANK if best_score == 0 and _are_numbers_between_blanks(lines) else best


def _are_numbers_between_blanks(lines: Sequence[str]) -> bool:
    """Return whether blanks part all lines into as many cells, which below the first line are numbers."""
    rows = [cells for line in lines if (cells := line.split())]
    value = NumberMarks(".", "").value
    return (
        len(rows) > 1
        and len({len(row) for row in rows}) == 1
        and len(rows[0]) > 1
        and all(value(cell) is not None or is_missing(cell) for row in rows[1:] for cell in row)
    )


def _parsed(lines: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader([f"{line}\n" for line in lines], delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return []


def _is_header_of(line: str, below: Sequence[str], separator: str) -> bool:
    """Return whether a commented line names the columns of the lines below it, none of which does."""
    names, first = _parsed([line], separator), _parsed(below[:1], separator)
    if not names or not first or len(names[0]) != len(first[0]):
        return False
    is_number = NumberMarks(".", ",").value
    return any(is_number(cell) is not None for cell in first[0]) and all(is_number(cell) is None for cell in names[0])


def has_header(rows: Sequence[Sequence[str]], wanted: Sequence[str], separator: str) -> bool:
    """Return whether the first of some rows names the columns: its cells are no values as those below them are."""
    first, below = [cell.strip() for cell in rows[0]], rows[1:]
    is_there = bool(wanted) and set(wanted) <= set(first)
    if not below or (is_there and any(map(_has_letter, wanted))):
        return True
    if len(set(filter(None, first))) < len(list(filter(None, first))) and not any(map(_is_word, first)):
        return False
    if is_there:
        return True
    marks, _ = found_marks((cell for row in below for cell in row), separator)
    named, unnamed = 0, 0
    for place, head in enumerate(first):
        cells = [row[place] for row in below if place < len(row) and not is_missing(row[place])]
        if not cells or not all(marks.value(cell) is not None for cell in cells):
            # Words that come again and again below, and not above them, are a column's, and the head is none of them.
            named += len(set(cells)) < len(cells) and head not in cells and _has_letter(head)
            if cells and date_parser(cells[:20]) is not None:
                unnamed, named = unnamed + (date_parser([head]) is not None), named + (date_parser([head]) is None)
            continue
        is_value = marks.value(head) is not None
        unnamed, named = unnamed + is_value, named + (not is_value and bool(head))
    if named and unnamed:  # numbers may be names, as years are, and a header may lack some
        return any(map(_has_letter, first)) and not any("." in head for head in first)
    return not unnamed


def _has_letter(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _is_word(cell: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", cell))
