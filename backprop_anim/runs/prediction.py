"""Outputs of a trained network for new samples, as a table; it never trains and never prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_anim.common import UsageError
from backprop_anim.engine import Array, decided_classes
from backprop_anim.tasks import TaskError, date_text
from backprop_anim.training import Recording

__all__ = ["Prediction", "predict"]


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
    """

    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    inputs: Array
    outputs: Array
    classes: tuple[str, ...]
    dates: tuple[int, ...] = ()

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
        return found | ({"classes": list(self.classes)} if self.classes else {})


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
    )


def _enough(names: Sequence[str], n: int, letter: str) -> tuple[str, ...]:
    return tuple(names) if len(names) == n else tuple(f"{letter}{k}" for k in range(1, n + 1))
