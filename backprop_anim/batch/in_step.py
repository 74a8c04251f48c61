"""What it means that runs are in step: after as many steps, or after as many epochs; it trains and draws none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backprop_anim.experiment import LEAST_BUDGET, UNBOUNDED, ChosenSnapshots, Experiment, SnapshotPlan

__all__ = ["By", "length_of", "places_of", "steps_at", "with_share", "with_states_at"]

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


def with_share(experiment: Experiment, n_runs: int) -> Experiment:
    """Return the experiment with its share of the budget, which is for the states of all runs together."""
    if not SnapshotPlan.of(experiment).is_single:
        return experiment
    return replace(experiment, snapshot_budget=max(LEAST_BUDGET, experiment.snapshot_budget // n_runs))


def with_states_at(experiment: Experiment, places: Places, by: By) -> Experiment:
    """Return the experiment with states at these places, whatever they take."""
    steps = ChosenSnapshots(tuple(np.unique(steps_at(experiment, places, by)).tolist()))
    return replace(experiment, snapshots=steps, snapshot_budget=UNBOUNDED)  # the leader's budget thinned them
