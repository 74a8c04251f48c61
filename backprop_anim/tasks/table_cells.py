"""What the text of a cell means: a number with its marks, a date, true or false, a missing value, or a word."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

__all__ = ["MISSING", "Cell", "NumberMarks", "date_parser", "date_text", "found_marks", "is_missing", "truth_value"]

Cell = bool | int | float | str | None

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-"})
"""What stands in a cell that holds nothing, in small letters."""

DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%b %d %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%Y-%m",
)
"""Tried in this order; the first that reads all cells of a column is taken."""

MINUTES = 24 * 60
EPOCH = datetime(1970, 1, 1)  # cells name no time zone

SIGNS = "€$£¥₹₽₩₺₫₪฿¢"
CODES = "EUR|USD|GBP|CHF|SEK|NOK|DKK|JPY|CNY|INR|PLN|CZK|CAD|AUD|Fr\\.|kr|zł|Kč"
UNIT = rf"(?:[{SIGNS}%‰]|{CODES})"
SPACES = " \u00a0\u202f\u2009'’"
"""Marks between thousands that can be nothing else."""

_LOOSE = re.compile(rf"\(?\s*[-+−–]?\s*{UNIT}?\s*[-+−–]?\s*([0-9][0-9.,{SPACES}]*|[.,][0-9]+)\s*{UNIT}?\s*\)?")


@dataclass(frozen=True)
class NumberMarks:
    """How a file writes its numbers.

    Attributes
    ----------
    decimal : str
        A point or a comma.
    thousands : str
        What may stand between thousands beside spaces and apostrophes; empty for nothing.
    """

    decimal: str = "."
    thousands: str = ""

    def value(self, cell: Cell) -> float | None:
        """Return the number in a cell, perhaps not finite, or None where it holds none."""
        if isinstance(cell, bool) or cell is None:
            return None
        if isinstance(cell, str):
            return self._from_text(cell)
        try:
            return float(cell)
        except OverflowError:  # a whole number beyond float64
            return math.inf

    def _from_text(self, text: str) -> float | None:
        if self.decimal == "." and "_" not in text and text.isascii():
            try:
                return float(text)
            except ValueError:
                pass
        found = _number_pattern(self.decimal, self.thousands).fullmatch(text.strip())
        if found is None or not (found["whole"] or found["part"]):
            return None
        whole = re.sub(r"\D", "", found["whole"])
        negative = bool(found["open"]) or (found["sign"] or found["after"] or "") in ("-", "−", "–")
        if bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["after"]):
            return None
        return float(f"{'-' if negative else ''}{whole or 0}.{found['part'] or 0}{found['power'] or ''}")

    def unit(self, cell: Cell) -> str:
        """Return the unit that stands at a number, such as € or %, or nothing."""
        found = _number_pattern(self.decimal, self.thousands).fullmatch(cell.strip()) if isinstance(cell, str) else None
        return "" if found is None else found["before"] or found["behind"] or ""


@cache
def _number_pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    mark = f"[{re.escape(thousands)}{SPACES}]"
    return re.compile(
        rf"(?P<open>\()?\s*(?P<sign>[-+−–])?\s*(?P<before>{UNIT})?\s*(?P<after>[-+−–])?"
        rf"(?P<whole>[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]*)"
        rf"(?:{re.escape(decimal)}(?P<part>[0-9]*))?(?P<power>[eE][-+]?[0-9]{{1,3}})?"
        rf"\s*(?P<behind>{UNIT})?\s*(?P<close>\))?"
    )


def found_marks(texts: Iterable[str], separator: str) -> tuple[NumberMarks, str]:
    """Return how texts write their numbers, and what of it is a guess; a text that is no number says nothing.

    A comma before one, two or more than three digits is a decimal comma. Before three digits it may be either: then it
    is taken to part thousands where commas also part the columns, and as a decimal comma elsewhere.

    Parameters
    ----------
    texts : iterable of str
    separator : str
        What parts the columns.
    """
    comma, point, unclear = "", "", ""
    for text in texts:
        found = _LOOSE.fullmatch(text.strip())
        if found is None:
            continue
        core = found[1].rstrip(SPACES)
        said = _decimal_of(core)
        comma, point = comma or (core if said == "," else ""), point or (core if said == "." else "")
        unclear = unclear or (core if said == "," * 2 else "")
    if comma and not point:
        return NumberMarks(",", "."), f"decimal comma ({comma})"
    if point or not unclear:
        return NumberMarks(".", ","), ""
    if separator == ",":
        return NumberMarks(".", ","), f"commas part thousands ({unclear})"
    return NumberMarks(",", "."), f"decimal comma ({unclear}; for thousands: read: {{decimal: '.'}})"


def _decimal_of(core: str) -> str:
    """Return the mark that parts whole from decimals, two commas where that is not clear, or nothing."""
    comma, point = core.rfind(","), core.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    if core.count(",") > 1:
        return "."
    if core.count(".") > 1:
        return ","
    if comma >= 0:
        before, after = core[:comma], core[comma + 1 :]
        is_clear = len(after) != 3 or len(before) > 3 or before in ("", "0")  # of three digits each
        return "," if is_clear else ",,"
    return "." if point >= 0 and len(core) - point != 4 else ""  # 1.234 may be either


def is_missing(cell: Cell) -> bool:
    """Return whether a cell holds nothing."""
    if cell is None:
        return True
    return isinstance(cell, str) and cell.strip().lower() in MISSING


def truth_value(cell: Cell) -> float | None:
    """Return 1 for true and 0 for false, or None."""
    if isinstance(cell, bool):
        return float(cell)
    return {"true": 1.0, "false": 0.0}.get(cell.strip().lower()) if isinstance(cell, str) else None


class _DateParser:
    """Reads the dates of one format as days since the start of 1970."""

    def __init__(self, written: str) -> None:
        self.written = written

    def value(self, text: str) -> float | None:
        try:
            moment = datetime.strptime(text.strip().removesuffix("Z"), self.written)
        except ValueError:
            return None
        return (moment - EPOCH) / timedelta(days=1)


def date_parser(texts: Sequence[str]) -> _DateParser | None:
    """Return what reads all of some texts as dates, or None."""
    if not texts or not any(character.isdigit() for character in texts[0]):
        return None
    for written in DATE_FORMATS:
        parser = _DateParser(written)
        if all(parser.value(text) is not None for text in texts):
            return parser
    return None


def date_text(day: float) -> str:
    """Return a day since the start of 1970 as its date, with the time where it is not midnight."""
    moment = EPOCH + timedelta(minutes=round(day * MINUTES))
    return f"{moment:%Y-%m-%d}" if day == round(day) else f"{moment:%Y-%m-%d %H:%M}"
