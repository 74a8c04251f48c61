"""Whatever the schema allows either runs, to the last frame, or is refused with a place; nothing in between."""

from __future__ import annotations

import math
import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers import ALL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from small_runs import TEXTS

from backprop_anim.common.errors import DivergedError, ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.config.dump import dump_mapping
from backprop_anim.config.schema import experiment_schema
from backprop_anim.config.yaml_reader import read_yaml
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

SCHEMA = experiment_schema()
BASES = [read_yaml(text, "base")[0].value for text in (*ALL.values(), *TEXTS.values())]
WORDS = ["", "x", "Title", "né à Łódź", "两个", "<b>&", "$x^2$", "a" * 60, "sin(t)", "t^2", "1/t", "log(t)"]
USUAL = 25
EXAMPLES = int(os.environ.get("EXAMPLES", USUAL))
"""Another number looks at other experiments each time."""

MOST = 6
"""Items of a list, unless the schema asks for more: what is large is refused elsewhere, by its estimate."""


def fitting(schema: Any) -> SearchStrategy[Any]:
    """Return what makes values that a part of the schema allows, small ones more often than large ones."""
    if schema is True:
        return st.none() | st.integers(-2, 9)
    if "$ref" in schema:
        return _referred(schema["$ref"].rpartition("/")[2])
    for key in ("anyOf", "oneOf"):
        if key in schema and "type" not in schema:
            return st.one_of([fitting(each) for each in schema[key]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return KINDS[schema["type"]](schema)


@cache
def _referred(name: str) -> SearchStrategy[Any]:
    """Return what makes values of a definition; a part may have a part of its own kind inside."""
    return st.deferred(lambda: fitting(SCHEMA["$defs"][name]))


def _number(schema: Any) -> SearchStrategy[Any]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -100.0))
    high = schema.get("maximum", schema.get("exclusiveMaximum", math.inf))
    usual = st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0]).filter(lambda value: low < value < high)
    wide = st.floats(
        low,
        min(high, 1e6),
        exclude_min="exclusiveMinimum" in schema,
        exclude_max="exclusiveMaximum" in schema and high <= 1e6,
    )
    return wide if low >= 3 or high <= 0 else usual | wide


def _integer(schema: Any) -> SearchStrategy[Any]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -3) + 1)
    return st.integers(low, min(schema.get("maximum", low + 12), low + 12))


def _array(schema: Any) -> SearchStrategy[Any]:
    if "prefixItems" in schema:
        return st.tuples(*map(fitting, schema["prefixItems"])).map(list)
    least = schema.get("minItems", 0)
    most = max(least, min(schema.get("maxItems", MOST), MOST))
    return st.lists(fitting(schema.get("items", True)), min_size=least, max_size=most)


def _object(schema: Any) -> SearchStrategy[Any]:
    known = schema.get("properties", {})
    parts = {key: fitting(each) for key, each in known.items() if key not in ("file", "learning_rate")}
    needed = {key: part for key, part in parts.items() if key in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional={key: part for key, part in parts.items() if key not in needed})


KINDS = {
    "number": _number,
    "integer": _integer,
    "array": _array,
    "object": _object,
    "string": lambda schema: st.sampled_from(WORDS),
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
}

PLACES: dict[tuple[str, ...], Any] = {
    ("task",): SCHEMA["properties"]["task"],
    ("snapshots",): SCHEMA["properties"]["snapshots"],
    ("title",): SCHEMA["properties"]["title"],
    ("seed",): SCHEMA["properties"]["seed"],
} | {
    (section, key): each
    for section, name in (("network", "NetworkKeys"), ("training", "TrainingKeys"), ("video", "VideoKeys"))
    for key, each in SCHEMA["$defs"][name]["properties"].items()
    if key not in ("size", "learning_rate")
}
changes = st.lists(
    st.sampled_from(sorted(PLACES)).flatmap(lambda path: st.tuples(st.just(path), fitting(PLACES[path]))), max_size=4
)


def changed(base: dict[str, Any], made: list[tuple[tuple[str, ...], Any]], size: str) -> dict[str, Any]:
    """A base with other values, as short and as small as it can be."""
    found: dict[str, Any] = {key: dict(value) if isinstance(value, dict) else value for key, value in base.items()}
    for path, value in made:
        if len(path) == 1:
            found[path[0]] = value
        else:
            found.setdefault(path[0], {})[path[1]] = value
    network = found["network"]
    if any(path[-1] == "hidden" for path, _ in made):
        network.pop("layers", None)
    if any(path[-1] == "layers" for path, _ in made):
        network.pop("hidden", None)
    found["training"]["steps"] = min(found["training"]["steps"], 25)
    found.setdefault("video", {})["size"] = size
    return found


def run(experiment: Experiment) -> None:
    """Train, and draw the first, a middle and the last frame."""
    recording = train(experiment)
    moments = timeline(experiment.video, recording)
    canvas = Canvas(recording, moments)
    for index in {0, len(moments) // 2, len(moments) - 1}:
        assert canvas.draw(moments[index]).any()


def attempt(mapping: dict[str, Any]) -> str:
    """Run an experiment; return how it ended."""
    text = dump_mapping(mapping)
    try:
        experiment = read_experiment(text, label="any.yaml", name="any", folder=Path("nowhere"))
    except ExperimentError as error:
        without = [problem for problem in error.problems if not problem.place.startswith("any.yaml:")]
        return f"refused without a place: {without} in {text}" if without or not error.problems else "refused"
    try:
        run(experiment)
    except DivergedError:
        return "diverged"
    return "ran"


@settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == USUAL,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.sampled_from(BASES), changes, st.sampled_from(["160x90", "90x160", "128x128"]))
def test_what_the_schema_allows_runs_or_is_refused(
    base: dict[str, Any], made: list[tuple[tuple[str, ...], Any]], size: str
) -> None:
    assert attempt(changed(base, made, size)) in ("ran", "refused", "diverged")


def test_most_of_it_runs() -> None:
    """So that the test above is about more than refusals."""
    assert [attempt(changed(base, [], "160x90")) for base in BASES] == ["ran"] * len(BASES)


def test_a_fault_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def warns(experiment: Experiment) -> None:
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)

    monkeypatch.setitem(globals(), "train", warns)
    with pytest.raises(RuntimeWarning):
        attempt(changed(BASES[0], [], "160x90"))
