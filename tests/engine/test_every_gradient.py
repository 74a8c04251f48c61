"""Every registered activation and loss against finite differences and against formulas written without the engine."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_anim.engine.activations import Elementwise, activations
from backprop_anim.engine.backprop import Backprop
from backprop_anim.engine.gradcheck import check_gradients
from backprop_anim.engine.losses import losses
from backprop_anim.engine.network import Network
from backprop_anim.engine.optimizers import optimizers
from backprop_anim.engine.penalty import Penalty
from backprop_anim.engine.types import Array

FITTING = [
    (activation, loss) for activation in activations for loss in losses if losses[loss].output in (None, activation)
]


def network_of(hidden: str, output: str, sizes: tuple[int, ...], bias: bool) -> Network:
    inner = tuple(activations[hidden]() for _ in sizes[1:-1])
    return Network(sizes, (*inner, activations[output]()), bias)


def drawn(network: Network, seed: int, n: int = 7) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    targets = np.eye(network.sizes[-1])[rng.integers(network.sizes[-1], size=n)]
    return rng.normal(size=network.layout.n_parameters), rng.normal(size=(n, network.sizes[0])), targets


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("output", "loss"), FITTING)
def test_outputs_and_losses_agree_with_differences(output: str, loss: str, bias: bool) -> None:
    network = network_of("tanh", output, (3, 4, 5, 2), bias)
    found = check_gradients(network, losses[loss](), *drawn(network, 1))
    assert len(found.arrays) == (6 if bias else 3)
    assert found.passed, found


@pytest.mark.parametrize("hidden", [name for name in activations if not activations[name].output_only])
def test_hidden_activations_agree_with_differences(hidden: str) -> None:
    network = network_of(hidden, "sigmoid", (2, 6, 5, 3), True)
    found = check_gradients(network, losses["mse"](), *drawn(network, 2, n=25))
    assert found.n_samples >= 10
    assert found.passed, found


@pytest.mark.parametrize("wrong", [0.999, 1.001, -1.0])
def test_a_wrong_derivative_is_caught(wrong: float) -> None:
    @dataclass(frozen=True)
    class Wrong(Elementwise):
        def value(self, z: Array, out: Array) -> None:
            np.tanh(z, out)

        def derivative(self, z: Array, a: Array, out: Array) -> None:
            np.multiply(wrong, 1 - a * a, out)

    network = Network((2, 4, 1), (Wrong(), activations["linear"]()))
    assert not check_gradients(network, losses["mse"](), *drawn(network, 3)).passed


def test_samples_on_a_corner_are_left_out() -> None:
    network = network_of("relu", "linear", (1, 3, 1), True)
    parameters, inputs, targets = drawn(network, 4)
    network.layout.arrays(parameters)["b1"][...] = 0.0
    inputs[0] = 0.0  # z is just 0 there
    found = check_gradients(network, losses["mse"](), parameters, inputs, targets)
    assert found.n_left_out == 1
    assert found.passed


@pytest.mark.parametrize(("loss", "delta"), [("mae", 0.0), ("huber", 1.0)])
def test_samples_on_a_corner_of_the_loss_are_left_out(loss: str, delta: float) -> None:
    network = network_of("tanh", "linear", (2, 3, 1), True)
    parameters, inputs, targets = drawn(network, 4)
    targets[2] = network.outputs(parameters, inputs)[2] + delta
    found = check_gradients(network, losses[loss](), parameters, inputs, targets)
    assert found.n_left_out == 1
    assert found.passed


@pytest.mark.parametrize("penalty", [Penalty(0.2), Penalty(0.0, 0.1), Penalty(0.2, 0.1)])
def test_penalties_agree_with_differences(penalty: Penalty) -> None:
    network = network_of("tanh", "linear", (2, 3, 2), True)
    parameters, inputs, targets = drawn(network, 4)
    parameters[0] = 0.0  # where |w| has no derivative
    found = check_gradients(network, losses["mse"](), parameters, inputs, targets, penalty)
    assert found.passed
    plain = check_gradients(network, losses["mse"](), parameters, inputs, targets)
    assert [a.analytic != b.analytic for a, b in zip(found.arrays, plain.arrays, strict=True)][::2] == [True, True]


SCALAR: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "hard_tanh": lambda z: -1.0 if z < -1 else 1.0 if z > 1 else z,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "gelu": lambda z: 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "selu": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "swish": lambda z: z / (1 + math.exp(-z)),
    "softplus": lambda z: math.log1p(math.exp(z)),
    "sine": math.sin,
    "linear": lambda z: z,
}


def answer(network: Network, weights: dict[str, Array], x: list[float], names: list[str]) -> list[float]:
    """Send one sample through, with plain loops over plain numbers."""
    a = x
    for layer, name in enumerate(names, start=1):
        rows, biases = weights[f"W{layer}"].tolist(), weights.get(f"b{layer}", np.zeros(99)).tolist()
        z = [sum(w * v for w, v in zip(row, a, strict=True)) + b for row, b in zip(rows, biases, strict=False)]
        if name == "softmax":
            total = sum(math.exp(v) for v in z)
            a = [math.exp(v) / total for v in z]
        else:
            a = [SCALAR[name](v) for v in z]
    return a


def loss_of(name: str, outputs: list[list[float]], targets: Array) -> float:
    """The losses, from their definitions."""
    pairs = [
        (a, y) for row, wanted in zip(outputs, targets.tolist(), strict=True) for a, y in zip(row, wanted, strict=True)
    ]
    n = len(outputs)
    return {
        "mse": lambda: sum((a - y) ** 2 for a, y in pairs) / n,
        "sse": lambda: sum((a - y) ** 2 for a, y in pairs),
        "mae": lambda: sum(abs(a - y) for a, y in pairs) / n,
        "huber": lambda: sum((a - y) ** 2 / 2 if abs(a - y) <= 1 else abs(a - y) - 0.5 for a, y in pairs) / n,
        "cross_entropy": lambda: -sum(y * math.log(a) for a, y in pairs if y) / n,
        "binary_cross_entropy": lambda: -sum(y * math.log(a) + (1 - y) * math.log(1 - a) for a, y in pairs) / n,
    }[name]()


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(FITTING),
    st.sampled_from(sorted(SCALAR)),
    st.lists(st.integers(1, 6), min_size=2, max_size=5),
    st.booleans(),
    st.integers(0, 99),
)
def test_outputs_and_loss_are_those_of_plain_loops(
    last: tuple[str, str], hidden: str, sizes: list[int], bias: bool, seed: int
) -> None:
    output, loss = last
    network = network_of(hidden, output, tuple(sizes), bias)
    parameters, inputs, targets = drawn(network, seed, n=4)
    parameters *= 0.5
    names = [hidden] * (len(sizes) - 2) + [output]
    weights = network.layout.arrays(parameters)
    theirs = [answer(network, weights, x, names) for x in inputs.tolist()]
    np.testing.assert_allclose(network.outputs(parameters, inputs), theirs, rtol=1e-10, atol=1e-12)
    backprop = Backprop(network, losses[loss](), parameters, 4)
    backprop.forward(inputs.T)
    expected = loss_of(loss, theirs, targets)
    assert backprop.backward(targets.T) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert backprop.loss_value(targets.T) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_every_elementwise_activation_has_its_formula_here() -> None:
    assert set(SCALAR) == {name for name in activations if not activations[name].output_only}


@pytest.mark.parametrize("name", activations)
@pytest.mark.parametrize("z", [-1e4, 1e4])
def test_far_from_zero_nothing_overflows(name: str, z: float) -> None:
    network = Network((1, 2), (activations[name](),), bias=False)
    with np.errstate(all="raise", under="ignore"):
        out = network.outputs(np.array([z, 0.5]), np.ones((1, 1)))
    assert np.isfinite(out).all()
    loss = losses["mse"]()
    backprop = Backprop(network, loss, np.array([z, 0.5]), 1)
    with np.errstate(over="ignore"):
        backprop.forward(np.ones((1, 1)))
        backprop.backward(np.zeros((2, 1)))
    assert np.isfinite(backprop.gradient).all()


@pytest.mark.parametrize(("output", "loss"), [("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")])
def test_a_sure_and_wrong_classifier_has_a_finite_loss(output: str, loss: str) -> None:
    network = Network((1, 2), (activations[output](),), bias=False)
    backprop = Backprop(network, losses[loss](), np.array([1e4, -1e4]), 1)
    with np.errstate(over="ignore"):
        backprop.forward(np.ones((1, 1)))
        value = backprop.backward(np.array([[0.0], [1.0]]))
    assert value == pytest.approx(2e4)
    np.testing.assert_allclose(backprop.gradient, [1.0, -1.0])


def followed(name: str, gradients: list[float], rate: float) -> list[float]:
    """The rules as their papers state them, for one parameter."""
    v = m = s = p = 0.0
    path = []
    for t, g in enumerate(gradients, start=1):
        if name == "sgd":
            p -= rate * g
        elif name == "momentum":
            v = 0.9 * v + g
            p -= rate * v
        elif name == "nesterov":
            v = 0.9 * v + g
            p -= rate * (g + 0.9 * v)
        elif name == "adagrad":
            s += g * g
            p -= rate * g / (math.sqrt(s) + 1e-10)
        elif name == "rmsprop":
            s = 0.99 * s + 0.01 * g * g
            p -= rate * g / (math.sqrt(s) + 1e-8)
        else:
            p *= 1 - rate * 0.01 if name == "adamw" else 1
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
            p -= rate * (m / (1 - 0.9**t)) / (math.sqrt(s / (1 - 0.999**t)) + 1e-8)
        path.append(p)
    return path


@pytest.mark.parametrize("name", optimizers)
def test_an_optimizer_follows_its_paper(name: str) -> None:
    rng = np.random.default_rng(5)
    gradients = rng.normal(size=(30, 3))
    rule, memory = optimizers[name](), np.zeros((optimizers[name].n_memory, 3))
    parameters, update = np.zeros(3), np.empty(3)
    for step, gradient in enumerate(gradients, start=1):
        rule.update(gradient, 0.05, step, memory, parameters, update)
        parameters += update
    expected = [followed(name, gradients[:, k].tolist(), 0.05)[-1] for k in range(3)]
    np.testing.assert_allclose(parameters, expected, rtol=1e-12)
