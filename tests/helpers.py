"""Small experiments from a few words of YAML, for the tests of training and of what it leaves; nothing is drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.common.errors import ExperimentError, Problem
from backprop_anim.config import experiment_from_mapping, read_experiment
from backprop_anim.engine.initializers import initializers
from backprop_anim.engine.types import Array
from backprop_anim.engine.weights import write_weights
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.training import Recording, load_recording

SERIES = """\
task: {kind: series, y: "sin(6*t)", points: 15, noise: 0.05}
network: {layers: [1, 4, 1], activation: [tanh, linear]}
training: {steps: 40, aggression: 0.1}
snapshots: {count: 9, schedule: log}
"""
HEART = """\
task: {kind: curve, curve: heart, points: 30}
network: {layers: [1, 6, 7, 2], activation: sigmoid, init: {kind: normal, scale: 0.5, bias: same}}
training: {steps: 60, aggression: 7.0, noise: 1.0}
snapshots: {count: 12, schedule: log}
"""
CLASSES = """\
task: {kind: points, shape: blobs, classes: 3, points: 20, names: {classes: [äpfel, "p\\u00eache", "\\u6843"]}}
network: {hidden: [5], activation: [relu, softmax]}
training: {steps: 30, loss: cross_entropy, aggression: 0.1, batch: 1, order: shuffled}
snapshots: {count: 7, schedule: linear}
"""
TWO = """\
task: {kind: points, shape: moons, points: 20}
network: {hidden: [4], activation: [tanh, sigmoid]}
training: {steps: 30, aggression: 0.5, batch: 6, order: random}
snapshots: {every: 7}
"""
XOR = """\
task:
  kind: table
  inputs: [x1, x2, x3]
  targets: [y]
  columns: [x1, x2, x3, y]
  rows: [[0, 0, 1, 0], [0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 0]]
network: {layers: [3, 4, 1], activation: sigmoid, bias: false, init: {kind: uniform, low: 0.0, high: 1.0}}
training: {steps: 50, loss: sse, aggression: 1.0}
"""
LINE = """\
task: {kind: series, y: "2*t - 1", points: 10, scale: false}
network: {layers: [1, 3, 1], activation: linear, init: {kind: normal, scale: 1.0}}
training: {steps: 400, aggression: 0.1}
snapshots: {count: 30, schedule: log}
"""
FEATURES = """\
task:
  kind: table
  columns: [mass, tail length, kind]
  rows: [[31, 0.5, a], [42, 0.2, b], [53, 0.1, a], [64, 0.9, b], [75, 0.7, a], [86, 0.3, b], [97, 0.2, a], [18, 1, b]]
  targets: kind
  features: [mass, "mass*`tail length`", "log(`tail length`)", {fourier: 1}]
  test: 0.25
network: {hidden: [4]}
training: {steps: 30, aggression: 0.1}
snapshots: {count: 7}
"""

ALL = {"features": FEATURES, "series": SERIES, "heart": HEART, "classes": CLASSES, "two": TWO, "xor": XOR, "line": LINE}


def experiment(text: str, *settings: str, folder: Path = Path("nowhere")) -> Experiment:
    return read_experiment(text, label="e.yaml", name="e", folder=folder, overrides=settings)


def starting_from(given: Experiment, vector: Array, file: Path) -> Experiment:
    """The same experiment with these first weights, through a file of weights as a user would give it."""
    write_weights(file, given.network.layout, vector)
    return replace(given, init=initializers["file"](file=str(file)))


def loaded(path: Path) -> Recording:
    return load_recording(path, experiment_from_mapping)


def stored(path: Path) -> dict[str, Any]:
    """Every array of an .npz file."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        return dict(found)


def problems_in(text: str) -> tuple[Problem, ...]:
    """The mistakes of a text that has some."""
    with pytest.raises(ExperimentError) as caught:
        experiment(text)
    return caught.value.problems


def altered(content: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """Yield damaged copies: bytes changed anywhere and in the zip's own records, cut off, and cut out."""
    rng = random.Random(seed)
    records = [place for place in range(len(content)) if content.startswith(b"PK", place)]
    for turn in range(count):
        damaged = bytearray(content)
        if turn % 5 == 0:
            del damaged[rng.randrange(len(damaged)) :]
        elif turn % 5 == 1:
            start = rng.randrange(len(damaged))
            del damaged[start : start + rng.randrange(1, 200)]
        elif turn % 5 == 2:
            for _ in range(rng.choice([1, 2, 8])):
                damaged[rng.randrange(len(damaged))] ^= rng.randrange(1, 256)
        else:
            place = min(rng.choice(records) + rng.randrange(50), len(damaged) - 1)
            damaged[place] ^= rng.randrange(1, 256)
        yield bytes(damaged)
