"""Weights that are written into an experiment: they are the first state, and what does not fit is named."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from backprop_anim.common import ExperimentError
from backprop_anim.config import dump_experiment, experiment_schema, read_experiment
from backprop_anim.training import train

GIVEN = "W1: [[0.1, 2], [0.3, -0.4]], b1: [0, 1], W2: [[1, 2]], b2: [0.5]"
TEXT = """\
task: {kind: points, shape: fruit}
network: {layers: [2, 2, 1], activation: sigmoid, init: {kind: given, %s}}
training: {steps: 5}
"""


def read(given: str) -> object:
    return read_experiment(TEXT % given, label="e.yaml", name="e", folder=Path())


def test_they_are_the_first_state_and_written_out_as_they_were() -> None:
    experiment = read_experiment(TEXT % GIVEN, label="e", name="e", folder=Path())
    first = train(experiment).parameters[0]
    np.testing.assert_array_equal(first, [0.1, 2, 0, 0.3, -0.4, 1, 1, 2, 0.5])
    written = dump_experiment(experiment)
    again = read_experiment(written, label="again", name="e", folder=Path())
    np.testing.assert_array_equal(train(again).parameters[0], first)
    assert "kind: given" in written
    assert "arrays" not in written


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("b1: [0, 1]", "b1: [0]", "network.init.b1: has 1 number; the network needs 2 numbers"),
        ("W2: [[1, 2]]", "W2: [[1, 2], [3, 4]]", "network.init.W2: has 2 rows of 2; the network needs 1 row of 2"),
        ("W2: [[1, 2]]", "W2: [1, 2]", "network.init.W2: has 2 numbers; the network needs 1 row of 2"),
        ("[0.3, -0.4]", "[0.3]", "network.init.W1: has rows of different lengths"),
        (", b2: [0.5]", "", "b2 is missing; needed are W1, b1, W2, b2"),
        ("b2: [0.5]", "b2: [0.5], W3: [[1]]", "network.init.W3: belongs to no layer; needed are W1, b1, W2, b2"),
        ("b2: [0.5]", "b2: [half]", "network.init.b2[0]: must be"),
        ("b2: [0.5]", "b2: [.inf]", "network.init.b2[0]: must be"),
        (GIVEN, "", "W1 is missing"),
    ],
)
def test_what_does_not_fit_is_named(old: str, new: str, said: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        read(GIVEN.replace(old, new))
    assert said in str(refused.value)
    assert "arrays" not in str(refused.value)


def test_the_schema_takes_them() -> None:
    schema = experiment_schema()
    arrays = {"W1": [[0.1, 2], [0.3, -0.4]], "b1": [0, 1], "W2": [[1, 2]], "b2": [0.5]}
    whole = {
        "task": {"kind": "points"},
        "network": {"layers": [2, 2, 1], "init": {"kind": "given", **arrays}},
        "training": {"steps": 5},
    }
    jsonschema.validate(json.loads(json.dumps(whole)), schema)
    whole["network"]["init"]["weights"] = [1]  # type: ignore[index]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, schema)
