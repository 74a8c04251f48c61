"""The log of single-sample steps: which sample each saw, what the network answered, and how wrong it was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.engine import decided_classes
from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import Column, PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["StepsPanel"]

RIGHT, WRONG = "✓", "×"
OLDEST = 0.66
"""The opacity of the last row, at which it can still be read."""

MOST_ANSWERS = 3

SPARED = ((), ("sample",), ("sample", "y"), ("sample", "y", "ŷ"))
"""Columns that a narrow panel does without."""


StepRow = tuple[str, str, str, str, str, str]
"""One line of the log: step, sample, answer, target, loss, and a mark where the task has classes."""


@panels.register("steps")
@dataclass(frozen=True)
class StepsPanel:
    """The latest of the recorded steps, each with the one sample that it saw: answer, target, loss, right or wrong."""

    max_rows: Annotated[int, Ge(1), Le(30)] = 12
    decimals: Annotated[int, Ge(1), Le(6)] = 3
    stretch: ClassVar[float] = 1.8
    shows_numbers: ClassVar[bool] = True

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        n = experiment.training.batch or experiment.dataset.n_samples
        if experiment.training.batch == 1:
            return None
        return f"it lists single samples, and a batch has {n:,}"

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import TextTable
        from backprop_anim.story import knows_update, told_row

        recording, theme = stage.recording, stage.theme
        log = self._log(recording)
        columns = _columns(recording.experiment, log)
        choices = [[column for column in columns if column.heading not in spared] for spared in SPARED]
        sheet = TextTable(stage, choices, min(self.max_rows, recording.n_snapshots), says_more=False)
        shown = [column.index for column in sheet.columns]
        lines = np.cumsum(recording.samples >= 0) - 1  # of the log, by state; the last state has that of the one before

        def newest_line(moment: Moment) -> int:
            return int(lines[told_row(recording, moment)]) - (not knows_update(moment))

        listed = sorted({newest_line(moment) for moment in stage.moments} - {-1})

        def show(moment: Moment) -> None:
            sheet.clear()
            newest = bisect_right(listed, newest_line(moment)) - 1
            for row in range(min(sheet.n_rows, newest + 1)):
                step, *rest, mark = enumerate(map(log[listed[newest - row]].__getitem__, shown))
                weight, opacity = ("regular", "bold")[row == 0], 1 - (1 - OLDEST) * row / max(sheet.n_rows - 1, 1)
                plain, strong = rest, list[tuple[int, str]]()
                (strong if row == 0 else plain).append(step)
                (strong if mark[1] == WRONG else plain).append(mark)
                sheet.write(row, plain, theme.ink, weight, opacity)
                sheet.write(row, strong, theme.accent, weight)

        return show

    def _log(self, recording: Recording) -> list[StepRow]:
        """Return the rows of the whole run, oldest first."""
        from backprop_anim.drawing import column_decimals, column_number
        from backprop_anim.training import taken

        experiment = recording.experiment
        dataset, targets = experiment.dataset, experiment.shown_targets()
        states = np.flatnonzero(recording.samples >= 0)
        samples = recording.samples[states]
        inputs = dataset.shown_inputs[samples][:, np.newaxis, :]
        outputs = experiment.answers(taken(recording.parameters, states), inputs)[:, 0]
        decimals = column_decimals(targets, self.decimals)
        loss_decimals = column_decimals(recording.losses, self.decimals)
        rows: list[StepRow] = []
        for state, sample, output in zip(states.tolist(), samples.tolist(), outputs, strict=True):
            step = int(recording.steps[state])
            loss = column_number(float(recording.losses[step]), loss_decimals)
            answer, target = (
                self._answer(experiment, output, decimals),
                self._target(experiment, targets[sample], sample, decimals),
            )
            mark = ""
            if dataset.labels is not None:
                mark = RIGHT if decided_classes(output) == dataset.labels[sample] else WRONG
            rows.append((f"{step:,}", str(sample), answer, target, loss, mark))
        return rows

    def _answer(self, experiment: Experiment, output: Array, decimals: int) -> str:
        from backprop_anim.drawing import column_number

        if _by_name(experiment):
            name = experiment.dataset.class_names[int(decided_classes(output))]
            return f"{name}  {column_number(float(output.max()), self.decimals)}"
        return _numbers(output, decimals)

    def _target(self, experiment: Experiment, target: Array, sample: int, decimals: int) -> str:
        if _by_name(experiment) and experiment.dataset.labels is not None:
            return experiment.dataset.class_names[int(experiment.dataset.labels[sample])]
        return str(round(float(target[0]))) if experiment.dataset.kind == "classes" else _numbers(target, decimals)


def _numbers(values: Array, decimals: int) -> str:
    from backprop_anim.drawing import column_number

    shown = "  ".join(column_number(value, decimals) for value in values[:MOST_ANSWERS].tolist())
    return shown + ("  …" if len(values) > MOST_ANSWERS else "")


def _by_name(experiment: Experiment) -> bool:
    """Return whether answers are told by the names of classes: a single output is a number."""
    return experiment.dataset.kind == "classes" and experiment.network.sizes[-1] > 1


def _columns(experiment: Experiment, log: list[StepRow]) -> list[Column]:
    """Return the columns, wide enough for every row of the run."""
    from backprop_anim.drawing import Column

    aligns = ["right", "right", *(["left"] * 2 if _by_name(experiment) else ["right"] * 2), "right", "left"]
    headings = ("step", "sample", "ŷ", "y", "loss", "")
    columns = []
    for place, (heading, align) in enumerate(zip(headings, aligns, strict=True)):
        longest = sorted({row[place] for row in log}, key=len)[-3:]
        columns.append(Column(heading, tuple(longest), "", "left" if align == "left" else "right", True, place))
    return columns
