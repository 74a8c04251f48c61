"""What one step adds to every weight and bias: in numbers for a small network, else as matrices of colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import PanelArea, TextLine
    from backprop_anim.engine import Array, Layout
    from backprop_anim.experiment import Experiment, Theme
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["UpdatesPanel", "parameter_names", "shown_update"]

USUAL = 0.98
MOST_NUMBERS = 24
"""A network of more parameters is shown as matrices."""

RANGE = 1000.0
"""Updates this many times smaller than the largest are still told apart by colour."""

SAMPLED_STATES = 64
"""Where updates are computed when they are shown, about this many say what is usual."""

TITLE_ROOM = 30.0
LINE = 27.0
NAMES = ((16.0, 24.0), (14.0, 20.0))
"""Sizes of the names, whose indices stand above each other, and the least height of a line for each."""

NAME_GAP, COLUMN_GAPS = 12.0, (26.0, 84.0)


@panels.register("updates")
@dataclass(frozen=True)
class UpdatesPanel:
    """The update Δw that leaves the shown state, and in the last state the one before: numbers, or colours (log)."""

    view: Literal["auto", "numbers", "colors"] = "auto"
    max_cells: Annotated[int, Ge(4), Le(256)] = 64
    stretch: ClassVar[float] = 1.7
    shows_numbers: ClassVar[bool] = True

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        n = experiment.network.layout.n_parameters
        if self.view == "numbers" and n > 4 * MOST_NUMBERS:
            return f"it has room for {4 * MOST_NUMBERS} numbers, and this network has {n:,} parameters"
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.story import knows_update, told_row

        recording, rect, theme = stage.recording, stage.rect, stage.theme
        title = stage.changing_text(rect.left, rect.top - 14, color=theme.muted)
        wants = self._wants_numbers(recording.experiment.network.layout.n_parameters)
        fill = (self._create_numbers(stage) if wants else None) or self._create_colors(stage)
        shown = -1

        def show(moment: Moment) -> None:
            nonlocal shown
            told = told_row(recording, moment)
            row = shown_update(recording, told)
            step = f"{recording.steps[row]:,}"
            known = row if knows_update(moment) else -2
            more = ", not known yet" if known < 0 else ", the last kept" if row != told else ""
            title.set_content(f"Δw of step {step}{more}")
            if known != shown:
                shown = known
                fill(recording.updates[row] if known >= 0 else None)

        return show

    def _wants_numbers(self, n_parameters: int) -> bool:
        return self.view == "numbers" or (self.view == "auto" and n_parameters <= MOST_NUMBERS)

    def _create_numbers(self, stage: PanelArea) -> Callable[[Array | None], None] | None:
        """Write the names and return what writes the numbers; None where the panel is too small."""
        from backprop_anim.drawing import BitmapLayer, TextRows, rasterize_text, signed_number

        theme, dpi, decimals = stage.theme, stage.figure.dpi, _decimals(stage.recording)
        groups = parameter_names(stage.recording.experiment.network.layout)
        names = [name for group in groups for name in group]
        numbers = TextRows(stage)
        number_width = max(numbers.width(signed_number(value, decimals)) for value in _extremes(stage.recording))
        longest = (
            rasterize_text(max(names, key=len), stage.fonts.properties(NAMES[0][0]), dpi, True).width / stage.scale
        )
        for size, least_line in NAMES:
            font = stage.fonts.properties(size)
            width = longest * size / NAMES[0][0] + NAME_GAP + number_width  # setting them all in all sizes takes long
            places = _places(stage, [len(group) for group in groups], width, least_line)
            if places is not None:
                break
        else:
            return None
        written = BitmapLayer(dpi)
        for name, (x, y) in zip(names, places, strict=True):
            written.add_formula(name, x, y, font, {"": theme.muted})
        stage.figure.add_artist(written)  # never animated: a part of the static picture
        stage.animate(numbers)
        ends = [(x + width, y) for x, y in places]

        def fill(update: Array | None) -> None:
            numbers.lines = (
                []
                if update is None
                else [
                    _signed_line(x, y, signed_number(value, decimals), theme)
                    for (x, y), value in zip(ends, update.tolist(), strict=True)
                ]
            )

        return fill

    def _create_colors(self, stage: PanelArea) -> Callable[[Array | None], None]:
        from backprop_anim.drawing import Heatmaps, limit_text, nice_limit

        recording = stage.recording
        nothing = np.zeros(recording.experiment.network.layout.n_parameters)
        n_states = recording.n_snapshots
        seldom = isinstance(recording.updates, np.ndarray) or n_states <= SAMPLED_STATES
        rows = range(n_states) if seldom else np.unique(np.linspace(0, n_states - 1, SAMPLED_STATES).astype(int))
        largest = np.array([np.abs(recording.updates[int(row)]).max() for row in rows])
        limit = nice_limit(largest, USUAL)
        body = stage.rect.inset(top=TITLE_ROOM)
        heatmaps = Heatmaps(stage, body, "ΔW", limit_text(limit, largest.max()), self.max_cells, "log scale")

        def fill(update: Array | None) -> None:
            heatmaps.show(compress_range(nothing if update is None else update / limit))

        return fill


def _signed_line(x: float, y: float, text: str, theme: Theme) -> TextLine:
    """Return a number that ends at a place, in the colour of its sign."""
    from backprop_anim.drawing import TextLine, TextSpan

    below, above = theme.number_colors
    color = {"+": above, "−": below}.get(text[0], theme.muted)
    return TextLine(y, (TextSpan(x, text, "right"),), color)


def shown_update(recording: Recording, snapshot: int) -> int:
    """Return the row of the update that leaves a state; for the last, which nothing leaves, the row before it."""
    if snapshot == recording.n_snapshots - 1 and not recording.updates[snapshot].any():
        return max(0, snapshot - 1)
    return snapshot


def compress_range(values: Array) -> Array:
    """Return values from -1 to 1 on a logarithmic scale that is linear about zero."""
    sizes: Array = np.log1p(RANGE * np.abs(values)) / np.log1p(RANGE)
    return np.copysign(sizes, values)


def parameter_names(layout: Layout) -> list[list[str]]:
    """Return the formulas of all parameters in the order of the flat vector, those of one neuron together.

    ``w_{12}^{(1)}`` leads to neuron 1 of layer 1 from its input 2.
    """
    found = []
    for layer, (n_in, n_out) in enumerate(layout.connections, start=1):
        comma = "," if max(n_in, n_out) > 9 else ""
        for i in range(1, n_out + 1):
            neuron = "" if n_out == 1 else f"{i}{comma}"  # the only neuron of its layer needs no number
            names = [rf"w_{{{neuron}{j}}}^{{({layer})}}" for j in range(1, n_in + 1)]
            bias = rf"b^{{({layer})}}" if n_out == 1 else rf"b_{{{i}}}^{{({layer})}}"
            found.append([*names, bias] if layout.bias else names)
    return found


def _places(
    stage: PanelArea, groups: Sequence[int], width: float, least_line: float
) -> list[tuple[float, float]] | None:
    """Return where each entry starts, column by column, groups of them together; None where they do not fit."""
    from backprop_anim.drawing import column_ends

    rect = stage.rect.inset(top=TITLE_ROOM)
    most = int((rect.height - 4) // least_line)
    for n_rows in range(1, most + 1):
        columns = _flowed(groups, n_rows) or _flowed([1] * sum(groups), n_rows) or []
        starts = column_ends([width] * len(columns), rect.left, rect.width, COLUMN_GAPS)
        if starts is not None and (n_rows == most or max(groups) <= n_rows):
            line = min(LINE, (rect.height - 4) / n_rows)
            top = rect.top - 20
            return [(x, top - line * row) for x, n in zip(starts, columns, strict=False) for row in range(n)]
    return None


def _flowed(groups: Sequence[int], n_rows: int) -> list[int] | None:
    """Return how many entries each column holds if no group is broken; None where one is longer than a column."""
    if max(groups) > n_rows:
        return None
    columns = [0]
    for group in groups:
        if columns[-1] + group > n_rows:
            columns.append(0)
        columns[-1] += group
    return columns


def _extremes(recording: Recording) -> tuple[float, float]:
    return float(recording.updates[:].min()), float(recording.updates[:].max())


def _decimals(recording: Recording) -> int:
    """Return the decimals with which a usual update has two digits, 3 to 6; they are the same in the whole film."""
    sizes = np.abs(recording.updates[:])
    usual = float(np.median(sizes[sizes > 0])) if sizes.any() else 1.0
    return int(np.clip(1 - np.floor(np.log10(usual)), 3, 6))
