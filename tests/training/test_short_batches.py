"""The last batch of a pass is short, a recording knows it, and one of an earlier version keeps its own way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from small_runs import experiment

from backprop_anim.config import experiment_from_mapping
from backprop_anim.runs.recordings import revised
from backprop_anim.training import load_recording, save_recording, train

SETTINGS = (
    "task.points=44",
    "training.batch=8",
    "training.order=shuffled",
    "training.steps=9",
    "snapshots={every: 1}",
    "video.slow_motion=[{step: 2}]",
)


def older(path: Path) -> Path:
    """Take out of a recording what an earlier version did not write."""
    stored = dict(np.load(path))
    words = json.loads(stored["words"].tobytes().decode())
    assert words.pop("batches") == "short"
    stored["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)
    np.savez(path, **stored)
    return path


def test_a_loss_is_that_of_its_batch_alone() -> None:
    given = experiment("classes", *SETTINGS)
    n = given.dataset.n_samples
    assert n % 8
    run = train(given)
    sizes = [8] * (n // 8) + [n % 8]
    short = len(sizes) - 1
    run = train(experiment("classes", *SETTINGS[:-1], f"video.slow_motion=[{{step: {short}}}, {{step: 0}}]"))
    for trace, size in zip(sorted(run.traces, key=lambda trace: trace.step), (8, n % 8), strict=True):
        assert len(trace.batch) == size
        outputs = given.network.outputs(run.parameters[trace.step], given.dataset.inputs[trace.batch])
        expected = -np.mean(np.log((outputs * given.targets()[trace.batch]).sum(axis=1)))  # cross-entropy
        assert run.losses[trace.step] == pytest.approx(expected, rel=1e-9)


def test_a_recording_knows_its_way(tmp_path: Path) -> None:
    run = train(experiment("classes", *SETTINGS))
    save_recording(run, tmp_path / "new.npz")
    assert not load_recording(tmp_path / "new.npz", experiment_from_mapping).experiment.training.straddles
    old = load_recording(older(tmp_path / "new.npz"), experiment_from_mapping)
    assert old.experiment.training.straddles
    assert revised(old, ["video.theme=dark"]).experiment.training.straddles
    save_recording(old, tmp_path / "again.npz")
    assert load_recording(tmp_path / "again.npz", experiment_from_mapping).experiment.training.straddles
    n = old.experiment.dataset.n_samples
    assert old.experiment.training.epochs_of(np.array([9]), n)[0] == pytest.approx(72 / n)


def test_where_the_batch_divides_the_data_nothing_is_written(tmp_path: Path) -> None:
    run = train(experiment("heart", "training.batch=full"))
    save_recording(run, tmp_path / "r.npz")
    assert "batches" not in json.loads(np.load(tmp_path / "r.npz")["words"].tobytes().decode())
