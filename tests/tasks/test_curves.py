from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backprop_anim.tasks import TaskError
from backprop_anim.tasks.curves import CurveTask, curves

RNG = np.random.default_rng(0)
REFERENCE = np.loadtxt(Path(__file__).parents[1] / "data/heart/data.csv", delimiter=",", skiprows=1)
CLOSED = sorted(set(curves) - {"spiral"})


def test_heart_is_the_published_one() -> None:
    dataset = CurveTask(curve="heart", points=100).build(RNG)
    np.testing.assert_allclose(dataset.inputs[:, 0], REFERENCE[:, 0], rtol=0, atol=1e-15)
    np.testing.assert_allclose(dataset.targets, REFERENCE[:, 1:], rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", curves)
def test_every_curve_lies_within_reach_of_a_sigmoid(name: str) -> None:
    targets = CurveTask(curve=name).build(RNG).targets
    assert targets.min() > 0.05
    assert targets.max() < 0.95


@pytest.mark.parametrize("name", sorted(set(curves) - {"heart"}))
def test_the_wider_side_fills_the_reach_and_the_other_is_centred(name: str) -> None:
    targets = CurveTask(curve=name, points=77).build(RNG).targets
    low, high = targets.min(axis=0), targets.max(axis=0)
    assert (high - low).max() == pytest.approx(0.8)
    np.testing.assert_allclose((low + high) / 2, 0.5)


@pytest.mark.parametrize("name", sorted(set(curves) - {"heart"}))
def test_scaling_keeps_the_aspect(name: str) -> None:
    raw = CurveTask(curve=name, scale=False).build(RNG).targets
    scaled = CurveTask(curve=name).build(RNG).targets
    factor = np.ptp(scaled, axis=0) / np.ptp(raw, axis=0)
    assert factor[0] == pytest.approx(factor[1])


@pytest.mark.parametrize("name", curves)
def test_neighbours_are_near(name: str) -> None:
    steps = np.linalg.norm(np.diff(CurveTask(curve=name, points=1000).build(RNG).targets, axis=0), axis=1)
    assert steps.max() < 0.02
    assert steps.max() > 0, "the curve stands still"


@pytest.mark.parametrize("name", CLOSED)
def test_closed_curves_leave_out_only_the_last_step(name: str) -> None:
    targets = CurveTask(curve=name, points=1000).build(RNG).targets
    assert np.linalg.norm(targets[0] - targets[-1]) < 0.02


def test_inputs_are_fractions_without_the_end() -> None:
    inputs = CurveTask(curve="circle", points=4).build(RNG).inputs
    np.testing.assert_array_equal(inputs, [[0], [0.25], [0.5], [0.75]])


def test_formulas_give_the_heart_too() -> None:
    y = "13*cos(t) - 5*cos(2*t) - 2*cos(3*t) - cos(4*t)"
    formula = CurveTask(x="16*sin(t)^3", y=y, scale=False).build(RNG)
    np.testing.assert_allclose((formula.targets / 20 + 1) / 2, REFERENCE[:, 1:], rtol=0, atol=1e-14)
    assert formula.shown_range == (0.0, 2 * np.pi)


def test_formula_range_sets_t_and_not_the_input() -> None:
    dataset = CurveTask(x="t", y="2*t", range=(10.0, 20.0), points=5, scale=False).build(RNG)
    np.testing.assert_allclose(dataset.inputs[:, 0], [0, 0.2, 0.4, 0.6, 0.8])
    np.testing.assert_allclose(dataset.targets, [[10, 20], [12, 24], [14, 28], [16, 32], [18, 36]])


def test_a_point_stays_in_the_middle() -> None:
    dataset = CurveTask(x="3", y="sin(t)^2 + cos(t)^2").build(RNG)
    np.testing.assert_array_equal(dataset.targets, 0.5)


@pytest.mark.parametrize(
    ("task", "option", "words"),
    [
        (CurveTask(), "curve", "one of heart, circle"),
        (CurveTask(curve="heart", x="t"), "curve", "not both"),
        (CurveTask(curve="haert"), "curve", "did you mean 'heart'"),
        (CurveTask(x="t"), "x", "x is given without y"),
        (CurveTask(y="t"), "y", "y is given without x"),
        (CurveTask(curve="heart", range=(0.0, 1.0)), "range", "own range"),
        (CurveTask(x="t", y="t", range=(1.0, 1.0)), "range", "must go up, not from 1 to 1"),
        (CurveTask(x="t", y="tt"), "y", "unknown name 'tt'"),
        (CurveTask(x="1/t", y="t"), "x", "divides by zero at t = 0"),
        (CurveTask(x="1.7e308*sin(t)", y="t"), None, "too far apart"),
    ],
)
def test_what_is_no_curve_is_refused(task: CurveTask, option: str | None, words: str) -> None:
    with pytest.raises(TaskError) as caught:
        task.build(RNG)
    assert words in str(caught.value)
    assert caught.value.option == option
