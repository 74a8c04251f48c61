"""Which samples a step sees: every size, up to the ends of epochs or across them, and never what they hold."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_anim.engine.batches import BatchStream, batch_orders

ORDERS = list(batch_orders)
SIZES = [1, 2, 3, 5, 7, 8]


def stream(order: str, n: int, size: int, seed: int = 0, straddles: bool = False) -> BatchStream:
    return BatchStream(batch_orders[order](), n, size, np.random.default_rng(seed), straddles)


def taken(order: str, n: int, size: int, count: int, seed: int = 0, straddles: bool = True) -> list[int]:
    batches = stream(order, n, size, seed, straddles)
    return list(chain.from_iterable(batches.take().tolist() for _ in range(count)))


def test_the_three_orders_are_registered() -> None:
    assert {"cyclic", "shuffled", "random"} <= set(ORDERS)


@settings(deadline=None, max_examples=80, derandomize=True)
@given(st.sampled_from(ORDERS), st.integers(1, 12), st.integers(1, 30), st.integers(0, 2**32))
def test_every_batch_that_straddles_is_whole_and_holds_samples_of_the_data(
    order: str, n: int, size: int, seed: int
) -> None:
    batches = stream(order, n, size, seed, straddles=True)
    for _ in range(7):
        batch = batches.take()
        assert batch.shape == (size,)
        assert ((batch >= 0) & (batch < n)).all()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("order", ORDERS)
def test_the_samples_do_not_depend_on_how_they_are_cut_into_batches(order: str, size: int) -> None:
    whole = taken(order, 7, 7 * size, 3)
    assert taken(order, 7, size, 21) == whole
    assert len(whole) == 21 * size


@pytest.mark.parametrize("size", SIZES)
def test_cyclic_goes_through_the_data_in_order(size: int) -> None:
    assert taken("cyclic", 7, size, 30) == [k % 7 for k in range(30 * size)]


@pytest.mark.parametrize("size", SIZES)
def test_shuffled_takes_every_sample_once_an_epoch_even_where_batches_straddle(size: int) -> None:
    found = taken("shuffled", 7, size, 35)
    epochs = [found[start : start + 7] for start in range(0, 35 * size, 7)]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) > len(epochs) // 2  # anew each time


@settings(deadline=None, max_examples=80, derandomize=True)
@given(st.sampled_from(["cyclic", "shuffled"]), st.integers(1, 12), st.integers(1, 30), st.integers(0, 2**32))
def test_the_last_batch_of_a_pass_is_what_is_left_of_it(order: str, n: int, size: int, seed: int) -> None:
    batches = stream(order, n, size, seed)
    for _ in range(3):
        epoch = [batches.take().tolist() for _ in range(-(-n // size))]
        assert sorted(chain.from_iterable(epoch)) == list(range(n))
        assert [len(batch) for batch in epoch[:-1]] == [size] * (len(epoch) - 1)
        assert len(epoch[-1]) == n - size * (len(epoch) - 1)


def test_random_batches_are_whole_for_there_is_no_pass() -> None:
    batches = stream("random", 7, 3)
    assert {len(batches.take()) for _ in range(20)} == {3}


def test_random_takes_each_sample_as_often_as_chance_has_it() -> None:
    found = taken("random", 10, 4, 2500)
    counts = np.bincount(found, minlength=10)
    chi_square = float(((counts - 1000) ** 2 / 1000).sum())
    assert 1 < chi_square < 30  # 9 degrees of freedom: neither uneven nor dealt out in turn
    firsts = [found[start : start + 10] for start in range(0, 10_000, 10)]
    assert not any(sorted(epoch) == list(range(10)) for epoch in firsts[:50])


@pytest.mark.parametrize("order", ORDERS)
def test_the_same_generator_gives_the_same_batches(order: str) -> None:
    assert taken(order, 9, 4, 20, seed=0) == taken(order, 9, 4, 20, seed=0)
    if order != "cyclic":
        assert taken(order, 9, 4, 20, seed=0) != taken(order, 9, 4, 20, seed=1)


def test_waiting_samples_do_not_pile_up() -> None:
    batches = stream("shuffled", 7, 3)
    for _ in range(500):
        batches.take()
        assert len(batches.waiting) <= 7 + 3
