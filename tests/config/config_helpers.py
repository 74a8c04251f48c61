from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from backprop_anim.common.errors import ExperimentError, Problem
from backprop_anim.config import read_experiment
from backprop_anim.experiment.experiment import Experiment

TASK = "task: {kind: curve, curve: circle, points: 20}\n"
NETWORK = "network: {hidden: [3]}\n"
TRAINING = "training: {steps: 50}\n"
SMALL = TASK + NETWORK + TRAINING

XOR = """\
task:
  kind: table
  inputs: [x1, x2, x3]
  targets: [y]
  columns: [x1, x2, x3, y]
  rows: [[0, 0, 1, 0], [0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 0]]
network: {layers: [3, 4, 1], activation: sigmoid, bias: false, init: {kind: uniform, low: 0.0, high: 1.0}}
training: {steps: 1500, loss: sse, aggression: 1.0}
"""
MOONS = "task: {kind: points, shape: moons}\nnetwork: {hidden: [8]}\ntraining: {steps: 50, batch: 1, order: random}\n"
SERIES = "task: {kind: series, y: 'sin(6*t)'}\nnetwork: {hidden: [16]}\ntraining: {steps: 50}\n"


def read(text: str | bytes, overrides: Sequence[str] = (), folder: Path | None = None) -> Experiment:
    return read_experiment(text, label="e.yaml", name="e", folder=folder or Path("nowhere"), overrides=overrides)


def problems_of(text: str | bytes, **more: Any) -> tuple[Problem, ...]:
    with pytest.raises(ExperimentError) as caught:
        read(text, **more)
    return caught.value.problems


def only(text: str | bytes, **more: Any) -> Problem:
    """Return the one problem of a text that has just one."""
    problems = problems_of(text, **more)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]
