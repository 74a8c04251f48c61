"""Let PyTorch compute what the engine is held to, by ``python make_numbers.py`` where torch 2 is installed.

It writes ``numbers.json`` beside itself. The tests read that file and never import torch. Everything is float64.

Where the two name one thing differently, the mapping stands here and nowhere else:

- Our mse, mae and huber are means over samples of the sum over outputs: torch's with reduction="sum", over N.
- binary_cross_entropy of several columns is summed over the columns too, and computed from the pre-activation.
- `half` is one half of the loss; sse is a sum over all.
- swish is SiLU, hard_tanh is Hardtanh, gelu is the one with tanh.
- weight_decay λ/2·Σw² and l1 λ·Σ|w| are over weights and not biases, and join the loss for the gradient. adamw's own
  decay acts on every parameter.
- aggression is lr; momentum and nesterov are SGD's, of which dampening is 0; rmsprop's decay is alpha.
- Schedules run over the whole training: of n steps, exponential has gamma = final^(1/(n-1)), cosine T_max = n-1, linear
  n-1 iterations, and one_cycle is OneCycleLR with its own divisors and without its cycle of the momentum.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    LRScheduler,
    OneCycleLR,
    SequentialLR,
    StepLR,
)

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STEPS, RATE = 30, 0.1
NUMBERS = random.Random(2026)
SIZES = (2, 4, 2)

Options = dict[str, Any]


def drawn(*shape: int) -> Any:
    """Return random numbers of few digits, as nested lists."""
    if not shape:
        return round(NUMBERS.uniform(-1, 1), 3)
    return [drawn(*shape[1:]) for _ in range(shape[0])]


INPUTS, TARGETS = drawn(6, 2), drawn(6, 2)
LABELS = [[1, 0], [0, 0], [1, 1], [0, 1], [1, 0], [0, 1]]
WEIGHTS = {"W1": drawn(4, 2), "b1": drawn(4), "W2": drawn(2, 4), "b2": drawn(2)}

ACTIVATIONS: dict[str, tuple[Options, Callable[[], nn.Module]]] = {
    "sigmoid": ({}, nn.Sigmoid),
    "tanh": ({}, nn.Tanh),
    "hard_tanh": ({}, nn.Hardtanh),
    "relu": ({}, nn.ReLU),
    "leaky_relu": ({"slope": 0.2}, lambda: nn.LeakyReLU(0.2)),
    "elu": ({"alpha": 1.5}, lambda: nn.ELU(1.5)),
    "selu": ({}, nn.SELU),
    "gelu": ({}, lambda: nn.GELU(approximate="tanh")),
    "swish": ({}, nn.SiLU),
    "softplus": ({}, lambda: nn.Softplus(threshold=1000)),
}
PLACES = [-40.0, -7.5, -3.0, -1.0, -0.999, -0.5, -1e-3, 0.0, 1e-3, 0.25, 0.999, 1.0, 1.7, 4.0, 12.0, 40.0]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def summed(loss: Callable[..., nn.Module], **options: Any) -> Loss:
    """Return a loss of torch's as a mean over samples of the sum over outputs."""
    made = loss(reduction="sum", **options)
    return lambda given, wanted: made(given, wanted) / len(given)


LOSSES: list[tuple[Options, Loss]] = [
    ({"kind": "mse"}, summed(nn.MSELoss)),
    ({"kind": "mse", "half": True}, lambda a, y: summed(nn.MSELoss)(a, y) / 2),
    ({"kind": "sse"}, nn.MSELoss(reduction="sum")),
    ({"kind": "sse", "half": True}, lambda a, y: nn.MSELoss(reduction="sum")(a, y) / 2),
    ({"kind": "mae"}, summed(nn.L1Loss)),
    ({"kind": "huber"}, summed(nn.HuberLoss)),
    ({"kind": "huber", "delta": 0.3}, summed(nn.HuberLoss, delta=0.3)),
    ({"kind": "binary_cross_entropy"}, summed(nn.BCEWithLogitsLoss)),
    ({"kind": "cross_entropy"}, lambda z, y: nn.CrossEntropyLoss()(z, y.argmax(dim=1))),
]

Make = Callable[[Any], Optimizer]
OPTIMIZERS: list[tuple[Options, Make]] = [
    ({"kind": "sgd"}, lambda p: SGD(p, lr=RATE)),
    ({"kind": "momentum"}, lambda p: SGD(p, lr=RATE, momentum=0.9)),
    ({"kind": "nesterov"}, lambda p: SGD(p, lr=RATE, momentum=0.9, nesterov=True)),
    ({"kind": "nesterov", "momentum": 0.6}, lambda p: SGD(p, lr=RATE, momentum=0.6, nesterov=True)),
    ({"kind": "adagrad"}, lambda p: Adagrad(p, lr=RATE)),
    ({"kind": "adagrad", "epsilon": 0.01}, lambda p: Adagrad(p, lr=RATE, eps=0.01)),
    ({"kind": "rmsprop"}, lambda p: RMSprop(p, lr=RATE)),
    ({"kind": "adam"}, lambda p: Adam(p, lr=RATE)),
    ({"kind": "adamw"}, lambda p: AdamW(p, lr=RATE)),
    ({"kind": "adamw", "weight_decay": 0.5, "beta1": 0.7}, lambda p: AdamW(p, RATE, (0.7, 0.999), weight_decay=0.5)),
]


def exponential(optimizer: Optimizer, final: float, n: int) -> LRScheduler:
    """Return the schedule that ends at `final` with the last of n steps."""
    return ExponentialLR(optimizer, final ** (1 / (n - 1)))


def one_cycle(optimizer: Optimizer, rise: float) -> LRScheduler:
    """Return the cycle that rises over the first share of the run."""
    return OneCycleLR(optimizer, RATE, total_steps=STEPS, pct_start=rise, cycle_momentum=False)


def warmup(optimizer: Optimizer, steps: int, start: float, then: Callable[[int], LRScheduler]) -> LRScheduler:
    """Return a rise of so many steps, and what follows it."""
    rise = LinearLR(optimizer, start_factor=start, total_iters=steps)
    return SequentialLR(optimizer, [rise, then(STEPS - steps)], milestones=[steps])


SCHEDULES: list[tuple[Options, Callable[[Optimizer], LRScheduler]]] = [
    ({"kind": "exponential", "final": 0.1}, lambda o: exponential(o, 0.1, STEPS)),
    ({"kind": "one_cycle"}, lambda o: one_cycle(o, 0.3)),
    ({"kind": "one_cycle", "rise": 0.6}, lambda o: one_cycle(o, 0.6)),
    ({"kind": "warmup", "steps": 8}, lambda o: warmup(o, 8, 1 / 3, lambda n: ConstantLR(o, 1.0, n))),
    (
        {"kind": "warmup", "steps": 10, "start": 0.2, "then": {"kind": "exponential", "final": 0.3}},
        lambda o: warmup(o, 10, 0.2, lambda n: exponential(o, 0.3, n)),
    ),
    ({"kind": "cosine", "final": 0.1}, lambda o: CosineAnnealingLR(o, STEPS - 1, eta_min=0.1 * RATE)),
    ({"kind": "linear", "final": 0.2}, lambda o: LinearLR(o, 1.0, 0.2, STEPS - 1)),
    ({"kind": "step", "every": 7, "factor": 0.5}, lambda o: StepLR(o, 7, 0.5)),
]
PENALTIES: list[Options] = [{"weight_decay": 0.2}, {"l1": 0.03}, {"weight_decay": 0.1, "l1": 0.02}]


def value_and_slope(function: Callable[[torch.Tensor], torch.Tensor], at: list[Any]) -> tuple[Any, Any]:
    """Return the values of a function, and the gradient of their sum."""
    z = torch.tensor(at, requires_grad=True)
    values = function(z)
    values.sum().backward()
    assert z.grad is not None
    return values.tolist(), z.grad.tolist()


def activation_cases() -> list[Options]:
    found = []
    for name, (options, make) in ACTIVATIONS.items():
        values, slopes = value_and_slope(make(), PLACES)
        found.append({"activation": {"kind": name, **options}, "values": values, "slopes": slopes})
    return found


def loss_cases() -> list[Options]:
    """Losses of given outputs, or pre-activations; one is right, one is off by as much as delta."""
    found = []
    for options, loss in LOSSES:
        at = [[3 * x, -2 * y] for x, y in INPUTS]
        classes = options["kind"].endswith("entropy")
        wanted = [[int(k == 0), int(k != 0)] for k, _ in LABELS] if options["kind"] == "cross_entropy" else LABELS
        targets = wanted if classes else [list(at[0]), [at[1][0] - 1.0, at[1][1] + 0.25], *TARGETS[2:]]
        value, slope = value_and_slope(lambda z, loss=loss, y=targets: loss(z, torch.tensor(y, dtype=z.dtype)), at)
        found.append({"loss": options, "at": at, "targets": targets, "value": value, "gradient": slope})
    return found


def training_case(
    loss: tuple[Options, Loss] = LOSSES[0],
    optimizer: tuple[Options, Make] = OPTIMIZERS[0],
    schedule: tuple[Options, Callable[[Optimizer], LRScheduler]] | None = None,
    penalty: Options | None = None,
    hidden: str = "tanh",
) -> Options:
    """Train a network, and return its loss before each step and its last parameters."""
    network = nn.Sequential(nn.Linear(2, 4), ACTIVATIONS[hidden][1](), nn.Linear(4, 2))
    linears = [network[0], network[2]]
    with torch.no_grad():
        for number, layer in enumerate(linears, start=1):
            layer.weight.copy_(torch.tensor(WEIGHTS[f"W{number}"]))
            layer.bias.copy_(torch.tensor(WEIGHTS[f"b{number}"]))
    made = optimizer[1](network.parameters())
    pace = schedule[1](made) if schedule else None
    labels = loss[0]["kind"] == "binary_cross_entropy"
    x, y = torch.tensor(INPUTS), torch.tensor(LABELS if labels else TARGETS, dtype=torch.float64)
    seen = []
    for _ in range(STEPS):
        made.zero_grad()
        value = loss[1](network(x), y)
        seen.append(value.item())
        cost = value
        for layer in linears:
            cost = cost + (penalty or {}).get("weight_decay", 0.0) / 2 * (layer.weight**2).sum()
            cost = cost + (penalty or {}).get("l1", 0.0) * layer.weight.abs().sum()
        cost.backward()
        made.step()
        if pace is not None:
            pace.step()
    last = {}
    for number, layer in enumerate(linears, start=1):
        last |= {f"W{number}": layer.weight.tolist(), f"b{number}": layer.bias.tolist()}
    training = {"steps": STEPS, "aggression": RATE, "loss": loss[0], "optimizer": optimizer[0], **(penalty or {})}
    if schedule:
        training["schedule"] = schedule[0]
    activation = [{"kind": hidden, **ACTIVATIONS[hidden][0]}, "sigmoid" if labels else "linear"]
    return {"training": training, "activation": activation, "losses": seen, "last": last}


def training_cases() -> list[Options]:
    losses = [each for each in LOSSES if each[0]["kind"] != "cross_entropy"]
    return [
        *(training_case(loss=each) for each in losses),
        *(training_case(optimizer=each) for each in OPTIMIZERS[1:]),
        *(training_case(schedule=each) for each in SCHEDULES),
        *(training_case(penalty=each) for each in PENALTIES),
        training_case(penalty=PENALTIES[2], optimizer=OPTIMIZERS[2]),
        *(training_case(hidden=name) for name in ACTIVATIONS),
    ]


def main() -> None:
    """Write the numbers, a case a line."""
    parts: Options = {
        "torch": torch.__version__,
        "inputs": INPUTS,
        "targets": TARGETS,
        "labels": LABELS,
        "weights": WEIGHTS,
        "places": PLACES,
        "activations": activation_cases(),
        "losses": loss_cases(),
        "trainings": training_cases(),
    }
    lines = []
    for key, part in parts.items():
        many = key in ("activations", "losses", "trainings")
        text = "[\n" + ",\n".join(map(json.dumps, part)) + "\n]" if many else json.dumps(part)
        lines.append(f"{json.dumps(key)}: {text}")
    path = Path(__file__).with_name("numbers.json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="ascii")


if __name__ == "__main__":
    main()
