from __future__ import annotations

import numpy as np
import pytest

from backprop_anim.tasks import TaskError
from backprop_anim.tasks.series import SeriesTask, series


def build(task: SeriesTask, seed: int = 0):  # type: ignore[no-untyped-def]
    return task.build(np.random.default_rng(seed))


@pytest.mark.parametrize("name", series)
def test_truth_fills_the_reach_of_a_sigmoid(name: str) -> None:
    truth = build(SeriesTask(series=name, points=201)).truth
    assert (truth.min(), truth.max()) == pytest.approx((0.1, 0.9))


@pytest.mark.parametrize("name", series)
def test_without_noise_the_targets_are_the_truth(name: str) -> None:
    dataset = build(SeriesTask(series=name))
    np.testing.assert_array_equal(dataset.targets, dataset.truth)


def test_noise_has_the_deviation_that_was_asked_for_and_leaves_the_truth() -> None:
    clean, noisy = build(SeriesTask(series="sine", points=20_000)), build(SeriesTask("sine", None, 20_000, 0.05))
    np.testing.assert_array_equal(noisy.truth, clean.truth)
    assert np.std(noisy.targets - noisy.truth) == pytest.approx(0.05, rel=0.03)
    assert abs(np.mean(noisy.targets - noisy.truth)) < 0.002


def test_noise_follows_the_seed() -> None:
    task = SeriesTask(series="bell", noise=0.1)
    assert not np.array_equal(build(task, 0).targets, build(task, 1).targets)


def test_both_ends_are_samples() -> None:
    dataset = build(SeriesTask(series="bell", points=5))
    np.testing.assert_array_equal(dataset.inputs[:, 0], [0, 0.25, 0.5, 0.75, 1])
    assert dataset.shown_range == (0.0, 1.0)


def test_formula_runs_over_its_range() -> None:
    dataset = build(SeriesTask(y="t^2", range=(-1.0, 3.0), points=5, scale=False))
    np.testing.assert_allclose(dataset.targets[:, 0], [1, 0, 1, 4, 9])
    np.testing.assert_array_equal(dataset.inputs[:, 0], [0, 0.25, 0.5, 0.75, 1])
    assert dataset.shown_range == (-1.0, 3.0)


def test_a_range_only_names_the_ends_of_a_named_series() -> None:
    plain, ranged = build(SeriesTask(series="bell")), build(SeriesTask(series="bell", range=(0.0, 120.0)))
    np.testing.assert_array_equal(plain.targets, ranged.targets)
    assert ranged.shown_range == (0.0, 120.0)


@pytest.mark.parametrize(
    ("task", "option", "words"),
    [
        (SeriesTask(), "series", "one of bell, sine"),
        (SeriesTask(series="sine", y="t"), "series", "not both"),
        (SeriesTask(series="sinus"), "series", "did you mean 'sine'"),
        (SeriesTask(y="t", range=(2.0, 1.0)), "range", "not from 2 to 1"),
        (SeriesTask(y="log(t - 0.5)"), "y", "'log(t - 0.5)' is undefined at t = 0"),
    ],
)
def test_what_is_no_series_is_refused(task: SeriesTask, option: str, words: str) -> None:
    with pytest.raises(TaskError) as caught:
        build(task)
    assert words in str(caught.value)
    assert caught.value.option == option
