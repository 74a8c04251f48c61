"""The engine against a second implementation that shares no line with it: gradients, and whole trainings."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from helpers import experiment
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import SLOPES, VALUES, Layer, Options, Oracle, arrays_of, batches, factor, learn, rule

from backprop_anim.engine.activations import Activation, activations
from backprop_anim.engine.backprop import Backprop
from backprop_anim.engine.batches import batch_orders
from backprop_anim.engine.losses import Loss, losses
from backprop_anim.engine.network import Network
from backprop_anim.engine.optimizers import optimizers
from backprop_anim.engine.penalty import Penalty
from backprop_anim.engine.schedules import LearningRateSchedule, learning_rate_schedules
from backprop_anim.engine.types import Array
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.training.trainer import train

HIDDEN = [name for name in activations if not activations[name].output_only]
LOSSES: list[tuple[str, Options]] = [
    *((name, {}) for name in losses),
    ("mse", {"half": True}),
    ("sse", {"half": True}),
    ("huber", {"delta": 0.4}),
]
ENDS = [(output, loss) for output in activations for loss in LOSSES if losses[loss[0]].output in (None, output)]
OTHERS: dict[str, Options] = {
    "leaky_relu": {"slope": 0.3},
    "elu": {"alpha": 2.5},
    "sine": {"frequency": 3.0},
}
"""Options other than the defaults, of all that have any."""

RULES: list[tuple[str, Options]] = [
    *((name, {}) for name in optimizers),
    ("momentum", {"momentum": 0.5}),
    ("momentum", {"momentum": 0.8, "nesterov": True}),
    ("nesterov", {"momentum": 0.7}),
    ("adagrad", {"epsilon": 1e-3}),
    ("adamw", {"beta1": 0.5, "weight_decay": 0.4}),
    ("rmsprop", {"decay": 0.7, "epsilon": 1e-3}),
    ("adam", {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-4}),
]
PACES: list[tuple[str, Options]] = [
    *((name, {}) for name in learning_rate_schedules),
    ("step", {"every": 6, "factor": 0.3}),
    ("linear", {"final": 0.5}),
    ("exponential", {"final": 0.3}),
    ("one_cycle", {"rise": 0.6}),
    ("cosine", {"final": 0.0}),
    ("warmup", {"steps": 7}),
    ("warmup", {"steps": 30}),
    ("warmup", {"steps": 5, "start": 0.1, "then": learning_rate_schedules["cosine"](final=0.2)}),
    ("warmup", {"steps": 5, "then": learning_rate_schedules["warmup"](steps=2)}),
]
BATCHES = [(None, "cyclic"), *((size, order) for order in batch_orders for size in (1, 4, 7))]


def oracle_of(network: Network, vector: Array, loss: Loss) -> Oracle:
    """The same network, its numbers copied out by name."""
    found = network.layout.arrays(vector)
    layers: list[Layer] = [
        (found[f"W{k}"].tolist(), found[f"b{k}"].tolist() if network.bias else []) for k in range(1, len(network.sizes))
    ]
    named = [(activations.name_of(each), asdict(each)) for each in network.activations]
    return Oracle(layers, named, losses.name_of(loss), asdict(loss))  # type: ignore[call-overload]


def pace_of(schedule: LearningRateSchedule) -> tuple[str, Options]:
    """The word and the options of a schedule, the same of one inside."""
    options = {each.name: getattr(schedule, each.name) for each in fields(schedule)}  # type: ignore[arg-type]
    return learning_rate_schedules.name_of(schedule), {
        key: pace_of(value) if is_dataclass(value) else value
        for key, value in options.items()  # type: ignore[misc]
    }


def assert_same(network: Network, vector: Array, layers: list[Layer], rtol: float) -> None:
    ours, theirs = network.layout.arrays(vector), arrays_of(layers)
    assert set(ours) == set(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=rtol, atol=rtol * 1e-3, err_msg=name)


def test_the_second_implementation_knows_everything_that_is_registered() -> None:
    assert set(VALUES) == set(SLOPES) == set(HIDDEN)
    assert set(HIDDEN) | {"softmax"} == set(activations)
    assert len(ENDS) >= 2 * len(HIDDEN)
    assert {name for name in activations if asdict(activations[name]())} == set(OTHERS)
    for name in optimizers:
        assert rule(name, asdict(optimizers[name]()))(1.0, 1.0, 1, 0.5) < 0
    for name in learning_rate_schedules:
        assert factor(*pace_of(learning_rate_schedules[name]()), 0, 5) > 0


def with_options(name: str, other: bool) -> Activation:
    return activations[name](**(OTHERS.get(name, {}) if other else {}))


@settings(deadline=None, max_examples=150, derandomize=True)
@given(
    ends=st.sampled_from(ENDS),
    hidden=st.lists(st.tuples(st.sampled_from(HIDDEN), st.integers(1, 6)), max_size=4),
    other=st.booleans(),
    n_in=st.integers(1, 4),
    n_out=st.integers(1, 4),
    bias=st.booleans(),
    n=st.integers(1, 6),
    seed=st.integers(0, 2**32),
)
def test_gradient_and_loss_are_those_of_the_textbook(
    ends: tuple[str, tuple[str, Options]],
    hidden: list[tuple[str, int]],
    other: bool,
    n_in: int,
    n_out: int,
    bias: bool,
    n: int,
    seed: int,
) -> None:
    (output, (name, options)), rng = ends, np.random.default_rng(seed)
    loss = losses[name](**options)
    sizes = (n_in, *(width for _, width in hidden), n_out)
    network = Network(sizes, tuple(with_options(name, other) for name in [*(h for h, _ in hidden), output]), bias)
    vector = rng.uniform(-1, 1, network.layout.n_parameters)
    inputs, targets = rng.uniform(-1, 1, (n, n_in)), np.eye(n_out)[rng.integers(n_out, size=n)]
    backprop = Backprop(network, loss, vector, n)
    backprop.forward(inputs.T)
    value = backprop.backward(targets.T)
    theirs = oracle_of(network, vector, loss)
    assert value == pytest.approx(theirs.loss_of(inputs.tolist(), targets.tolist()), rel=1e-11, abs=1e-13)
    assert_same(network, backprop.gradient, theirs.gradient(inputs.tolist(), targets.tolist()), rtol=1e-9)


def trained_both_ways(given: Experiment) -> tuple[Any, Oracle, list[float]]:
    """Train with the engine, and with the oracle from the same first weights, data, noise and batches."""
    training, recording = given.training, train(given)
    _, _, batch_rng, noise_rng = np.random.default_rng(given.seed).spawn(4)
    theirs = oracle_of(given.network, recording.parameters[0], training.loss)
    name, options = optimizers.name_of(training.optimizer), asdict(training.optimizer)
    pace, pace_options = pace_of(training.schedule)
    decay, l1 = training.penalty.weight_decay, training.penalty.l1
    found = learn(
        theirs,
        given.dataset.inputs.tolist(),
        given.targets().tolist(),
        rates=[training.aggression * factor(pace, pace_options, k, training.steps) for k in range(training.steps)],
        make_rule=lambda: rule(name, options),
        noise=lambda: 1 + training.noise * float(noise_rng.standard_normal()),
        frozen=given.network.frozen,
        cost=lambda w: decay * w + (l1 if w > 0 else -l1 if w < 0 else 0.0),
        chosen=batches(batch_orders.name_of(training.order), given.dataset.n_samples, training.batch, batch_rng),
    )
    return recording, theirs, found


SMOOTH = """\
seed: 3
task: {kind: series, y: "sin(6*t)", points: 10}
network: {layers: [1, 3, 2, 1], activation: [tanh, sigmoid, linear], init: {kind: normal, bias: same}}
training: {steps: 20, aggression: 0.05}
"""


def assert_learns_the_same(given: Experiment) -> None:
    recording, theirs, expected = trained_both_ways(given)
    assert len(expected) == given.training.steps
    np.testing.assert_allclose(recording.losses, expected, rtol=1e-10)
    assert recording.steps[-1] == given.training.steps
    assert_same(given.network, recording.parameters[-1], theirs.layers, rtol=1e-9)
    assert abs(recording.losses[0] - recording.losses[-1]) > 1e-9  # something was learnt


@pytest.mark.parametrize(("name", "options"), RULES)
@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_every_optimizer_trains_as_its_paper_says(name: str, options: Options, noise: float) -> None:
    made = replace(experiment(SMOOTH).training, optimizer=optimizers[name](**options), noise=noise)
    assert_learns_the_same(replace(experiment(SMOOTH), training=made))


@pytest.mark.parametrize(("name", "options"), PACES)
def test_every_schedule_scales_the_aggression(name: str, options: Options) -> None:
    made = replace(experiment(SMOOTH).training, schedule=learning_rate_schedules[name](**options))
    assert_learns_the_same(replace(experiment(SMOOTH), training=made))


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("penalty", [Penalty(0.3), Penalty(0.0, 0.02), Penalty(0.1, 0.01)])
def test_penalties_pull_at_weights_alone_and_before_the_noise(name: str, penalty: Penalty) -> None:
    made = replace(experiment(SMOOTH).training, optimizer=optimizers[name](), penalty=penalty, noise=0.3, batch=4)
    assert_learns_the_same(replace(experiment(SMOOTH), training=made))


@pytest.mark.parametrize("name", ["sgd", "momentum", "adamw"])
@pytest.mark.parametrize("frozen", ["[b1]", "[W2, b3]", "[b1, b2, b3]"])
def test_frozen_arrays_stand_still_and_the_others_do_not_notice(name: str, frozen: str) -> None:
    text = SMOOTH.replace("bias: same}", f"bias: same}}, freeze: {frozen}")
    given = experiment(text)
    assert_learns_the_same(replace(given, training=replace(given.training, optimizer=optimizers[name](), noise=0.3)))
    recording = train(given)
    for array, states in given.network.layout.arrays(recording.parameters).items():
        assert (states == states[0]).all() == (array in given.network.frozen)
    assert recording.gradients[:, given.network.is_frozen].any()  # shown as they are


@pytest.mark.parametrize(("size", "order"), BATCHES)
def test_every_order_of_batches(size: int | None, order: str) -> None:
    made = replace(experiment(SMOOTH).training, batch=size, order=batch_orders[order](), noise=0.2)
    assert_learns_the_same(replace(experiment(SMOOTH), training=made))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("output", "loss"), [("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")])
def test_classifiers_learn_the_same(output: str, loss: str, bias: bool) -> None:
    text = f"""\
task: {{kind: points, shape: moons, points: 12}}
network: {{hidden: [4], activation: [tanh, {output}], bias: {str(bias).lower()}}}
training: {{steps: 20, loss: {loss}, aggression: 0.3, noise: 0.5, batch: 5}}
"""
    assert_learns_the_same(experiment(text))


@pytest.mark.parametrize("name", learning_rate_schedules)
@pytest.mark.parametrize("n", [1, 2, 50])
def test_factors_start_at_1_and_never_grow_unless_they_rise_first(name: str, n: int) -> None:
    found = learning_rate_schedules[name]().factors(n)
    expected = [factor(*pace_of(learning_rate_schedules[name]()), k, n) for k in range(n)]
    assert found.shape == (n,)
    assert found.max() <= 1
    if name not in ("one_cycle", "warmup"):
        assert found[0] == 1
        assert (np.diff(found) <= 1e-15).all()
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
