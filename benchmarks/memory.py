"""Peak memory of the tool and its encoders for a short and a ten times longer film.

python -m benchmarks.memory

Every few milliseconds the memory of the process and of all its descendants, ffmpeg among them, is added up, and the
greatest sum counts. A process's memory is its proportional set size from /proc (a page that several processes share
counts in parts), so this needs Linux. The sum of every process's own high-water mark, which they need not reach at the
same time, is told as an upper bound.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from benchmarks.common import ROOT, Bar, Report, arguments, leave, take_turns, tool

PROC = Path("/proc")
PAUSE_S = 0.02
FORMATS = ("mp4", "gif")


def descendants(root: int) -> list[int]:
    """Return the process and everything that it has started, directly or not."""
    children = defaultdict(list)
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        children[int(words[1])].append(int(stat.parent.name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def kilobytes(process: int, file: str, key: str) -> int:
    """Return one value of a process; 0 if it has ended."""
    try:
        found = re.search(rf"^{key}:\s+(\d+) kB", (PROC / str(process) / file).read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


class Peak:
    """The greatest memory that a tree of processes has had so far, in megabytes."""

    def __init__(self) -> None:
        self.together = 0.0
        self._high: dict[int, int] = {}

    @property
    def bound(self) -> float:
        """The sum of all high-water marks."""
        return sum(self._high.values()) / 1024

    @property
    def highest(self) -> float:
        """The greatest high-water mark of a single process."""
        return max(self._high.values()) / 1024

    def compute_gradient(self, processes: Iterable[int]) -> None:
        """Take the present state into account."""
        total = 0
        for process in processes:
            total += kilobytes(process, "smaps_rollup", "Pss")
            self._high[process] = max(self._high.get(process, 0), kilobytes(process, "status", "VmHWM"))
        self.together = max(self.together, total / 1024)


def measure(command: list[str]) -> Peak:
    """Run a command and return the peak of its tree."""
    peak = Peak()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=ROOT)
        while process.poll() is None:
            peak.compute_gradient(descendants(process.pid))
            time.sleep(PAUSE_S)
        if process.returncode != 0:
            said.seek(0)
            leave(f"`{' '.join(command)}` ended with status {process.returncode}:\n{said.read().decode()}")
    return peak


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--config", default="heart", help="an example's name (heart)")
    parser.add_argument(
        "--counts", type=int, nargs=2, default=(300, 3000), help="snapshots of the two films (300 3000)"
    )
    parser.add_argument("--formats", nargs="+", default=FORMATS, help="each is measured alone (mp4 gif)")
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    options = parse()
    if not (PROC / "self" / "smaps_rollup").is_file():
        leave(f"this needs /proc/PID/smaps_rollup, which {sys.platform} does not have here")
    bounds: dict[str, float] = {}

    def peak_of(name: str, file_format: str, count: int, folder: str) -> float:
        words = ("train", options.config, "-o", folder, "--force", "--quiet")
        settings = ["--set", f"snapshots.count={count}"]
        peak = measure(tool(*words, "--formats", file_format, *settings))
        bounds[name] = peak.bound
        return peak.together

    names = {(f, n): f"{f}, {n:,} snapshots" for f in options.formats for n in options.counts}
    with tempfile.TemporaryDirectory() as folder:
        contenders = {
            name: lambda name=name, given=given: peak_of(name, *given, folder) for given, name in names.items()
        }
        samples = take_turns(contenders, options.rounds, options.json)
    report = Report(f"Peak memory of the whole tree of processes, {options.config}", "MB", samples)
    few, many = options.counts
    report.bars = [Bar(names[f, many], names[f, few], 1.15, at_least=False) for f in options.formats]
    report.notes = [f"sum of high-water marks: {name} {bound:.0f} MB" for name, bound in bounds.items()]
    report.extra = {"upper_bounds_mb": bounds}
    report.finish(options)


if __name__ == "__main__":
    main()
