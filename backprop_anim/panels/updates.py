"""What one step adds to every weight and bias: in numbers for a small network, else as matrices of colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array
from backprop_anim.experiment import Experiment
from backprop_anim.panels.panel import panels
from backprop_anim.recording import Recording

if TYPE_CHECKING:
    from backprop_anim.drawing.rows import Rows
    from backprop_anim.drawing.stage import Stage
    from backprop_anim.timeline import Moment

__all__ = ["UpdatesPanel", "parameter_names", "shown_update"]

USUAL = 0.98
MOST_NUMBERS = 24
"""A network of more parameters is shown as matrices."""

RANGE = 1000.0
"""Updates this many times smaller than the largest are still told apart by colour."""

TITLE_ROOM = 30.0
LINE, LEAST_LINE = 27.0, 20.0
LABEL_GAP, COLUMN_GAPS = 12.0, (26.0, 60.0)
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@panels.register("updates")
@dataclass(frozen=True)
class UpdatesPanel:
    """The update Δw that leaves the shown state, and in the last state the one before: numbers, or colours (log)."""

    view: Literal["auto", "numbers", "colors"] = "auto"
    max_cells: Annotated[int, Ge(4), Le(256)] = 64
    stretch: ClassVar[float] = 1.7

    def misfit(self, experiment: Experiment) -> str | None:
        n = experiment.network.layout.n_parameters
        if self.view == "numbers" and n > 4 * MOST_NUMBERS:
            return f"it has room for {4 * MOST_NUMBERS} numbers, and this network has {n:,} parameters"
        return None

    def start(self, stage: Stage) -> Callable[[Moment], None]:
        from backprop_anim.drawing.text import SUPERSCRIPTS

        recording, rect, theme = stage.recording, stage.rect, stage.theme
        names = parameter_names(recording.experiment.network.layout, SUPERSCRIPTS)
        title = stage.changing_text(rect.left, rect.top - 14, color=theme.muted)
        fill = self._start_numbers(stage, names) if self._wants_numbers(len(names)) else None
        fill = fill or self._start_colors(stage)
        shown = -1

        def show(moment: Moment) -> None:
            nonlocal shown
            row = shown_update(recording, moment.snapshot)
            title.set_content(f"Δw of step {recording.steps[row]:,}")
            if row != shown:
                shown = row
                fill(recording.updates[row])

        return show

    def _wants_numbers(self, n_parameters: int) -> bool:
        return self.view == "numbers" or (self.view == "auto" and n_parameters <= MOST_NUMBERS)

    def _start_numbers(self, stage: Stage, names: list[str]) -> Callable[[Array], None] | None:
        """Write the names and return what writes the numbers; None where the panel is too small."""
        from backprop_anim.drawing.rows import Entry, Rows, signed_number

        theme, decimals = stage.theme, _decimals(stage.recording)
        labels, numbers = Rows(stage), Rows(stage)
        widest = max((signed_number(value, decimals) for value in _extremes(stage.recording)), key=len)
        label_width = max(labels.width(name) for name in names)
        number_width = numbers.width(widest)
        places = _places(stage, len(names), label_width + LABEL_GAP + number_width)
        if places is None:
            for artist in (labels, numbers):
                artist.remove()
            return None
        labels.entries = [Entry(x, y, name, theme.muted) for name, (x, y) in zip(names, places, strict=True)]
        stage.animate(numbers)
        ends = [(x + label_width + LABEL_GAP + number_width, y) for x, y in places]

        def fill(update: Array) -> None:
            write_signed(numbers, ends, update, decimals, stage)

        return fill

    def _start_colors(self, stage: Stage) -> Callable[[Array], None]:
        from backprop_anim.drawing.heatmaps import Heatmaps, limit_text, nice_limit

        limit = nice_limit(np.abs(stage.recording.updates).max(axis=1), USUAL)
        body = stage.rect.inset(top=TITLE_ROOM)
        heatmaps = Heatmaps(stage, body, "ΔW", limit_text(limit), self.max_cells, "log")

        def fill(update: Array) -> None:
            heatmaps.show(compressed(update / limit))

        return fill


def write_signed(rows: Rows, ends: list[tuple[float, float]], values: Array, decimals: int, stage: Stage) -> None:
    """Write signed numbers that end at these places, in the colours of their signs."""
    from backprop_anim.drawing.rows import Entry, signed_number

    theme = stage.theme
    rows.entries = []
    for (x, y), value in zip(ends, values.tolist(), strict=True):
        text = signed_number(value, decimals)
        color = theme.positive if text[0] == "+" else theme.negative if text[0] == "−" else theme.muted
        rows.entries.append(Entry(x, y, text, color, align="right"))


def shown_update(recording: Recording, snapshot: int) -> int:
    """Return the row of the update that leaves a state; for the last, which nothing leaves, the row before it."""
    if snapshot == recording.n_snapshots - 1 and not recording.updates[snapshot].any():
        return max(0, snapshot - 1)
    return snapshot


def compressed(values: Array) -> Array:
    """Return values from -1 to 1 on a logarithmic scale that is linear about zero."""
    return np.sign(values) * np.log1p(RANGE * np.abs(values)) / np.log1p(RANGE)


def parameter_names(layout: Layout, superscripts: dict[int, int]) -> list[str]:
    """Return w¹₁₂, b¹₁, … in the order of the flat vector: raised the layer, below the neuron and its input."""
    names = np.empty(layout.n_parameters, dtype=object)
    position = layout.arrays(np.arange(layout.n_parameters, dtype=np.float64))
    for name, places in position.items():
        apart = "\u2009" if max(places.shape) > 9 else ""
        for index, place in np.ndenumerate(places):
            below = apart.join(str(k + 1).translate(SUBSCRIPTS) for k in index)
            names[int(place)] = f"{name[0].lower()}{name[1:].translate(superscripts)}{below}"
    return [str(name) for name in names]


def _places(stage: Stage, n: int, width: float) -> list[tuple[float, float]] | None:
    """Return where each of `n` entries starts, column by column; None where they do not fit."""
    from backprop_anim.drawing.rows import column_ends

    rect = stage.rect.inset(top=TITLE_ROOM)
    most = int((rect.height - 4) // LEAST_LINE)
    if most < 1:
        return None
    n_columns = -(-n // most)
    n_rows = -(-n // n_columns)
    starts = column_ends([width] * n_columns, rect.left, rect.width, COLUMN_GAPS)
    if starts is None:
        return None
    line = min(LINE, (rect.height - 4) / n_rows)
    return [(starts[k // n_rows], rect.top - 20 - line * (k % n_rows)) for k in range(n)]


def _extremes(recording: Recording) -> tuple[float, float]:
    return float(recording.updates.min()), float(recording.updates.max())


def _decimals(recording: Recording) -> int:
    """Return the decimals with which a usual update has two digits, 3 to 6; they are the same in the whole film."""
    sizes = np.abs(recording.updates)
    usual = float(np.median(sizes[sizes > 0])) if sizes.any() else 1.0
    return int(np.clip(1 - np.floor(np.log10(usual)), 3, 6))
