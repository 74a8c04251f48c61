"""Many runs: eight films side by side, beside eight calls one after another; and a hundred that are up to date.

python -m benchmarks.batch
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks.common import ROOT, Bar, Report, arguments, take_turns, tool, whole_process

ROW, BATCH, FRESH = "eight calls of train in a row", "batch of the eight, -j 2", "batch of 100 that are up to date"
BUSY = "share of two cores in use while the batch runs"
N_FRESH = 100


def eight(folder: Path, steps: int) -> list[Path]:
    """Write eight different experiments: the examples, and the heart with another seed."""
    folder.mkdir()
    sources = sorted((ROOT / "configs").glob("*.yaml"))
    files = [path for path in sources if "sweep:" not in path.read_text(encoding="utf-8")][:7]
    made = []
    for number in range(8):
        source = files[number] if number < len(files) else ROOT / "configs" / "heart.yaml"
        text = source.read_text(encoding="utf-8").replace("data/", f"{ROOT}/configs/data/")
        if number >= len(files):
            text = text.replace("seed: 7", f"seed: {number}")
        text = text.replace("steps: 20000", f"steps: {steps}")
        made.append(folder / f"film{number}.yaml")
        made[-1].write_text(text, encoding="utf-8")
    return made


def hundred(folder: Path, output: Path) -> None:
    """Write a hundred small experiments and make their runs."""
    folder.mkdir()
    for seed in range(N_FRESH):
        text = (ROOT / "configs" / "xor.yaml").read_text(encoding="utf-8").replace("data/", f"{ROOT}/configs/data/")
        (folder / f"run{seed}.yaml").write_text(f"{text}\nname: run{seed}\n", encoding="utf-8")
    small = ("--set", "training.steps=5", "--set", "snapshots.count=2", "--size", "160x90", "--formats", "png")
    whole_process(tool("batch", str(folder), "-o", str(output), "-q", *small))


def main() -> None:
    """Measure and report."""
    parser = arguments(__doc__ or "", rounds=3)
    parser.add_argument("--steps", type=int, default=20_000, help="steps of the heart (20000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        files = eight(place / "eight", options.steps)
        hundred(place / "hundred", place / "runs")
        busy: list[float] = []
        common = ("-o", str(place / "out"), "--force", "--formats", "mp4", "-q")
        small = ("--set", "training.steps=5", "--set", "snapshots.count=2", "--size", "160x90", "--formats", "png")

        def row() -> float:
            return sum(whole_process(tool("train", str(file), *common)) for file in files)

        def side_by_side() -> float:
            before = os.times()
            taken = whole_process(tool("batch", str(place / "eight"), "-j", "2", *common))
            after = os.times()
            worked = sum(after[2:4]) - sum(before[2:4])  # of the children, and of theirs
            busy.append(worked / taken / 2)
            return taken

        def fresh() -> float:
            return whole_process(tool("batch", str(place / "hundred"), "-o", str(place / "runs"), "-q", *small))

        samples = take_turns({ROW: row, BATCH: side_by_side, FRESH: fresh}, options.rounds, options.json)
    report = Report("Many films", "s", samples | {BUSY: busy})
    report.bars = [Bar(ROW, BATCH, 1.25), Bar(BUSY, limit=0.9), Bar(FRESH, limit=1.5, at_least=False)]
    report.finish(options)


if __name__ == "__main__":
    main()
