"""Time of a training step of a network that learns a picture, beside PyTorch's, and of its whole film.

python -m benchmarks.picture --torch-python PATH
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does; before NumPy is imported

import numpy as np

from backprop_anim.config import load_experiment
from backprop_anim.engine import BatchStream
from backprop_anim.experiment import Experiment
from backprop_anim.training.trainer import Trainer
from benchmarks.common import (
    ROOT,
    Bar,
    Report,
    add_torch_option,
    arguments,
    leave,
    require_modules,
    take_turns,
    tool,
    whole_process,
)
from benchmarks.torch_worker import TorchWorker

OURS = "backprop-anim, one thread"
THEIRS = {"PyTorch eager, nn and optim.Adam, one thread": 1, "the same, two threads": 2}
CONFIG = ROOT / "configs" / "sunset.yaml"
SETTINGS = ("task.test=null", "training.schedule=constant", "network.init=xavier", "training.steps=100000")
CHECKED_STEPS = 25
WARM_UP_STEPS = 50
FILM_BAR_S = 60.0


def batches(experiment: Experiment, count: int) -> np.ndarray:
    """Return the samples of the first batches that are whole, as training takes them, (count, batch)."""
    training, n = experiment.training, experiment.dataset.n_samples
    assert training.batch is not None
    stream = BatchStream(training.order, n, training.batch, experiment.streams().batch, training.straddles)
    return np.array([stream.take() for _ in range(count)])


@contextmanager
def torch_workers(python: str, experiment: Experiment) -> Iterator[dict[str, TorchWorker]]:
    """Start workers of one thread and of two at the experiment's first state, with its data and its batches."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "start.npz"
        np.savez(
            path,
            inputs=experiment.dataset.inputs,
            targets=experiment.targets(),
            rate=experiment.training.aggression,
            batches=batches(experiment, 9 * CHECKED_STEPS),
            **experiment.network.layout.arrays(Trainer(experiment).parameters),
        )
        yield {
            name: stack.enter_context(closing(TorchWorker(python, "torch_picture.py", path, str(threads))))
            for name, threads in THEIRS.items()
        }


def losses(experiment: Experiment, count: int) -> list[float]:
    """Return the losses of the first steps."""
    trainer, found = Trainer(experiment), []
    for _ in range(count):
        found.append(trainer.compute_gradient())
        trainer.apply_update()
    return found


def timed(trainer: Trainer, n_steps: int) -> float:
    """Return the milliseconds of a step."""
    started = time.perf_counter()
    for _ in range(n_steps):
        trainer.compute_gradient()
        trainer.apply_update()
    return (time.perf_counter() - started) / n_steps * 1e3


def film_s() -> float:
    """Return the seconds of the sunset's film, the whole process."""
    with tempfile.TemporaryDirectory() as folder:
        return whole_process(tool("train", str(CONFIG), "--output", folder, "--quiet"))


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = arguments(__doc__ or "", rounds=7)
    add_torch_option(parser)
    parser.add_argument("--steps", type=int, default=200, help="steps of each turn (200)")
    parser.add_argument("--film", action="store_true", help="make the film instead")
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    options = parse()
    if options.film:
        report = Report("The sunset's film (9,216 pixels, 4,000 steps of 1,024), MP4 and GIF, whole process", "s")
        report.samples = take_turns({OURS: film_s}, options.rounds, options.json)
        report.bars = [Bar(OURS, None, FILM_BAR_S, at_least=False)]
        report.finish(options)
        return
    require_modules(options.torch_python, "torch", "numpy")
    experiment = load_experiment(CONFIG, SETTINGS)
    report = Report("A step of 1,024 pixels through 2-64-64-3 (tanh, sigmoid, mse, Adam, float64)", "ms")
    with np.errstate(all="ignore"), torch_workers(options.torch_python, experiment) as workers:
        ours = losses(experiment, CHECKED_STEPS)
        off = [np.abs(np.array(each.ask(f"losses {CHECKED_STEPS}")) / ours - 1).max() for each in workers.values()]
        if max(off) > 1e-6:
            leave(f"the contenders do not compute the same: losses differ by {max(off):.1e}")
        trainer = Trainer(experiment)
        contenders: dict[str, Callable[[], float]] = {OURS: lambda: timed(trainer, options.steps)}
        timed(trainer, WARM_UP_STEPS)
        for name, worker in workers.items():
            worker.ask(str(WARM_UP_STEPS))
            contenders[name] = lambda one=worker: float(one.ask(str(options.steps))) / options.steps * 1e3
        report.samples = take_turns(contenders, options.rounds, options.json)
        report.notes.append(f"PyTorch {next(iter(workers.values())).version}; the same losses, to {max(off):.0e}")
    one, two = THEIRS
    report.bars = [Bar(one, OURS, 1.0), Bar(two, OURS)]
    report.finish(options)


if __name__ == "__main__":
    main()
