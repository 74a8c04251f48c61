"""The samples as a table: what the network reads, what it should answer, and what it answers now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.engine import decided_classes
from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import Column, PanelArea, TextTable
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["TablePanel"]

WRONG, RIGHT = "  ×", "  ✓"
"""Stand behind a class that is predicted."""

LEAST_STRIP, LEAST_STRIP_OF_CLASSES = 120.0, 170.0
"""What the axis of the errors needs beside the columns, in points; the word over it is longer for classes."""

HALF = 0.5

NOW = "now"
"""What the dot behind a row means: the sample that the network shows."""


@panels.register("table")
@dataclass(frozen=True)
class TablePanel:
    """Inputs, actual and predicted of the first samples, the error between them, and a dot at the current sample."""

    decimals: Annotated[int, Ge(0), Le(6)] = 3
    stretch: ClassVar[float] = 1.8
    shows_numbers: ClassVar[bool] = True

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import TextTable

        recording = stage.recording
        experiment = recording.experiment
        dataset = experiment.dataset
        classes = dataset.kind == "classes"
        names = _short_names(stage)
        choices = self._class_choices(experiment, names) if classes else self._number_choices(recording)
        beside = LEAST_STRIP if experiment.network.sizes[-1] == 1 else 0.0
        beside = LEAST_STRIP_OF_CLASSES if classes else beside
        sheet = TextTable(stage, choices, dataset.n_samples, beside=beside)
        show_gaps = _create_gaps(stage, sheet)
        write = self._class_writer(sheet, stage, names) if classes else self._number_writer(sheet, stage)
        current = _current_samples(stage)
        if current is not None and sheet.beside is None and stage.shared is None:
            sheet.name_dot(NOW)
        inputs = dataset.shown_inputs[: sheet.n_rows]
        shown = -1
        outputs = np.zeros((0, 0))

        def show(moment: Moment) -> None:
            nonlocal shown, outputs
            sheet.clear()
            if shown != moment.snapshot:  # numbers change at once, whatever else is on its way
                shown = moment.snapshot
                outputs = experiment.answers(recording.parameters[moment.snapshot], inputs)
            write(outputs)
            show_gaps(outputs)
            if current is not None:
                sheet.point_at(int(current[moment.frame]))

        return show

    def _number_choices(self, recording: Recording) -> Iterator[list[Column]]:
        """Yield the columns for numbers: with fewer inputs, and then fewer outputs, from one to the next."""
        from backprop_anim.drawing import Column, column_number

        experiment = recording.experiment
        targets, inputs = experiment.shown_targets(), self._input_columns(experiment)
        n_out = targets.shape[1]
        some = recording.parameters[:: max(1, recording.n_snapshots // 16)]
        outputs = experiment.answers(some, experiment.dataset.shown_inputs[:64])
        decimals = self._decimals(targets)
        names = _names(experiment.dataset.output_names, n_out, "y")
        actual, predicted = [], []
        for k, name in enumerate(names):
            groups = ("", "") if n_out == 1 else ("actual", "predicted")
            headings = ("actual", "predicted") if n_out == 1 else (name, name)
            ends = (outputs[..., k].min(), outputs[..., k].max(), *targets[:, k].tolist())
            widest = tuple(column_number(float(value), decimals[k]) for value in ends)
            actual.append(Column(headings[0], self._fixed(targets[:, k]), groups[0], "right", index=k))
            predicted.append(Column(headings[1], widest, groups[1], "right", changing=True, index=k))
        for n in range(n_out, 0, -1):
            for some_inputs in _with_fewer_inputs(inputs):
                yield [*some_inputs, *actual[:n], *predicted[:n]]

    def _class_choices(self, experiment: Experiment, names: Sequence[str]) -> Iterator[list[Column]]:
        """Yield the columns for classes, with fewer inputs from one to the next."""
        from backprop_anim.drawing import Column

        labels = experiment.dataset.labels
        sure = _gives_probabilities(experiment)
        widest = self._number(0.0 if sure else -10.0)
        answers = [
            Column("actual", tuple(names[label] for label in (() if labels is None else labels))),
            Column("predicted", tuple(name + mark for name in names for mark in (WRONG, RIGHT)), changing=True),
            Column("probability" if sure else "output", (widest,), align="right", changing=True),
        ]
        for some_inputs in _with_fewer_inputs(self._input_columns(experiment)):
            yield [*some_inputs, *answers]

    def _input_columns(self, experiment: Experiment) -> list[Column]:
        from backprop_anim.drawing import Column
        from backprop_anim.tasks import date_text

        dataset = experiment.dataset
        names = _names(dataset.input_names, dataset.n_inputs, "x")
        columns = zip(names, dataset.shown_inputs.T, strict=True)
        days = dataset.date_inputs
        return [
            Column(name, tuple(map(date_text, values)) if k in days else self._fixed(values), align="right")
            for k, (name, values) in enumerate(columns)
        ]

    def _number_writer(self, sheet: TextTable, stage: PanelArea) -> Callable[[Array], None]:
        from backprop_anim.drawing import column_number

        places, ink = sheet.changing_places, stage.theme.ink
        decimals = self._decimals(stage.recording.experiment.shown_targets())

        def write(outputs: Array) -> None:
            for row, answer in enumerate(outputs.tolist()):
                words = [(place, column_number(answer[index], decimals[index])) for index, place in places]
                sheet.write(row, words, ink, "bold")

        return write

    def _class_writer(self, sheet: TextTable, stage: PanelArea, names: Sequence[str]) -> Callable[[Array], None]:
        theme, experiment = stage.theme, stage.recording.experiment
        labels = experiment.dataset.labels
        sure = _gives_probabilities(experiment)
        places = [place for _, place in sheet.changing_places]

        def write(outputs: Array) -> None:
            chosen, values = _answers(outputs, sure)
            for row, (choice, value) in enumerate(zip(chosen.tolist(), values.tolist(), strict=True)):
                wrong = labels is not None and choice != labels[row]
                color = theme.accent if wrong else theme.ink
                words = (names[choice] + (WRONG if wrong else RIGHT), self._number(value))
                sheet.write(row, zip(places, words[len(words) - len(places) :], strict=True), color, "bold")

        return write

    def _number(self, value: float) -> str:
        from backprop_anim.drawing import signed_number

        return signed_number(value, self.decimals, plus=False)

    def _fixed(self, values: Array) -> tuple[str, ...]:
        """Return the numbers of a column with as few decimals as tell them exactly, all alike."""
        from backprop_anim.drawing import column_decimals, column_number, decimals_for

        decimals = decimals_for(values, column_decimals(values, self.decimals))
        return tuple(column_number(value, decimals) for value in values.tolist())

    def _decimals(self, targets: Array) -> list[int]:
        """Return the decimals of each output, (N, n_out) -> n_out."""
        from backprop_anim.drawing import column_decimals

        return [column_decimals(column, self.decimals) for column in targets.T]


def _create_gaps(stage: PanelArea, sheet: TextTable) -> Callable[[Array], None]:
    """Draw the axis of the errors, where it has room, and return what brings it to outputs, (rows, n_out)."""
    from backprop_anim.drawing import GapStrip, column_decimals, column_number, decimals_for, draw_head_marks

    experiment, place = stage.recording.experiment, sheet.beside
    if place is None:
        return lambda outputs: None
    targets = experiment.shown_targets()[: sheet.n_rows]
    of_actual = experiment.dataset.kind == "classes" and (targets.shape[1] > 1 or _gives_probabilities(experiment))
    low, high = _span(stage.recording)
    ends = np.array([low, high])
    decimals = decimals_for(ends, column_decimals(ends, 2))
    words = (column_number(low, decimals), column_number(high, decimals))
    head = "error of actual" if of_actual else "error"
    strip = GapStrip(stage, place, np.array(sheet.middles), (low, high), (words[0], head, words[1]))
    heads = {column.heading: sheet.before_heading(k) for k, column in enumerate(sheet.columns)}
    dot = next(heads[word] for word in ("probability", "output", "predicted") if word in heads)
    draw_head_marks(stage, heads["actual"], dot)

    def show(outputs: Array) -> None:
        if not of_actual:
            strip.show(outputs[:, 0], targets[:, 0])
        elif targets.shape[1] > 1:  # what is given to the class that is right, and should be all
            strip.show(outputs[np.arange(len(outputs)), targets.argmax(axis=1)], targets.max(axis=1))
        else:
            strip.show(np.where(targets[:, 0] >= HALF, outputs[:, 0], 1 - outputs[:, 0]), np.ones(len(outputs)))

    return show


def _span(recording: Recording) -> tuple[float, float]:
    """Return the ends of the axis of answers: 0 and 1 where they can be nothing else, or those of the targets."""
    experiment = recording.experiment
    bounds = experiment.network.activations[-1].bounds
    if (bounds == (0.0, 1.0) and experiment.dataset.target_units is None) or experiment.dataset.kind == "classes":
        return 0.0, 1.0
    targets = experiment.shown_targets()
    low, high = float(targets.min()), float(targets.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _answers(outputs: Array, sure: bool) -> tuple[NDArray[np.int64], Array]:
    """Return the class that each row of outputs, (N, n_out), is for, and its output or its probability."""
    chosen = decided_classes(outputs)
    if outputs.shape[1] > 1:
        return chosen, outputs.max(axis=1)
    return chosen, np.where((chosen == 0) & sure, 1 - outputs[:, 0], outputs[:, 0])


def _gives_probabilities(experiment: Experiment) -> bool:
    """Return whether the outputs are the probabilities of classes."""
    last, n_out = experiment.network.activations[-1], experiment.network.sizes[-1]
    return last.output_only or (n_out == 1 and last.bounds == (0.0, 1.0))


def _with_fewer_inputs(inputs: list[Column]) -> Iterator[list[Column]]:
    """Yield all of the inputs, then fewer and fewer with an ellipsis after them, down to none."""
    from backprop_anim.drawing import Column

    yield inputs
    for n in range(len(inputs) - 1, -1, -1):
        yield [*inputs[:n], Column("…")]


def _short_names(stage: PanelArea) -> list[str]:
    """Return the names of the classes, cut where they would be too long with a mark behind them."""
    from backprop_anim.drawing import fits_column, told_apart, truncate_text

    def fits(name: str) -> bool:
        return fits_column(stage, name + WRONG)

    names = stage.recording.experiment.dataset.class_names
    return told_apart(names, [truncate_text(name, fits) for name in names], fits)


def _names(given: tuple[str, ...], n: int, letter: str) -> tuple[str, ...]:
    if len(given) == n:
        return given
    return (letter,) if n == 1 else tuple(f"{letter}{k}" for k in range(1, n + 1))


def _current_samples(stage: PanelArea) -> NDArray[np.int64] | None:
    """Return the sample that each moment is about, shape (moments,); None where the probe is between samples."""
    from backprop_anim.story import probe_samples

    experiment = stage.recording.experiment
    if experiment.dataset.n_inputs == 1 and experiment.training.batch != 1:
        return None
    return probe_samples(stage.recording, stage.moments)
