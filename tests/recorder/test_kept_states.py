"""States of a training of unknown length: never many, the asked-for ones among them, evenly in what moved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backprop_anim.recorder.kept_states import KeptStates

Steps = NDArray[np.int64]


def seen(
    path: Callable[[int], float], n_steps: int, count: int, keep: tuple[int, ...] = ()
) -> tuple[KeptStates, int, int]:
    """Walk along a path as a recorder does: only states that are due are read; return also how many were, and held."""
    states = KeptStates(count, keep, lambda parameters: parameters)
    n_read, most = 0, 0
    for step in range(n_steps + 1):
        if step == states.due:
            n_read += 1
            states.see(step, np.array([path(step)]))
            most = max(most, len(states))
    states.see_last(n_steps, np.array([path(n_steps)]))
    return states, n_read, max(most, len(states))


def fall(step: int) -> float:
    return float(np.exp(-step / 500))


def late_leap(step: int) -> float:
    return 1 / (1 + np.exp(-np.clip((step - 9000) / 30, -50, 50))) + 0.5


@pytest.mark.parametrize("path", [fall, late_leap, float, lambda _: 1.0, lambda step: float(step % 2)])
def test_states_are_few_and_the_ends_and_the_kept_ones_are_among_them(path: Callable[[int], float]) -> None:
    states, n_read, most = seen(path, 10_000, 50, keep=(7, 1234))
    steps, parameters, updates = (np.array(part) for part in states.chosen())
    assert most <= 100
    assert {0, 7, 1234, 10_000} <= set(steps.tolist())
    assert len(steps) <= 52
    assert (np.diff(steps) > 0).all()
    assert parameters[:, 0].tolist() == [path(int(step)) for step in steps]
    assert updates[:-1, 0].tolist() == [path(int(step) + 1) - path(int(step)) for step in steps[:-1]]
    assert updates[-1, 0] == 0
    assert n_read < 10_000 / 2


@pytest.mark.parametrize(("path", "share"), [(fall, 3.0), (late_leap, 6.0)])
def test_about_the_same_motion_lies_between_two_states(path: Callable[[int], float], share: float) -> None:
    """A leap after a long rest has its states too: a stride that only doubled would have seen it in a few."""
    states, _, _ = seen(path, 10_000, 50)
    moved = np.abs(np.diff(np.array(states.chosen()[1])[:, 0]))
    assert moved.max() < share * moved.sum() / len(moved)


def test_a_short_training_is_kept_whole() -> None:
    states, n_read, _ = seen(float, 20, 50)
    assert states.chosen()[0].tolist() == list(range(21))
    assert n_read == 21


def test_a_long_training_is_mostly_not_read() -> None:
    _, n_read, _ = seen(lambda step: float(np.log1p(step)), 1_000_000, 300)
    assert n_read < 10_000


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 400),
    st.integers(2, 12),
    st.lists(st.integers(0, 400), max_size=4),
    st.lists(st.floats(-10, 10), min_size=401, max_size=401),
)
def test_any_path_keeps_its_ends_and_at_most_twice_the_wanted(
    n_steps: int, count: int, keep: list[int], heights: list[float]
) -> None:
    states, _, most = seen(lambda step: heights[min(step, 400)], n_steps, count, tuple(keep))
    steps, _, _ = states.chosen()
    assert {0, n_steps, *(step for step in keep if step <= n_steps)} <= set(steps.tolist())
    assert most <= 2 * count + len(keep)
