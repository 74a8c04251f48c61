"""Outputs of a trained network for new samples, as a table; it never trains and never prints."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.common import OutputError, UsageError, number_in_file
from backprop_anim.engine import Array, decided_classes
from backprop_anim.experiment import Experiment
from backprop_anim.runs.new_rows import rows_from_file, table_at
from backprop_anim.runs.scores import Score, judged
from backprop_anim.tasks import TaskError, date_text
from backprop_anim.training import Recording

__all__ = ["Prediction", "predict", "predict_file"]


@dataclass(frozen=True, eq=False)
class Prediction:
    """New samples and what the network makes of them.

    Attributes
    ----------
    input_names, output_names : tuple of str
    inputs, outputs : ndarray, shape (N, n_in) and (N, n_out)
    classes : tuple of str
        The class of each sample; empty where the task has none.
    dates : tuple of int
        The inputs that are days since the start of 1970.
    targets : tuple of str
        What is predicted, by its names in the data.
    given : tuple of (str, tuple of str)
        The columns of the file that the samples were read from, if they were.
    scores : tuple of Score
        How well the answers fit that file, where it holds what was to be predicted.
    note : str
        Why there are no scores though it does.
    """

    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    inputs: Array
    outputs: Array
    classes: tuple[str, ...]
    dates: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scores: tuple[Score, ...] = ()
    note: str = ""

    @property
    def n_numbers(self) -> int:
        """How many columns hold numbers."""
        return int(self.inputs.shape[1] + self.outputs.shape[1])

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (*self.input_names, *self.output_names, *(("class",) if self.classes else ()))

    def lines(self) -> list[tuple[str, ...]]:
        """Return the rows as text."""
        numbers = np.hstack([self.inputs, self.outputs])
        days = set(self.dates)
        rows = [
            tuple(date_text(value) if k in days else f"{value:.6g}" for k, value in enumerate(row))
            for row in numbers.tolist()
        ]
        return [(*row, name) for row, name in zip(rows, self.classes, strict=True)] if self.classes else rows

    def as_mapping(self) -> dict[str, Any]:
        """Return the table for JSON, with all digits."""
        found: dict[str, Any] = {
            "input_names": list(self.input_names),
            "output_names": list(self.output_names),
            "inputs": self.inputs.tolist(),
            "outputs": self.outputs.tolist(),
        }
        if self.classes:
            found["classes"] = list(self.classes)
        if self.scores:
            found["scores"] = {score.target: score.as_mapping() for score in self.scores}
        return found

    def save(self, path: Path | str, force: bool = False) -> Path:
        """Write a CSV file with the columns of the samples and those of the answers, and return where it is.

        Raises
        ------
        OutputError
            If there is such a file and `force` does not allow to write over it, or it cannot be written.
        """
        target, columns = Path(path), [*(self.given or self._input_columns()), *self._answer_columns()]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w" if force else "x", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([name for name, _ in columns])
                writer.writerows(zip(*(cells for _, cells in columns), strict=True))
        except FileExistsError:
            raise OutputError(f"{target} is there already; choose another name, or force to write over it") from None
        except OSError as error:
            raise OutputError(f"cannot write {target}: {error.strerror or error}") from None
        return target

    def _input_columns(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (name, tuple(date_text(cell) if place in self.dates else number_in_file(cell) for cell in cells))
            for place, (name, cells) in enumerate(zip(self.input_names, self.inputs.T.tolist(), strict=True))
        ]

    def _answer_columns(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the answers under names that no target has."""
        names = self.output_names if self.classes else tuple(f"predicted {name}" for name in self.output_names)
        cells = [tuple(map(number_in_file, column)) for column in self.outputs.T.tolist()]
        found = list(zip(names, cells, strict=True))
        return [*found, (f"predicted {self.targets[0]}", self.classes)] if self.classes else found


def predict(recording: Recording, rows: Sequence[Sequence[float]], step: int | None = None) -> Prediction:
    """Send rows through the network as it was at a step, or after the last one.

    Raises
    ------
    UsageError
        If there are no rows, or a feature has no value for one.
    """
    if not rows:
        raise UsageError("give samples with --row or --csv")
    dataset = recording.experiment.dataset
    snapshot = recording.n_snapshots - 1 if step is None else recording.nearest(step)
    inputs = np.array(rows, dtype=np.float64)
    if dataset.features is not None:
        try:
            dataset.features.checked(inputs)
        except TaskError as error:
            raise UsageError(str(error)) from None
    outputs = recording.experiment.answers(recording.parameters[snapshot], inputs)
    classes: tuple[str, ...] = ()
    names = dataset.output_names
    if dataset.kind == "classes":
        chosen = decided_classes(outputs)
        classes = tuple(dataset.class_names[index] for index in chosen)
        names = dataset.class_names if outputs.shape[1] > 1 else dataset.class_names[1:2]
        names = tuple(f"p({name})" for name in names)
    return Prediction(
        _enough(dataset.input_names, inputs.shape[1], "x"),
        _enough(names, outputs.shape[1], "y"),
        inputs,
        outputs,
        classes,
        dataset.date_inputs,
        _target_names(recording.experiment),
    )


def predict_file(recording: Recording, path: Path, step: int | None = None) -> Prediction:
    """Send the rows of a CSV file through the network, and judge the answers where it holds what was to be predicted.

    Raises
    ------
    NotFoundError
        If there is no such file.
    UsageError
        If it lacks a column, or a cell is none of what the column held.
    """
    experiment = recording.experiment
    found = predict(recording, rows_from_file(path, experiment), step)
    table = table_at(path, experiment)
    if table is None or len(table.places) != len(found.outputs):
        return found  # a file without names on top
    given = tuple((name, tuple(map(str, cells))) for name, cells in zip(table.names, table.cells, strict=True))
    scores, note = judged(table, experiment, found.outputs, found.classes)
    return replace(found, given=given, scores=scores, note=note)


def _target_names(experiment: Experiment) -> tuple[str, ...]:
    """Return what the data call what is predicted."""
    given = getattr(experiment.task, "targets", None)
    if not given:
        return ("class",) if experiment.dataset.kind == "classes" else experiment.dataset.output_names
    names = (given,) if isinstance(given, str) else tuple(given)
    return names if len(names) == 1 or experiment.dataset.kind != "classes" else ("class",)


def _enough(names: Sequence[str], n: int, letter: str) -> tuple[str, ...]:
    return tuple(names) if len(names) == n else tuple(f"{letter}{k}" for k in range(1, n + 1))
