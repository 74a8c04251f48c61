"""A small finished run, and a copy of it to do harm to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backprop_anim.config import load_experiment
from backprop_anim.runs import Summary, run

TINY = """\
title: Tiny
task: {kind: table, file: rows.csv, inputs: [x], targets: [y]}
network: {layers: [1, 4, 1], activation: [tanh, linear], init: {kind: file, file: weights.npz}}
training: {steps: 30, aggression: 0.2, noise: 0.3}
snapshots: {count: 8}
video: {size: 160x90, fps: 10, hold: 0.4, opening: 0, formats: [mp4, gif]}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An experiment with a data file and a file of first weights."""
    folder = tmp_path_factory.mktemp("source")
    rows = [f"{x:.2f},{np.sin(6 * x):.4f}" for x in np.linspace(0, 1, 12)]
    (folder / "rows.csv").write_text("\n".join(("x,y", *rows, "")))
    rng = np.random.default_rng(0)
    first = {"W1": rng.normal(size=(4, 1)), "b1": np.zeros(4), "W2": rng.normal(size=(1, 4)), "b2": np.zeros(1)}
    np.savez(folder / "weights.npz", allow_pickle=False, **first)
    (folder / "tiny.yaml").write_text(TINY)
    return folder


@pytest.fixture(scope="module")
def finished(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """A finished run; what a test writes goes elsewhere."""
    return run(load_experiment(source / "tiny.yaml"), tmp_path_factory.mktemp("outputs"))


@pytest.fixture
def place(finished: Summary, tmp_path: Path) -> Path:
    """A copy of the finished run, to do harm to."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for path in finished.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
