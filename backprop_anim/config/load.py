"""The ways to an Experiment: a file, its text, a recording's mapping, or another experiment with a new film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from backprop_anim.common import NotFoundError, UsageError, load_plugins
from backprop_anim.config.file_keys import shorthands
from backprop_anim.config.overrides import apply_overrides
from backprop_anim.config.problems import Problems, Source
from backprop_anim.config.resolve import ResolveContext, resolve
from backprop_anim.config.run_names import name_from
from backprop_anim.config.stored_mapping import plain_mapping
from backprop_anim.config.yaml_reader import MAX_BYTES, Parsed, read_yaml
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.tasks import Dataset

__all__ = ["experiment_from_mapping", "load_experiment", "read_bytes", "read_experiment", "read_parsed", "revise"]

DRAWN = ("video", "page", "title", "subtitle")
"""The keys that matter only when the film is drawn."""

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
    return read_experiment(read_bytes(path), label=str(source), name=path.stem, folder=path.parent, overrides=overrides)


def read_bytes(path: Path) -> bytes:
    """Return what an experiment file holds; of one that is too large only so much that this is noticed.

    Raises
    ------
    NotFoundError
        If it cannot be read.
    """
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
    data, typed = apply_overrides(root.value, overrides, shorthands())
    problems = Problems(Source(label, root, typed))
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
    return _from_plain(plain_mapping(mapping), dataset, Source())


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
            raise UsageError(f"--set {override}: only {', '.join(DRAWN)} can change without training anew")
    data, typed = apply_overrides(plain_mapping(as_mapping(experiment)), overrides, shorthands())
    return _from_plain(data, experiment.dataset, Source(overrides=typed))


def _from_plain(data: Mapping[str, Any], dataset: Dataset, source: Source) -> Experiment:
    return resolve(data, Problems(source), ResolveContext("recording", None, dataset))
