"""The schema that editors use says what the checker says."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from config_helpers import MOONS, NETWORK, SERIES, SMALL, TASK, TRAINING, XOR, problems_of, read

from backprop_anim.config import experiment_schema
from backprop_anim.config.yaml_reader import read_yaml
from backprop_anim.engine.activations import activations
from backprop_anim.engine.initializers import initializers
from backprop_anim.engine.losses import losses
from backprop_anim.engine.optimizers import optimizers
from backprop_anim.experiment.themes import themes
from backprop_anim.tasks import tasks

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "experiment.schema.json"
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
GOOD = {
    "small": SMALL,
    "xor": XOR,
    "moons": MOONS,
    "series": SERIES,
    "options": SMALL
    + "snapshots: {count: 9, schedule: {kind: power, exponent: 3}}\n"
    + "video: {theme: {kind: dark, ink: '#ffffff'}, format_options: {gif: {fps: 10}}, seconds: null, panels: auto}\n",
    "list": TASK + "network: {hidden: 3, activation: [{kind: leaky_relu, slope: 0.2}, sigmoid]}\n" + TRAINING,
    "every": SMALL + "snapshots: {every: 5}\n",
    "adam": TASK + NETWORK + "training: {steps: 5, optimizer: {kind: adam, beta1: 0.5}, learning_rate: 3, batch: 5}\n",
}
BAD = {
    "unknown key": SMALL + "titel: x\n",
    "unknown nested": TASK + NETWORK + "training: {steps: 5, nois: 1}\n",
    "missing": TASK + NETWORK,
    "missing steps": TASK + NETWORK + "training: {noise: 1}\n",
    "no layers": TASK + "network: {bias: true}\n" + TRAINING,
    "both layers": TASK + "network: {layers: [1, 2], hidden: [3]}\n" + TRAINING,
    "type": TASK + NETWORK + "training: {steps: '5'}\n",
    "range": TASK + NETWORK + "training: {steps: 5, noise: -1}\n",
    "null": SMALL + "title:\n",
    "kind": TASK + NETWORK + "training: {steps: 5, optimizer: adm}\n",
    "option": TASK + NETWORK + "training: {steps: 5, optimizer: {kind: adam, beta: 1}}\n",
    "no kind": "task: {points: 3}\n" + NETWORK + TRAINING,
    "needs options": "task: table\n" + NETWORK + TRAINING,
    "two rates": TASK + NETWORK + "training: {steps: 5, aggression: 1, learning_rate: 1}\n",
    "size": SMALL + "video: {size: big}\n",
    "format": SMALL + "video: {formats: [avi]}\n",
    "formats": SMALL + "video: {formats: []}\n",
    "panel": SMALL + "video: {panels: [[nix]]}\n",
    "panel option": SMALL + "video: {panel_options: {nix: {}}}\n",
    "schedule": SMALL + "snapshots: {schedule: lgo}\n",
}


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = experiment_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_schema_is_fresh() -> None:
    fresh = json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == fresh, (
        'write it anew: python -c "import json; from backprop_anim.config import experiment_schema as s; '
        'print(json.dumps(s(), indent=2, ensure_ascii=False))" > docs/experiment.schema.json'
    )


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_the_checker_takes_the_schema_takes(text: str, validator: Any) -> None:
    read(text)
    validator.validate(as_json(read_yaml(text, "e")[0].value))


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_the_schema_refuses_the_checker_refuses(text: str, validator: Any) -> None:
    problems_of(text)
    assert not validator.is_valid(as_json(read_yaml(text, "e")[0].value))


def test_every_example_is_valid(validator: Any) -> None:
    assert CONFIGS
    for path in CONFIGS:
        validator.validate(as_json(read_yaml(path.read_bytes(), path.name)[0].value))


@pytest.mark.parametrize(
    ("name", "registry"),
    [
        *(("activation", activations), ("initializer", initializers), ("loss", losses), ("optimizer", optimizers)),
        *(("task", tasks), ("theme", themes)),
    ],
)
def test_every_plug_in_is_in_the_schema(name: str, registry: Any) -> None:
    alternatives = experiment_schema()["$defs"][name]["anyOf"]
    kinds = {each["properties"]["kind"]["const"] for each in alternatives if "properties" in each}
    assert kinds == set(registry)
    assert all(each["description"] for each in alternatives)


def test_every_key_says_what_it_is_for() -> None:
    schema = experiment_schema()
    sections = [schema, *(schema["$defs"][name] for name in ("NetworkKeys", "TrainingKeys", "VideoKeys"))]
    assert all(option.get("description") for section in sections for option in section["properties"].values())
    curve = next(each for each in schema["$defs"]["task"]["anyOf"] if each.get("title") == "curve")
    assert "number of samples" in curve["properties"]["points"]["description"]
    assert curve["properties"]["points"]["default"] == 100


def test_the_page_of_options_is_fresh() -> None:
    """Made anew by ``python docs/make_options.py``."""
    spec = spec_from_file_location("make_options", ROOT / "docs" / "make_options.py")
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    assert (ROOT / "docs" / "options.md").read_text(encoding="utf-8") == made.page()
