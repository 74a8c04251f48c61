"""Steps of a network that learns a picture in PyTorch; it knows nothing of backprop-anim and runs where PyTorch is.

Each line on standard input, a number of steps, is answered by the seconds that they took; ``losses 20`` by the losses
of as many first steps.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import torch


def picture_step(given: np.lib.npyio.NpzFile) -> Callable[[], float]:
    """Return a step with `nn.Sequential` and `optim.Adam` over the batches that were given, one after another."""
    x, y = torch.from_numpy(given["inputs"]), torch.from_numpy(given["targets"])
    batches = [torch.from_numpy(batch) for batch in given["batches"]]
    n_layers = sum(name.startswith("W") for name in given.files)
    parts: list[torch.nn.Module] = []
    for layer in range(1, n_layers + 1):
        weights, bias = given[f"W{layer}"], given[f"b{layer}"]
        linear = torch.nn.Linear(weights.shape[1], weights.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights))
            linear.bias.copy_(torch.from_numpy(bias))
        parts += [linear, torch.nn.Tanh() if layer < n_layers else torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*parts)
    optimizer = torch.optim.Adam(model.parameters(), lr=float(given["rate"]), foreach=True)
    done = 0

    def step() -> float:
        nonlocal done
        batch = batches[done % len(batches)]
        done += 1
        optimizer.zero_grad()
        loss = ((model(x[batch]) - y[batch]) ** 2).sum(dim=1).mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def main() -> None:
    """Answer until standard input ends."""
    given = np.load(sys.argv[1])
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_default_dtype(torch.float64)
    step = picture_step(given)
    print(json.dumps(torch.__version__), flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "losses":
            fresh = picture_step(given)
            print(json.dumps([fresh() for _ in range(int(rest[0]))]), flush=True)
            continue
        started = time.perf_counter()
        for _ in range(int(word)):
            step()
        print(json.dumps(time.perf_counter() - started), flush=True)


if __name__ == "__main__":
    main()
