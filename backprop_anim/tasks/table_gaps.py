"""Cells that hold nothing: counted and refused, their rows left out, or filled in later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import counted
from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.table_column import Column

__all__ = ["Missing", "without_gaps"]

Missing = Literal["error", "drop", "mean"]

Columns = list[Column]


def without_gaps(
    parts: tuple[Columns, Columns, Columns], missing: Missing, option: str, notes: list[str]
) -> tuple[Columns, Columns, Columns]:
    """Return inputs, targets and truth without missing cells; with ``mean``, inputs are still to be filled.

    Parameters
    ----------
    parts : tuple of lists of Column
    missing : str
        What is done with them.
    option : str
        The option of the task that a message points to.
    notes : list of str
        Is told what was done.

    Raises
    ------
    TaskError
        If there are some and none may be, or no row is left.
    """
    counts = missing_counts([column for part in parts for column in part])
    if not counts:
        return parts
    gaps = _lacking([column for part in parts for column in part])
    n_gaps = int(gaps.sum())
    if missing == "error":
        rows = f"{n_gaps:,} of {counted(len(gaps), 'row')} {'lacks' if n_gaps == 1 else 'lack'}"
        ways = "--set task.missing=drop leaves these rows out, mean takes the mean of the column"
        raise TaskError(f"{rows} values: {counts}; {ways}", option)
    if missing == "drop":
        if gaps.all():
            raise TaskError(f"no row is left: each lacks a value ({counts})", "missing")
        kept = counted(n_gaps, "row")
        notes.append(f"{kept} with missing values left out, {len(gaps) - n_gaps:,} kept ({counts})")
        return _only(parts, np.flatnonzero(~gaps))
    lacking = _lacking([*parts[1], *parts[2]])
    if lacking.all():
        raise TaskError("no row is left: each lacks its target", "missing")
    if lacking.any():
        n_lacking = int(lacking.sum())
        notes.append(f"{counted(n_lacking, 'row')} without a target left out, {len(lacking) - n_lacking:,} kept")
        parts = _only(parts, np.flatnonzero(~lacking))
    notes.append(f"missing values are the column's mean, or its commonest word ({counts})")
    return parts


def _lacking(columns: Sequence[Column]) -> NDArray[np.bool_]:
    """Return which rows lack a value in any of these columns."""
    found: NDArray[np.bool_] = np.logical_or.reduce([column.missing for column in columns])
    return found


def _only(parts: tuple[Columns, Columns, Columns], rows: NDArray[np.int64]) -> tuple[Columns, Columns, Columns]:
    inputs, targets, truth = ([column.only(rows) for column in part] for part in parts)
    return inputs, targets, truth


def missing_counts(columns: Sequence[Column]) -> str:
    """Return the number of missing cells by column and where they begin, in words; nothing where there are none."""
    listed = []
    for column in columns:
        gaps = np.flatnonzero(column.missing)
        if gaps.size:
            first = f"{column.origin.row_word} {column.places[int(gaps[0])]}"
            where = first if gaps.size == 1 else f"the first in {first}"
            listed.append(f"{counted(int(gaps.size), 'cell')} in '{column.name}' ({where})")
    return ", ".join(listed[:12]) + (f" and {len(listed) - 12} columns more" if len(listed) > 12 else "")
