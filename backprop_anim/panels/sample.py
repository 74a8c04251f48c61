"""The panel of one sample: it asks the engine for answer and loss at each moment, and never places what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["SamplePanel"]


@panels.register("sample")
@dataclass(frozen=True)
class SamplePanel:
    """The current sample: its inputs, target, the network's answer, and its loss."""

    max_rows: Annotated[int, Ge(1), Le(20)] = 6
    bars: bool = True
    stretch: ClassVar[float] = 1.7
    shows_numbers: ClassVar[bool] = True

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import SampleTable
        from backprop_anim.story import probe_samples

        samples = probe_samples(stage.recording, stage.moments)
        answers = _Answers(stage.recording)
        table = SampleTable(stage, self.max_rows, self.bars)

        def show(moment: Moment) -> None:
            sample = int(samples[moment.frame])
            table.show(sample, *answers.at(moment, sample))

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
        self._to_answers = experiment.dataset.to_answers

    def at(self, moment: Moment, sample: int) -> tuple[Array, float]:
        """Return the answer in the file's units, (n_out,), and the loss of a batch of this sample alone."""
        self._state[...] = self._recording.parameters[moment.snapshot]
        with np.errstate(over="ignore", invalid="ignore"):
            output = self._pass.forward(self._inputs[sample][:, np.newaxis])[:, 0]
            return self._to_answers(output), self._pass.loss_value(self._targets[sample][:, np.newaxis])
