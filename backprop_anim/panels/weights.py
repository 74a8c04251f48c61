"""The weights and biases of every layer as matrices of colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import PanelArea
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["WeightsPanel"]

USUAL = 0.98
"""This share of the weights of the whole run does not lie beyond full colour."""

SAMPLED_STATES = 64

MOST_SAMPLED = 4_000_000
"""Of more weights in these states, evenly chosen ones say what is usual."""


@panels.register("weights")
@dataclass(frozen=True)
class WeightsPanel:
    """Signed weights as one matrix a layer: a row for each neuron, a column for each of its inputs, biases apart."""

    max_cells: Annotated[int, Ge(4), Le(256)] = 64
    stretch: ClassVar[float] = 2.2
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import Heatmaps, limit_text, nice_limit
        from backprop_anim.story import shown_state

        recording = stage.recording
        rows = np.unique(np.linspace(0, recording.n_snapshots - 1, SAMPLED_STATES).astype(int))
        apart = -(-len(rows) * recording.experiment.network.layout.n_parameters // MOST_SAMPLED)
        sampled, largest = [], 0.0
        for row in rows.tolist():
            sizes = np.abs(recording.parameters[row])
            sampled.append(sizes[::apart])
            largest = max(largest, float(sizes.max()))
        limit = nice_limit(np.concatenate(sampled), USUAL)
        heatmaps = Heatmaps(stage, stage.rect, "W", limit_text(limit, largest), self.max_cells)
        shown: tuple[int, object] | None = None

        def show(moment: Moment) -> None:
            nonlocal shown
            if shown != (moment.snapshot, moment.act):
                shown = (moment.snapshot, moment.act)
                heatmaps.show(shown_state(recording, moment) / limit)

        return show
