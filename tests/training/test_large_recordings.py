"""States that are large are kept in single precision, within a budget, and what is shown of them is true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import CLASSES, experiment, loaded, stored
from large_runs import BUDGET, KINDS, STEPS, large, large_experiment, whole
from recording_contents import ARRAYS, SLOW

from backprop_anim.common.errors import RecordingError
from backprop_anim.experiment import SnapshotPlan
from backprop_anim.training import PlacedRows, Recording, ReplayedRows, SingleRows, TrainingState, save_recording
from backprop_anim.training.trainer import train

FIELDS = ("parameters", "gradients", "updates")
GOING_ASTRAY = """\
task: {kind: series, y: "sin(6*t)", points: 15}
network: {hidden: [60, 60], activation: [linear, linear, linear]}
training: {steps: 150, aggression: 3.0}
snapshots: {budget: 1MB}
"""
EACH = pytest.mark.parametrize("kind", KINDS)


def exact_rows(run: Recording) -> list[int]:
    """Return the rows that are kept in double precision: the first, the last, and those in slow motion."""
    told = [trace.step for trace in run.traces]
    return [row for row, step in enumerate(run.steps.tolist()) if step in (0, STEPS, *told)]


@EACH
def test_the_twin_of_the_tests_kept_everything_at_the_same_steps(kind: str) -> None:
    assert isinstance(large(kind).parameters, SingleRows)
    assert all(isinstance(getattr(whole(kind), name), np.ndarray) for name in FIELDS)
    np.testing.assert_array_equal(large(kind).steps, whole(kind).steps)
    np.testing.assert_array_equal(large(kind).losses, whole(kind).losses)
    np.testing.assert_array_equal(large(kind).samples, whole(kind).samples)


@EACH
def test_a_recording_obeys_its_budget(kind: str, tmp_path: Path) -> None:
    run, plan = large(kind), SnapshotPlan.of(large_experiment(kind))
    assert 20 < run.n_snapshots == plan.n_kept < plan.n_wanted
    singles = [rows.numbers for rows in (run.parameters, run.updates) if isinstance(rows, SingleRows)]
    places = run.parameters.places  # type: ignore[attr-defined]
    np.testing.assert_array_equal(places[places >= 0], np.arange((places >= 0).sum()))  # in order, and not a copy
    assert all(numbers.base is not None for numbers in singles)
    held = sum((numbers if numbers.base is None else numbers.base).nbytes for numbers in singles)
    assert held <= BUDGET
    save_recording(run, tmp_path / "r.npz")
    assert (tmp_path / "r.npz").stat().st_size <= BUDGET + 20_000  # which the words take


@EACH
def test_states_are_those_of_the_run(kind: str) -> None:
    run, twin = large(kind), whole(kind)
    exact = exact_rows(run)
    for row in range(run.n_snapshots):
        kept = twin.parameters[row] if row in exact else twin.parameters[row].astype(np.float32)
        np.testing.assert_array_equal(run.parameters[row], kept)
    assert run.parameters[1].dtype == np.float64


@EACH
@pytest.mark.parametrize("name", ["gradients", "updates"])
def test_what_is_computed_again_is_what_training_did(kind: str, name: str) -> None:
    run, twin, exact = large(kind), whole(kind), exact_rows(large(kind))
    rows, kept = getattr(run, name), getattr(twin, name)
    assert isinstance(rows, SingleRows if name == "updates" and kind in ("adam", "told") else ReplayedRows)
    np.testing.assert_array_equal(rows[exact], kept[exact])
    for row in range(run.n_snapshots):
        np.testing.assert_allclose(rows[row], kept[row], rtol=0, atol=1e-5 * max(np.abs(kept[row]).max(), 1e-9))
    assert np.abs(kept[1:-1]).max(axis=1).min() > 0


@EACH
def test_what_is_known_of_each_state_is_as_before(kind: str) -> None:
    run, twin = large(kind), whole(kind)
    np.testing.assert_allclose(run.snapshot_losses, twin.snapshot_losses, rtol=1e-6)
    np.testing.assert_allclose(run.snapshot_totals, twin.snapshot_totals, rtol=1e-6)
    np.testing.assert_array_equal(run.snapshot_accuracies, twin.snapshot_accuracies)
    assert run.n_finite == run.n_snapshots


@EACH
def test_it_is_the_same_when_saved_and_loaded(kind: str, tmp_path: Path) -> None:
    run = large(kind)
    save_recording(run, tmp_path / "r.npz")
    again = loaded(tmp_path / "r.npz")
    for name in ("steps", "samples", "losses"):
        np.testing.assert_array_equal(getattr(again, name), getattr(run, name))
    for name in FIELDS:
        assert type(getattr(again, name)) is type(getattr(run, name))
        np.testing.assert_array_equal(getattr(again, name)[:], getattr(run, name)[:])
    save_recording(again, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "r.npz").read_bytes()


@EACH
def test_some_of_its_states_are_saved_as_they_are(kind: str, tmp_path: Path) -> None:
    run, rows = large(kind), np.array([0, 2, 5, 9])
    some = run.only(rows)
    assert isinstance(some.parameters, PlacedRows)
    save_recording(some, tmp_path / "r.npz")
    again = loaded(tmp_path / "r.npz")
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(again, name)[:], getattr(run, name)[rows])


def test_a_small_run_is_kept_as_ever(tmp_path: Path) -> None:
    """Names, order and types of the arrays, and the words, are those of the first version of the file."""
    run = train(experiment(CLASSES, SLOW))
    save_recording(run, tmp_path / "r.npz")
    found = stored(tmp_path / "r.npz")
    words = json.loads(found["words"].tobytes())
    assert list(found)[:7] == ["words", "steps", "parameters", "gradients", "updates", "samples", "losses"]
    assert {found[name].dtype for name in FIELDS} == {np.dtype(np.float64)}
    assert list(words) == ["version", "traces", "experiment", "dataset"]
    assert words["version"] == 1
    assert "budget" not in words["experiment"]["snapshots"]
    np.savez(tmp_path / "as_ever.npz", allow_pickle=False, **{name: found[name] for name in found})
    assert (tmp_path / "as_ever.npz").read_bytes() == (tmp_path / "r.npz").read_bytes()
    generous = train(experiment(CLASSES, SLOW, "snapshots.budget=2GB"))
    assert all(np.array_equal(getattr(run, name), getattr(generous, name)) for name in ARRAYS)


def test_candidates_make_way_where_least_happens() -> None:
    """The states of a thinned run lie about as evenly in their motion as if all candidates had been there to choose."""
    thinned = large()
    every = train(replace(thinned.experiment, snapshot_budget=10**9, snapshots=type(thinned.experiment.snapshots)(300)))
    outputs = every.experiment.network.outputs(every.parameters, every.experiment.dataset.inputs)[..., 0]

    def largest_leap(steps: Any) -> float:
        return float(np.abs(np.diff(outputs[steps], axis=0)).max())

    n = thinned.n_snapshots
    by_step = np.rint(np.linspace(0, STEPS, n)).astype(int)
    assert every.n_snapshots == STEPS + 1
    assert largest_leap(thinned.steps) < largest_leap(by_step)


class Snapper:
    """Keeps the state before one step, as it was then."""

    begun = False

    def __init__(self, step: int) -> None:
        self.step, self.asked, self.state = step, 0, TrainingState({}, {})

    @property
    def due(self) -> bool:
        self.asked += 1
        return self.asked - 1 == self.step

    def save(self, state: TrainingState) -> None:
        words = json.loads(json.dumps(state.words))
        self.state = TrainingState(words, {name: array.copy() for name, array in state.arrays.items()})


@EACH
@pytest.mark.parametrize("step", [2, 41, 120])
def test_it_goes_on_from_a_checkpoint_to_the_last_bit(kind: str, step: int, tmp_path: Path) -> None:
    snapper = Snapper(step)
    train(large_experiment(kind), checkpointer=snapper)
    again = train(large_experiment(kind), state=snapper.state)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(again, name)[:], getattr(large(kind), name)[:])
    for name, run in (("once", large(kind)), ("again", again)):
        save_recording(run, tmp_path / name)
    assert (tmp_path / "once.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()


def test_a_large_run_that_diverges_ends_with_finite_states() -> None:
    run = train(experiment(GOING_ASTRAY))
    assert run.diverged_at is not None
    assert run.n_snapshots > 3
    assert isinstance(run.parameters, SingleRows)
    assert all(np.isfinite(getattr(run, name)[:]).all() for name in FIELDS)
    assert np.isfinite(run.snapshot_losses).all()


def test_named_steps_are_kept_whatever_the_budget() -> None:
    named = (7, 51, 52, 53, 149)
    for schedule in ("motion", "linear"):
        run = train(large_experiment("full", f"snapshots.keep={list(named)}", f"snapshots.schedule={schedule}"))
        assert set(named) <= set(run.steps.tolist())
        assert run.n_snapshots <= SnapshotPlan.of(run.experiment).n_held


HOSTILE = {
    "a place beyond": ("parameters_places", lambda a: a + 1000, "places"),
    "a place before": ("parameters_places", lambda a: a - 1000, "places"),
    "other numbers": ("parameters_single", lambda a: a.astype(np.float64), "parameters_single"),
    "not finite": ("parameters_single", lambda a: a * np.float32(np.nan), "not finite"),
    "a short row": ("parameters_exact", lambda a: a[:, 1:], "parameters_exact"),
    "noise of others": ("noise", lambda a: a[:, 1:], "noise"),
    "updates apart": ("updates_places", lambda a: a[1:], "updates_places"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_does_not_fit_together_is_refused(case: str, tmp_path: Path) -> None:
    name, change, said = HOSTILE[case]
    save_recording(large("adam"), tmp_path / "r.npz")
    values = stored(tmp_path / "r.npz")
    values[name] = change(values[name])  # type: ignore[no-untyped-call]
    np.savez(tmp_path / "r.npz", **values)
    with pytest.raises(RecordingError, match=said):
        loaded(tmp_path / "r.npz")


@pytest.mark.parametrize("name", ["updates_single", "parameters_exact", "noise", "steps"])
def test_what_lacks_a_part_is_refused(name: str, tmp_path: Path) -> None:
    save_recording(large("adam"), tmp_path / "r.npz")
    values = stored(tmp_path / "r.npz")
    del values[name]
    np.savez(tmp_path / "r.npz", **values)
    with pytest.raises(RecordingError, match="not a whole recording"):
        loaded(tmp_path / "r.npz")
