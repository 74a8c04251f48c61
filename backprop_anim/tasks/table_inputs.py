"""Which columns of a table can be inputs, and what numbers they become; it knows nothing of targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.input_columns import InputColumn
from backprop_anim.tasks.raw_table import RawTable
from backprop_anim.tasks.table_column import Column

__all__ = ["chosen_inputs", "encoded_inputs", "unfit_reason"]

MOST_MISSING = 0.5

MOST_WORDS = 50
"""A column of more different words names its rows rather than describes them."""


def chosen_inputs(table: RawTable, others: Sequence[str]) -> tuple[list[Column], list[str]]:
    """Return every column that can serve as an input, and a note for each that is left out.

    Parameters
    ----------
    table : RawTable
    others : sequence of str
        The columns that serve for something else.

    Raises
    ------
    TaskError
        If none is left.
    """
    found, notes = [], []
    candidates = [name for name in dict.fromkeys(table.names) if name not in others]
    for name in candidates:
        if table.names.count(name) > 1:
            notes.append(f"column '{name}' is left out: two columns have that name")
            continue
        if not name:
            notes.append("a column without a name is left out")
            continue
        column = table.column(name, "inputs")
        reason = unfit_reason(column) or _other_reason(column, len(candidates))
        if reason:
            notes.append(f"column '{name}' is left out: {reason}")
        else:
            found.append(column)
    if not found:
        raise TaskError("no column can serve as an input; " + ("; ".join(notes) or "there are no others"), "inputs")
    return found, notes


def unfit_reason(column: Column) -> str:
    """Return why a column cannot serve as an input, or nothing."""
    if column.kind == "empty":
        return "it is empty"
    if column.kind == "numbers and words":
        return "some of its cells are numbers and others are not"
    if column.kind == "words":
        different = column.n_different
        if different > min(MOST_WORDS, max(len(column.cells) / 2, 2)):
            return f"it holds {different:,} different words, more than {MOST_WORDS} or half of the rows"
        return "all its cells are alike" if different == 1 else ""
    if np.isinf(column.values).any():
        return "it holds infinite numbers"
    return "all its cells are alike" if np.nanmin(column.values) == np.nanmax(column.values) else ""


def _other_reason(column: Column, n_candidates: int) -> str:
    """Return why a column that could serve had better not, where there are others; or nothing.

    One that only counts the rows knows their order, and one of gaps would take most rows with it.
    """
    if column.missing.mean() > MOST_MISSING and n_candidates > 1:
        return f"{column.missing.mean():.0%} of its cells are missing"
    if n_candidates < 2 or column.kind != "numbers" or column.missing.any():
        return ""
    values = column.numbers()
    counts = len(values) > 2 and values[0] in (0, 1) and bool((np.diff(values) == 1).all())
    return "it only counts the rows" if counts else ""


def encoded_inputs(columns: Sequence[Column]) -> tuple[NDArray[np.float64], tuple[str, ...], tuple[InputColumn, ...]]:
    """Return columns as numbers, (N, n), with a name for each of these, and what each column holds.

    A column of words becomes one column for each word, 1 where it stands; it is named by the word, and by the column
    before it where two of these share a word.

    Raises
    ------
    TaskError
        If a column cannot serve.
    """
    parts: list[NDArray[np.float64]] = []
    names: list[tuple[str, str]] = []
    held: list[InputColumn] = []
    for column in columns:
        kind = column.kind
        if kind == "numbers and words":
            column.numbers()  # it refuses the first cell that is none
        if kind == "words":
            if reason := unfit_reason(column):
                raise column.error(0, f"{column.no_number(0)}, and as words the column cannot serve: {reason}")
            labels, words = column.labels("inputs")
            held.append(InputColumn(column.name, "words", words))
            parts.append(np.eye(len(words))[labels])
            names += [(column.name, word) for word in words]
        else:
            held.append(InputColumn(column.name, kind if kind == "dates" or kind == "true or false" else "numbers"))  # noqa: PLR1714  # mypy
            parts.append(column.numbers()[:, np.newaxis])
            names.append((column.name, ""))
    words_only = [word or name for name, word in names]
    shown = [f"{name}: {word}" if word and words_only.count(word) > 1 else (word or name) for name, word in names]
    return np.hstack(parts), tuple(shown), tuple(held)
