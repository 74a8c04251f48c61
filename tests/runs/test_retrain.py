"""A state that was not kept is made again only where the training repeats to the last bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_runs import experiment, recording

from backprop_anim.common.errors import ExperimentError, RecordingError
from backprop_anim.experiment.snapshot_schedules import EverySnapshots
from backprop_anim.runs.retrain import with_step, with_told_step
from backprop_anim.runs.stills import told_step
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


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_any_step_can_be_told(name: str, settings: tuple[str, ...]) -> None:
    run = sparse(name, settings)
    last = int(run.steps[-1])
    for step in (0, 5, int(run.steps[1]), last - 1):
        found = with_told_step(told_step(run, {"step": step}, []), Path())
        wanted = train(experiment(name, *settings, f"video.slow_motion=[{{step: {step}}}]"))
        ours, theirs = (next(one for one in each.traces if one.step == step) for each in (found, wanted))
        for field in ("batch", "noise", "memory_before", "memory_after"):
            np.testing.assert_array_equal(getattr(ours, field), getattr(theirs, field))
        for wanted_step in (step, step + 1):
            row, other = found.nearest(wanted_step), wanted.nearest(wanted_step)
            assert found.steps[row] == wanted.steps[other] == wanted_step
            for field in ("parameters", "gradients", "updates", "samples"):
                np.testing.assert_array_equal(getattr(found, field)[row], getattr(wanted, field)[other])
        assert set(run.steps.tolist()) <= set(found.steps.tolist())
        np.testing.assert_array_equal(found.steps, np.unique(found.steps))
        np.testing.assert_array_equal(found.losses, run.losses)


def test_what_a_film_tells_of_its_step_is_kept_and_can_be_changed() -> None:
    run = recording("slow")
    film = told_step(run, {"step": 10, "follow": ["hidden 2"]}, ["video.theme=dark"]).experiment.video
    assert film.slow_motion[0].seconds == 2
    assert (film.slow_motion[0].follow, film.theme, film.captions) == (("hidden 2",), "dark", ())
    told = told_step(run, {"step": 10}, [])
    assert with_told_step(told, Path()) is told, "a step that was recorded in full is not trained again"


def test_a_step_that_cannot_be_told_is_refused() -> None:
    run = sparse("heart", ())
    with pytest.raises(ExperimentError, match=r"motion: video\.slow_motion\[0\]\.sample"):
        told_step(run, {"step": 5, "sample": 100_000}, [], "motion")
    with pytest.raises(ExperimentError, match=r"slow_motion\[0\]\.step"):
        told_step(run, {"step": int(run.steps[-1])}, [])
    parted = run.parameters.copy()
    parted[1] = np.nextafter(parted[1], np.inf)
    with pytest.raises(RecordingError, match="step 600 cannot be told: training again does not lead there"):
        with_told_step(told_step(replace(run, parameters=parted), {"step": 600}, []), Path())
    short = replace(run, steps=run.steps[:2], parameters=run.parameters[:2])
    with pytest.raises(RecordingError, match=r"step 1,000 cannot be told: the run ended after [0-9]+ steps"):
        with_told_step(told_step(short, {"step": 1000}, []), Path())
