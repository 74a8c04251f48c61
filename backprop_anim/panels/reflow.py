"""Another order for a grid whose columns would be too narrow for the frame; it draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from backprop_anim.panels.default_grid import PORTRAIT
from backprop_anim.panels.panel import panels

__all__ = ["LEADS", "reflowed"]

LEADS = 2.0
"""A panel whose `stretch` is larger shows the network or what it does; the others stand below, side by side."""

ABREAST = 3
COLUMNS = 6  # which two panels, or three, divide evenly

Grid = Sequence[Sequence[str]]


def reflowed(grid: Grid, aspect: float) -> Grid:
    """Return the panels of `grid` in few columns, for a frame whose width is `aspect` times its height.

    What leads comes first, one to a row in an upright frame and two elsewhere, then formulas, which are long, then the
    rest in rows of up to three.
    """
    names = list(dict.fromkeys(name for row in grid for name in row))
    leading = [name for name in names if panels[name].stretch > LEADS]
    formulas = [name for name in names if name == "equations"]
    others = [name for name in names if name not in (*leading, *formulas)]
    rows = [*_rows(leading, 1 if aspect <= PORTRAIT else 2), *_rows(formulas, 1), *_rows(others, ABREAST)]
    return tuple(tuple(name for name in row for _ in range(COLUMNS // len(row))) for row in rows)


def _rows(names: Sequence[str], most: int) -> list[Sequence[str]]:
    """Return `names` in as few rows of at most `most` as there can be, about equally long."""
    n_rows = -(-len(names) // most)
    ends = [round(len(names) * row / n_rows) for row in range(n_rows + 1)] if n_rows else [0]
    return [names[start:end] for start, end in pairwise(ends)]
