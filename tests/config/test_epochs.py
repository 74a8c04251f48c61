"""Epochs instead of steps, states kept on top of a schedule, and an axis of epochs that is true."""

from __future__ import annotations

import numpy as np
import pytest
from config_helpers import NETWORK, SMALL, TASK, only, read
from small_runs import film

from backprop_anim.config import dump_experiment
from backprop_anim.experiment import as_mapping
from backprop_anim.training import train


def epochs_of(batch: str, steps: list[int]) -> list[float]:
    experiment = read(TASK + NETWORK + f"training: {{steps: 5, batch: {batch}}}\n")
    return experiment.training.epochs_of(np.array(steps), experiment.dataset.n_samples).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(("batch", "steps"), [("full", 7), ("20", 7), ("8", 21), ("1", 140), ("6, order: random", 28)])
def test_epochs_are_passes_over_the_data(batch: str, steps: int) -> None:
    experiment = read(TASK + NETWORK + f"training: {{epochs: 7, batch: {batch}}}\n")  # 20 samples
    assert experiment.training.steps == steps
    assert as_mapping(experiment)["training"]["steps"] == steps
    assert "epochs" not in as_mapping(experiment)["training"]


def test_the_axis_counts_the_samples_seen() -> None:
    assert epochs_of("full", [0, 3]) == [0, 3]
    assert epochs_of("8", [0, 1, 2, 3, 4]) == [0, 0.4, 0.8, 1, 1.4]  # the third batch of a pass is short
    assert epochs_of("8, order: random", [3]) == pytest.approx([1.2])  # which has no passes: its batches are whole


def test_either_takes_the_place_of_the_other_at_the_prompt_and_both_in_a_file_are_refused() -> None:
    assert read(SMALL, ["training.epochs=3"]).training.steps == 3
    assert read(SMALL.replace("steps: 50", "epochs: 9"), ["training.steps=4"]).training.steps == 4
    problem = only(SMALL.replace("steps: 50", "steps: 50, epochs: 2"))
    assert problem.path == ("training", "epochs")
    assert "give one of them" in problem.message
    assert only(TASK + NETWORK + "training: {batch: 4}\n").path == ("training", "steps")


@pytest.mark.parametrize("schedule", ["{count: 5}", "{count: 5, schedule: log}", "{every: 20}", "{steps: [3]}"])
def test_steps_are_kept_on_top_of_a_schedule(schedule: str) -> None:
    text = SMALL + f"snapshots: {schedule}\n"
    usual = set(train(read(text)).steps.tolist())
    kept = set(train(read(SMALL + f"snapshots: {schedule[:-1]}, keep: [7, 33, 49]}}\n")).steps.tolist())
    assert {7, 33, 49} <= kept
    assert len(kept) >= len(usual)


def test_kept_steps_survive_and_beyond_the_end_are_refused() -> None:
    experiment = read(SMALL + "snapshots: {count: 4, keep: [9, 7]}\n")
    assert experiment.kept_steps == (7, 9)
    assert read(dump_experiment(experiment)).kept_steps == (7, 9)
    assert train(experiment).n_snapshots == 6
    assert "beyond the last, 50" in only(SMALL + "snapshots: {keep: [51]}\n").message
    assert "must be a list of steps" in only(SMALL + "snapshots: {keep: 7}\n").message


def test_the_loss_panel_shows_true_epochs_whatever_the_layout() -> None:
    option = "video.panel_options={loss: {unit: epoch}}"
    for layout in ("video.panels=auto", "video.panels=[[loss]]"):
        shown = film("classes", option, layout, trained=("training.batch=8", "training.steps=30"))
        axes = next(axes for axes in shown.canvas.figure.axes if axes.get_xlim()[0] == 0 and axes.get_lines())
        run = shown.recording
        expected = run.experiment.training.epochs_of(np.array([30]), run.experiment.dataset.n_samples)[0]
        assert axes.get_xlim()[1] == pytest.approx(expected)
        assert expected < 30
