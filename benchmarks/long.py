"""Seconds that a frame takes in a short and in a very long film, drawing and encoding together.

python -m benchmarks.long

The time is that of the drawing stage as the run's own summary tells it, divided by the frames. For memory see
``python -m benchmarks.memory --counts 300 10000``.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.common import Bar, Report, arguments, take_turns, tool


def main() -> None:
    """Measure and report."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--config", default="heart", help="an example's name (heart)")
    parser.add_argument("--counts", type=int, nargs=2, default=(300, 10_000), help="snapshots of the films")
    options = parser.parse_args()

    def milliseconds_a_frame(count: int, folder: str) -> float:
        words = ("train", options.config, "-o", folder, "--force", "--quiet", "--formats", "mp4")
        subprocess.run(tool(*words, "--set", f"snapshots.count={count}"), check=True, stdin=subprocess.DEVNULL)
        told = json.loads((Path(folder) / options.config / "summary.json").read_text())
        return float(1000 * told["seconds"]["draw"] / told["frames"])

    names = {count: f"{count:,} snapshots" for count in options.counts}
    with tempfile.TemporaryDirectory() as folder:
        contenders = {name: lambda n=count: milliseconds_a_frame(n, folder) for count, name in names.items()}
        samples = take_turns(contenders, options.rounds, options.json)
    report = Report(f"A frame of {options.config}, drawn and encoded", "ms", samples)
    few, many = options.counts
    report.bars = [Bar(names[many], names[few], 1.1, at_least=False)]
    report.finish(options)


if __name__ == "__main__":
    main()
