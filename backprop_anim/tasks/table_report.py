"""What the columns of a table hold, for a user who has yet to choose among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.common import counted
from backprop_anim.tasks.table_column import Column
from backprop_anim.tasks.table_dialect import ReadOptions
from backprop_anim.tasks.table_inputs import unfit_reason
from backprop_anim.tasks.table_reading import file_table

__all__ = ["ColumnReport", "ColumnSummary", "table_report"]

FEW_WORDS = 6
MOST_CLASSES = 20


@dataclass(frozen=True, eq=False)
class ColumnSummary:
    """One column in words.

    Parameters
    ----------
    column : Column
    """

    column: Column

    @property
    def name(self) -> str:
        """Its name; empty where it has none."""
        return self.column.name

    @cached_property
    def _counts(self) -> Counter[Any]:
        if self.column.kind == "words":
            return Counter(
                str(cell).strip() for cell, gap in zip(self.column.cells, self.column.missing, strict=True) if not gap
            )
        return Counter(self.column.values[np.isfinite(self.column.values)].tolist())

    @property
    def n_different(self) -> int:
        """How many different values it holds."""
        return len(self._counts)

    @property
    def least_often(self) -> int:
        """How often its rarest value stands there."""
        return min(self._counts.values(), default=0)

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers only."""
        return self.column.kind == "numbers" and all(float(value).is_integer() for value in self._counts)

    @property
    def n_missing(self) -> int:
        """How many of its cells hold nothing."""
        return int(self.column.missing.sum())

    @cached_property
    def summary(self) -> str:
        """Its kind, its range or its words, and how much is missing."""
        column = self.column
        parts: list[str] = [column.kind]
        if column.kind in ("numbers", "numbers and words") and self._counts:
            word = "whole numbers" if self.is_whole else column.kind
            parts = [f"{word} {min(self._counts):g} to {max(self._counts):g}"]
            if self.is_whole and self.n_different <= MOST_CLASSES:
                parts.append(f"{self.n_different} different")
        elif column.kind == "dates":
            days = np.array([min(self._counts), max(self._counts)]).astype("datetime64[D]")
            parts = [f"dates {days[0]} to {days[1]}"]
        elif column.kind == "words":
            words = sorted(self._counts, key=lambda word: (-self._counts[word], word))
            shown = ", ".join(word[:24] for word in words[:FEW_WORDS]) + (", …" if len(words) > FEW_WORDS else "")
            parts = [f"{counted(len(words), 'word')}: {shown}"]
        if self.n_missing:
            parts.append(f"{self.n_missing:,} missing")
        return "; ".join(parts)


@dataclass(frozen=True, eq=False)
class ColumnReport:
    """All columns of a table.

    Attributes
    ----------
    columns : tuple of ColumnSummary
    guesses : tuple of str
        What was found out about how the file is written.
    """

    columns: tuple[ColumnSummary, ...]
    guesses: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that have one of their own."""
        return tuple(column.name for column in self.columns)

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.columns[0].column.cells)

    @property
    def size_words(self) -> str:
        """How large the table is, and what was found out of how it is written."""
        size = f"{counted(self.n_rows, 'row')}, {counted(len(self.columns), 'column')}"
        return "; ".join((size, *self.guesses))

    def named(self, name: str) -> ColumnSummary:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def sensible_targets(self) -> list[str]:
        """Return the columns that one would predict, the likeliest first: few words, then the last numbers."""
        fit = [column for column in self.columns if column.name and not unfit_reason(column.column)]
        words = [column.name for column in fit if column.column.kind in ("words", "true or false")]
        words = [name for name in words if 2 <= self.named(name).n_different <= MOST_CLASSES]
        numbers = [column.name for column in reversed(fit) if column.column.kind == "numbers"]
        return [*words, *numbers]


def table_report(path: Path, options: Mapping[str, Any], wanted: Sequence[str] = ()) -> ColumnReport:
    """Return what the columns of a CSV file hold.

    Parameters
    ----------
    path : Path
    options : mapping
        Options of the task ``table`` that say how the file is written.
    wanted : sequence of str, optional
        The names that are asked for; they help to tell a header.

    Raises
    ------
    TaskError
        If it is no table.
    """
    table = file_table(path, options.get("read", ReadOptions()), options.get("columns", ()), wanted)
    return ColumnReport(tuple(map(ColumnSummary, table.columns)), table.guesses)
