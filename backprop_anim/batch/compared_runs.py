"""Which runs a comparison is of, and what sets each apart from the others; it trains none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from backprop_anim.batch.batch_plan import find_configs
from backprop_anim.batch.comparison_title import optimizer_names
from backprop_anim.common import ExperimentError, Problem, UsageError
from backprop_anim.config import Variant, load_variants, revise
from backprop_anim.experiment import Experiment
from backprop_anim.runs import RECORDING, open_run
from backprop_anim.training import Recording

__all__ = ["RecordedVariant", "load_compared_variants"]

Given = str | Experiment | Recording
"""What is compared: a word that means files, or what was read or trained already."""


@dataclass(frozen=True)
class RecordedVariant(Variant):
    """A run that others trained: it is compared as it was recorded.

    Attributes
    ----------
    recording : Recording
    """

    recording: Recording = field(kw_only=True)


def load_compared_variants(
    given: Sequence[Given], overrides: Sequence[str], sweeps: Sequence[str]
) -> tuple[list[Variant], str]:
    """Return every run that is meant, each with a label of its own, and a name for all of them together.

    Raises
    ------
    ExperimentError
        With every mistake in every file.
    NotFoundError
        If one of the words means no file.
    UsageError
        If a sweep is to vary what is no file.
    """
    groups, wrong = list[tuple[str, list[Variant]]](), list[Problem]()
    for one in _sources(given):
        try:
            groups.append(_variants(one, overrides, sweeps))
        except ExperimentError as error:
            wrong += error.problems
    if wrong:
        raise ExperimentError(*wrong)
    found = [group for _, group in groups]
    name = f"{groups[0][0]}-comparison"
    if len(groups) == 1:
        return found[0], name
    variants = [variant for group in found for variant in group]
    titles = [variant.experiment.title for variant in variants]
    methods = optimizer_names(group[0].experiment for group in found)
    each_has_its_own = len(set(methods)) == len(methods) and not any(one.experiment.training.by for one in variants)
    named = []
    for group, method in zip(found, methods, strict=True):
        for variant in group:
            experiment = variant.experiment
            alone = experiment.title if titles.count(experiment.title) == 1 else experiment.name
            named.append(replace(variant, heading=method if each_has_its_own else alone))
    return named, name


def _sources(given: Sequence[Given]) -> list[Path | Experiment | Recording]:
    """Return the files that words mean, and what is no word as it is, in their order."""
    found: list[Path | Experiment | Recording] = []
    for one in given:
        found += find_configs([one]) if isinstance(one, str) else [one]
    files = {file.resolve(): file for file in found if isinstance(file, Path)}
    return [one for one in found if not isinstance(one, Path) or files.pop(one.resolve(), None) is not None]


def _variants(
    source: Path | Experiment | Recording, overrides: Sequence[str], sweeps: Sequence[str]
) -> tuple[str, list[Variant]]:
    """Return what the runs of one source are called, and the runs."""
    if isinstance(source, Path):
        own = list(load_variants(source, overrides, sweeps))
        if sweeps and own[0].experiment.training.by:
            raise UsageError(f"{source}: others trained it, so its settings cannot be swept")
        name = source.stem if not own[0].experiment.training.by else own[0].experiment.name
        return name, [_recorded(each, source.parent) for each in own]
    if sweeps:
        name = (source.experiment if isinstance(source, Recording) else source).name
        said = f"{name} was read already: read it once for each value, and compare the list"
        raise UsageError(f"sweep varies files and examples; {said}")
    experiment = revise(source.experiment if isinstance(source, Recording) else source, overrides)
    variant = Variant(experiment, {}, tuple(overrides), experiment.subtitle)
    return experiment.name, [_with_recording(variant, source) if isinstance(source, Recording) else variant]


def _recorded(variant: Variant, folder: Path) -> Variant:
    """Return a run with its recording where others trained it: what is written of it lies beside its experiment."""
    if not variant.experiment.training.by:
        return variant
    return _with_recording(variant, open_run(folder / RECORDING))


def _with_recording(variant: Variant, recording: Recording) -> Variant:
    if not recording.experiment.training.by:
        return variant
    shown = replace(recording, experiment=revise(recording.experiment, variant.overrides))
    return RecordedVariant(**{each.name: getattr(variant, each.name) for each in fields(Variant)}, recording=shown)
