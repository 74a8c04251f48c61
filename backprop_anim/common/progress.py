"""How long work says how far it is: a callable that is passed in; nothing here prints."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

__all__ = ["Progress", "silent", "throttled"]


class Progress(Protocol):
    """Called now and then with the name of a stage and how much of it is done."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def throttled(progress: Callable[[str, int, int], None], every_s: float = 0.1) -> Progress:
    """Return a progress that passes on only what is worth showing: ends, new stages, and ten reports a second."""
    last_stage, last_time = "", 0.0

    def report(stage: str, done: int, total: int) -> None:
        nonlocal last_stage, last_time
        now = time.monotonic()
        if stage != last_stage or done == total or now - last_time >= every_s:
            last_stage, last_time = stage, now
            progress(stage, done, total)

    return report
