"""Several runs side by side, from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from backprop_anim.api.given_words import in_words_of_python, kind_of, swept_settings, typed_settings, video_settings
from backprop_anim.api.shown_files import Compared
from backprop_anim.batch import FILM_ALONE, cores, load_compared_variants
from backprop_anim.batch import compare as compare_runs
from backprop_anim.common import Progress, UsageError, silent

__all__ = ["compare"]


def compare(
    experiments: Path | str | Sequence[Path | str],
    sweep: Mapping[str, Sequence[Any]] | None = None,
    folder: Path | str = "outputs",
    by: Literal["step", "epoch"] = "step",
    overrides: Sequence[str] | Mapping[str, Any] = (),
    name: str | None = None,
    progress: Progress = silent,
    **video: Any,
) -> Compared:
    """Train several runs and show them side by side in one film.

    Parameters
    ----------
    experiments : path, str or sequence of these
        Files, or names of examples.
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
        Called with the stage, what is done and what there is.
    **video
        Settings of the film by their names under ``video``.

    Raises
    ------
    UsageError
        If there are fewer than two runs, or they cannot be shown side by side.
    ExperimentError
        With every mistake in the files.
    """
    named = [experiments] if isinstance(experiments, (str, os.PathLike)) else list(experiments)
    for one in named:
        if not isinstance(one, (str, os.PathLike)):
            raise UsageError(f"compare takes paths and names of experiments, not {kind_of(one)}")
    files = [os.fspath(one) for one in named]
    settings = [*FILM_ALONE, *typed_settings(overrides, "overrides"), *video_settings(video)]
    with in_words_of_python():
        variants, given = load_compared_variants(files, settings, swept_settings(sweep or {}))
    made = compare_runs(variants, name or given, Path(folder), cores(), progress, by=by)
    return Compared(tuple(made.files), dict(made.told), tuple(made.notes))
