"""Which states a film keeps: distinct, rising, from the first to the last, and as many as were asked for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from helpers import HEART, SERIES, TWO, XOR, experiment
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_anim.experiment.snapshot_schedules import (
    distinct_steps,
    evenly_spaced_rows,
    snapshot_schedules,
    with_pinned,
)
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

SOME = settings(deadline=None, max_examples=150, derandomize=True)
STEPS = st.one_of(st.integers(1, 30), st.integers(1, 5000), st.just(1_000_000))
OPTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "power": {"exponent": st.floats(0.05, 20)},
    "every": {"every": st.integers(1, 300)},
    "steps": {"steps": st.lists(st.integers(0, 6000), min_size=1, max_size=20).map(tuple)},
}
COUNTED = [name for name in snapshot_schedules if "count" in {each.name for each in fields(snapshot_schedules[name])}]  # type: ignore[arg-type]


def test_there_are_schedules_with_a_count_and_others() -> None:
    assert {"linear", "log", "power", "motion"} <= set(COUNTED)
    assert set(snapshot_schedules) - set(COUNTED) == {"every", "steps"}
    assert set(OPTIONS) <= set(snapshot_schedules)


@pytest.mark.parametrize("name", snapshot_schedules)
@SOME
@given(data=st.data(), n_steps=STEPS)
def test_kept_steps_rise_from_0_to_the_last(name: str, data: st.DataObject, n_steps: int) -> None:
    options = {key: data.draw(values) for key, values in OPTIONS.get(name, {}).items()}
    if name in COUNTED:
        options["count"] = data.draw(st.one_of(st.integers(2, 40), st.integers(2, 700)))
    schedule = snapshot_schedules[name](**options)
    if name == "every" and n_steps > 10_000:
        n_steps = 10_000
    steps = schedule.choose(n_steps)
    assert steps.dtype == np.int64
    assert steps[0] == 0
    assert steps[-1] == n_steps
    assert (np.diff(steps) > 0).all()
    if name != "motion":  # which keeps some of the candidates that it chooses
        assert len(steps) <= schedule.at_most(n_steps)
        if name in COUNTED:
            assert len(steps) == schedule.at_most(n_steps) == min(options["count"], n_steps + 1)


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize(("count", "steps"), [(2, 1), (2, 40), (9, 40), (40, 40), (41, 40), (42, 40), (500, 40)])
@pytest.mark.parametrize("batch", ["full", "1"])
def test_a_run_records_as_many_states_as_were_asked_for(name: str, count: int, steps: int, batch: str) -> None:
    schedule = f"snapshots={{count: {count}, schedule: {name}}}"
    recording = train(experiment(SERIES, schedule, f"training.steps={steps}", f"training.batch={batch}"))
    assert recording.n_snapshots == min(count, steps + 1) == recording.experiment.snapshots.at_most(steps)
    assert recording.steps[0] == 0
    assert recording.steps[-1] == steps
    assert (np.diff(recording.steps) > 0).all()


def test_every_so_many_steps_and_the_last() -> None:
    every = snapshot_schedules["every"]
    assert every(every=4).choose(10).tolist() == [0, 4, 8, 10]
    assert every(every=5).choose(10).tolist() == [0, 5, 10]
    assert every(every=99).choose(10).tolist() == [0, 10]
    assert every(every=1).choose(3).tolist() == [0, 1, 2, 3]


def test_the_named_steps_with_the_first_and_the_last() -> None:
    steps = snapshot_schedules["steps"]
    assert steps(steps=(7, 2, 7)).choose(10).tolist() == [0, 2, 7, 10]
    assert steps(steps=(0, 10)).choose(10).tolist() == [0, 10]
    assert steps(steps=(3, 900)).choose(10).tolist() == [0, 3, 10]


def test_the_shapes_of_the_schedules() -> None:
    choose = {name: snapshot_schedules[name](count=101).choose(10_000) for name in ("linear", "log", "power")}
    np.testing.assert_array_equal(choose["linear"], np.arange(101) * 100)
    np.testing.assert_array_equal(choose["power"], np.arange(101) ** 2)
    late = choose["log"][choose["log"] > 100].astype(float)
    np.testing.assert_allclose(np.diff(np.log(late + 1)), np.log(10_001) / 100, rtol=0.1)
    assert choose["log"][1:5].tolist() == [1, 2, 3, 4]


@SOME
@given(st.integers(1, 60), st.data())
def test_positions_are_rounded_and_moved_only_where_they_meet(n_steps: int, data: st.DataObject) -> None:
    inner = data.draw(st.lists(st.floats(0, n_steps), max_size=n_steps - 1))
    wanted = np.array([0.0, *sorted(inner), float(n_steps)])
    steps = distinct_steps(wanted, n_steps)
    assert steps[0] == 0
    assert steps[-1] == n_steps
    assert (np.diff(steps) > 0).all()
    rounded = np.rint(wanted)
    if (np.diff(rounded) > 0).all():
        np.testing.assert_array_equal(steps, rounded)


@SOME
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.data())
def test_candidates_are_chosen_from_the_first_to_the_last(distances: list[float], data: st.DataObject) -> None:
    way = np.array([0.0, *distances])
    count = data.draw(st.integers(2, len(way)))
    pinned = data.draw(st.lists(st.integers(0, len(way) - 1), max_size=max(0, count - 2), unique=True))
    rows = evenly_spaced_rows(way, count, pinned)
    assert len(rows) == count
    assert rows[0] == 0
    assert rows[-1] == len(way) - 1
    assert (np.diff(rows) > 0).all()
    assert set(pinned) <= set(rows.tolist())


def test_where_nothing_moves_the_candidates_are_even() -> None:
    np.testing.assert_array_equal(evenly_spaced_rows(np.zeros(101), 11), np.arange(0, 101, 10))


def test_most_candidates_come_from_where_the_answers_move() -> None:
    distances = np.zeros(300)
    distances[100:200] = 1.0
    rows = evenly_spaced_rows(distances, 100)
    assert np.count_nonzero((rows >= 99) & (rows < 200)) > 80


def test_pinned_steps_take_the_place_of_their_nearest_neighbours() -> None:
    steps = np.array([0, 10, 20, 30, 100])
    assert with_pinned(steps, [19]).tolist() == [0, 10, 19, 30, 100]
    assert with_pinned(steps, [19, 21]).tolist() == [0, 10, 19, 21, 100]
    assert with_pinned(steps, [11, 21]).tolist() == [0, 11, 21, 30, 100]
    assert with_pinned(steps, [10, 20, 30]).tolist() == steps.tolist()
    assert with_pinned(steps, [0, 100]).tolist() == steps.tolist()
    assert with_pinned(np.array([0, 100]), [40]).tolist() == [0, 40, 100]
    assert with_pinned(steps, []).tolist() == steps.tolist()
    assert with_pinned(np.array([0, 7, 14, 25]), [1, 2, 3, 4]).tolist() == [0, 1, 2, 3, 4, 25]


def jumps(recording: Recording) -> Any:
    """How far the answers go from one kept state to the next."""
    given = recording.experiment
    answers = given.network.outputs(recording.parameters, given.dataset.inputs)
    return np.sqrt((np.diff(answers, axis=0) ** 2).mean(axis=(1, 2)))


@pytest.mark.parametrize(("text", "steps"), [(XOR, 1500), (HEART, 3000)], ids=["xor", "heart"])
def test_by_motion_the_film_is_spread_over_what_happens(text: str, steps: int) -> None:
    fullest = {}
    for name in ("motion", "linear"):
        schedule = f"snapshots={{count: 60, schedule: {name}}}"
        more = ("training.aggression=1",) if text is HEART else ()
        recording = train(experiment(text, f"training.steps={steps}", "training.noise=0", schedule, *more))
        leaps = np.sort(jumps(recording))
        fullest[name] = leaps[-6:].sum() / leaps.sum()  # in a tenth of the film
    assert fullest["motion"] < 0.75 * fullest["linear"], fullest


def test_by_motion_with_batches_too() -> None:
    settings = ("training.steps=900", "snapshots={count: 40, schedule: motion}")
    recording = train(experiment(TWO, *settings))
    assert recording.n_snapshots == 40
    assert (np.diff(recording.steps) > 0).all()
