"""Time of one training step of the heart, beside PyTorch and beside a forward pass for every gradient.

python -m benchmarks.engine --torch-python PATH
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.config import load_experiment
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.training.trainer import Trainer, train
from benchmarks.common import ROOT, Bar, Report, add_torch_option, arguments, leave, require_modules, take_turns
from benchmarks.torch_worker import TorchWorker

TRAIN, TRAINER = "backprop-anim, train()", "backprop-anim, look and move"
ORIGINAL = "NumPy, a forward pass for each gradient"
MODULE, FAST = "PyTorch eager, nn and optim", "PyTorch eager, written for speed"
CHECKED_STEPS = 25
WARM_UP_STEPS = 200


def heart(*settings: str) -> Experiment:
    """Return the heart of the examples."""
    return load_experiment(ROOT / "configs" / "heart.yaml", settings)


def timed(step: Callable[[], object], n_steps: int) -> float:
    """Return the microseconds of a step."""
    started = time.perf_counter()
    for _ in range(n_steps):
        step()
    return (time.perf_counter() - started) / n_steps * 1e6


def training_step(experiment: Experiment) -> Callable[[], None]:
    """Return one step of a fresh trainer; it starts again when the run is over."""
    trainer = Trainer(experiment)

    def step() -> None:
        nonlocal trainer
        if trainer.step == experiment.training.steps:
            trainer = Trainer(experiment)
        trainer.compute_gradient()
        trainer.apply_update()

    return step


def original_step(experiment: Experiment) -> Callable[[], float]:
    """Return a step in the style of many texts: a function for each gradient, each with a forward pass of its own."""
    arrays = experiment.network.layout.arrays(Trainer(experiment).parameters.copy())
    weights = [array.copy() for name, array in arrays.items() if name[0] == "W"]
    biases = [array[:, np.newaxis].copy() for name, array in arrays.items() if name[0] == "b"]
    x, y = experiment.dataset.inputs.T.copy(), experiment.targets().T.copy()
    training, rng, last = experiment.training, np.random.default_rng(0), len(weights) - 1

    def forward() -> tuple[list[Any], list[Any]]:
        z, a = [], [x]
        for weight, bias in zip(weights, biases, strict=True):
            z.append(weight @ a[-1] + bias)
            a.append(1 / (1 + np.exp(-z[-1])))
        return z, a

    def slope(z: Any) -> Any:
        return np.cosh(z / 2) ** -2 / 4

    def delta(layer: int) -> tuple[Any, Any]:
        z, a = forward()
        found = 2 * (a[-1] - y) / x.shape[1] * slope(z[last])
        for above in range(last, layer, -1):
            found = (weights[above].T @ found) * slope(z[above - 1])
        return found, a[layer]

    def weight_gradient(layer: int) -> Any:
        found, a = delta(layer)
        return found @ a.T

    def bias_gradient(layer: int) -> Any:
        return delta(layer)[0].sum(axis=1, keepdims=True)

    def step() -> float:
        loss = float(((forward()[1][-1] - y) ** 2).sum() / x.shape[1])
        gradients = [(weight_gradient(layer), bias_gradient(layer)) for layer in range(last + 1)]
        for layer, found in enumerate(gradients):
            weights[layer] -= training.aggression * found[0] * (1 + training.noise * rng.standard_normal())
            biases[layer] -= training.aggression * found[1] * (1 + training.noise * rng.standard_normal())
        return loss

    return step


def microseconds(worker: TorchWorker, style: str, n_steps: int) -> float:
    """Return the time of one of PyTorch's steps."""
    return float(worker.ask(f"{style} {n_steps}")) / n_steps * 1e6


@contextmanager
def torch_worker(python: str, experiment: Experiment) -> Iterator[TorchWorker]:
    """Start a worker at the experiment's first state, with its data."""
    training = experiment.training
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "start.npz"
        np.savez(
            path,
            inputs=experiment.dataset.inputs,
            targets=experiment.targets(),
            rate=training.aggression,
            noise=training.noise,
            **experiment.network.layout.arrays(Trainer(experiment).parameters),
        )
        with closing(TorchWorker(python, "torch_step.py", path)) as worker:
            yield worker


def same_maths(worker: TorchWorker) -> float:
    """Return by how much the losses of the first steps differ, relatively; leave if they are not the same."""
    trainer = Trainer(heart("training.noise=0"))
    ours = []
    for _ in range(CHECKED_STEPS):
        ours.append(trainer.compute_gradient())
        trainer.apply_update()
    worst = 0.0
    for style in ("module", "fast"):
        theirs = worker.ask(f"{style} losses {CHECKED_STEPS}")
        worst = max(worst, float(np.max(np.abs(np.array(theirs) / ours - 1))))
    if worst > 1e-9:
        leave(f"the contenders do not compute the same: losses differ by {worst:.1e}")
    return worst


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = arguments(__doc__ or "", rounds=9)
    add_torch_option(parser)
    parser.add_argument("--steps", type=int, default=2000, help="steps of each turn (2000)")
    parser.add_argument("--no-torch", action="store_true", help="leave PyTorch out")
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    options = parse()
    experiment = heart()
    run = heart(f"training.steps={options.steps}")
    n_steps = options.steps
    step, original = training_step(experiment), original_step(experiment)
    contenders = {
        TRAIN: lambda: timed(lambda: train(run), 1) / n_steps,
        TRAINER: lambda: timed(step, n_steps),
        ORIGINAL: lambda: timed(original, n_steps),
    }
    report = Report("One training step of the heart (1-6-7-2 sigmoid, N = 100, float64, noise, SGD)", "µs")
    report.bars = [Bar(ORIGINAL, TRAIN)]
    with np.errstate(all="ignore"):
        if options.no_torch:
            report.samples = take_turns(contenders, options.rounds, options.json)
        else:
            _beside_torch(report, contenders, options, experiment)
    report.finish(options)


def _beside_torch(
    report: Report, contenders: dict[str, Callable[[], float]], options: argparse.Namespace, experiment: Experiment
) -> None:
    require_modules(options.torch_python, "torch", "numpy")
    with torch_worker(options.torch_python, experiment) as worker:
        for name, style in ((MODULE, "module"), (FAST, "fast")):
            microseconds(worker, style, WARM_UP_STEPS)
            contenders[name] = lambda style=style: microseconds(worker, style, options.steps)
        worst = same_maths(worker)
        report.samples = take_turns(contenders, options.rounds, options.json)
        report.notes.append(f"PyTorch {worker.version}, 1 thread; the same losses without noise, to {worst:.0e}")
    report.bars += [Bar(MODULE, TRAIN, 7), Bar(FAST, TRAIN), Bar(MODULE, TRAINER, 7), Bar(FAST, TRAINER)]


if __name__ == "__main__":
    main()
