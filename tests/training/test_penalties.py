"""Runs whose weights cost something: what is recorded and written of it; a run without stays as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from helpers import experiment

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.experiment import as_mapping
from backprop_anim.runs.run_files import write_losses
from backprop_anim.training import load_recording, save_recording
from backprop_anim.training.trainer import train

TEXT = """
task: {kind: series, y: "sin(6*t)", points: 10}
network: {layers: [1, 3, 2, 1]}
training: {steps: 20, aggression: 0.05, batch: 4, WORDS}
"""
COSTLY = TEXT.replace("WORDS", "weight_decay: 0.1, l1: 0.02")
FREE = TEXT.replace(", WORDS", "")


def test_loss_is_of_the_data_and_total_has_the_penalties(tmp_path: Path) -> None:
    recording = train(experiment(COSTLY))
    layout, first = recording.experiment.network.layout, recording.parameters[0]
    weights = np.concatenate([array.ravel() for name, array in layout.arrays(first).items() if name.startswith("W")])
    expected = 0.1 / 2 * (weights**2).sum() + 0.02 * np.abs(weights).sum()
    assert recording.penalties is not None
    assert recording.penalties[0] == pytest.approx(expected, rel=1e-14)
    assert recording.losses[0] == train(experiment(FREE)).losses[0]
    assert recording.snapshot_totals[0] - recording.snapshot_losses[0] == pytest.approx(expected, rel=1e-13)
    write_losses(recording, tmp_path / "losses.csv")
    rows = list(csv.DictReader((tmp_path / "losses.csv").read_text().splitlines()))
    assert list(rows[0]) == ["step", "loss", "total"]
    assert len(rows) == 20
    assert float(rows[0]["total"]) - float(rows[0]["loss"]) == pytest.approx(expected, rel=1e-12)


def test_weights_end_smaller_and_the_recording_keeps_what_they_cost(tmp_path: Path) -> None:
    recording = train(experiment(COSTLY))
    save_recording(recording, tmp_path / "r.npz")
    again = load_recording(tmp_path / "r.npz", lambda words, dataset: recording.experiment)
    np.testing.assert_array_equal(again.penalties, recording.penalties)
    assert as_mapping(recording.experiment)["training"]["l1"] == 0.02
    free, weights = train(experiment(FREE)), recording.experiment.network.layout.is_weight
    assert np.abs(recording.parameters[-1][weights]).sum() < np.abs(free.parameters[-1][weights]).sum()


def test_nothing_is_written_where_weights_cost_nothing(tmp_path: Path) -> None:
    zero = experiment(TEXT.replace("WORDS", "weight_decay: 0, l1: 0.0"))
    assert as_mapping(zero) == as_mapping(experiment(FREE))
    save_recording(train(zero), tmp_path / "zero.npz")
    save_recording(train(experiment(FREE)), tmp_path / "free.npz")
    assert (tmp_path / "zero.npz").read_bytes() == (tmp_path / "free.npz").read_bytes()
    assert train(zero).penalties is None
    write_losses(train(zero), tmp_path / "losses.csv")
    assert (tmp_path / "losses.csv").read_text().startswith("step,loss\n")


def test_two_weight_decays_are_refused() -> None:
    text = TEXT.replace("WORDS", "optimizer: adamw, weight_decay: 0.1")
    with pytest.raises(ExperimentError, match=r"e:4:\d+: training.weight_decay: adamw has a weight_decay of its own"):
        read_experiment(text, label="e", name="e", folder=Path())
    experiment(TEXT.replace("WORDS", "optimizer: {kind: adamw, weight_decay: 0}, weight_decay: 0.1"))
    experiment(TEXT.replace("WORDS", "optimizer: adamw, weight_decay: 0"))
