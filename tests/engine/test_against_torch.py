"""The engine against PyTorch's numbers, which ``tests/data/torch/make_numbers.py`` wrote down; torch is not needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.config import read_experiment
from backprop_anim.engine import activations, losses
from backprop_anim.training import train

DATA = Path(__file__).parents[1] / "data" / "torch" / "numbers.json"
THEIRS: dict[str, Any] = json.loads(DATA.read_text(encoding="ascii"))
ALIKE = {"rtol": 1e-12, "atol": 1e-14}


def made(registry: Any, part: dict[str, Any]) -> Any:
    return registry[part["kind"]](**{key: value for key, value in part.items() if key != "kind"})


def name_of(case: dict[str, Any]) -> str:
    """What sets a training apart from the plain one: the parts that are not the usual."""
    usual = {"steps": 30, "aggression": 0.1, "loss": {"kind": "mse"}, "optimizer": {"kind": "sgd"}}
    return json.dumps({key: value for key, value in case["training"].items() if usual.get(key) != value}) + json.dumps(
        case["activation"]
    )


@pytest.mark.parametrize("case", THEIRS["activations"], ids=lambda case: case["activation"]["kind"])
def test_every_activation_and_its_slope(case: dict[str, Any]) -> None:
    activation = made(activations, case["activation"])
    z = np.array([THEIRS["places"]])
    a, slope = np.empty_like(z), np.ones_like(z)
    activation.value(z, a)
    activation.backward(z, a, slope, np.empty_like(z))
    np.testing.assert_allclose(a[0], case["values"], **ALIKE)
    np.testing.assert_allclose(slope[0], case["slopes"], **ALIKE)


@pytest.mark.parametrize("case", THEIRS["losses"], ids=lambda case: json.dumps(case["loss"]))
def test_every_loss_and_its_gradient(case: dict[str, Any]) -> None:
    loss = made(losses, case["loss"])
    z, y = np.array(case["at"], dtype=np.float64).T.copy(), np.array(case["targets"], dtype=np.float64).T.copy()
    a = np.empty_like(z)
    activations[loss.output or "linear"]().value(z, a)
    gradient = np.empty_like(z)
    assert loss.gradient(z, a, y, gradient) == pytest.approx(case["value"], rel=1e-13)
    assert loss.value(z, a, y) == pytest.approx(case["value"], rel=1e-13)
    np.testing.assert_allclose(gradient.T, case["gradient"], **ALIKE)


@pytest.mark.parametrize("case", THEIRS["trainings"], ids=name_of)
def test_every_training_is_the_same(case: dict[str, Any]) -> None:
    labels = case["training"]["loss"]["kind"] == "binary_cross_entropy"
    rows = [[*x, *y] for x, y in zip(THEIRS["inputs"], THEIRS["labels" if labels else "targets"], strict=True)]
    columns = ["x1", "x2", "y1", "y2"]
    task = {"kind": "table", "columns": columns, "rows": rows, "inputs": columns[:2], "targets": columns[2:]}
    init = {"kind": "given", **THEIRS["weights"]}
    text = json.dumps(
        {
            "task": {**task, "normalize": "none"},
            "network": {"layers": [2, 4, 2], "activation": case["activation"], "init": init},
            "training": case["training"],
        }
    )
    recording = train(read_experiment(text, label="here", name="here", folder=Path()))
    np.testing.assert_allclose(recording.losses, case["losses"], **ALIKE)
    for name, values in recording.experiment.network.layout.arrays(recording.parameters[-1]).items():
        np.testing.assert_allclose(values, case["last"][name], err_msg=name, **ALIKE)
    assert recording.losses[-1] < recording.losses[0]


def test_all_that_torch_has_too_is_among_them() -> None:
    trainings = [case["training"] for case in THEIRS["trainings"]]
    assert {each["loss"]["kind"] for each in trainings} == set(losses) - {"cross_entropy"}
    assert {each["optimizer"]["kind"] for each in trainings} >= {"nesterov", "adagrad", "adamw", "momentum", "adam"}
    schedules = {each["schedule"]["kind"] for each in trainings if "schedule" in each}
    assert schedules >= {"warmup", "exponential", "one_cycle"}
    assert {key for each in trainings for key in ("weight_decay", "l1") if key in each} == {"weight_decay", "l1"}
