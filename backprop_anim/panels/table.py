"""The samples as a table: what the network reads, what it should answer, and what it answers now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.engine.types import Array
from backprop_anim.experiment import Experiment
from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing.grid import Column, Sheet
    from backprop_anim.drawing.stage import Stage
    from backprop_anim.timeline import Moment

__all__ = ["TablePanel"]

MARK = "×"


@panels.register("table")
@dataclass(frozen=True)
class TablePanel:
    """Inputs, actual and predicted of the first samples; a wrong class is marked, the sample shown elsewhere too."""

    decimals: Annotated[int, Ge(0), Le(6)] = 3
    stretch: ClassVar[float] = 1.8

    def misfit(self, experiment: Experiment) -> str | None:
        return None

    def start(self, stage: Stage) -> Callable[[Moment], None]:
        from backprop_anim.drawing.grid import Sheet
        from backprop_anim.timeline import shown_state

        recording = stage.recording
        experiment = recording.experiment
        dataset, network = experiment.dataset, experiment.network
        classes = dataset.kind == "classes"
        answers = self._class_columns(stage) if classes else self._number_columns(stage)
        sheet = Sheet(stage, self._input_columns(experiment), answers, dataset.n_samples)
        write = self._class_writer(sheet, experiment) if classes else self._number_writer(sheet, stage)
        current = _current_samples(stage)
        inputs = dataset.inputs[: sheet.n_rows]
        shown: tuple[int, object] | None = None
        outputs = np.zeros((0, 0))

        def show(moment: Moment) -> None:
            nonlocal shown, outputs
            if shown != (moment.snapshot, moment.act):
                shown = (moment.snapshot, moment.act)
                outputs = network.outputs(shown_state(recording, moment), inputs)
            sheet.clear()
            write(outputs)
            if current is not None:
                sheet.point_at(int(current[moment.frame]))

        return show

    def _input_columns(self, experiment: Experiment) -> list[Column]:
        from backprop_anim.drawing.grid import Column

        dataset = experiment.dataset
        names = _names(dataset.input_names, dataset.n_inputs, "x")
        return [
            Column(name, self._fixed(values), align="right") for name, values in zip(names, dataset.inputs.T, strict=True)
        ]

    def _number_columns(self, stage: Stage) -> list[Column]:
        from backprop_anim.drawing.grid import Column
        from backprop_anim.drawing.rows import signed_number

        recording = stage.recording
        targets = recording.experiment.targets()
        n_out = targets.shape[1]
        outputs = recording.experiment.network.outputs(recording.parameters[:: max(1, recording.n_snapshots // 16)],
                                                       recording.experiment.dataset.inputs[:64])
        widest = max((signed_number(v, self.decimals, False) for v in (outputs.min(), outputs.max())), key=len)
        names = _names(recording.experiment.dataset.output_names, n_out, "y")
        single = n_out == 1
        actual = [
            Column("actual" if single else name, self._fixed(values), "" if single else "actual", "right")
            for name, values in zip(names, targets.T, strict=True)
        ]
        predicted = [
            Column("predicted" if single else name, (widest,), "" if single else "predicted", "right", changing=True)
            for name in names
        ]
        return [*actual, *predicted]

    def _class_columns(self, stage: Stage) -> list[Column]:
        from backprop_anim.drawing.grid import Column

        experiment = stage.recording.experiment
        dataset = experiment.dataset
        labels = [] if dataset.labels is None else dataset.labels.tolist()
        actual = tuple(dataset.class_names[label] for label in labels)
        widest = f"−0.{'0' * self.decimals}" if not _probabilities(experiment) else f"0.{'0' * self.decimals}"
        how_sure = "probability" if _probabilities(experiment) else "output"
        return [
            Column("actual", actual),
            Column("predicted", dataset.class_names, changing=True),
            Column(how_sure, (widest,), align="right", changing=True),
            Column("", (MARK,), changing=True),
        ]

    def _number_writer(self, sheet: Sheet, stage: Stage) -> Callable[[Array], None]:
        from backprop_anim.drawing.rows import signed_number

        changing, ink = sheet.changing, stage.theme.ink

        def write(outputs: Array) -> None:
            for row, answer in enumerate(outputs.tolist()):
                for column, place in changing:
                    sheet.write(row, place, signed_number(answer[column], self.decimals, False), ink, "semibold")

        return write

    def _class_writer(self, sheet: Sheet, experiment: Experiment) -> Callable[[Array], None]:
        from backprop_anim.drawing.rows import signed_number

        theme, dataset = sheet.theme, experiment.dataset
        sure = _probabilities(experiment)
        (_, name_at), (_, number_at), (_, mark_at) = sheet.changing

        def write(outputs: Array) -> None:
            labels = np.zeros(0, dtype=np.int64) if dataset.labels is None else dataset.labels
            for row, answer in enumerate(outputs):
                single = len(answer) == 1
                chosen = int(answer[0] >= 0.5) if single else int(answer.argmax())
                value = float(answer[0] if single else answer[chosen])
                value = 1 - value if single and sure and not chosen else value
                wrong = chosen != labels[row]
                color = theme.accent if wrong else theme.ink
                sheet.write(row, name_at, dataset.class_names[chosen], color, "semibold")
                sheet.write(row, number_at, signed_number(value, self.decimals, False), color)
                sheet.write(row, mark_at, MARK if wrong else "", color, "semibold")

        return write

    def _fixed(self, values: Array) -> tuple[str, ...]:
        from backprop_anim.drawing.rows import decimals_for, signed_number

        decimals = decimals_for(values, self.decimals)
        return tuple(signed_number(value, decimals, False) for value in values.tolist())
