"""Experiments back out as files and mappings, and in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from config_helpers import MOONS, SERIES, SMALL, TASK, XOR, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_anim.common.errors import ExperimentError, UsageError
from backprop_anim.config import dump_experiment, experiment_from_mapping, read_experiment, revise
from backprop_anim.config.dump import dump_mapping
from backprop_anim.config.run_names import is_one_line
from backprop_anim.config.yaml_reader import read_yaml
from backprop_anim.experiment.experiment import as_mapping

RICH = (
    TASK.replace("points: 20", "points: 20, names: {inputs: [how far], outputs: ['no', '1e3']}")
    + "network: {hidden: [3], activation: [{kind: elu, alpha: 1e-5}, sigmoid], init: {kind: normal, bias: same}}\n"
    + "training: {steps: 60, optimizer: {kind: adam, beta1: 0.5}, schedule: {kind: cosine, final: 0.1}, batch: 3}\n"
    + "snapshots: {steps: [1, 5, 9]}\n"
    + "title: 'yes: \"quoted\" # and more'\nsubtitle: A → B\n"
    + "video: {seconds: 3.5, theme: {kind: dark, ramp: ['#000000', '#ffffff']}, format_options: {gif: {fps: 10}}}\n"
)
MANY_ROWS = XOR.replace("[0, 0, 1, 0]", ", ".join(f"[{row}.5, 0.25, 1, 0]" for row in range(100)))
TEXTS = {"small": SMALL, "xor": XOR, "moons": MOONS, "series": SERIES, "rich": RICH, "rows": MANY_ROWS}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_dumped_experiment_reads_back_the_same(text: str) -> None:
    experiment = read(text)
    again = read_experiment(dump_experiment(experiment), label="again", name="other", folder=Path())
    assert as_mapping(again) == as_mapping(experiment)
    assert dump_experiment(again) == dump_experiment(experiment)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_stored_mapping_gives_the_same_experiment(text: str) -> None:
    experiment = read(text)
    again = experiment_from_mapping(json.loads(json.dumps(as_mapping(experiment))), experiment.dataset)
    assert as_mapping(again) == as_mapping(experiment)
    assert again.dataset is experiment.dataset


def test_a_dump_is_easy_to_read() -> None:
    text = dump_experiment(read(RICH), header="made by a test\n\nwith two lines")
    assert text.startswith('# made by a test\n#\n# with two lines\nname: e\ntitle: "yes: ')
    assert "  layers: [1, 3, 2]\n" in text
    assert "  init: {kind: normal, scale: 0.5, bias: same}\n" in text
    assert "  size: 1280x720\n" in text
    assert 'outputs: ["no", "1e3"]' in text  # other readers take a bare no for false
    assert "null" not in text
    assert "panel_options" not in text
    long = dump_experiment(read(MANY_ROWS))
    assert max(map(len, long.splitlines())) <= 120


def test_stored_weights_are_not_read(tmp_path: Path) -> None:
    mapping = as_mapping(read(SMALL))
    mapping["network"]["init"] = {"kind": "file", "file": "/nowhere/weights.npz"}
    mapping["task"] |= {"kind": "table", "file": "/nowhere/data.csv", "inputs": ["t"], "targets": ["x", "y"]}
    for key in set(mapping["task"]) - {"kind", "file", "inputs", "targets", "names"}:
        del mapping["task"][key]
    experiment = experiment_from_mapping(mapping, read(SMALL).dataset)
    assert experiment.init.file == "/nowhere/weights.npz"  # type: ignore[attr-defined]
    assert experiment.task.file == "/nowhere/data.csv"  # type: ignore[attr-defined]


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("seed", "1", "whole number"),
        ("seed", object(), "holds a object"),
        ("name", "../../etc/passwd", "a name of letters"),
        ("title", "\ud800", "half a character"),
        ("network", {"layers": [1, 3, 3]}, "needs 2 outputs"),
        ("network", {"layers": [5, 3, 2]}, "the task has 1 input"),
        ("network", {"layers": [1, 4096, 4096, 2]}, "parameters; at most"),
        ("training", {"steps": 10**9, "aggression": 1.0}, "the recording would take"),
        ("training", {"steps": 5, "batch": 5000}, "20 samples"),
        ("training", {"steps": 5, "aggression": float("nan")}, "finite"),
        ("snapshots", {"every": 0}, "from 1 to"),
        ("video", {"panels": nested(5000)}, "nested too deeply"),
        ("video", {"panels": [["fit"] * 300_000]}, "too large"),
    ],
)
def test_a_damaged_recording_is_refused(key: str, value: object, words: str) -> None:
    experiment = read(SMALL)
    with pytest.raises(ExperimentError, match=words):
        experiment_from_mapping(as_mapping(experiment) | {key: value}, experiment.dataset)


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(ExperimentError, match="not a mapping"):
        experiment_from_mapping([1], read(SMALL).dataset)  # type: ignore[arg-type]


class TestRevise:
    def test_another_film_of_the_same_training(self) -> None:
        before = read(MOONS)
        after = revise(before, ["video.theme=dark", "video.size=640x360", "title=Hello", "video.formats=[png, gif]"])
        assert (after.video.theme, after.video.width_px, after.title) == ("dark", 640, "Hello")
        assert after.video.formats == ("png", "gif")
        assert (after.training, after.network, after.init) == (before.training, before.network, before.init)
        assert after.dataset is before.dataset
        assert revise(before, []).video == before.video

    @pytest.mark.parametrize("override", ["training.steps=3", "seed=2", "snapshots.count=5", "name=x", "nonsense=1"])
    def test_nothing_that_would_need_training(self, override: str) -> None:
        with pytest.raises(UsageError, match="without training anew"):
            revise(read(MOONS), [override])

    def test_mistakes_have_the_place_where_they_were_typed(self) -> None:
        with pytest.raises(ExperimentError) as caught:
            revise(read(MOONS), ["video.fps=0"])
        assert str(caught.value) == "--set video.fps=0: video.fps: must be a whole number from 1 to 120, not 0"
        with pytest.raises(UsageError, match=r"key\.path=value"):
            revise(read(MOONS), ["video.fps"])


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts.filter(bool), inner, max_size=5),
    max_leaves=20,
)


def as_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items() if key != "<<"}
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(texts.filter(lambda key: key not in ("", "<<")), values, min_size=1, max_size=5))
def test_any_mapping_is_written_so_that_it_reads_back(mapping: dict[str, Any]) -> None:
    root, mistakes = read_yaml(dump_mapping(mapping), "dump")
    found = root.value
    assert not [mistake for mistake in mistakes if "merge" not in mistake[1]]
    assert found == as_tuples(mapping)
    assert repr(found) == repr(as_tuples(mapping))


@settings(max_examples=40, deadline=None)
@given(title=texts.filter(is_one_line), aggression=st.floats(1e-300, 1e6))
def test_any_title_and_number_survive(title: str, aggression: float) -> None:
    base = read(SMALL)
    changes = {"title": title, "training": {"steps": 5, "aggression": aggression}}
    experiment = experiment_from_mapping(as_mapping(base) | changes, base.dataset)
    again = read_experiment(dump_experiment(experiment), label="again", name="e", folder=Path())
    assert (again.title, again.training.aggression) == (title, aggression)
