"""Progress where nobody asked for one: bars in a notebook, and nothing anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from backprop_anim.common import Progress, StageBars, in_notebook, silent

__all__ = ["shown_progress"]


@contextmanager
def shown_progress(given: Progress | None) -> Iterator[Progress]:
    """Give the progress that was given, or bars where a notebook shows them."""
    if given is not None:
        yield given
        return
    if not in_notebook():
        yield silent
        return
    bars = StageBars(_bar())
    try:
        yield bars
    finally:
        bars.close()


def _bar() -> Callable[..., Any]:
    """Return the notebook's bar, or that of a terminal where there are no widgets; tqdm.auto would warn of that."""
    if find_spec("ipywidgets") is None:
        from tqdm import tqdm

        return tqdm
    from tqdm.notebook import tqdm as notebook_tqdm

    return notebook_tqdm
