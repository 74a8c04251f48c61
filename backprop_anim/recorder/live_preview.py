"""A picture of the present state while a training runs, redrawn in its notebook cell; elsewhere nothing is drawn."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backprop_anim.api import Run
from backprop_anim.common import in_notebook

__all__ = ["LivePreview"]


class LivePreview:
    """Redraws one picture every so many steps, where there is a notebook to show it.

    Parameters
    ----------
    every : int
    """

    def __init__(self, every: int) -> None:
        self.every, self.n_drawn = every, 0
        self._next = every
        self._shown: Any = None

    def due(self, step: int) -> bool:
        """Return whether a picture is due, which it is once for so many steps."""
        if step < self._next:
            return False
        self._next = step - step % self.every + self.every
        return True

    def show(self, recording: Callable[[], Run]) -> None:
        """Draw the last state in place of the picture before."""
        if not in_notebook():
            return
        display = import_module("IPython.display")
        run = recording()
        with TemporaryDirectory() as folder:
            still = run.still(int(run.steps[-1]), Path(folder))
            picture = display.Image(data=Path(still.path).read_bytes(), format="png")
        if self._shown is None:
            self._shown = display.display(picture, display_id=True)
        else:
            self._shown.update(picture)
        self.n_drawn += 1
