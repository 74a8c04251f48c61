"""Time, memory and the size of the recording for networks from 100 to 1,000,000 parameters, beside what check says.

python -m benchmarks.large

Each is a film of ten made-up classes, 300 steps on 400 rows, by a process of its own. The time is that of the whole
process; memory is the high-water mark of the process itself, and of it with its encoder (see `benchmarks.memory`).
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop_anim.config import load_experiment
from backprop_anim.config.estimate import estimate
from benchmarks.common import Bar, Report, arguments, take_turns, tool
from benchmarks.memory import measure

SIZES = {
    "100": (8, [5]),
    "1,000": (20, [32]),
    "10,000": (64, [136]),
    "100,000": (784, [128]),
    "235,000": (784, [256, 128]),
    "1,000,000": (784, [800, 450]),
}
"""Inputs and hidden layers, by about how many parameters they make with ten outputs."""

LARGE = "235,000"
ROWS, STEPS, CLASSES = 400, 300, 10


@dataclass(frozen=True)
class Found:
    """What one run took, and what was foretold.

    Attributes
    ----------
    seconds, foretold_s : float
        Of the whole process.
    train_s : float
        Of it in training.
    memory_mb, together_mb, foretold_mb : float
        The process, and it with its encoder; the latter is foretold.
    recording_mb : float
    states : int
    """

    seconds: float
    foretold_s: float
    train_s: float
    memory_mb: float
    together_mb: float
    foretold_mb: float
    recording_mb: float
    states: int

    @property
    def said(self) -> str:
        """The figures in words."""
        return (
            f"{self.seconds:.1f} s (check: {self.foretold_s:.1f}; {self.train_s:.1f} of training), "
            f"{self.memory_mb:.0f} MB, with the encoder {self.together_mb:.0f} (check: {self.foretold_mb:.0f}), "
            f"{self.states} states in {self.recording_mb:.1f} MB"
        )


def write_table(path: Path, n_inputs: int) -> None:
    """Write rows of ten classes, each around a picture of its own."""
    rng = np.random.default_rng(0)
    labels = np.arange(ROWS) % CLASSES
    rows = np.clip(rng.random((CLASSES, n_inputs))[labels] + rng.normal(0, 0.3, (ROWS, n_inputs)), 0, 1)
    lines = [
        ",".join([*(f"{value:.3f}" for value in row), f"d{label}"]) for row, label in zip(rows, labels, strict=True)
    ]
    header = ",".join([*(f"p{k}" for k in range(n_inputs)), "digit"])
    path.write_text("\n".join([header, *lines, ""]))


def measured(name: str, steps: int, folder: Path) -> Found:
    """Train and film a network of one size in a process of its own."""
    n_inputs, hidden = SIZES[name]
    write_table(folder / "digits.csv", n_inputs)
    config = folder / "large.yaml"
    config.write_text(
        "task: {kind: table, file: digits.csv, targets: digit}\n"
        f"network: {{hidden: {hidden}}}\ntraining: {{steps: {steps}}}\nvideo: {{formats: mp4}}\n"
    )
    started = time.perf_counter()
    peak = measure(tool("train", str(config), "-o", str(folder), "--force", "--quiet"))
    seconds = time.perf_counter() - started
    plan, made = estimate(load_experiment(config)), folder / "large"
    told = json.loads((made / "summary.json").read_text())
    return Found(
        seconds=seconds,
        foretold_s=plan.train_s + plan.draw_s,
        train_s=float(told["seconds"]["train"]),
        memory_mb=peak.highest * 1.024**2,
        together_mb=peak.together * 1.024**2,
        foretold_mb=plan.memory_bytes / 1e6,
        recording_mb=(made / "recording.npz").stat().st_size / 1e6,
        states=plan.states,
    )


def main() -> None:
    """Measure and report."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of each run ({STEPS})")
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES), help="which networks")
    options = parser.parse_args()
    found: dict[str, Found] = {}

    def seconds_of(name: str) -> Callable[[], float]:
        def run() -> float:
            with tempfile.TemporaryDirectory() as folder:
                found[name] = measured(name, options.steps, Path(folder))
            return found[name].seconds

        return run

    samples = take_turns({name: seconds_of(name) for name in options.sizes}, options.rounds, options.json)
    if LARGE in found:
        samples |= {
            "235,000: recording, MB": [found[LARGE].recording_mb],
            "235,000: memory, MB": [found[LARGE].memory_mb],
        }
    report = Report(f"A film of {options.steps} steps on {ROWS} rows, by parameters", "s", samples)
    if LARGE in found:
        limits = (("235,000: recording, MB", 256), ("235,000: memory, MB", 700))
        report.bars = [Bar(name, limit=limit, at_least=False) for name, limit in limits]
    report.notes = [f"{name} parameters: {one.said}" for name, one in found.items()]
    report.extra = {"found": {name: vars(one) for name, one in found.items()}}
    report.finish(options)


if __name__ == "__main__":
    main()
