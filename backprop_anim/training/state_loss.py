"""The loss of one state over all samples; a recording finds those of all its states together."""

from __future__ import annotations

import numpy as np

from backprop_anim.engine import Array, Backprop
from backprop_anim.experiment import Experiment

__all__ = ["loss_over_all"]


def loss_over_all(experiment: Experiment, parameters: Array) -> float:
    """Return the loss over all samples at a state, shape (P,)."""
    dataset = experiment.dataset
    backprop = Backprop(experiment.network, experiment.training.loss, parameters, dataset.n_samples)
    backprop.forward(np.ascontiguousarray(dataset.inputs.T))
    return backprop.loss_value(np.ascontiguousarray(experiment.targets().T))
