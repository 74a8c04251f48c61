"""Seeds of data, first weights and training apart, and ranges in sweeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backprop_anim.common import ExperimentError
from backprop_anim.config import read_experiment, read_variants
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.training import train

TEXT = """\
seed: 5
task: {kind: points, shape: moons, points: 12, noise: 0.2}
network: {hidden: 3}
training: {steps: 20, batch: 4, order: shuffled, noise: 0.3}
"""


def read(*overrides: str) -> Experiment:
    return read_experiment(TEXT, label="a", name="a", folder=Path(), overrides=overrides)


@pytest.mark.parametrize("part", ["task", "network.init", "training"])
def test_one_seed_moves_its_part_alone(part: str) -> None:
    plain, apart = read(), read(f"{part}.seed=9")
    first, other = train(plain), train(apart)
    assert np.array_equal(plain.dataset.inputs, apart.dataset.inputs) == (part != "task")
    assert np.array_equal(first.parameters[0], other.parameters[0]) == (part != "network.init")
    same = read(f"{part}.seed=5")
    np.testing.assert_array_equal(train(same).parameters, first.parameters)


def test_all_three_apart_are_another_seed_for_all() -> None:
    apart = read("task.seed=9", "network.init.seed=9", "training.seed=9")
    np.testing.assert_array_equal(train(apart).parameters, train(read("seed=9")).parameters)


def test_they_are_written_where_they_are_given() -> None:
    words = as_mapping(read("task.seed=9", "network.init={kind: normal, seed: 1e1}", "training.seed=0"))
    assert words["task"]["seed"] == 9
    assert words["network"]["init"]["seed"] == 10
    assert words["training"]["seed"] == 0
    plain = as_mapping(read())
    assert not any("seed" in part for part in (plain["task"], plain["network"]["init"], plain["training"]))


@pytest.mark.parametrize("value", ["-1", "half", "1.5", "true"])
def test_a_seed_is_a_whole_number(value: str) -> None:
    with pytest.raises(ExperimentError, match=r"network\.init\.seed: must be a whole number from 0"):
        read(f"network.init.seed={value}")


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("network.init.seed=1..4", [1, 2, 3, 4]),
        ("network.init.seed=1..2,7", [1, 2, 7]),
        ("training.batch=2..3", [2, 3]),
    ],
)
def test_a_sweep_knows_ranges(typed: str, values: list[int]) -> None:
    found = read_variants(TEXT, label="a", name="a", folder=Path(), sweeps=(typed,))
    assert [next(iter(each.settings.values())) for each in found] == values


def test_a_file_knows_them_too() -> None:
    found = read_variants(TEXT + "sweep: {seed: [1..3]}\n", label="a", name="a", folder=Path())
    assert [each.experiment.seed for each in found] == [1, 2, 3]
