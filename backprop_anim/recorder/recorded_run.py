"""From kept states to a recording: what the views need beyond the parameters is worked out from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Progress, silent
from backprop_anim.engine import Array, Backprop
from backprop_anim.experiment import EqualMotionSnapshots, Experiment
from backprop_anim.training import Recording

__all__ = ["recording_of"]


def recording_of(
    experiment: Experiment, steps: NDArray[np.int64], parameters: Array, updates: Array, progress: Progress = silent
) -> Recording:
    """Return the recording of states that others trained.

    Parameters
    ----------
    experiment : Experiment
        Its number of steps is replaced by the last step.
    steps : ndarray of int, shape (S,)
    parameters, updates : ndarray, shape (S, P)
    progress : Progress, optional
        Called with the stage, what is done and what there is.
    """
    last = int(steps[-1])
    training = replace(experiment.training, steps=max(1, last))
    snapshots = EqualMotionSnapshots(max(2, len(steps)))
    return Recording(
        replace(experiment, training=training, snapshots=snapshots),
        steps=steps,
        parameters=parameters,
        gradients=_gradients(experiment, parameters, progress),
        updates=updates,
        samples=np.full(len(steps), -1, np.int64),
        losses=np.zeros(0),
    )


def _gradients(experiment: Experiment, parameters: Array, progress: Progress) -> Array:
    """Return the gradient over all samples at each state, shape (S, P)."""
    found, state = np.empty_like(parameters), np.empty(parameters.shape[1])
    dataset, targets = experiment.dataset, np.ascontiguousarray(experiment.targets().T)
    backprop = Backprop(experiment.network, experiment.training.loss, state, dataset.n_samples)
    inputs = np.ascontiguousarray(dataset.inputs.T)
    with np.errstate(over="ignore", invalid="ignore"):
        for row, known in enumerate(parameters):
            progress("gradients", row, len(parameters))
            state[...] = known
            backprop.forward(inputs)
            backprop.backward(targets)
            found[row] = backprop.gradient
    progress("gradients", len(parameters), len(parameters))
    return found
