"""Several runs side by side, from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from backprop_anim.api.given_words import in_words_of_python, kind_of, swept_settings, typed_settings, video_settings
from backprop_anim.api.notebook_bars import shown_progress
from backprop_anim.api.shown_files import Compared
from backprop_anim.batch import FILM_ALONE, cores, load_compared_variants
from backprop_anim.batch import compare as compare_runs
from backprop_anim.common import Progress, UsageError
from backprop_anim.experiment import Experiment
from backprop_anim.training import Recording

__all__ = ["compare"]


class HasRecording(Protocol):
    """A recorder of any kind."""

    @property
    def recording(self) -> Recording: ...


Shown = Path | str | Experiment | Recording | HasRecording
"""What stands for a run that is compared."""


def compare(
    experiments: Shown | Sequence[Shown],
    sweep: Mapping[str, Sequence[Any]] | None = None,
    folder: Path | str = "outputs",
    by: Literal["step", "epoch"] = "step",
    overrides: Sequence[str] | Mapping[str, Any] = (),
    name: str | None = None,
    progress: Progress | None = None,
    **video: Any,
) -> Compared:
    """Train several runs and show them side by side in one film.

    Parameters
    ----------
    experiments : path, str, Experiment, recording, recorder or sequence of these
        Files, names of examples, or what was read, trained or recorded before. What others trained is shown as it was
        recorded, everything else is trained for the comparison.
    sweep : mapping, optional
        Settings with the values that are compared: ``{"training.batch": [8, 32, "full"]}``.
    folder : path
        The film goes into a folder of its name below this one.
    by : {"step", "epoch"}
        What a frame shows of all runs: the same step, or the same epoch.
    overrides : mapping or sequence of str, optional
        Settings of all runs, as for `load_experiment`.
    name : str, optional
        Names the folder and the film.
    progress : Progress, optional
        Called with the stage, what is done and what there is; without it a notebook shows bars.
    **video
        Settings of the film by their names under ``video``.

    Raises
    ------
    UsageError
        If there are fewer than two runs, or they cannot be shown side by side.
    ExperimentError
        With every mistake in the files.
    """
    if not isinstance(sweep, (Mapping, type(None))):
        raise UsageError(f"sweep is a mapping of settings to values, not {kind_of(sweep)}; the folder is folder=…")
    several = list(experiments) if isinstance(experiments, (list, tuple)) else [experiments]
    given = [_given(one) for one in several]
    settings = [*FILM_ALONE, *typed_settings(overrides, "overrides"), *video_settings(video)]
    with in_words_of_python():
        variants, own_name = load_compared_variants(given, settings, swept_settings(sweep or {}))
    with shown_progress(progress) as shown:
        made = compare_runs(variants, name or own_name, Path(folder), cores(), shown, by=by)
    return Compared(tuple(made.files), dict(made.told), tuple(made.notes))


def _given(one: Any) -> str | Experiment | Recording:
    """Return what is compared as a word, an experiment or a recording."""
    if isinstance(one, (str, os.PathLike)):
        return os.fspath(one)
    if isinstance(one, (Experiment, Recording)):
        return one
    recording = getattr(one, "recording", None)
    if not isinstance(recording, Recording):
        raise UsageError(f"compare takes paths, names of experiments, recordings and recorders, not {kind_of(one)}")
    return recording
