"""What the command line prints and how: bars and notes to standard error, results to standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_anim.common import OutputError

if TYPE_CHECKING:
    from backprop_anim.common import Progress

__all__ = ["bold", "print_notice", "print_result", "progress_bars", "show_json", "show_table", "size_text"]


def print_result(text: str = "") -> None:
    """Print a result; once whoever reads standard output has had enough, what is left is thrown away.

    Raises
    ------
    OutputError
        If it leads to a file that cannot be written.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise OutputError(f"cannot write to standard output: {error.strerror or error}") from error


def print_notice(text: str) -> None:
    """Print a remark that is not a result."""
    print(text, file=sys.stderr)


def bold(text: str) -> str:
    """Return `text` for emphasis, where standard output is a terminal that shows it."""
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    return text if plain else f"\033[1m{text}\033[0m"


def show_json(mapping: Mapping[str, Any]) -> None:
    """Print a mapping as JSON."""
    print_result(json.dumps(mapping, indent=2, ensure_ascii=False))


def show_table(rows: list[tuple[str, ...]], right: frozenset[int] = frozenset()) -> None:
    """Print rows in columns; those whose numbers are in `right` are set flush right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.rjust(w) if k in right else cell.ljust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print_result("  " + "  ".join(cells).rstrip())


def size_text(path: Path) -> str:
    """Return the size of a file, or of all files of a folder, in words."""
    size = sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size
    return f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Progress]:
    """Give a progress that draws a bar for each stage, if standard error is a terminal."""
    from backprop_anim.common import StageBars, silent

    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from tqdm import tqdm

    bars = StageBars(tqdm)
    try:
        yield bars
    finally:
        bars.close()
