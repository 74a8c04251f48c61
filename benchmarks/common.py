"""What the benchmarks share: rounds in which the contenders take turns, medians, and the report."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).parent
ROOT = HERE.parent

Samples = dict[str, list[float]]
"""What each contender took in each round."""


@dataclass(frozen=True)
class Bar:
    """A quotient of two contenders, or one contender's value, and what it should be.

    Attributes
    ----------
    over : str
        The contender whose value is judged.
    under : str or None
        What it is divided by, round by round; None judges the value itself.
    limit : float or None
        None only tells the quotient.
    at_least : bool
        Whether `limit` is a least value; otherwise it is a greatest one.
    """

    over: str
    under: str | None = None
    limit: float | None = None
    at_least: bool = True

    @property
    def label(self) -> str:
        """What the quotient is called."""
        return self.over if self.under is None else f"{self.over} / {self.under}"

    def values(self, samples: Samples) -> list[float]:
        """Return the quotient in each round that both took part in."""
        if self.under is None:
            return samples[self.over]
        return [a / b for a, b in zip(samples[self.over], samples[self.under], strict=False)]

    def met(self, value: float) -> bool | None:
        """Return whether `value` is good enough; None where there is nothing to meet."""
        if self.limit is None:
            return None
        return value >= self.limit if self.at_least else value <= self.limit

    def verdict(self, value: float) -> str:
        """Return the bar in words."""
        if self.limit is None:
            return ""
        return f"bar {'≥' if self.at_least else '≤'} {self.limit:g}: {'met' if self.met(value) else 'MISSED'}"


@dataclass
class Report:
    """What one benchmark found.

    Attributes
    ----------
    title : str
    unit : str
        Of the samples.
    samples : dict of str to list of float
    bars : list of Bar
    notes : list of str
    extra : mapping
        Further numbers, for ``--json`` only.
    """

    title: str
    unit: str
    samples: Samples = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        bars = []
        for bar in self.bars:
            values = bar.values(self.samples)
            median = statistics.median(values)
            bars.append({"what": bar.label, **_spread(values), "limit": bar.limit, "met": bar.met(median)})
        return {
            "title": self.title,
            "unit": self.unit,
            "date": time.strftime("%Y-%m-%d"),
            "machine": machine(),
            "measured": {name: _spread(values) | {"samples": values} for name, values in self.samples.items()},
            "bars": bars,
            "notes": self.notes,
            **self.extra,
        }

    def as_text(self) -> str:
        """Return the report for people."""
        bars = [(bar, bar.values(self.samples)) for bar in self.bars]
        width = max(len(label) for label in (*self.samples, *(bar.label for bar in self.bars)))
        lines = [f"{self.title}; {self.unit}, median (least … greatest) of the rounds"]
        lines += [f"  {name:<{width}}  {_told(values)}" for name, values in self.samples.items()]
        if bars:
            lines.append("judged, within each round")
            lines += [
                f"  {bar.label:<{width}}  {_told(values)}  {bar.verdict(statistics.median(values))}".rstrip()
                for bar, values in bars
            ]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join((*lines, ", ".join(f"{key} {value}" for key, value in machine().items())))

    def finish(self, options: argparse.Namespace) -> None:
        """Print the report; leave with status 1 if ``--strict`` and a bar is missed."""
        print(json.dumps(self.as_mapping(), indent=2, ensure_ascii=False) if options.json else self.as_text())
        missed = [bar for bar in self.bars if bar.met(statistics.median(bar.values(self.samples))) is False]
        if options.strict and missed:
            sys.exit(1)


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def _told(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:>8.4g}"
    return f"{statistics.median(values):>8.4g}  ({min(values):.4g} … {max(values):.4g})"


def machine() -> dict[str, str]:
    """Return what the numbers depend on."""
    versions = {name: metadata.version(name) for name in ("numpy", "matplotlib", "imageio-ffmpeg")}
    return {"cores": str(os.cpu_count()), "python": platform.python_version(), **versions}


def arguments(description: str, rounds: int) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"turns of each contender ({rounds})")
    parser.add_argument("--json", action="store_true", help="print JSON, and nothing else")
    parser.add_argument("--strict", action="store_true", help="end with status 1 if a bar is missed")
    return parser


def add_torch_option(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the interpreter that has PyTorch."""
    parser.add_argument(
        "--torch-python", default=sys.executable, metavar="PATH", help="a Python that has PyTorch (this one)"
    )


def require_modules(python: str, *names: str) -> None:
    """Leave with a clear message if `python` lacks one of the modules."""
    code = "import sys, importlib.util as u; print(*[n for n in sys.argv[1:] if u.find_spec(n) is None])"
    try:
        done = subprocess.run([python, "-c", code, *names], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        leave(f"{python} cannot be run: {error}")
    if missing := done.stdout.split():
        leave(f"{python} has no {', '.join(missing)}; name a Python that has with --torch-python PATH")


def leave(message: str) -> NoReturn:
    """End with status 4, as the tool does when something that it needs is missing."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(4)


def take_turns(contenders: Mapping[str, Callable[[], float]], rounds: int, quiet: bool = False) -> Samples:
    """Let every contender measure itself once a round, one after another, and return what they took."""
    samples: Samples = {name: [] for name in contenders}
    for number in range(rounds):
        for name, measure in contenders.items():
            if not quiet and sys.stderr.isatty():
                print(f"\r\033[Kround {number + 1} of {rounds}: {name}", end="", file=sys.stderr, flush=True)
            samples[name].append(measure())
    if not quiet and sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return samples


def tool(*words: str) -> list[str]:
    """Return the command line ``backprop-anim words`` of this interpreter."""
    script = Path(sys.executable).with_name("backprop-anim")
    return [*([str(script)] if script.is_file() else [sys.executable, "-m", "backprop_anim"]), *words]


def whole_process(command: Sequence[str]) -> float:
    """Return how many seconds a process takes from its start to its end."""
    # As installed packages do, ours keeps its modules compiled: whoever forbids it would measure Python's compiler.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace")
        leave(f"`{' '.join(command)}` ended with status {done.returncode}:\n{words}")
    return seconds
