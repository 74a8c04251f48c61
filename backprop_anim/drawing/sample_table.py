"""The table of one sample: its inputs, outputs and targets in rows, and its loss; it never runs the network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backprop_anim.common import number_text
from backprop_anim.drawing.layout import LEAST_SIZE
from backprop_anim.drawing.number_bars import NumberBars
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.engine import Array, decided_classes
from backprop_anim.experiment import Experiment
from backprop_anim.story import loss_decimals
from backprop_anim.tasks import Dataset, date_text

__all__ = ["SampleTable", "split_rows"]

ROW, LEAST_ROW = 30.0, 21.5
SECTION = 0.5
"""The gap between inputs, outputs and the verdict, in rows."""

COLUMN_GAP = 22.0
NAME_SHARE = 0.32
"""The share of the panel's width that names may take."""

LEAST_BAR, LONGEST_BAR = 50.0, 240.0


class SampleTable:
    """Rows of names, numbers and bars; only numbers and bars change.

    Parameters
    ----------
    stage : PanelArea
    max_rows : int
        Inputs, and outputs, that are shown at most.
    bars : bool
    """

    def __init__(self, stage: PanelArea, max_rows: int, bars: bool) -> None:
        experiment = stage.recording.experiment
        self._stage, self._dataset, self._targets = stage, experiment.dataset, experiment.shown_targets()
        self._inputs = _shown_inputs(self._dataset)
        self._classes = self._dataset.labels is not None
        self._loss_decimals = min(6, loss_decimals(stage.recording))
        in_names, out_names = _input_names(self._dataset), _output_names(experiment)
        least = 2 + 2 * SECTION + min(len(in_names), max_rows) + min(len(out_names), max_rows)
        self._has_label = self._classes and (least + 3) * LEAST_ROW <= stage.rect.height
        n_verdict = 1 + self._classes + self._has_label
        room = stage.rect.height / LEAST_ROW - 2 - n_verdict - 2 * SECTION
        n_in, n_out = split_rows(len(in_names), len(out_names), room, max_rows)
        n_rows = 2 + n_verdict + 2 * SECTION + sum(_rows_taken(n_in, in_names)) + sum(_rows_taken(n_out, out_names))
        self._row = min(ROW, stage.rect.height / n_rows)
        self._size = max(LEAST_SIZE, min(16.0, 0.66 * self._row))
        self._y = stage.rect.top - 14
        self._place_columns([*in_names[:n_in], *out_names[:n_out], "answer"])
        self._heading = stage.changing_text(stage.rect.left, self._y, self._size)
        self._write_rows(in_names, n_in, out_names, n_out, bars)

    def _place_columns(self, names: Sequence[str]) -> None:
        """Find where names end, where each column of numbers ends, and where the bars lie."""
        stage, rect = self._stage, self._stage.rect
        self._in_decimals = _alike([_decimals(column, exact=True) for column in self._inputs.T])
        shown = _decimals(self._targets, exact=False)
        self._out_decimals = [shown, _decimals(self._targets, exact=True) if self._classes else shown, shown]
        numbers = [
            self._input_text(k, value)
            for k, column in enumerate(self._inputs.T)
            for value in (column.min(), column.max())
        ]
        greatest = 10 ** np.ceil(np.log10(max(float(np.abs(self._targets).max()), 1.0)))
        numbers.append(_number(-0.98 * greatest, shown))
        heads = ["network", "target"] if self._classes else ["network", "target", "error"]
        widths = [stage.text_width(text, self._size) for text in (*numbers, *heads)]
        pitch = max(widths) + COLUMN_GAP
        room = min(NAME_SHARE * rect.width, rect.width - len(heads) * pitch)
        self._name_width = max(40.0, min(max(stage.text_width(name, self._size) for name in names), room))
        self._heads = dict(zip(heads, rect.left + self._name_width + pitch * np.arange(1, len(heads) + 1), strict=True))
        self._words_left = self._heads["network"] - max(widths)
        self._bar_left = max(self._heads.values()) + COLUMN_GAP
        self._bar_width = min(LONGEST_BAR, rect.right - self._bar_left - 4)

    def _write_rows(self, in_names: Sequence[str], n_in: int, out_names: Sequence[str], n_out: int, bars: bool) -> None:
        stage, theme = self._stage, self._stage.theme
        ends, low = self._heads, [np.minimum(column.min(axis=0), 0) for column in (self._inputs, self._targets)]
        high = [np.maximum(column.max(axis=0), 1e-9) for column in (self._inputs, self._targets)]
        in_rows = self._write_names(in_names, n_in)
        self._in_numbers = [
            stage.changing_text(ends["network"], y, self._size, theme.ink, align="right") for y in in_rows
        ]
        self._row_y(1 + SECTION)
        for head, x in ends.items():
            stage.text(x, self._y, head, self._size, ha="right", va="baseline")
        out_rows = self._write_names(out_names, n_out)
        self._out_numbers = [
            [
                stage.changing_text(x, y, self._size, theme.muted if head == "target" else theme.ink, align="right")
                for head, x in ends.items()
            ]
            for y in out_rows
        ]
        self._bars = None
        if bars and self._bar_width >= LEAST_BAR:
            spans = [*zip(low[0], high[0], strict=True)][:n_in] + [*zip(low[1], high[1], strict=True)][:n_out]
            self._bars = NumberBars(
                stage, self._bar_left, self._bar_width, [*in_rows, *out_rows], spans, n_in, self._size
            )
        self._write_verdict()

    def _write_names(self, names: Sequence[str], n: int) -> list[float]:
        """Write the first `n` names, each in a row of its own, and how many are left out; return the rows' places."""
        places = []
        for name in names[:n]:
            self._row_y()
            self._stage.text(
                self._stage.rect.left,
                self._y,
                self._stage.truncate_text(name, self._name_width, self._size),
                self._size,
            )
            places.append(self._y)
        if n < len(names):
            self._row_y()
            self._stage.text(self._stage.rect.left, self._y, f"… {len(names) - n:,} more", self._size)
        return places

    def _write_verdict(self) -> None:
        stage, theme = self._stage, self._stage.theme
        self._row_y(SECTION)
        self._label = self._right = self._wrong = None
        if self._classes:
            room = stage.rect.right - self._words_left
            self._class_names = [
                stage.truncate_text(name, room - stage.text_width(", wrong", self._size, "bold"), self._size, "bold")
                for name in self._dataset.class_names
            ]
            for name in ("label", "answer") if self._has_label else ("answer",):
                self._row_y()
                stage.text(stage.rect.left, self._y, name, self._size)
                if name == "label":
                    self._label = stage.changing_text(self._words_left, self._y, self._size, theme.ink)
            self._right = stage.changing_text(self._words_left, self._y, self._size, theme.ink)
            self._wrong = stage.changing_text(self._words_left, self._y, self._size, theme.accent, "bold")
        self._row_y()
        stage.text(stage.rect.left, self._y, "loss", self._size)
        self._loss = stage.changing_text(self._words_left, self._y, self._size, theme.ink, "bold")

    def _row_y(self, rows: float = 1.0) -> None:
        self._y -= rows * self._row

    def show(self, sample: int, output: Array, loss: float) -> None:
        """Show a sample, what the network answers to it, (n_out,), and the loss of this answer."""
        self._heading.set_content(f"sample {sample:,}")
        self._show_inputs(self._inputs[sample])
        self._show_outputs(output, self._targets[sample])
        self._show_verdict(output, sample, loss)

    def _show_inputs(self, values: Array) -> None:
        for k, (text, value) in enumerate(zip(self._in_numbers, values, strict=False)):
            text.set_content(self._input_text(k, value))
        if self._bars is not None:
            self._bars.set_inputs(values)

    def _input_text(self, k: int, value: float) -> str:
        if k in self._dataset.date_inputs:
            return date_text(value)
        return _number(value, self._in_decimals[k])

    def _show_outputs(self, output: Array, target: Array) -> None:
        for texts, a, y in zip(self._out_numbers, output, target, strict=False):
            for text, value, decimals in zip(texts, (a, y, a - y), self._out_decimals, strict=False):
                text.set_content(_number(value, decimals))
        if self._bars is not None:
            self._bars.set_outputs(output, target)

    def _show_verdict(self, output: Array, sample: int, loss: float) -> None:
        """Show the loss and, for classes, which one it is and which the network takes it for."""
        self._loss.set_content(_number(loss, self._loss_decimals))
        if self._right is None or self._wrong is None or self._dataset.labels is None:
            return
        label = int(self._dataset.labels[sample])
        chosen = int(decided_classes(output))
        if self._label is not None:
            self._label.set_content(self._class_names[label])
        self._right.set_content(f"{self._class_names[chosen]}, right" if chosen == label else "")
        self._wrong.set_content(f"{self._class_names[chosen]}, wrong" if chosen != label else "")


def split_rows(n_in: int, n_out: int, room: float, most: int) -> tuple[int, int]:
    """Return how many inputs and outputs are shown in so many rows; where some are left out, a row says so."""
    shown_in, shown_out = min(n_in, most), min(n_out, most)
    while sum((shown_in, shown_in < n_in, shown_out, shown_out < n_out)) > room and max(shown_in, shown_out) > 1:
        if shown_in >= shown_out:
            shown_in -= 1
        else:
            shown_out -= 1
    # A row that says "… 1 more" may as well be that one.
    return shown_in + (shown_in == n_in - 1), shown_out + (shown_out == n_out - 1)


def _rows_taken(shown: int, names: Sequence[str]) -> tuple[int, int]:
    """Return the rows of what is shown, and of what says that some are not."""
    return shown, int(shown < len(names))


def _shown_inputs(dataset: Dataset) -> Array:
    """Return the inputs as a user would read them, (N, n_in)."""
    inputs = dataset.shown_inputs
    if dataset.shown_range is None or inputs.max() <= inputs.min():
        return inputs
    first, last = dataset.shown_range
    shown: Array = first + (inputs - inputs.min()) / (inputs.max() - inputs.min()) * (last - first)
    return shown


def _input_names(dataset: Dataset) -> tuple[str, ...]:
    if dataset.input_names:
        return dataset.input_names
    return ("input",) if dataset.n_inputs == 1 else tuple(f"input {k + 1}" for k in range(dataset.n_inputs))


def _output_names(experiment: Experiment) -> tuple[str, ...]:
    """Return a name for each output of the network; with classes, that whose probability it is."""
    dataset, n_out = experiment.dataset, experiment.network.sizes[-1]
    names = dataset.output_names if dataset.labels is None else dataset.class_names[-n_out:]
    return names if len(names) == n_out else tuple(f"output {k + 1}" for k in range(n_out))


def _decimals(values: Array, exact: bool) -> int:
    """Return the decimals that give the largest number three digits, or fewer where they say it all."""
    largest = max(float(np.abs(values).max()), 1e-6)
    most = int(np.clip(2 - np.floor(np.log10(0.999 * largest)), 0, 6))
    if exact:
        for decimals in range(most):
            if np.allclose(values, np.round(values, decimals), rtol=0, atol=1e-9):
                return decimals
    return most


def _alike(decimals: list[int]) -> list[int]:
    """Return the same decimals for all columns where they hardly differ."""
    return [max(decimals)] * len(decimals) if max(decimals) - min(decimals) <= 1 else decimals


def _number(value: float, decimals: int) -> str:
    """Return a number with a true minus sign, and none before zero."""
    text = number_text(float(value), decimals).replace("-", "−")
    return text if text.strip("−0.") else text.replace("−", "")
