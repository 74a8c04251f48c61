"""The gradients of an experiment's first state, held to finite differences; it never trains."""

from __future__ import annotations

from backprop_anim.engine import GradientCheck, check_gradients
from backprop_anim.experiment import Experiment

__all__ = ["check_first_gradients"]

MOST_CHECKED = 500
"""Gradients are checked on so many samples at most: each parameter takes two passes of all of them."""


def check_first_gradients(experiment: Experiment) -> GradientCheck:
    """Compare every gradient of the first state with central differences, on samples that are evenly chosen."""
    network, dataset, training = experiment.network, experiment.dataset, experiment.training
    parameters = experiment.init.sample(network.layout, experiment.streams().init)
    chosen = dataset.some_samples(MOST_CHECKED)
    inputs, targets = dataset.inputs[chosen], experiment.targets()[chosen]
    return check_gradients(network, training.loss, parameters, inputs, targets, training.penalty)
