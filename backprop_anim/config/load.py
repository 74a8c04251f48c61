"""The ways to an Experiment: a file, its text, a recording's mapping, or another experiment with a new film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from backprop_anim.common import NotFoundError, UsageError, load_plugins
from backprop_anim.config.csv_config import is_table, table_experiment
from backprop_anim.config.file_keys import shorthands
from backprop_anim.config.overrides import apply_overrides, place_of
from backprop_anim.config.problems import Problems, Source
from backprop_anim.config.resolve import ResolveContext, resolve
from backprop_anim.config.run_names import name_from
from backprop_anim.config.stored_mapping import plain_mapping
from backprop_anim.config.yaml_reader import MAX_BYTES, Parsed, read_yaml
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.tasks import Dataset

__all__ = ["config_text", "experiment_from_mapping", "load_experiment", "read_experiment", "read_parsed", "revise"]

DRAWN = ("video", "page", "title", "subtitle")
"""The keys that matter only when the film is drawn."""

RUN_FILE, RUN_SUMMARY = "experiment.yaml", "summary.json"
"""What a run leaves of its experiment, and what is beside it then."""

_load_plugins_once = cache(load_plugins)


def load_experiment(source: Path | str, overrides: Sequence[str] = ()) -> Experiment:
    """Read an experiment file.

    Parameters
    ----------
    source : Path or str
        The YAML file; files that it names are relative to its folder.
    overrides : sequence of str, optional
        Such as ``training.noise=0.5``; they take the place of what the file says.

    Returns
    -------
    Experiment

    Raises
    ------
    NotFoundError
        If there is no such file.
    ExperimentError
        With every mistake that was found in it.
    UsageError
        If an override is malformed.
    """
    path = Path(source)
    text = config_text(path, overrides)
    return read_experiment(text, label=str(source), name=path.stem, folder=path.parent, overrides=overrides)


def config_text(path: Path, overrides: Sequence[str] = ()) -> bytes:
    """Return what an experiment file holds; of one that is too large only so much that this is noticed.

    For a CSV file it is the experiment that is worked out for it.

    Raises
    ------
    NotFoundError
        If it cannot be read.
    UsageError
        If it is a table, and `overrides` do not say which of its columns is to be predicted.
    """
    if is_table(path) and path.is_file():
        return table_experiment(path, overrides)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise NotFoundError(f"{path} cannot be read: {said}") from None


def read_experiment(
    text: str | bytes, *, label: str, name: str, folder: Path, overrides: Sequence[str] = ()
) -> Experiment:
    """Read the text of an experiment file.

    Parameters
    ----------
    text : str or bytes
        YAML, in UTF-8.
    label : str
        What the file is called in messages.
    name : str
        Names the run where the text does not; what is not allowed in a name is left out.
    folder : Path
        What the files that it names are relative to.
    overrides : sequence of str, optional
        As for `load_experiment`.

    Raises
    ------
    ExperimentError
        With every mistake that was found.
    UsageError
        If an override is malformed.
    """
    return read_parsed(read_yaml(text, label), label=label, name=name, folder=folder, overrides=overrides)


def read_parsed(parsed: Parsed, *, label: str, name: str, folder: Path, overrides: Sequence[str] = ()) -> Experiment:
    """Read what `read_yaml` made of the text of an experiment file, as `read_experiment` does."""
    _load_plugins_once()
    root, mistakes = parsed
    is_of_run = Path(label).name == RUN_FILE and (folder / RUN_SUMMARY).is_file()
    written = _as_made(root.value) if is_of_run else root.value
    data, places = apply_overrides(written, overrides, shorthands())
    problems = Problems(Source(label, root, places, is_worked_out=is_table(label), is_of_run=is_of_run))
    for path, message, position in mistakes:
        problems.add(path, message, position=position)
    if data.get("sweep"):
        said = "this file means several runs: make them with batch, or one film of them with compare"
        problems.add(("sweep",), said, at_key=True)
    return resolve(data, problems, ResolveContext(name_from(name), folder))


def experiment_from_mapping(mapping: Mapping[str, Any], dataset: Dataset) -> Experiment:
    """Make a recording's experiment from its stored keys and data; no other file is read.

    Raises
    ------
    ExperimentError
        With every mistake that was found: a recording may be damaged.
    """
    _load_plugins_once()
    return _from_plain(_as_made(plain_mapping(mapping)), dataset, Source(is_of_run=True))


def _as_made(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's keys with what was meant before there was the key: a table in the units of its file."""
    task = data.get("task")
    if isinstance(task, Mapping) and task.get("kind") == "table" and "normalize" not in task:
        return {**data, "task": {**task, "normalize": "none"}}
    return dict(data)


def revise(experiment: Experiment, overrides: Sequence[str]) -> Experiment:
    """Return the experiment with another film: what was trained stays.

    Raises
    ------
    ExperimentError
        With every mistake that was found.
    UsageError
        If an override is malformed, or changes more than the film.
    """
    for override in overrides:
        section = override.partition("=")[0].partition(".")[0].strip()
        if "=" in override and section not in DRAWN:
            raise UsageError(f"{place_of(override)}: only {', '.join(DRAWN)} can change without training anew")
    data, places = apply_overrides(plain_mapping(as_mapping(experiment)), overrides, shorthands())
    return _from_plain(data, experiment.dataset, Source(overrides=places))


def _from_plain(data: Mapping[str, Any], dataset: Dataset, source: Source) -> Experiment:
    return resolve(data, Problems(source), ResolveContext("recording", None, dataset))
