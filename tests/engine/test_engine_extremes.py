"""Far from zero: right values without a warning, and passes that make no new arrays."""

from __future__ import annotations

import math
import tracemalloc
import warnings

import numpy as np
import pytest

from backprop_anim.engine.activations import activations
from backprop_anim.engine.backprop import Backprop
from backprop_anim.engine.losses import losses
from backprop_anim.engine.network import Network
from backprop_anim.engine.types import Array

FAR = (-1e4, -800.0, -40.0, 40.0, 800.0, 1e4)
ELEMENTWISE = [name for name in activations if not activations[name].output_only]


SELU_SLOPES = [0, 0, 1.7580993408473766 * math.exp(-40), *[1.0507009873554805] * 3]


def rising(name: str) -> tuple[list[float], list[float]]:
    """The values and the slopes at `FAR`, by the limits of the formulas."""
    up = [max(0.0, z) for z in FAR]
    steps = [float(z > 0) for z in FAR]
    small = math.exp(-40)
    return {
        "sigmoid": ([0, 0, small, 1, 1, 1], [0, 0, small, 0, 0, 0]),
        "tanh": ([-1, -1, -1, 1, 1, 1], [0] * 6),
        "hard_tanh": ([-1, -1, -1, 1, 1, 1], [0] * 6),
        "relu": (up, steps),
        "leaky_relu": ([max(z, 0.01 * z) for z in FAR], [max(step, 0.01) for step in steps]),
        "elu": ([-1, -1, -1, *FAR[3:]], [0, 0, small, 1, 1, 1]),
        "selu": ([*[-1.7580993408473766] * 3, *(1.0507009873554805 * z for z in FAR[3:])], SELU_SLOPES),
        "swish": (up, steps),
        "gelu": (up, steps),
        "softplus": ([0, 0, small, *FAR[3:]], [0, 0, small, 1, 1, 1]),
        "sine": ([math.sin(z) for z in FAR], [math.cos(z) for z in FAR]),
        "linear": (list(FAR), [1] * 6),
    }[name]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_and_slopes_take_their_limits(name: str) -> None:
    values, slopes = rising(name)
    network = Network((1, 1), (activations[name](),), bias=False)
    inputs = np.array(FAR)[:, np.newaxis]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outputs = network.outputs(np.array([1.0]), inputs)
        layers = network.layers(np.array([1.0]), inputs)
    np.testing.assert_allclose(outputs[:, 0], values, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(layers[-1], outputs)
    z = np.array([FAR])
    a, out = outputs.T.copy(), np.empty((1, 6))
    with np.errstate(over="ignore"):  # as the training has it
        activations[name]().derivative(z, a, out)  # type: ignore[attr-defined]
    np.testing.assert_allclose(out[0], slopes, rtol=1e-12, atol=1e-14)


def test_a_warning_of_the_caller_is_neither_lost_nor_changed_by_a_forward_pass() -> None:
    network = Network((1, 2, 1), (activations["sigmoid"](), activations["linear"]()))
    passes = network._passes(np.zeros(network.layout.n_parameters), np.ones((3, 1)))
    with np.errstate(over="raise"):
        for _ in passes:
            assert np.geterr()["over"] == "raise"


SURE = [(1e4, 0.0), (1e4, 1.0), (-1e4, 0.0), (-1e4, 1.0), (750.0, 0.0), (0.0, 1.0)]


@pytest.mark.parametrize(("z", "y"), SURE)
def test_binary_cross_entropy_is_right_however_sure_the_network_is(z: float, y: float) -> None:
    network = Network((1, 1), (activations["sigmoid"](),), bias=False)
    backprop = Backprop(network, losses["binary_cross_entropy"](), np.array([z]), 1)
    with np.errstate(over="ignore"):
        backprop.forward(np.ones((1, 1)))
        loss = backprop.backward(np.array([[y]]))
    wrong = z if y == 0 else -z
    assert loss == pytest.approx(max(wrong, 0) + math.log1p(math.exp(-abs(z))), rel=1e-15, abs=1e-15)
    probability = 0.0 if z < -700 else 1 / (1 + math.exp(-z))
    assert backprop.gradient[0] == pytest.approx(probability - y, abs=1e-15)


@pytest.mark.parametrize("spread", [0.0, 40.0, 800.0, 1e4, 1e300])
@pytest.mark.parametrize("right", [0, 1, 2])
def test_cross_entropy_is_right_however_sure_the_network_is(spread: float, right: int) -> None:
    network = Network((1, 3), (activations["softmax"](),), bias=False)
    logits = np.array([spread, 0.0, -spread])
    backprop = Backprop(network, losses["cross_entropy"](), logits, 1)
    with np.errstate(all="raise", under="ignore"):
        outputs = backprop.forward(np.ones((1, 1))).copy()
        loss = backprop.backward(np.eye(3)[:, [right]])
        np.testing.assert_array_equal(network.outputs(logits, np.ones((1, 1))), outputs.T)
    shares = np.exp(np.maximum(logits - spread, -745.0)) * (logits - spread > -745)
    assert loss == pytest.approx(spread - logits[right] + math.log(shares.sum()), rel=1e-14, abs=1e-15)
    assert loss >= 0
    np.testing.assert_allclose(outputs[:, 0], shares / shares.sum(), atol=1e-15)
    np.testing.assert_allclose(backprop.gradient, outputs[:, 0] - np.eye(3)[right], atol=1e-15)


def test_a_perfect_answer_has_a_loss_of_plain_zero() -> None:
    network = Network((1, 2), (activations["softmax"](),), bias=False)
    backprop = Backprop(network, losses["cross_entropy"](), np.array([1e4, -1e4]), 1)
    backprop.forward(np.ones((1, 1)))
    assert math.copysign(1.0, backprop.backward(np.array([[1.0], [0.0]]))) == 1.0


def trained_pass(n: int) -> tuple[Backprop, Array, Array]:
    network = Network((3, 40, 30, 2), tuple(activations[name]() for name in ("tanh", "sigmoid", "linear")))
    rng = np.random.default_rng(0)
    parameters = rng.normal(size=network.layout.n_parameters)
    return Backprop(network, losses["mse"](), parameters, n), rng.normal(size=(3, n)), rng.normal(size=(2, n))


def test_passes_reuse_their_buffers() -> None:
    n = 2000
    backprop, inputs, targets = trained_pass(n)
    backprop.forward(inputs)
    backprop.backward(targets)
    kept = [backprop.gradient, *backprop.z, *backprop.a, *backprop.delta]
    places = [array.__array_interface__["data"] for array in kept]
    tracemalloc.start()
    try:
        for _ in range(3):
            backprop.forward()
            backprop.backward(targets)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 30 * n  # less than one layer's activations
    now = [backprop.gradient, *backprop.z, *backprop.a, *backprop.delta]
    assert [array.__array_interface__["data"] for array in now] == places


def test_a_pass_sees_parameters_that_are_changed_in_place() -> None:
    backprop, inputs, targets = trained_pass(5)
    network, parameters = backprop.network, np.random.default_rng(4).normal(size=backprop.gradient.size)
    changing = np.zeros_like(parameters)
    ours = Backprop(network, backprop.loss, changing, 5)
    ours.forward(inputs)
    changing[...] = parameters
    np.testing.assert_allclose(ours.forward().T, network.outputs(parameters, inputs.T), rtol=1e-13)
    fresh = Backprop(network, backprop.loss, parameters, 5)
    fresh.forward(inputs)
    assert ours.backward(targets) == fresh.backward(targets)
    np.testing.assert_array_equal(ours.gradient, fresh.gradient)


def test_many_states_at_once_give_what_one_by_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network((2, 5, 3), (activations["gelu"](), activations["softmax"]()))
    rng = np.random.default_rng(1)
    states, inputs = rng.normal(size=(7, network.layout.n_parameters)), rng.normal(size=(4, 2))
    each = np.stack([network.outputs(state, inputs) for state in states])
    many = network.outputs(states, inputs)
    np.testing.assert_allclose(many, each, rtol=1e-13)
    assert many.shape == (7, 4, 3)
    own_inputs = rng.normal(size=(7, 4, 2))
    monkeypatch.setattr("backprop_anim.engine.network.MAX_BLOCK_NUMBERS", 3 * 4 * 5)
    np.testing.assert_array_equal(network.outputs(states, inputs), many)
    paired = np.stack([network.outputs(state, own) for state, own in zip(states, own_inputs, strict=True)])
    np.testing.assert_allclose(network.outputs(states, own_inputs), paired, rtol=1e-13)
    logits = network.pre_activations(states, inputs)
    powers = np.exp(logits)
    np.testing.assert_allclose(powers / powers.sum(axis=-1, keepdims=True), many, rtol=1e-12)
