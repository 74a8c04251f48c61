"""One sample in numbers: what goes in, what should come out, what does, and how wrong that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.common import number_text
from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment
from backprop_anim.panels.panel import panels
from backprop_anim.tasks import Dataset
from backprop_anim.training import Recording

if TYPE_CHECKING:
    from backprop_anim.drawing import PanelArea
    from backprop_anim.story import Moment

__all__ = ["SamplePanel"]

ROW, LEAST_ROW = 30.0, 21.0
SECTION = 0.5
"""The gap between inputs, outputs and the verdict, in rows."""

COLUMN_GAP = 22.0
NAME_SHARE = 0.32
"""The share of the panel's width that names may take."""

LEAST_BAR, LONGEST_BAR = 50.0, 240.0


@panels.register("sample")
@dataclass(frozen=True)
class SamplePanel:
    """The current sample: its inputs, target, the network's answer, and its loss."""

    max_rows: Annotated[int, Ge(1), Le(20)] = 6
    bars: bool = True
    stretch: ClassVar[float] = 1.7

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.story import probe_samples

        recording = stage.recording
        inputs, targets = _shown_inputs(recording.experiment.dataset), recording.experiment.targets()
        samples = probe_samples(recording, stage.moments)
        answers = _Answers(recording)
        table = _Table(stage, self.max_rows, self.bars)

        def show(moment: Moment) -> None:
            sample = int(samples[moment.frame])
            output, loss = answers.at(moment, sample)
            table.heading.set_content(f"sample {sample:,}")
            table.show_inputs(inputs[sample])
            table.show_outputs(output, targets[sample])
            table.show_verdict(output, sample, loss)

        return show


class _Answers:
    """The network's answer to one sample and its loss, at any moment.

    Parameters
    ----------
    recording : Recording
    """

    def __init__(self, recording: Recording) -> None:
        from backprop_anim.engine import Backprop

        experiment = recording.experiment
        self._recording, self._state = recording, np.empty(recording.parameters.shape[1])
        self._pass = Backprop(experiment.network, experiment.training.loss, self._state, 1)
        self._inputs, self._targets = experiment.dataset.inputs, experiment.targets()

    def at(self, moment: Moment, sample: int) -> tuple[Array, float]:
        """Return the output, (n_out,), and the experiment's loss of a batch of this sample alone."""
        from backprop_anim.story import shown_state

        self._state[...] = shown_state(self._recording, moment)
        with np.errstate(over="ignore", invalid="ignore"):
            output = self._pass.forward(self._inputs[sample][:, np.newaxis])[:, 0]
            return output, self._pass.loss_value(self._targets[sample][:, np.newaxis])


class _Table:
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
        self._stage, self._dataset, self._targets = stage, experiment.dataset, experiment.targets()
        self._inputs = _shown_inputs(self._dataset)
        self._classes = self._dataset.labels is not None
        self._loss_decimals = _loss_decimals(stage.recording)
        in_names, out_names = _input_names(self._dataset), _output_names(experiment)
        least = 2 + 2 * SECTION + min(len(in_names), max_rows) + min(len(out_names), max_rows)
        self._has_label = self._classes and (least + 3) * LEAST_ROW <= stage.rect.height
        n_verdict = 1 + self._classes + self._has_label
        room = stage.rect.height / LEAST_ROW - 2 - n_verdict - 2 * SECTION
        n_in, n_out = _split(len(in_names), len(out_names), room, max_rows)
        n_rows = 2 + n_verdict + 2 * SECTION + sum(_rows_taken(n_in, in_names)) + sum(_rows_taken(n_out, out_names))
        self._row = min(ROW, stage.rect.height / n_rows)
        self._size = min(16.0, 0.66 * self._row)
        self._y = stage.rect.top - 14
        self._place_columns([*in_names[:n_in], *out_names[:n_out], "answer"])
        self.heading = stage.changing_text(stage.rect.left, self._y, self._size)
        self._write_rows(in_names, n_in, out_names, n_out, bars)

    def _place_columns(self, names: Sequence[str]) -> None:
        """Find where names end, where each column of numbers ends, and where the bars lie."""
        stage, rect = self._stage, self._stage.rect
        self._in_decimals = _alike([_decimals(column, exact=True) for column in self._inputs.T])
        shown = _decimals(self._targets, exact=False)
        self._out_decimals = [shown, _decimals(self._targets, exact=True) if self._classes else shown, shown]
        numbers = [
            _number(value, decimals)
            for column, decimals in zip(self._inputs.T, self._in_decimals, strict=True)
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
            self._bars = _NumberBars(
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

    def show_inputs(self, values: Array) -> None:
        """Show the inputs of a sample, (n_in,)."""
        for text, value, decimals in zip(self._in_numbers, values, self._in_decimals, strict=False):
            text.set_content(_number(value, decimals))
        if self._bars is not None:
            self._bars.set_inputs(values)

    def show_outputs(self, output: Array, target: Array) -> None:
        """Show what the network answers and what it should, both (n_out,)."""
        for texts, a, y in zip(self._out_numbers, output, target, strict=False):
            for text, value, decimals in zip(texts, (a, y, a - y), self._out_decimals, strict=False):
                text.set_content(_number(value, decimals))
        if self._bars is not None:
            self._bars.set_outputs(output, target)

    def show_verdict(self, output: Array, sample: int, loss: float) -> None:
        """Show the loss and, for classes, which one it is and which the network takes it for."""
        self._loss.set_content(_number(loss, self._loss_decimals))
        if self._right is None or self._wrong is None or self._dataset.labels is None:
            return
        label = int(self._dataset.labels[sample])
        chosen = int(output.argmax()) if len(output) > 1 else int(output[0] >= 0.5)
        if self._label is not None:
            self._label.set_content(self._class_names[label])
        self._right.set_content(f"{self._class_names[chosen]}, right" if chosen == label else "")
        self._wrong.set_content(f"{self._class_names[chosen]}, wrong" if chosen != label else "")


class _NumberBars:
    """A bar from zero for each number, and a mark where an output should be.

    Parameters
    ----------
    stage : PanelArea
    left, width : float
        Where all bars lie, in points.
    rows : sequence of float
        Baselines of the rows, inputs first.
    spans : sequence of (float, float)
        The numbers at both ends of each bar.
    n_in : int
    size : float
        Of the letters, in points.
    """

    def __init__(
        self,
        stage: PanelArea,
        left: float,
        width: float,
        rows: Sequence[float],
        spans: Sequence[tuple[float, float]],
        n_in: int,
        size: float,
    ) -> None:
        from matplotlib.collections import LineCollection

        self._left, self._width, self._n_in = left, width, n_in
        self._low, self._span = np.array([low for low, _ in spans]), np.array([high - low for low, high in spans])
        self._y = np.array(rows) + 0.33 * size
        self._zero = self._places(np.zeros(len(spans)), slice(None))
        self._ends, self._marks = self._zero.copy(), self._zero[n_in:].copy()
        self._tick = 0.42 * size
        axes, theme = stage.canvas_axes(), stage.theme
        tracks = [[(left, y), (left + width, y)] for y in self._y]
        axes.add_collection(LineCollection(tracks, colors=theme.hairline, linewidths=5), autolim=False)
        colors = [theme.faint] * n_in + [theme.accent] * (len(rows) - n_in)
        self._filled = LineCollection([], colors=colors, linewidths=5)
        self._target = LineCollection([], colors=theme.ink, linewidths=2)
        for lines in (self._filled, self._target):
            axes.add_collection(lines, autolim=False)
        stage.animate(self._filled, self._target)

    def _places(self, values: Array, rows: slice) -> Array:
        """Return how far along its bar each number lies, in points of the frame."""
        share = np.nan_to_num((values - self._low[rows]) / self._span[rows], nan=0.0, posinf=1.0, neginf=0.0)
        places: Array = self._left + self._width * np.clip(share, 0, 1)
        return places

    def set_inputs(self, values: Array) -> None:
        """Let the bars of the inputs end at values, (n_in,)."""
        self._ends[: self._n_in] = self._places(values[: self._n_in], slice(self._n_in))

    def set_outputs(self, output: Array, target: Array) -> None:
        """Let the bars of the outputs end at `output` with a mark at `target`, both (n_out,)."""
        rows = slice(self._n_in, None)
        n_out = len(self._marks)
        self._ends[rows], self._marks = self._places(output[:n_out], rows), self._places(target[:n_out], rows)
        self._filled.set_segments([[(a, y), (b, y)] for a, b, y in zip(self._zero, self._ends, self._y, strict=True)])
        self._target.set_segments(
            [[(x, y - self._tick), (x, y + self._tick)] for x, y in zip(self._marks, self._y[rows], strict=True)]
        )


def _split(n_in: int, n_out: int, room: float, most: int) -> tuple[int, int]:
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
    inputs = dataset.inputs
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


def _loss_decimals(recording: Recording) -> int:
    from backprop_anim.drawing import loss_decimals

    return min(6, loss_decimals(recording))


def _number(value: float, decimals: int) -> str:
    """Return a number with a true minus sign, and none before zero."""
    text = number_text(float(value), decimals).replace("-", "−")
    return text if text.strip("−0.") else text.replace("−", "")
