"""One column of a table: what its cells hold, and how they become numbers or classes; it never reads a file."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.table_cells import Cell, NumberMarks, date_parser, is_missing, truth_value

__all__ = ["MAX_CLASSES", "Cell", "Column", "ColumnKind", "DataSource"]

MAX_CLASSES = 100

ColumnKind = Literal["numbers", "words", "dates", "true or false", "numbers and words", "empty"]

_WHOLE = re.compile(r"-?\d+", re.ASCII)
_MAX_WHOLE = 2**53
"""Above this a float64 no longer tells one whole number from the next."""

_MANY_WORDS = 20
"""More different words than this that begin as numbers do are numbers that cannot be read."""


@dataclass(frozen=True)
class DataSource:
    """Where a table was written: the words for its rows, and the options that messages point to."""

    row_word: str
    option: str
    header_option: str


@dataclass(frozen=True, eq=False)
class Column:
    """The cells of one column, and where each was written."""

    name: str
    cells: Sequence[Cell]
    places: Sequence[int | str]
    origin: DataSource
    marks: NumberMarks = field(default_factory=NumberMarks)

    def error(self, index: int, message: str) -> TaskError:
        """Return an error that points to cell `index`."""
        place = f"{self.origin.row_word} {self.places[index]}, column '{self.name}'"
        return TaskError(f"{place}: {message}", self.origin.option)

    def only(self, rows: NDArray[np.int64]) -> Column:
        """Return the column with some of its cells."""
        chosen = rows.tolist()
        cells, places = [self.cells[row] for row in chosen], [self.places[row] for row in chosen]
        return Column(self.name, cells, places, self.origin, self.marks)

    def filled(self, trained: NDArray[np.int64]) -> Column:
        """Return the column with the mean for missing numbers and the commonest word for missing words.

        Parameters
        ----------
        trained : ndarray of int
            The rows that the mean is taken of.
        """
        if not self.missing.any():
            return self
        if self.kind in ("numbers", "dates", "true or false"):
            known = self.values[trained][~self.missing[trained]]
            filling: Cell = float(known.mean()) if known.size else 0.0
            cells: list[Cell] = self.values.tolist()
            cells = [filling if is_gap else cell for cell, is_gap in zip(cells, self.missing, strict=True)]
        else:
            filling = self._commonest(trained)
            cells = [filling if is_gap else cell for cell, is_gap in zip(self.cells, self.missing, strict=True)]
        return Column(self.name, cells, self.places, self.origin, self.marks)

    def _commonest(self, trained: NDArray[np.int64]) -> str:
        words = Counter(_text(self.cells[row]) for row in trained.tolist() if not self.missing[row])
        return min(words, key=lambda word: (-words[word], word)) if words else ""

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """Which cells hold nothing, shape (N,)."""
        if self._plain is not None:
            return np.isnan(self._plain)
        return np.array([is_missing(cell) for cell in self.cells], dtype=bool)

    @cached_property
    def _plain(self) -> NDArray[np.float64] | None:
        """The cells where all are plain numbers or nan, the usual case, read at once; otherwise None."""
        if self.marks.decimal != "." or any(isinstance(cell, bool) or cell is None for cell in self.cells[:1]):
            return None
        try:
            values = np.array(list(map(float, self.cells)))  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            return None
        texts = "".join(cell for cell in self.cells if isinstance(cell, str))
        has_bool = any(map(bool.__instancecheck__, self.cells)) if not texts else False
        return values if texts.isascii() and "_" not in texts and not has_bool else None

    @cached_property
    def kind(self) -> ColumnKind:
        """What the cells hold that hold anything."""
        if self._plain is not None:
            return "empty" if self.missing.all() else "numbers"
        present = self._present
        if not present:
            return "empty"
        different = set(present)
        if len(self._readable) == len(different) and not any(isinstance(cell, bool) for cell in present):
            return "numbers"
        if all(truth_value(cell) is not None for cell in different):
            return "true or false"
        if not self._readable and self._dates is not None:
            return "dates"
        share = sum(cell in self._readable for cell in present) / len(present)
        return "numbers and words" if share >= 0.5 else "words"

    @cached_property
    def _different(self) -> frozenset[Cell]:
        """The cells, each once; beside 1 and 0, true and false are not told apart."""
        return frozenset(self.cells)

    @cached_property
    def _present(self) -> list[Cell]:
        """The cells that hold anything."""
        return [cell for cell, is_gap in zip(self.cells, self.missing, strict=True) if not is_gap]

    @cached_property
    def _readable(self) -> frozenset[Cell]:
        """Those of the different cells that are numbers."""
        return frozenset(cell for cell in set(self._present) if self.marks.value(cell) is not None)

    @cached_property
    def _dates(self) -> dict[str, float] | None:
        """The days that dates stand for, where all cells are dates."""
        texts = set(map(str, self._present))
        if not all(isinstance(cell, str) for cell in self.cells[:1]) or (parser := date_parser(sorted(texts))) is None:
            return None
        return {text: value for text in texts if (value := parser.value(text)) is not None}

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The cells as numbers, shape (N,); nan for those that are none."""
        if self._plain is not None:
            return self._plain
        dates = self._dates if self.kind == "dates" else None
        as_truth = self.kind == "true or false"

        def value(cell: Cell) -> float:
            if dates is not None:
                return dates.get(str(cell), math.nan)
            found = truth_value(cell) if as_truth else self.marks.value(cell)
            return math.nan if found is None else found

        known = {cell: value(cell) for cell in self._different if not isinstance(cell, bool)}
        return np.array([value(cell) if isinstance(cell, bool) else known[cell] for cell in self.cells])

    def numbers(self) -> NDArray[np.float64]:
        """Return the column as finite numbers, shape (N,).

        Dates are days since the start of 1970, false and true are 0 and 1.

        Raises
        ------
        TaskError
            If a cell is text, empty or not finite.
        """
        values = self.values
        wrong = np.flatnonzero(~np.isfinite(values))
        if wrong.size:
            index = int(wrong[0])
            cell = self.cells[index]
            if self.marks.value(cell) is not None:
                raise self.error(index, f"{_shown(cell)} is not a finite number")
            is_empty = not _text(cell)
            raise self.error(index, "the cell is empty; it needs a number" if is_empty else self.no_number(index))
        return values

    def no_number(self, index: int) -> str:
        """Return that cell `index` is not a number, in words."""
        return f"{_shown(self.cells[index])} is not a number"

    def units(self) -> set[str]:
        """Return the units that stand at its numbers, such as €."""
        if self._plain is not None or self.kind not in ("numbers", "numbers and words"):
            return set()
        return {unit for cell in self._different if (unit := self.marks.unit(cell))}

    def is_text(self) -> bool:
        """Tell whether no cell is a number."""
        return self._plain is None and not self._readable

    def check_words(self) -> None:
        """Refuse words that are rather numbers that cannot be read: many, and most begin as a number does.

        Raises
        ------
        TaskError
            It names the first of them.
        """
        if len(self._different) <= max(_MANY_WORDS, len(self.cells) // 2):
            return
        numeric = [k for k, cell in enumerate(self.cells) if re.match(r"[^\w\s]?\s?\d", _text(cell))]
        if len(numeric) > len(self.cells) / 2:
            first = numeric[0]
            raise self.error(first, f"{_shown(self.cells[first])} is not a number, and there are too many for classes")

    @cached_property
    def _classes(self) -> tuple[list[str], tuple[str, ...]]:
        """The word of each cell, and what was taken for another spelling of one."""
        place = {cell: index for index, cell in enumerate(self.cells)}
        known = {cell: self._word(index) for cell, index in place.items()}
        has_truth = any(isinstance(cell, bool) for cell in place)
        words = [self._word(k) if has_truth else known[cell] for k, cell in enumerate(self.cells)]
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for word, count in Counter(words).items():
            spellings[" ".join(word.casefold().split())][word] += count
        usual: dict[str, str] = {}
        notes = []
        for spelled in spellings.values():
            best = min(spelled, key=lambda word: (-spelled[word], word))
            usual |= dict.fromkeys(spelled, best)
            if len(spelled) > 1:
                notes.append(f"column '{self.name}': {', '.join(sorted(spelled))} are taken for one: {best}")
        return [usual[word] for word in words], tuple(notes)

    @property
    def class_words(self) -> list[str]:
        """The word of each cell, in its usual spelling where there are several; raises as `labels` does."""
        return self._classes[0]

    @property
    def spelling_notes(self) -> tuple[str, ...]:
        """What a user should know of words that differ only in case or spaces."""
        return self._classes[1]

    @property
    def n_different(self) -> int:
        """How many different words or numbers it holds."""
        return len(set(map(_text, self._present)))

    def labels(self, option: str = "targets") -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Return the class of each cell, shape (N,), and the names of the classes.

        Whole numbers are sorted as numbers, words by their letters.

        Raises
        ------
        TaskError
            If a cell is empty or a fraction, or there are too few or too many classes.
        """
        words = self._classes[0]
        whole = all(_WHOLE.fullmatch(word) for word in words)
        names = sorted(set(words), key=int) if whole else sorted(set(words))
        if not 2 <= len(names) <= MAX_CLASSES:
            message = f"column '{self.name}' holds {len(names)} class{'es' if len(names) > 1 else ''}"
            raise TaskError(f"{message}; from 2 to {MAX_CLASSES} are allowed", option)
        number_of = {name: number for number, name in enumerate(names)}
        return np.array([number_of[word] for word in words], dtype=np.int64), tuple(names)

    def _word(self, index: int) -> str:
        """Return the name of the class in cell `index`; 1, 1.0 and "1" are one class."""
        cell = self.cells[index]
        value = self.marks.value(cell)
        if value is None:
            word = _text(cell)
            if not word:
                raise self.error(index, "the cell is empty; it needs the name of a class")
            return word
        if not math.isfinite(value) or value != int(value) or abs(value) > _MAX_WHOLE:
            raise self.error(index, f"{_shown(cell)} is not a class; classes are whole numbers or words")
        return str(int(value))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell).strip()


def _shown(cell: Cell) -> str:
    text = _text(cell)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"
