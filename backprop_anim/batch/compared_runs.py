"""Which runs a comparison is of, and what sets each apart from the others; it trains none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backprop_anim.batch.batch_plan import find_configs
from backprop_anim.batch.comparison_title import optimizer_names
from backprop_anim.common import ExperimentError, Problem
from backprop_anim.config import Variant, load_variants

__all__ = ["load_compared_variants"]


def load_compared_variants(
    words: Sequence[str], overrides: Sequence[str], sweeps: Sequence[str]
) -> tuple[list[Variant], str]:
    """Return every run that the files mean, each with a label of its own, and a name for all of them together.

    Raises
    ------
    ExperimentError
        With every mistake in every file.
    NotFoundError
        If one of the words means no file.
    """
    files, found, wrong = find_configs(words), list[list[Variant]](), list[Problem]()
    for file in files:
        try:
            found.append(list(load_variants(file, overrides, sweeps)))
        except ExperimentError as error:
            wrong += error.problems
    if wrong:
        raise ExperimentError(*wrong)
    name = f"{files[0].stem}-comparison"
    if len(files) == 1:
        return found[0], name
    variants = [variant for group in found for variant in group]
    titles = [variant.experiment.title for variant in variants]
    methods = optimizer_names(group[0].experiment for group in found)
    each_has_its_own = len(set(methods)) == len(methods)
    named = []
    for group, method in zip(found, methods, strict=True):
        for variant in group:
            experiment = variant.experiment
            alone = experiment.title if titles.count(experiment.title) == 1 else experiment.name
            named.append(replace(variant, heading=method if each_has_its_own else alone))
    return named, name
