"""What every registered task keeps to: a new task is tested here by being registered."""

from __future__ import annotations

import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from backprop_anim.tasks import Dataset, Names, TaskError, files_of, renamed, tasks
from backprop_anim.tasks.curves import curves
from backprop_anim.tasks.points import shapes
from backprop_anim.tasks.series import series

FOX = Path(__file__).parents[2] / "configs" / "data" / "fox.png"

ARRAYS = Path(__file__).parents[1] / "data" / "samples.npz"

LEAST: dict[str, dict[str, Any]] = {
    "curve": {"curve": "heart"},
    "series": {"series": "bell"},
    "picture": {"file": str(FOX)},
    "arrays": {"file": str(ARRAYS)},
    "table": {"rows": [{"a": 0.25, "b": 1}, {"a": 0.5, "b": 2}], "inputs": "a", "targets": "b"},
}
"""The options without which a task is nothing; a task that is not here must build from its defaults."""

VARIANTS = [
    *(("curve", {"curve": name}) for name in curves),
    ("curve", {"x": "t", "y": "t^2", "range": [0, 2]}),
    *(("series", {"series": name, "noise": 0.1}) for name in series),
    ("series", {"y": "exp(-t)", "range": [0, 5]}),
    *(("points", {"shape": name}) for name in shapes),
    *(("points", {"shape": name, "classes": shapes[name].most_classes}) for name in shapes),
    *((name, LEAST.get(name, {})) for name in tasks),
]


def built(kind: str, options: dict[str, Any], seed: int = 1) -> Dataset:
    return validated(kind, options).build(np.random.default_rng(seed))


def validated(kind: str, options: dict[str, Any]) -> Any:
    """Make a task from what YAML gives, its options held to their annotations."""
    return TypeAdapter(tasks[kind]).validate_python(options)


def test_the_families_are_registered() -> None:
    assert {"curve", "series", "points", "table", "picture"} <= set(tasks)


@pytest.mark.parametrize(("kind", "options"), VARIANTS, ids=lambda value: str(value)[:60])
class TestEveryDataset:
    def test_is_finite_and_two_dimensional(self, kind: str, options: dict[str, Any]) -> None:
        dataset = built(kind, options)
        for values in (dataset.inputs, dataset.targets):
            assert values.ndim == 2
            assert values.dtype == np.float64
            assert np.isfinite(values).all()
        assert len(dataset.inputs) == len(dataset.targets) == dataset.n_samples > 1

    def test_has_a_name_for_every_column(self, kind: str, options: dict[str, Any]) -> None:
        dataset = built(kind, options)
        assert len(dataset.input_names) == dataset.n_inputs
        assert len(dataset.output_names) == dataset.targets.shape[1]
        assert all([*dataset.input_names, *dataset.output_names, *dataset.class_names])

    def test_kind_says_what_there_is(self, kind: str, options: dict[str, Any]) -> None:
        dataset = built(kind, options)
        assert (dataset.labels is not None) == (dataset.kind == "classes") == bool(dataset.class_names)
        if dataset.kind in ("curve", "series"):
            assert (dataset.n_inputs, dataset.targets.shape[1]) == (1, 2 if dataset.kind == "curve" else 1)
        if dataset.labels is not None:
            assert set(dataset.labels) == set(range(len(dataset.class_names)))
            for width in dataset.output_widths:
                assert dataset.for_outputs(width).shape == (dataset.n_samples, width)

    def test_truth_lies_beside_the_targets(self, kind: str, options: dict[str, Any]) -> None:
        dataset = built(kind, options)
        assert dataset.truth is None or dataset.truth.shape == dataset.targets.shape

    def test_same_seed_same_samples(self, kind: str, options: dict[str, Any]) -> None:
        first, second = built(kind, options), built(kind, options)
        np.testing.assert_array_equal(first.inputs, second.inputs)
        np.testing.assert_array_equal(first.targets, second.targets)

    def test_number_of_samples_is_known_beforehand(self, kind: str, options: dict[str, Any]) -> None:
        task = validated(kind, options)
        assert task.n_samples == (None if files_of(task) else built(kind, options).n_samples)

    def test_takes_other_names(self, kind: str, options: dict[str, Any]) -> None:
        own = built(kind, options)
        inputs = [f"in {number}" for number in range(own.n_inputs)]
        named = built(kind, {**options, "names": {"inputs": inputs}})
        assert named.input_names == tuple(inputs)
        assert named.output_names == own.output_names
        with pytest.raises(TaskError, match=r"names.inputs") as caught:
            built(kind, {**options, "names": {"inputs": [*inputs, "one more"]}})
        assert caught.value.option == "names"


@pytest.mark.parametrize("name", tasks)
class TestEveryTask:
    def test_is_a_frozen_dataclass_with_a_summary(self, name: str) -> None:
        task = validated(name, LEAST.get(name, {}))
        assert dataclasses.is_dataclass(task)
        with pytest.raises(dataclasses.FrozenInstanceError):
            task.names = Names()
        assert len(tasks.summary(name)) > 20

    def test_numbers_have_bounds(self, name: str) -> None:
        schema = TypeAdapter(tasks[name]).json_schema()
        for option, described in schema["properties"].items():
            for variant in [described, *described.get("anyOf", [])]:
                if variant.get("type") in ("integer", "number"):
                    bounds = {key.replace("exclusiveM", "m") for key in variant}
                    assert {"minimum", "maximum"} <= bounds, f"{option} has no bounds"

    def test_options_survive_strict_validation_of_their_own_values(self, name: str) -> None:
        task = validated(name, LEAST.get(name, {}))
        written = json.dumps(dataclasses.asdict(task))  # as YAML would give it: lists and mappings
        assert TypeAdapter(tasks[name]).validate_json(written, strict=True) == task

    def test_attributes_are_documented(self, name: str) -> None:
        for option in dataclasses.fields(tasks[name]):  # type: ignore[arg-type]
            assert option.name in (tasks[name].__doc__ or ""), f"{option.name} is not documented"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("curve", {"curve": "hart"}),
        ("curve", {"curve": "heart", "points": 1}),
        ("curve", {"curve": "heart", "points": 100_001}),
        ("curve", {"x": "t", "y": "t", "range": [0, 1e9]}),
        ("curve", {"x": "t", "y": "t", "range": [0, float("nan")]}),
        ("series", {"series": "sine", "noise": -1}),
        ("series", {"series": "sine", "noise": float("inf")}),
        ("points", {"classes": 11}),
        ("points", {"shape": "square"}),
        ("picture", {}),
        ("picture", {"file": "fox.png", "size": 1}),
        ("picture", {"file": "fox.png", "size": 257}),
        ("table", {"inputs": "x"}),
        ("table", {"inputs": "x", "targets": "y", "rows": [[1, [2]]]}),
    ],
)
def test_annotations_refuse_what_lies_outside(kind: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        validated(kind, options)


def test_unknown_words_are_refused_without_pydantic_too() -> None:
    for kind, option in (("curve", "curve"), ("series", "series"), ("points", "shape")):
        with pytest.raises(TaskError, match="known are") as caught:
            tasks[kind](**{option: "nonsense"}).build(np.random.default_rng(0))
        assert caught.value.option == option


def test_files_of_a_task_are_those_of_its_marked_options() -> None:
    table = tasks["table"](inputs="x", targets="y", file="data/a.csv")  # type: ignore[call-arg]
    assert files_of(table) == {"file": Path("data/a.csv")}
    assert files_of(tasks["table"](inputs="x", targets="y", rows=())) == {}  # type: ignore[call-arg]
    assert files_of(tasks["picture"](file="a.png")) == {"file": Path("a.png")}  # type: ignore[call-arg]
    assert files_of(tasks["curve"]()) == {}


def test_names_for_classes_that_are_not_there_are_refused() -> None:
    dataset = built("curve", {"curve": "heart"})
    with pytest.raises(TaskError, match=r"names.classes: the targets of this task are numbers"):
        renamed(dataset, Names(classes=("a", "b")))


def test_errors_travel_between_processes() -> None:
    with pytest.raises(TaskError) as caught:
        built("series", {"y": "sin(t"})
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.option, again.column) == (str(caught.value), "y", 4)


def test_the_room_needs_neither_pictures_nor_yaml_nor_pydantic() -> None:
    code = "import sys, backprop_anim.tasks; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" in loaded
    assert not {"matplotlib", "PIL", "pydantic", "ruamel", "typer", "fontTools", "xml"} & set(loaded)
