"""Every number of one training step, for one of its samples; all of them are the engine's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array, Backprop
from backprop_anim.story.measures import loss_decimals, right_samples
from backprop_anim.story.shown_samples import slow_sample
from backprop_anim.training import Recording, Trace, loss_over_all

__all__ = ["StepValues", "compute_step_values"]


@dataclass(frozen=True, eq=False)
class StepValues:
    """One step as it is shown in slow motion.

    What belongs to the sample alone (z, a, delta, loss, gradient) is that of a batch of just this sample; what
    belongs to the batch (batch_gradient, update) is what training did.

    Attributes
    ----------
    trace : Trace
        The step, its batch, noise factors, aggression and the optimizer's memory.
    sample : int
    target : ndarray, shape (n_out,)
    z, delta : tuple of ndarray
        Of layers 1 … L, each (n,).
    a, a_after : tuple of ndarray
        Of layers 0 … L, before the step and after it; the first is the input, the last the output.
    slope : tuple of ndarray
        f'(z) of layers 1 … L, each (n,); for softmax, which has no slope of one neuron, a (1 - a).
    loss, loss_after : float
        Before the step, and of the same sample after it.
    all_loss, all_loss_after : float
        Over all data, before the step and after it.
    loss_decimals : int
        With how many a loss over all data is shown.
    is_right, is_right_after : ndarray of bool, shape (N,)
        Which samples are put into the right class before the step and after it; empty where there are no classes.
    weights, gradient, batch_gradient, update : dict of str to ndarray
        W1, b1, … by name.
    """

    trace: Trace
    sample: int
    target: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    a_after: tuple[Array, ...]
    delta: tuple[Array, ...]
    slope: tuple[Array, ...]
    loss: float
    loss_after: float
    all_loss: float
    all_loss_after: float
    loss_decimals: int
    is_right: NDArray[np.bool_]
    is_right_after: NDArray[np.bool_]
    weights: dict[str, Array]
    gradient: dict[str, Array]
    batch_gradient: dict[str, Array]
    update: dict[str, Array]

    @property
    def n_batch(self) -> int:
        """How many samples the step saw."""
        return len(self.trace.batch)


@np.errstate(over="ignore")
def compute_step_values(recording: Recording, motion: int) -> StepValues:
    """Return the numbers of the step that entry `motion` of ``video.slow_motion`` shows."""
    experiment, chosen = recording.experiment, recording.experiment.video.slow_motion[motion]
    trace = next(trace for trace in recording.traces if trace.step == chosen.step)
    sample, row = slow_sample(recording, motion), recording.nearest(chosen.step)
    layout, parameters = experiment.network.layout, recording.parameters[row].copy()
    target = experiment.targets()[sample]
    single = Backprop(experiment.network, experiment.training.loss, parameters, 1)
    single.forward(experiment.dataset.inputs[sample][:, np.newaxis])
    loss = single.backward(target[:, np.newaxis])
    slopes = []
    for activation, z, a in zip(experiment.network.activations, single.z, single.a[1:], strict=True):
        slope = a * (1 - a)
        if not activation.output_only:
            slope = np.ones_like(z)
            activation.backward(z, a, slope, np.empty_like(z))
        slopes.append(slope[:, 0])
    moved = recording.parameters[row] + recording.updates[row]
    after = Backprop(experiment.network, experiment.training.loss, moved, 1)
    after.forward(experiment.dataset.inputs[sample][:, np.newaxis])
    return StepValues(
        trace=trace,
        sample=sample,
        target=target,
        z=tuple(z[:, 0].copy() for z in single.z),
        a=tuple(a[:, 0].copy() for a in single.a),
        a_after=tuple(a[:, 0].copy() for a in after.a),
        delta=tuple(delta[:, 0].copy() for delta in single.delta),
        slope=tuple(slopes),
        loss=loss,
        loss_after=after.loss_value(target[:, np.newaxis]),
        all_loss=float(recording.snapshot_losses[row]),
        all_loss_after=_loss_after(recording, row, moved),
        loss_decimals=loss_decimals(recording),
        is_right=right_samples(recording, parameters),
        is_right_after=right_samples(recording, moved),
        weights=layout.arrays(parameters),
        gradient=layout.arrays(single.gradient),
        batch_gradient=layout.arrays(recording.gradients[row]),
        update=layout.arrays(recording.updates[row]),
    )


def _loss_after(recording: Recording, row: int, moved: Array) -> float:
    """Return the loss over all samples after a step; where others trained, the next state need not be kept."""
    experiment, after = recording.experiment, recording.nearest(int(recording.steps[row]) + 1)
    if after > row:
        return float(recording.snapshot_losses[after])
    return loss_over_all(experiment, moved)
