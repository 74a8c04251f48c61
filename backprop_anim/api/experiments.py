"""Experiments from files, names and mappings, and what can be said of them before they are trained."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backprop_anim.api.given_arrays import task_of
from backprop_anim.api.given_words import in_words_of_python, is_mapping, kind_of, plain_value, typed_settings
from backprop_anim.common import UsageError
from backprop_anim.config import Override, advice, describe, find_config, read_experiment
from backprop_anim.config import load_experiment as read_experiment_file
from backprop_anim.experiment import Experiment

__all__ = ["Given", "check", "load_experiment", "opened"]

Given = Experiment | Path | str | Mapping[str, Any]
"""What stands for an experiment."""


def load_experiment(
    source: Path | str | Mapping[str, Any],
    overrides: Sequence[str] | Mapping[str, Any] = (),
    data: Sequence[Any] | None = None,
) -> Experiment:
    """Read an experiment.

    Parameters
    ----------
    source : path, str or mapping
        A YAML file, the name of a built-in example or of a file under ``configs``, or what would stand in such a file;
        the paths in a mapping start from the present folder.
    overrides : mapping or sequence of str, optional
        Settings that take the place of what the file says: ``{"training.steps": 100}`` or ``["training.steps=100"]``.

    data : pair of arrays or data frames, optional
        X, (N, n_in), and y, (N,) or (N, n_out), which are learned instead of the task of `source`; or X, y, X_test and
        y_test. Words, and few whole numbers that come back, are classes; ``{"task": {"classes": False}}`` says
        otherwise. A data frame keeps its words, dates and gaps.

    Raises
    ------
    UsageError
        If `source` or `data` is none of these.
    NotFoundError
        If there is no such file or example.
    ExperimentError
        With every mistake in it.
    """
    typed = typed_settings(overrides, "overrides")
    if data is not None:
        said = source.get("task") if is_mapping(source) else None
        task = task_of(data, said if is_mapping(said) else {})
        if is_mapping(source):
            source = {**source, "task": task}
        else:
            typed = [Override(f"task={json.dumps(task, default=plain_value, ensure_ascii=False)}", "data"), *typed]
    if is_mapping(source):
        text = json.dumps(source, default=plain_value, ensure_ascii=False)
        name = str(source.get("name", "experiment"))
        with in_words_of_python():
            return read_experiment(text, label="the mapping", name=name, folder=Path.cwd(), overrides=typed)
    if not isinstance(source, (str, os.PathLike)):
        raise UsageError(
            f"load_experiment takes the path of a YAML file, the name of an example or a mapping, not {kind_of(source)}"
        )
    with in_words_of_python():
        return read_experiment_file(find_config(os.fspath(source)).path, typed)


def opened(given: Given, word: str) -> Experiment:
    """Return the experiment that is meant; `word` is the function that it was given to.

    Raises
    ------
    UsageError
        If it can be none.
    """
    if isinstance(given, Experiment):
        return given
    if not is_mapping(given) and not isinstance(given, (str, os.PathLike)):
        raise UsageError(f"{word} takes an experiment, as load_experiment returns it, not {kind_of(given)}")
    return load_experiment(given)


def check(experiment: Given) -> str:
    """Return what an experiment would make, and what one may want to change before, as text.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.
    """
    made = opened(experiment, "check")
    return "\n".join(["\n  ".join(describe(made)), *(f"note: {line}" for line in advice(made))])
