"""One file for many runs: every combination of the values that a sweep gives to settings; it runs none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path as FilePath
from typing import Any

from backprop_anim.common import ExperimentError, Problem, UsageError
from backprop_anim.config.dump import flow_text
from backprop_anim.config.load import config_text, read_parsed
from backprop_anim.config.overrides import apply_overrides, place_of, rivals, typed_value
from backprop_anim.config.yaml_nodes import YamlNode
from backprop_anim.config.yaml_reader import Parsed, read_yaml
from backprop_anim.experiment import Experiment, as_mapping

__all__ = ["Variant", "load_variants", "read_variants"]

MOST = 100
"""More runs than this are hardly meant."""

RANGE = re.compile(r"(-?\d{1,15})\.\.(-?\d{1,15})")
REFUSED = {"name": "each run is named after its settings", "sweep": "a sweep holds no sweep"}

Values = Sequence[Any]


@dataclass(frozen=True)
class Variant:
    """One run of a sweep, or the only one of a file without.

    Attributes
    ----------
    experiment : Experiment
    settings : mapping
        What the sweep chose where it had a choice, by the short name of the setting.
    overrides : tuple of str
        With these the file alone gives the same experiment.
    subtitle : str
        That of the file: the experiment's own says what sets it apart.
    heading : str
        What tells it from the runs of other files.
    """

    experiment: Experiment
    settings: Mapping[str, Any]
    overrides: tuple[str, ...]
    subtitle: str = ""
    heading: str = ""

    @property
    def label(self) -> str:
        """What sets this run apart, in words: ``aggression 3 · noise 1``."""
        return " · ".join(f"{key} {value}" if key else value for key, value in self.choices)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The same piece by piece: each setting with its value as text; the heading stands first, without a setting."""
        chosen = tuple((key, _shown(value)) for key, value in self.settings.items())
        return (("", self.heading), *chosen) if self.heading else chosen


def load_variants(file: FilePath, overrides: Sequence[str] = (), sweeps: Sequence[str] = ()) -> tuple[Variant, ...]:
    """Read a file as `read_variants` does.

    Raises
    ------
    NotFoundError
        If it cannot be read.
    """
    text = config_text(file, overrides)
    return read_variants(text, label=str(file), name=file.stem, folder=file.parent, overrides=overrides, sweeps=sweeps)


def read_variants(
    text: str | bytes,
    *,
    label: str,
    name: str,
    folder: FilePath,
    overrides: Sequence[str] = (),
    sweeps: Sequence[str] = (),
) -> tuple[Variant, ...]:
    """Read a file and return every run that it means.

    Parameters
    ----------
    text, label, name, folder, overrides
        As for `read_experiment`.
    sweeps : sequence of str
        Such as ``training.aggression=1,3,7``; they take the place of what the file says of the same setting.

    Raises
    ------
    ExperimentError
        With every mistake that was found, in any of the combinations.
    UsageError
        If a sweep is malformed.
    """
    parsed = root, _ = read_yaml(text, label)
    data, _ = apply_overrides(root.value, overrides)
    axes, places = _axes(data.get("sweep"), root, label), dict[str, str]()
    for typed in sweeps:
        key, values = _typed(typed)
        if key in places:
            raise UsageError(f"{_place(typed)}: {key} is swept twice; give all of its values at once")
        if rival := _rival(key, places):
            raise UsageError(f"{_place(typed)}: {_said_twice(rival, key)}")
        axes = {other: given for other, given in axes.items() if not _rival(other, [key])}
        axes[key], places[key] = values, _place(typed)
    if not axes:
        found = read_parsed(parsed, label=label, name=name, folder=folder, overrides=overrides)
        return (Variant(found, {}, tuple(overrides), found.subtitle),)
    _check_variant_count(axes, label)
    problems: dict[str, Problem] = {}
    variants: list[Variant] = []
    short = _short_names(axes)
    for values in product(*axes.values()):
        chosen = dict(zip(axes, values, strict=True))
        typed_settings = [f"{key}={flow_text(value)}" for key, value in chosen.items()]
        own = (*overrides, "sweep={}", *typed_settings)
        try:
            found = read_parsed(parsed, label=label, name=name, folder=folder, overrides=own)
        except ExperimentError as error:
            problems |= {str(problem): problem for problem in _placed(error, chosen, places, root, label)}
            continue
        kept = {key: _kept(key, value, found) for key, value in chosen.items()}
        apart = {short[key]: value for key, value in kept.items() if len(axes[key]) > 1 or len(axes) == 1}
        variant = Variant(found, apart, own)
        variants.append(_named(variant, parsed, label, name, folder))
    if problems:
        raise ExperimentError(*problems.values())
    return tuple(variants)


def _axes(given: Any, root: YamlNode, label: str) -> dict[str, Values]:
    """Return the values of each setting that the file's ``sweep`` names."""
    if given is None or given == {}:
        return {}
    if not isinstance(given, Mapping):
        raise ExperimentError(_problem((), "must be a mapping such as {training.aggression: [1, 3, 7]}", root, label))
    problems = []
    for key, values in given.items():
        if not isinstance(values, tuple) or not values:
            problems.append(_problem((key,), f"must be a list of values, not {_shown(values)}", root, label))
        elif said := _complaint(str(key), values):
            problems.append(_problem((key,), said, root, label))
        elif rival := _rival(key, list(given)[: list(given).index(key)]):
            problems.append(_problem((key,), _said_twice(rival, key), root, label))
    if problems:
        raise ExperimentError(*problems)
    return {str(key): _ranges(values) for key, values in given.items()}


def _typed(typed: str) -> tuple[str, Values]:
    """Read ``key.path=1,3,7``."""
    key, equals, text = (part.strip() for part in typed.partition("="))
    if not equals or not key or not text:
        raise UsageError(f"--sweep needs key.path=value,value, such as training.noise=0,0.5,1, not {typed!r}")
    values: Values = typed_value(f"[{text}]", _place(typed))
    if len(values) == 1 and isinstance(values[0], tuple):  # the brackets were typed
        values = values[0]
    values = _ranges(values)
    if not values:
        raise UsageError(f"{_place(typed)}: there must be at least one value")
    if said := _complaint(key, values):
        raise UsageError(f"{_place(typed)}: {said}")
    return key, values


def _place(typed: str) -> str:
    return place_of(typed, whole=False, option="--sweep")


def _ranges(values: Values) -> Values:
    """Return the values with all whole numbers from 1 to 8 for a text such as 1..8."""
    found: list[Any] = []
    for value in values:
        ends = RANGE.fullmatch(value) if isinstance(value, str) else None
        first, last = map(int, ends.groups()) if ends else (1, 0)
        found += range(first, min(last, first + MOST) + 1) if first <= last else [value]
    return tuple(found)


def _rival(key: str, others: Iterable[str]) -> str:
    """Return which of the others is another word for the same setting, if one is."""
    same = rivals(key.split("."))
    return next((other for other in others if tuple(other.split(".")[:2]) in same), "")


def _said_twice(first: str, second: str) -> str:
    one, other = (key.rpartition(".")[2] for key in (first, second))
    return f"{one} and {other} say the same; sweep one of them"


def _complaint(key: str, values: Values) -> str:
    if key in REFUSED:
        return f"{key} cannot be swept: {REFUSED[key]}"
    texts = [flow_text(int(each) if isinstance(each, float) and each.is_integer() else each) for each in values]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    return "" if twice is None else f"{twice} stands there twice"


def _check_variant_count(axes: Mapping[str, Values], label: str) -> None:
    n_runs = prod(map(len, axes.values()))
    if n_runs > MOST:
        sizes = " × ".join(str(len(values)) for values in axes.values())
        raise ExperimentError(Problem(("sweep",), f"{sizes} are {n_runs:,} runs; at most {MOST} are allowed", label))


def _short_names(axes: Mapping[str, Values]) -> dict[str, str]:
    """Return for each key its last part, or all of it where two end alike."""
    lasts = [key.rpartition(".")[2] for key in axes]
    return {key: last if lasts.count(last) == 1 else key for key, last in zip(axes, lasts, strict=True)}


def _kept(key: str, value: Any, experiment: Experiment) -> Any:
    """Return a value as the experiment holds it, where that is the whole number that was written as 1e3."""
    found: Any = as_mapping(experiment)
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, int) and found == value else value


def _named(variant: Variant, parsed: Parsed, label: str, name: str, folder: FilePath) -> Variant:
    """Return the variant under a name and a subtitle that say what sets it apart."""
    ending = "--".join(f"{key}-{_shown(value)}" for key, value in variant.settings.items())
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{variant.experiment.name}--{ending}")[:100].strip("-.")
    own = (*variant.overrides, f"name={flow_text(safe)}", f"subtitle={flow_text(variant.label)}")
    found = read_parsed(parsed, label=label, name=name, folder=folder, overrides=own)
    return Variant(found, variant.settings, own, variant.experiment.subtitle)


def _placed(
    error: ExperimentError, chosen: Mapping[str, Any], places: Mapping[str, str], root: YamlNode, label: str
) -> Iterator[Problem]:
    """Yield what is wrong, with the place in the sweep where it was chosen there."""
    by_typed = {f"--set {key}={flow_text(value)}": key for key, value in chosen.items()}
    for problem in error.problems:
        key = by_typed.get(problem.place)
        place = problem.place if key is None else places.get(key) or _at(("sweep", key), root, label)
        yield Problem(problem.path, problem.message, place)


def _problem(below: tuple[str, ...], message: str, root: YamlNode, label: str) -> Problem:
    path = ("sweep", *below)
    return Problem(path, message, _at(path, root, label))


def _at(path: tuple[str, ...], root: YamlNode, label: str) -> str:
    line, column = root.find(path)
    return f"{label}:{line}:{column}"


def _shown(value: Any) -> str:
    return flow_text(value).strip('"')
