"""The heart's training step in PyTorch, two ways; it knows nothing of backprop-anim and runs where PyTorch is.

As a program it measures itself on demand: each line on standard input, ``module 2000``, is answered by the
seconds that so many steps took, and ``module losses 20`` by the losses of the first steps without noise.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from torch.nn import functional

Step = Callable[[], float]
Arrays = list[np.ndarray]

SIZES = (1, 6, 7, 2)
NOISE_BLOCK = 1024


def heart(n_points: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs (N, 1) and targets (N, 2) of the heart."""
    t = np.arange(n_points) / n_points
    angle = 2 * np.pi * t
    x = 16 * np.sin(angle) ** 3
    y = 13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle)
    return t[:, np.newaxis], (np.column_stack([x, y]) / 20 + 1) / 2


def first_parameters(seed: int = 1, scale: float = 0.5) -> Arrays:
    """Return W1, b1, W2, b2, …, all normal."""
    rng = np.random.default_rng(seed)
    shapes = [shape for n_in, n_out in pairwise(SIZES) for shape in ((n_out, n_in), (n_out,))]
    return [scale * rng.standard_normal(shape) for shape in shapes]


def module_step(
    inputs: np.ndarray, targets: np.ndarray, start: Arrays, rate: float, noise: float
) -> tuple[Step, list[torch.Tensor]]:
    """Return a step as most would write it, ``nn.Sequential`` and ``optim.SGD``, and the parameters it moves."""
    layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in pairwise(SIZES)]
    model = torch.nn.Sequential(*(part for layer in layers for part in (layer, torch.nn.Sigmoid())))
    parameters = list(model.parameters())
    with torch.no_grad():
        for parameter, value in zip(parameters, start, strict=True):
            parameter.copy_(torch.from_numpy(value))
    x, y = torch.from_numpy(inputs), torch.from_numpy(targets)
    optimizer = torch.optim.SGD(parameters, lr=rate, foreach=True)

    def step() -> float:
        optimizer.zero_grad()
        loss = ((model(x) - y) ** 2).sum(dim=1).mean()
        loss.backward()
        if noise:
            factors = (1 + noise * torch.randn(len(parameters))).tolist()
            torch._foreach_mul_([parameter.grad for parameter in parameters], factors)
        optimizer.step()
        return loss.item()

    return step, parameters


def fast_step(
    inputs: np.ndarray, targets: np.ndarray, start: Arrays, rate: float, noise: float
) -> tuple[Step, list[torch.Tensor]]:
    """Return the fastest eager step with autograd that we found: no modules, no optimizer, noise in blocks."""
    parameters = [torch.from_numpy(value.copy()).requires_grad_() for value in start]
    x, y, n_samples = torch.from_numpy(inputs), torch.from_numpy(targets), len(inputs)
    blocks: list[list[float]] = []

    def factors() -> list[float]:
        if not blocks:
            blocks.extend((1 + noise * torch.randn(NOISE_BLOCK, len(parameters))).tolist())
        return blocks.pop()

    def step() -> float:
        a = x
        for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
            a = torch.sigmoid(functional.linear(a, weight, bias))
        loss = functional.mse_loss(a, y, reduction="sum") / n_samples
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            if noise:
                torch._foreach_mul_(gradients, factors())
            torch._foreach_add_(parameters, gradients, alpha=-rate)
        return loss.item()

    return step, parameters


STEPS = {"module": module_step, "fast": fast_step}


def _answer(steps: dict[str, Step], quiet: dict[str, Step], words: list[str]) -> float | list[float]:
    """Do what one line asks for."""
    if words[1] == "losses":
        return [quiet[words[0]]() for _ in range(int(words[2]))]
    step, count = steps[words[0]], int(words[1])
    started = time.perf_counter()
    for _ in range(count):
        step()
    return time.perf_counter() - started


def main() -> None:
    """Answer until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("start", help="an .npz file with W1, b1, …, inputs, targets, rate and noise")
    given = np.load(parser.parse_args().start)
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    names = [f"{kind}{layer}" for layer in range(1, len(SIZES)) for kind in "Wb"]
    start, rate, noise = [given[name] for name in names], float(given["rate"]), float(given["noise"])
    data = given["inputs"], given["targets"]
    steps = {name: make(*data, start, rate, noise)[0] for name, make in STEPS.items()}
    quiet = {name: make(*data, start, rate, 0.0)[0] for name, make in STEPS.items()}
    print(json.dumps(torch.__version__), flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(steps, quiet, line.split())), flush=True)


if __name__ == "__main__":
    main()
