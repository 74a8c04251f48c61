"""What every recorder takes beside its model and its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

__all__ = ["RecorderOptions"]


class RecorderOptions(TypedDict, total=False):
    """Options of a recorder, all by name.

    Attributes
    ----------
    x_test, y_test : array_like
        Samples that are not trained on; their loss and accuracy are shown too.
    name : str
        Names the run, its folder and its files; ``recording`` by default.
    names : mapping
        What is shown as names: ``{"inputs": […], "outputs": […], "classes": […]}``.
    keep : iterable of int
        Steps whose states are kept in any case.
    count : int
        How many states are kept, 300 by default; at most twice as many are held at any time.
    preview : int
        Draw a picture of the present state every so many steps, in a notebook.
    """

    x_test: Any
    y_test: Any
    name: str
    names: Mapping[str, Sequence[str]] | None
    keep: Iterable[int]
    count: int
    preview: int | None
