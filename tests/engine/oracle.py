"""Training written a second time, from the textbooks, one sample and one number at a time; it knows no engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = list[float]
Layer = tuple[list[Row], Row]
"""Weights, one row for each neuron, and biases."""

Options = dict[str, Any]


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def gelu_slope(z: float) -> float:
    c = math.sqrt(2 / math.pi)
    u = c * (z + 0.044715 * z**3)
    return 0.5 * (1 + math.tanh(u)) + 0.5 * z / math.cosh(u) ** 2 * c * (1 + 3 * 0.044715 * z * z)


VALUES: dict[str, Callable[[float, Options], float]] = {
    "sigmoid": lambda z, o: sigmoid(z),
    "tanh": lambda z, o: math.tanh(z),
    "hard_tanh": lambda z, o: max(-1.0, min(1.0, z)),
    "relu": lambda z, o: z if z > 0 else 0.0,
    "leaky_relu": lambda z, o: z if z > 0 else o["slope"] * z,
    "elu": lambda z, o: z if z > 0 else o["alpha"] * (math.exp(z) - 1),
    "gelu": lambda z, o: 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "selu": lambda z, o: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "swish": lambda z, o: z * sigmoid(z),
    "softplus": lambda z, o: math.log(1 + math.exp(z)),
    "sine": lambda z, o: math.sin(o["frequency"] * z),
    "linear": lambda z, o: z,
}
SLOPES: dict[str, Callable[[float, Options], float]] = {
    "sigmoid": lambda z, o: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    "tanh": lambda z, o: 1 / math.cosh(z) ** 2,
    "hard_tanh": lambda z, o: 1.0 if -1 < z < 1 else 0.0,
    "relu": lambda z, o: 1.0 if z > 0 else 0.0,
    "leaky_relu": lambda z, o: 1.0 if z > 0 else o["slope"],
    "elu": lambda z, o: 1.0 if z > 0 else o["alpha"] * math.exp(z),
    "gelu": lambda z, o: gelu_slope(z),
    "selu": lambda z, o: 1.0507009873554805 * (1.0 if z > 0 else 1.6732632423543772 * math.exp(z)),
    "swish": lambda z, o: sigmoid(z) + z * math.exp(-z) * sigmoid(z) ** 2,
    "softplus": lambda z, o: sigmoid(z),
    "sine": lambda z, o: o["frequency"] * math.cos(o["frequency"] * z),
    "linear": lambda z, o: 1.0,
}


@dataclass
class Oracle:
    """A network whose layers are lists; `activations` are names with their options."""

    layers: list[Layer]
    activations: list[tuple[str, Options]]
    loss: str
    loss_options: Options = field(default_factory=dict)

    def forward(self, x: Row) -> tuple[list[Row], list[Row]]:
        """Return z of every layer, and a of every layer with the input first."""
        zs, activities = [], [list(x)]
        for (weights, biases), (name, options) in zip(self.layers, self.activations, strict=True):
            z = [sum(w * a for w, a in zip(row, activities[-1], strict=True)) for row in weights]
            z = [v + b for v, b in zip(z, biases, strict=True)] if biases else z
            zs.append(z)
            if name == "softmax":
                powers = [math.exp(v) for v in z]
                activities.append([p / sum(powers) for p in powers])
            else:
                activities.append([VALUES[name](v, options) for v in z])
        return zs, activities

    def loss_of(self, inputs: Sequence[Row], targets: Sequence[Row]) -> float:
        total = 0.0
        for x, wanted in zip(inputs, targets, strict=True):
            for a, y in zip(self.forward(x)[1][-1], wanted, strict=True):
                if self.loss in ("mse", "sse"):
                    total += (a - y) ** 2 / (2 if self.loss_options["half"] else 1)
                elif self.loss == "mae":
                    total += max(a - y, y - a)
                elif self.loss == "huber":
                    total += self.huber(a - y)
                elif self.loss == "cross_entropy":
                    total -= y * math.log(a) if y else 0.0
                else:
                    total -= math.log(a) if y else math.log(1 - a)
        return total if self.loss == "sse" else total / len(inputs)

    def huber(self, error: float) -> float:
        delta = self.loss_options["delta"]
        return error**2 / 2 if abs(error) <= delta else delta * abs(error) - delta**2 / 2

    def output_slope(self, a: float, y: float, n: int) -> float:
        """dL/da of one output of one sample."""
        if self.loss in ("mse", "sse"):
            return (a - y) * (1 if self.loss_options["half"] else 2) / (1 if self.loss == "sse" else n)
        if self.loss == "mae":
            return (1 if a > y else -1 if a < y else 0) / n
        if self.loss == "huber":
            delta = self.loss_options["delta"]
            return (a - y if -delta <= a - y <= delta else math.copysign(delta, a - y)) / n
        if self.loss == "cross_entropy":
            return -y / a / n
        return (-1 / a if y else 1 / (1 - a)) / n

    def gradient(self, inputs: Sequence[Row], targets: Sequence[Row]) -> list[Layer]:
        """Sum over the samples what each adds to dL/dW and dL/db, by the chain rule, back from the output."""
        total = [([[0.0] * len(row) for row in weights], [0.0] * len(biases)) for weights, biases in self.layers]
        for x, wanted in zip(inputs, targets, strict=True):
            zs, activities = self.forward(x)
            slope = [self.output_slope(a, y, len(inputs)) for a, y in zip(activities[-1], wanted, strict=True)]
            for k in reversed(range(len(self.layers))):
                delta = self.through(k, zs[k], activities[k + 1], slope)
                weights, biases = total[k]
                for i, d in enumerate(delta):
                    for j, a in enumerate(activities[k]):
                        weights[i][j] += d * a
                    if biases:
                        biases[i] += d
                slope = [
                    sum(self.layers[k][0][i][j] * d for i, d in enumerate(delta)) for j in range(len(activities[k]))
                ]
        return total

    def through(self, k: int, z: Row, a: Row, slope: Row) -> Row:
        """Return dL/dz of layer k from its dL/da."""
        name, options = self.activations[k]
        if name == "softmax":  # every a depends on every z: da_i/dz_j = a_i (1[i = j] - a_j)
            return [
                sum(s * a_i * ((i == j) - a_j) for i, (s, a_i) in enumerate(zip(slope, a, strict=True)))
                for j, a_j in enumerate(a)
            ]
        return [s * SLOPES[name](v, options) for s, v in zip(slope, z, strict=True)]


def arrays_of(layers: list[Layer]) -> dict[str, Any]:
    """W1, b1, W2, … of lists."""
    named: dict[str, Any] = {}
    for k, (weights, biases) in enumerate(layers, start=1):
        named[f"W{k}"] = weights
        if biases:
            named[f"b{k}"] = biases
    return named


def rule(name: str, o: Options) -> Callable[[float, float, int, float], float]:
    """Return what one parameter adds to itself at step t, from its gradient g, the aggression and its value p."""
    m = {"v": 0.0, "s": 0.0}

    def sgd(g: float, rate: float, t: int, p: float) -> float:
        return -rate * g

    def momentum(g: float, rate: float, t: int, p: float) -> float:
        m["v"] = o["momentum"] * m["v"] + g
        return -rate * (g + o["momentum"] * m["v"] if o["nesterov"] else m["v"])

    def rmsprop(g: float, rate: float, t: int, p: float) -> float:
        m["s"] = o["decay"] * m["s"] + (1 - o["decay"]) * g**2
        return -rate * g / (math.sqrt(m["s"]) + o["epsilon"])

    def adam(g: float, rate: float, t: int, p: float) -> float:
        m["v"] = o["beta1"] * m["v"] + (1 - o["beta1"]) * g
        m["s"] = o["beta2"] * m["s"] + (1 - o["beta2"]) * g**2
        mean, square = m["v"] / (1 - o["beta1"] ** t), m["s"] / (1 - o["beta2"] ** t)
        return -rate * mean / (math.sqrt(square) + o["epsilon"])

    def nesterov(g: float, rate: float, t: int, p: float) -> float:
        m["v"] = o["momentum"] * m["v"] + g
        return -rate * g - rate * o["momentum"] * m["v"]

    def adagrad(g: float, rate: float, t: int, p: float) -> float:
        m["s"] += g**2
        return -rate * g / (math.sqrt(m["s"]) + o["epsilon"])

    def adamw(g: float, rate: float, t: int, p: float) -> float:
        return adam(g, rate, t, p) - rate * o["weight_decay"] * p

    return {each.__name__: each for each in (sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)}[name]


def one_cycle(peak: float, k: int, n: int) -> float:
    if k <= peak:
        share = k / peak if peak > 0 else 1.0
        return 0.04 + 0.96 * math.sin(math.pi * share / 2) ** 2
    share = max(0.0, (k - peak) / (n - 1 - peak))
    return 4e-6 + (1 - 4e-6) * math.cos(math.pi * share / 2) ** 2


def warmed_up(o: Options, k: int, n: int) -> float:
    if k < o["steps"]:
        return o["start"] * (1 - k / o["steps"]) + k / o["steps"]
    name, options = o["then"]
    return factor(name, options, k - o["steps"], n - o["steps"])


def factor(name: str, o: Options, k: int, n: int) -> float:
    """Return what the aggression of step k = 0 … n - 1 is multiplied by."""
    progress = k / (n - 1) if n > 1 else 0.0
    return {
        "constant": lambda: 1.0,
        "linear": lambda: (1 - progress) + progress * o["final"],
        "cosine": lambda: o["final"] + (1 - o["final"]) * math.cos(math.pi * progress / 2) ** 2,
        "exponential": lambda: math.exp(progress * math.log(o["final"])),
        "one_cycle": lambda: one_cycle(o["rise"] * n - 1, k, n),
        "warmup": lambda: warmed_up(o, k, n),
        "step": lambda: o["factor"] ** (k // o["every"]),
    }[name]()


def batches(order: str, n: int, size: int | None, rng: Any) -> Iterator[list[int]]:
    """Yield the samples of one step after another."""

    def samples() -> Iterator[int]:
        while True:
            if order == "random":
                yield from (int(rng.integers(n)) for _ in range(n))
            else:
                yield from rng.permutation(n).tolist() if order == "shuffled" else range(n)

    if size is None:
        while True:
            yield list(range(n))
    stream, left = samples(), n
    while True:
        count = size if order == "random" else min(size, left)  # a pass ends with what is left of it
        left = left - count or n
        yield [next(stream) for _ in range(count)]


def learn(
    oracle: Oracle,
    inputs: list[Row],
    targets: list[Row],
    *,
    rates: Sequence[float],
    make_rule: Callable[[], Callable[[float, float, int, float], float]],
    noise: Callable[[], float],
    chosen: Iterator[list[int]],
    cost: Callable[[float], float] = lambda w: 0.0,
    frozen: Sequence[str] = (),
) -> list[float]:
    """Train the oracle in place; return the loss of every batch before its update.

    `noise` gives the factor of one array's gradient; it is asked for W1, b1, W2, … at every step. `cost` is the
    derivative of what a weight costs. Arrays that are `frozen` stay as they are.
    """
    losses, rules = [], {}
    for t, rate in enumerate(rates, start=1):
        batch = next(chosen)
        x, y = [inputs[i] for i in batch], [targets[i] for i in batch]
        losses.append(oracle.loss_of(x, y))
        for k, (weight_slopes, bias_slopes) in enumerate(oracle.gradient(x, y)):
            weights, biases = oracle.layers[k]
            scale = noise()
            for i, row in enumerate(weights if f"W{k + 1}" not in frozen else []):
                for j in range(len(row)):
                    step = rules.setdefault((k, i, j), make_rule())
                    row[j] += step(scale * (weight_slopes[i][j] + cost(row[j])), rate, t, row[j])
            scale = noise() if biases else 1.0
            for i in range(len(biases) if f"b{k + 1}" not in frozen else 0):
                step = rules.setdefault((k, i, "b"), make_rule())
                biases[i] += step(scale * bias_slopes[i], rate, t, biases[i])
    return losses
