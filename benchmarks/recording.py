"""What recording costs a loop in PyTorch: a 2-64-64-3 network with batches of 256, bare and recorded in turn.

python -m benchmarks.recording

It runs where PyTorch is. Both loops are timed by this thread's own processor time, for the machine may be busy with
other things; a step in which nothing is kept is timed by itself, on a training that has come to rest.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads would wait for work on a core that PyTorch needs

from typing import Any

from backprop_anim import record
from benchmarks.common import Bar, Report, arguments, leave, take_turns

try:
    import torch
except ImportError:
    leave("this Python has no torch; run the benchmark with one that has")

BATCH, ROWS = 256, 2048
BARE, RECORDED = "bare loop", "recorded loop"
AT_REST = "hook in which nothing is kept, µs"


def loop(n_steps: int, is_recorded: bool) -> float:
    """Return the microseconds of a step."""
    torch.manual_seed(0)
    x = torch.randn(ROWS, 2)
    y = (x[:, 0] * x[:, 1] > 0).long() + (x[:, 0] > 1).long()
    model = torch.nn.Sequential(
        *(torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU()),
        torch.nn.Linear(64, 3),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    random = torch.Generator().manual_seed(1)

    def steps() -> float:
        started = time.thread_time()
        for _ in range(n_steps):
            batch = torch.randint(0, ROWS, (BATCH,), generator=random)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
        return (time.thread_time() - started) / n_steps * 1e6

    if not is_recorded:
        return steps()
    with record(model, x, y, loss="cross_entropy", optimizer=optimizer):
        return steps()


def at_rest() -> float:
    """Return the microseconds that a step costs in which nothing is kept."""
    x, model = torch.randn(64, 2), torch.nn.Linear(2, 3)
    y = torch.zeros(64, dtype=torch.long)
    with record(model, x, y, loss="cross_entropy", count=2) as recorder:
        for _ in range(20_000):
            recorder.capture()
        recorder._due = 2**62  # what follows is looked at by nobody
        n, step = 20_000, recorder._step
        started = time.thread_time()
        for _ in range(n):
            step()
        found = (time.thread_time() - started) / n * 1e6
        recorder._due = 0
    return found


def main() -> None:
    parser = arguments(__doc__ or "", rounds=5)
    parser.add_argument("--steps", type=int, default=20_000, help="steps of each loop (20000)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own
    loop(500, is_recorded=True)
    contenders: dict[str, Callable[[], float]] = {
        BARE: lambda: loop(options.steps, is_recorded=False),
        RECORDED: lambda: loop(options.steps, is_recorded=True),
        AT_REST: at_rest,
    }
    samples: dict[str, Any] = take_turns(contenders, options.rounds, options.json)
    bars = [Bar(RECORDED, BARE, 1.1, at_least=False), Bar(AT_REST, None, 30.0, at_least=False)]
    notes = [f"{options.steps:,} steps; PyTorch {torch.__version__}, one thread; 300 states are kept"]
    Report("recording a training", "µs a step", samples, bars, notes).finish(options)


if __name__ == "__main__":
    main()
