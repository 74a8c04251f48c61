"""First weights: drawn layer by layer with the right spread, from the generator that is given, or read from a file."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import problems_in

from backprop_anim.common.errors import RecordingError
from backprop_anim.engine.initializers import initializers
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array
from backprop_anim.engine.weights import write_weights

LAYOUT = Layout((3, 50, 40, 20))
SPREADS = {
    "normal": lambda n_in, n_out: 0.5,
    "uniform": lambda n_in, n_out: 1 / math.sqrt(12),
    "xavier": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
    "he": lambda n_in, n_out: math.sqrt(2 / n_in),
    "lecun": lambda n_in, n_out: math.sqrt(1 / n_in),
    "orthogonal": lambda n_in, n_out: math.sqrt(1 / max(n_in, n_out)),
    "zeros": lambda n_in, n_out: 0.0,
}
"""The standard deviation of the weights of a layer, by the papers."""

DRAWN = [name for name in initializers if name not in ("file", "given")]
WITH_BIAS = [name for name in DRAWN if "bias" in {option.name for option in fields(initializers[name])}]  # type: ignore[arg-type]


def drawn(name: str, layout: Layout = LAYOUT, seed: int = 0, **options: Any) -> Array:
    return initializers[name](**options).sample(layout, np.random.default_rng(seed))


def test_every_initializer_has_its_spread_here() -> None:
    assert set(SPREADS) == set(DRAWN)
    assert len(WITH_BIAS) >= 4


@pytest.mark.parametrize("name", DRAWN)
def test_the_weights_of_every_layer_have_the_spread_of_the_paper(name: str) -> None:
    vectors = np.array([drawn(name, seed=seed) for seed in range(20)])
    for layer, (n_in, n_out) in enumerate(LAYOUT.connections, start=1):
        weights = LAYOUT.arrays(vectors)[f"W{layer}"]
        expected = SPREADS[name](n_in, n_out)
        assert weights.mean() == pytest.approx(0, abs=4.5 * expected / math.sqrt(weights.size))
        assert weights.std() == pytest.approx(expected, rel=4.5 / math.sqrt(2 * weights.size), abs=0)


@pytest.mark.parametrize("name", DRAWN)
def test_biases_start_at_zero(name: str) -> None:
    arrays = LAYOUT.arrays(drawn(name))
    assert all((values == 0).all() for key, values in arrays.items() if key[0] == "b")


@pytest.mark.parametrize("name", WITH_BIAS)
def test_biases_drawn_like_the_weights_come_after_them_layer_by_layer(name: str) -> None:
    layout = Layout((2, 3, 2))
    same, zeros = layout.arrays(drawn(name, layout, bias="same")), layout.arrays(drawn(name, layout))
    np.testing.assert_array_equal(same["W1"], zeros["W1"])
    assert (same["b1"] != 0).all()
    assert (same["b2"] != 0).all()
    assert (same["W2"] != zeros["W2"]).all()


def test_normal_takes_its_numbers_in_the_order_of_the_arrays() -> None:
    layout, rng = Layout((2, 3, 1)), np.random.default_rng(7)
    arrays = layout.arrays(drawn("normal", layout, seed=7, scale=2.0, bias="same"))
    for name, shape in layout.shapes().items():
        np.testing.assert_array_equal(arrays[name], 2.0 * rng.standard_normal(shape), err_msg=name)


def test_uniform_stays_between_its_ends() -> None:
    found = drawn("uniform", low=2.0, high=3.0, bias="same")
    assert found.min() >= 2
    assert found.max() < 3
    assert (drawn("uniform", low=0.25, high=0.25, bias="same") == 0.25).all()


def test_uniform_refuses_ends_in_the_wrong_order() -> None:
    with pytest.raises(ValueError, match=r"low is 1 and high is -1; low may not be above high"):
        initializers["uniform"](low=1.0, high=-1.0)
    (problem,) = problems_in(
        "task: {kind: curve, curve: circle}\n"
        "network: {hidden: [3], init: {kind: uniform, low: 1.0, high: 0.0}}\n"
        "training: {steps: 5}\n"
    )
    assert "low may not be above high" in str(problem)
    assert str(problem).startswith("e.yaml:2:")


@pytest.mark.parametrize("gain", [1.0, 2.5])
def test_orthogonal_rows_or_columns_are_at_right_angles(gain: float) -> None:
    arrays = LAYOUT.arrays(drawn("orthogonal", gain=gain))
    for layer in (1, 2, 3):
        weights = arrays[f"W{layer}"]
        few = weights if weights.shape[0] <= weights.shape[1] else weights.T
        np.testing.assert_allclose(few @ few.T, gain**2 * np.eye(len(few)), atol=1e-12)


def test_a_single_orthogonal_weight_is_as_often_negative_as_positive() -> None:
    layout = Layout((1, 1), False)
    signs = [drawn("orthogonal", layout, seed)[0] for seed in range(200)]
    assert {round(sign) for sign in signs} == {-1, 1}
    assert abs(sum(signs)) < 60


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("bias", [True, False])
def test_the_same_generator_gives_the_same_weights(name: str, bias: bool) -> None:
    layout = Layout((3, 4, 2), bias)
    first, again, other = (drawn(name, layout, seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert first.shape == (layout.n_parameters,)
    assert first.dtype == np.float64
    assert name == "zeros" or (first != other).any()


def test_given_weights_are_taken_as_they_are_and_use_no_chance(tmp_path: Path) -> None:
    layout, rng = Layout((2, 3, 1)), np.random.default_rng(0)
    vector = np.random.default_rng(3).normal(size=layout.n_parameters)
    write_weights(tmp_path / "w.npz", layout, vector)
    np.testing.assert_array_equal(initializers["file"](file=str(tmp_path / "w.npz")).sample(layout, rng), vector)
    assert rng.random() == np.random.default_rng(0).random()
    with pytest.raises(RecordingError, match="there is no file"):
        initializers["file"](file=str(tmp_path / "nothing.npz")).sample(layout, rng)
