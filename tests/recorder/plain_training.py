"""A training that knows nothing of us: a tanh network on two half circles, by plain NumPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Arrays = list[NDArray[np.float64]]


def half_circles(n: int = 60, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    turn, label = rng.uniform(0, np.pi, n), np.arange(n) % 2
    x = np.column_stack([np.cos(turn) + label, np.sin(turn) * (1 - 2 * label) + 0.5 * label - 0.25])
    return x + rng.normal(0, 0.1, (n, 2)), label


def states(
    x: NDArray[np.float64], y: NDArray[np.int64], n_steps: int, rate: float = 0.5, hidden: int = 5
) -> Iterator[tuple[Arrays, Arrays, float]]:
    """Yield weights, biases and the loss of each state of a training by full batches of softmax cross-entropy."""
    rng = np.random.default_rng(1)
    w = [rng.normal(0, 0.7, (hidden, 2)), rng.normal(0, 0.5, (2, hidden))]
    b = [np.zeros(hidden), np.zeros(2)]
    for _ in range(n_steps + 1):
        h = np.tanh(x @ w[0].T + b[0])
        z = h @ w[1].T + b[1]
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        yield w, b, float(-np.log(p[np.arange(len(y)), y]).mean())
        d = (p - np.eye(2)[y]) / len(y)
        dh = (d @ w[1]) * (1 - h * h)
        w = [w[0] - rate * dh.T @ x, w[1] - rate * d.T @ h]
        b = [b[0] - rate * dh.sum(axis=0), b[1] - rate * d.sum(axis=0)]
