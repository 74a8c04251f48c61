"""A float that is whole is taken where only a whole number is allowed; the experiment holds the whole number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from config_helpers import NETWORK, SERIES, SMALL, TASK, XOR, only, read

from backprop_anim.config import dump_experiment, read_variants
from backprop_anim.experiment import as_mapping


def at(mapping: Any, path: str) -> Any:
    for part in path.split("."):
        mapping = mapping[int(part) if part.isdigit() else part]
    return mapping


@pytest.mark.parametrize(
    ("override", "value"),
    [
        ("training.steps=1e3", 1000),
        ("training.steps=1000.0", 1000),
        ("seed=1e15", 10**15),
        ("training.batch=1e1", 10),
        ("network.hidden=8.0", (8,)),
        ("network.hidden=[8.0, 4]", (8, 4)),
        ("task.points=2e1", 20),
        ("video.fps=25.0", 25),
        ("video.slow_motion=[{step: 1e1}]", 10),
        ("video.panel_options.fit.ghosts=3.0", 3),
        ("training.schedule={kind: step, every: 1e1}", 10),
        ("snapshots.count=1e1", 10),
        ("snapshots.steps=[1e1, 2e1]", (10, 20)),
    ],
)
def test_a_whole_float_is_a_whole_number(override: str, value: object) -> None:
    found = read(SMALL, [override])
    plain = as_mapping(found)
    key = override.partition("=")[0]
    key = {
        "network.hidden": "network.layers",
        "video.slow_motion": "video.slow_motion.0.step",
        "training.schedule": "training.schedule.every",
    }.get(key, key)
    given = at(plain, key)
    assert (
        tuple(given[1:-1]) if key == "network.layers" else tuple(given) if isinstance(given, list) else given
    ) == value
    numbers = given if isinstance(given, (list, tuple)) else [given]
    assert all(type(number) is int for number in numbers)
    assert as_mapping(read(dump_experiment(found))) == plain


def test_in_a_file_and_as_it_is_written_out() -> None:
    text = dump_experiment(read(TASK + NETWORK + "training: {steps: 1e3, batch: 5.0}\nseed: 2.0\n"))
    assert "\n  steps: 1000\n" in text
    assert "\n  batch: 5\n" in text
    assert "\nseed: 2\n" in text


def test_what_is_a_number_anyway_stays_as_it_is() -> None:
    found = read(XOR.replace("[0, 0, 1, 0]", "[0.0, 0, 1.0, 0]").replace("steps: 1500", "steps: 15e2"))
    assert found.training.steps == 1500
    assert [type(cell) for cell in found.task.rows[0]] == [float, int, float, int]  # type: ignore[attr-defined]
    noise = read(SERIES, ["training.noise=1.0", "training.steps=1e1"]).training.noise
    assert (noise, type(noise)) == (1.0, float)


def test_what_is_not_whole_is_refused_beside_what_is() -> None:
    problem = only(TASK + NETWORK + "training: {steps: 1000.5, batch: 1e1}\n")
    assert str(problem).startswith("e.yaml:3:19: training.steps: must be a whole number from 1 to")
    assert problem.message.endswith("not 1000.5")
    assert only(SMALL, overrides=["network.hidden=[8.0, 4.5]"]).path == ("network", "hidden", 1)


def test_in_a_sweep() -> None:
    for typed in ("training.steps=1e1,2e1", "training.steps=10,20"):
        found = read_variants(SMALL, label="e.yaml", name="e", folder=Path(), sweeps=[typed])
        assert [(each.experiment.training.steps, each.experiment.name, each.label) for each in found] == [
            (10, "e--steps-10", "steps 10"),
            (20, "e--steps-20", "steps 20"),
        ]
