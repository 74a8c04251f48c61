"""How well answers fit what a file says of the same samples: accuracies and errors that people know; never a loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import counted
from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment
from backprop_anim.tasks import Column, RawTable, TaskError

__all__ = ["Score", "judged"]


@dataclass(frozen=True)
class Score:
    """How well the answers fit one target.

    Attributes
    ----------
    target : str
    n_rows : int
        Samples of which the target is known.
    n_right : int or None
        Those that were answered rightly; None where the answers are numbers.
    mean_absolute_error : float or None
        In the units of the data; None where the answers are classes.
    r2 : float or None
        The share of the target's variance that the answers explain, 1 - Σ(y - ŷ)² / Σ(y - mean of y)²; None for
        classes and where all targets are alike.
    """

    target: str
    n_rows: int
    n_right: int | None = None
    mean_absolute_error: float | None = None
    r2: float | None = None

    @property
    def accuracy(self) -> float | None:
        """The share of right answers; None where the answers are numbers."""
        return None if self.n_right is None else self.n_right / self.n_rows

    def __str__(self) -> str:
        """Say it in a line."""
        if self.accuracy is not None:
            return f"{self.target}: accuracy {self.accuracy:.1%} ({self.n_right:,} of {self.n_rows:,} right)"
        explained = "" if self.r2 is None else f", R² {self.r2:.3f}"
        error = f"{self.mean_absolute_error:.4g}"
        return f"{self.target}: mean absolute error {error}{explained} ({counted(self.n_rows, 'row')})"

    def as_mapping(self) -> dict[str, float]:
        """Return what is known, for JSON."""
        named = {"rows": self.n_rows, "right": self.n_right, "accuracy": self.accuracy}
        named |= {"mean_absolute_error": self.mean_absolute_error, "r2": self.r2}
        return {word: value for word, value in named.items() if value is not None}


def judged(
    table: RawTable, experiment: Experiment, outputs: Array, classes: Sequence[str]
) -> tuple[tuple[Score, ...], str]:
    """Return the scores, or why there are none though the file holds the targets."""
    try:
        return _scores_on(table, experiment, outputs, classes), ""
    except TaskError as error:
        return (), f"the answers are not judged: {error}"


def _scores_on(table: RawTable, experiment: Experiment, outputs: Array, classes: Sequence[str]) -> tuple[Score, ...]:
    """Return the scores of answers to the rows of a table; none where it does not hold all targets.

    Raises
    ------
    TaskError
        If a cell of a target is none that the network could have learned.
    """
    columns = _target_columns(table, experiment)
    if not columns:
        return ()
    known = ~np.logical_or.reduce([column.missing for column in columns])
    if not known.any():
        return ()
    rows = np.flatnonzero(known)
    columns = [column.only(rows) for column in columns]
    if experiment.dataset.kind == "classes":
        name = columns[0].name if len(columns) == 1 else "class"
        pairs = zip(_classes_in(columns, experiment), (classes[row] for row in rows.tolist()), strict=True)
        return (Score(name, len(rows), sum(wanted == found for wanted, found in pairs)),)
    found = outputs[rows]
    if experiment.has_labels:
        return tuple(
            Score(column.name, len(rows), int(((column.numbers() >= 0.5) == (answers >= 0.5)).sum()))
            for column, answers in zip(columns, found.T, strict=True)
        )
    return tuple(_score_of_numbers(column, answers) for column, answers in zip(columns, found.T, strict=True))


def _score_of_numbers(column: Column, answers: Array) -> Score:
    wanted = column.numbers()
    errors, spread = wanted - answers, float(((wanted - wanted.mean()) ** 2).sum())
    r2 = 1 - float((errors**2).sum()) / spread if spread > 0 else None
    return Score(column.name, len(wanted), None, float(np.abs(errors).mean()), r2)


def _target_columns(table: RawTable, experiment: Experiment) -> list[Column]:
    """Return the columns of the targets, by the file's own names or those that are shown; none where one lacks."""
    task, dataset = experiment.task, experiment.dataset
    own = getattr(task, "targets", None) or ("class" if dataset.kind == "classes" else dataset.output_names)
    shown = dataset.output_names
    for names in ((own,) if isinstance(own, str) else tuple(own), shown):
        if names and all(table.names.count(name) == 1 for name in names):
            return [table.column(name, "targets") for name in names]
    return []


def _classes_in(columns: Sequence[Column], experiment: Experiment) -> list[str]:
    """Return the class of each row as it is shown."""
    names = experiment.dataset.class_names
    if len(columns) > 1:  # one-hot
        stacked: NDArray[np.float64] = np.column_stack([column.numbers() for column in columns])
        return [names[place] for place in stacked.argmax(axis=1)]
    (column,) = columns
    given = getattr(getattr(experiment.task, "names", None), "classes", ())
    shown = {_folded(name): name for name in names}
    if isinstance(given, Mapping):
        shown |= {_folded(str(word)): name for word, name in given.items()}
    found = []
    for row, word in enumerate(column.class_words):
        if _folded(word) not in shown:
            raise column.error(row, f"'{word}' is none of the classes that it held: {', '.join(names[:12])}")
        found.append(shown[_folded(word)])
    return found


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())
