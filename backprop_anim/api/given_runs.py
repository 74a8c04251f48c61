"""What stands for a run that was trained: a recording, or where a finished run is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from backprop_anim.api.given_words import kind_of
from backprop_anim.common import UsageError
from backprop_anim.runs import find_recording, open_run
from backprop_anim.training import Recording

__all__ = ["OUTPUTS", "GivenRun", "OpenedRun", "opened_run"]

OUTPUTS = Path("outputs")

GivenRun = Recording | Path | str
"""A recording, as `train` returns it, or a run's folder, its recording's file or its name under outputs."""


@dataclass(frozen=True)
class OpenedRun:
    """A recording with its places.

    Attributes
    ----------
    recording : Recording
    folder : Path
        Where what is made of it goes, unless that is said.
    source : Path
        The folder that the names of its data and weights files start from.
    """

    recording: Recording
    folder: Path
    source: Path


def opened_run(given: GivenRun, word: str) -> OpenedRun:
    """Return the run that is meant; `word` is the function that it was given to.

    Raises
    ------
    UsageError
        If it can be none.
    NotFoundError
        If there is none of that name.
    """
    if isinstance(given, Recording):
        return OpenedRun(given, OUTPUTS / given.experiment.name, Path())
    if not isinstance(given, (str, os.PathLike)):
        raise UsageError(f"{word} takes a recording, as train returns it, or the path of a run, not {kind_of(given)}")
    path = find_recording(os.fspath(given), OUTPUTS)
    return OpenedRun(open_run(path), path.parent, path.parent)
