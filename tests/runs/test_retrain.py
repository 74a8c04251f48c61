"""A state that was not kept is made again only where the training repeats to the last bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_runs import experiment, recording

from backprop_anim.experiment.snapshot_schedules import EverySnapshots
from backprop_anim.runs.retrain import with_step
from backprop_anim.training import Recording, train

CASES = [
    ("heart", ()),
    ("classes", ("training.batch=7", "training.order=shuffled", "training.noise=0.3")),
    ("slow", ("training.batch=1", "training.optimizer=adam")),
]


def sparse(name: str, settings: tuple[str, ...]) -> Recording:
    return train(experiment(name, "snapshots={count: 4, schedule: linear}", *settings))


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_any_step_can_be_had(name: str, settings: tuple[str, ...]) -> None:
    run = sparse(name, settings)
    every = train(replace(run.experiment, snapshots=EverySnapshots(1)))
    step = next(step for step in range(2, 99) if step not in run.steps)
    found = with_step(run, step, Path())
    assert found is not None
    row = found.nearest(step)
    assert found.steps[row] == step
    assert found.n_snapshots == run.n_snapshots + 1
    for field in ("parameters", "gradients", "updates", "samples"):
        np.testing.assert_array_equal(getattr(found, field)[row], getattr(every, field)[step])
        np.testing.assert_array_equal(np.delete(getattr(found, field), row, axis=0), getattr(run, field))


def test_a_recorded_step_needs_no_training() -> None:
    run = recording("heart")
    assert with_step(run, int(run.steps[3]), Path()) is run
    assert with_step(run, int(run.steps[-1]) + 1, Path()) is None


def test_a_run_that_does_not_repeat_is_not_told_as_if_it_did() -> None:
    run = sparse("heart", ())
    parted = run.parameters.copy()
    parted[1] = np.nextafter(parted[1], np.inf)
    assert with_step(replace(run, parameters=parted), int(run.steps[1]) + 1, Path()) is None
