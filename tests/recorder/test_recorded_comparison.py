"""Runs that others trained, side by side with each other and with ours: shown as they were recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plain_training import half_circles, states

from backprop_anim import Recorder, compare, load_experiment
from backprop_anim.batch.compared_runs import load_compared_variants
from backprop_anim.common.errors import UsageError

X, Y = half_circles(40)
SMALL: dict[str, Any] = {"formats": ["png"], "size": "480x270"}


def recorded(name: str, rate: float, n_steps: int = 40) -> Recorder:
    recorder = Recorder(X, Y, activations="tanh", loss="cross_entropy", name=name, count=12)
    for w, b, _ in states(X, Y, n_steps, rate):
        recorder.capture(w, b)
    return recorder


def test_recorders_are_compared_as_they_are(tmp_path: Path) -> None:
    slow, fast = recorded("slow", 0.1), recorded("fast", 1.0, n_steps=25)
    made = compare([slow, fast], folder=tmp_path, **SMALL)
    rows = {row["label"]: row for row in made.told["runs"]}
    assert made.told["title"] == "Slow and Fast"
    assert [rows[label]["steps"] for label in ("Slow", "Fast")] == [40, 25]
    assert rows["Fast"]["final_loss"] == slow_loss(fast)
    assert rows["Slow"]["final_loss"] == slow_loss(slow)


def slow_loss(recorder: Recorder) -> float:
    return float(recorder.recording.snapshot_losses[-1])


def test_a_finished_run_is_found_by_its_folder_and_stands_beside_one_of_ours(tmp_path: Path) -> None:
    recorded("theirs", 0.5).film(tmp_path, **SMALL)
    own = {"training.kind": "own", "name": "ours", "training.learning_rate": 0.5}
    ours = load_experiment(tmp_path / "theirs" / "experiment.yaml", own)
    _, name = load_compared_variants([str(tmp_path / "theirs"), ours], [], [])
    assert name == "theirs-comparison"
    made = compare([tmp_path / "theirs", ours], folder=tmp_path, **SMALL)
    one, other = made.told["runs"]
    assert (one["run"], other["run"]) == ("theirs", "ours")
    # From the same start by the same rule: plain gradient descent over all data.
    assert one["final_loss"] == pytest.approx(other["final_loss"], rel=1e-9)
    assert np.allclose([one["initial_loss"]], [other["initial_loss"]], rtol=1e-12)


def test_what_is_no_run_is_said() -> None:
    with pytest.raises(UsageError, match="compare takes paths, names of experiments, recordings and recorders, not a"):
        compare([3, 4])  # type: ignore[list-item]
