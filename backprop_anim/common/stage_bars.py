"""A bar for each stage of long work; who shows it, and whether, is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["StageBars"]

UNITS = {"training": "step", "drawing": "frame"}


class StageBars:
    """A progress that has one bar at a time, for the stage that is under way.

    Parameters
    ----------
    make_bar : callable
        tqdm, or one of its kind.
    """

    def __init__(self, make_bar: Callable[..., tqdm[Any]]) -> None:
        self._make_bar = make_bar
        self._stage = ""
        self._bar: tqdm[Any] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage or self._bar is None:
            self.close()
            self._stage = stage
            unit = UNITS.get(stage, "part")
            self._bar = self._make_bar(total=total, desc=f"{stage:<8}", unit=f" {unit}", dynamic_ncols=True, leave=True)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the last bar."""
        if self._bar is not None:
            self._bar.close()
