"""One column of a table, whose cells are read as numbers or as classes; it never reads a file."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError

__all__ = ["MAX_CLASSES", "Cell", "Column", "DataSource"]

Cell = bool | int | float | str

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
