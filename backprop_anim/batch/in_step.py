"""What it means that runs are in step: after as many steps, or after as many epochs; it trains and draws none."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backprop_anim.experiment import Experiment

__all__ = ["By", "length_of", "places_of", "steps_at"]

By = Literal["step", "epoch"]

Steps = NDArray[np.int64]
Places = NDArray[np.float64]

ROUNDING = 1e-9


def places_of(experiment: Experiment, steps: Steps, by: By) -> Places:
    """Return how far a run has come after so many steps: the steps themselves, or how often it saw its data."""
    if by == "step":
        return steps.astype(np.float64)
    return experiment.training.epochs_of(steps, experiment.dataset.n_samples)


def steps_at(experiment: Experiment, places: Places, by: By) -> Steps:
    """Return the last step that a run had done at each place; beyond its end, one that it never did."""
    if by == "step":
        return places.astype(np.int64)
    own = places_of(experiment, np.arange(experiment.training.steps + 2), by)
    return np.searchsorted(own, places + ROUNDING, side="right") - 1


def length_of(experiment: Experiment, by: By) -> tuple[float, int]:
    """Return how far a run is to come, and in how many steps: the greatest of these sets the pace."""
    steps = experiment.training.steps
    return float(places_of(experiment, np.array([steps]), by)[0]), steps
