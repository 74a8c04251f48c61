"""From a task to its data set: its samples, less those that are held out, with their features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from backprop_anim.tasks.dataset import Dataset, Task
from backprop_anim.tasks.features import FeatureList, features_of, with_features
from backprop_anim.tasks.held_out import Holdout, without_rows

__all__ = ["build_dataset"]


def build_dataset(task: Task, rng: np.random.Generator, test_rng: np.random.Generator) -> Dataset:
    """Make the samples of a task, hold out those that it wants to be tested on, and find their features.

    A task whose file decides what features may name does all of it itself, in a method ``build_apart``; another one
    says in ``variables`` what they call its inputs, and from where to where each goes, if that is known.

    Parameters
    ----------
    task : Task
    rng, test_rng : Generator
        For the samples, and for the choice of those that are held out.

    Raises
    ------
    TaskError
        If its options do not give a data set.
    """
    options: Any = task
    share: float | None = getattr(task, "test", None)
    holdout = None if share is None else Holdout(share, test_rng)
    if hasattr(options, "build_apart"):  # what it works out from samples must not see those that are held out
        found: Dataset = options.build_apart(rng, holdout)
        return found
    dataset = task.build(rng)
    if holdout is not None:
        dataset = without_rows(dataset, holdout.rows(dataset.n_samples, dataset.labels, dataset.class_names))
    features: FeatureList = getattr(task, "features", ())
    return _with_features(dataset, features, options.variables) if features else dataset


def _with_features(
    dataset: Dataset, given: FeatureList, variables: Mapping[str, tuple[float, float] | None]
) -> Dataset:
    if dataset.shown_range is not None:
        dataset = _in_shown_range(dataset, *dataset.shown_range)
    ranges = zip(dataset.inputs.min(axis=0).tolist(), dataset.inputs.max(axis=0).tolist(), strict=True)
    spans = [known or seen for known, seen in zip(variables.values(), ranges, strict=True)]
    names = dataset.input_names or tuple(variables)
    return with_features(dataset, features_of(given, tuple(variables), names, spans))


def _in_shown_range(dataset: Dataset, low: float, high: float) -> Dataset:
    """Return a data set whose input is what formulas and axes call it, no longer a fraction of its range."""
    held_out = None if dataset.held_out is None else _in_shown_range(dataset.held_out, low, high)
    inputs = low + (high - low) * dataset.inputs
    return replace(dataset, inputs=inputs, shown_range=None, held_out=held_out)
