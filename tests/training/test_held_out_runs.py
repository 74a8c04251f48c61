"""A run with samples held out: its second loss, what its files say of it, and that it trains on the others alone."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backprop_anim.config import experiment_from_mapping, read_experiment
from backprop_anim.runs.report import loss_lines
from backprop_anim.runs.run_files import write_states
from backprop_anim.story import milestones
from backprop_anim.training import Recording, early_end, load_recording, save_recording, train
from backprop_anim.training.training_state import NoCheckpoints, TrainingState

TEXT = """\
task: {kind: points, shape: moons, points: 60, noise: 0.35, test: 0.3}
network: {hidden: [24, 24]}
training: {steps: 600, optimizer: adam, learning_rate: 0.02}
snapshots: {schedule: linear, count: 60}
"""


@pytest.fixture(scope="module")
def run() -> Recording:
    return train(read_experiment(TEXT, label="a", name="a", folder=Path()))


def test_it_trains_as_if_the_others_were_not_there(run: Recording) -> None:
    alone = replace(run.experiment, dataset=replace(run.experiment.dataset, held_out=None))
    np.testing.assert_array_equal(train(alone).parameters, run.parameters)


def test_the_second_loss_is_that_of_the_samples_held_out(run: Recording) -> None:
    held_out = run.experiment.dataset.held_out
    assert held_out is not None
    assert run.test_losses is not None
    assert run.test_accuracies is not None
    p = run.experiment.network.outputs(run.parameters[-1], held_out.inputs)[:, 0]
    y = held_out.targets[:, 0]
    assert run.test_losses[-1] == pytest.approx(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    assert run.test_accuracies[-1] == np.mean((p >= 0.5) == y)


def test_states_are_written_with_both(run: Recording, tmp_path: Path) -> None:
    write_states(run, tmp_path / "states.csv")
    rows = list(csv.DictReader((tmp_path / "states.csv").read_text().splitlines()))
    assert list(rows[0]) == ["step", "loss", "accuracy", "test_loss", "test_accuracy"]
    assert [int(row["step"]) for row in rows] == run.steps.tolist()
    assert [float(row["test_loss"]) for row in rows] == run.test_losses.tolist()  # type: ignore[union-attr]


def test_it_is_said_and_a_turn_is_a_milestone(run: Recording) -> None:
    assert any(line.startswith("On 18 samples held out: loss ") for line in loss_lines(run))
    said = [caption.text for caption in milestones(run)]
    assert any("the loss over held-out data rose: overfitting" in text for text in said)


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ((5, 3, 1, 1.02, 4, 6, 8, 9), "From step 3 on"),
        ((1, 2, 3, 4, 5, 6, 7, 8), "From the start"),
        ((5, 1, 3, 4, 3, 2, 1.04, 1.3), "From step 6 on"),
        ((5, 4, 3, 2, 1, 1.1, 1.15, 1.1), ""),
        ((8, 7, 6, 5, 4, 3, 2, 1), ""),
    ],
)
def test_a_turn_is_told_from_the_last_state_near_the_least_loss(
    run: Recording, losses: tuple[float, ...], said: str
) -> None:
    short = replace(run.first_states(8), steps=np.arange(8))
    short.__dict__["test_losses"] = np.array(losses)
    found = [caption.text for caption in milestones(short) if "overfitting" in caption.text]
    assert [text.split(" the loss over held-out data rose")[0] for text in found] == [said] * bool(said)


def test_a_recording_keeps_them(run: Recording, tmp_path: Path) -> None:
    save_recording(run, tmp_path / "a.npz")
    again = load_recording(tmp_path / "a.npz", experiment_from_mapping)
    np.testing.assert_array_equal(again.test_losses, run.test_losses)
    assert again.experiment.task == run.experiment.task


PATIENT = TEXT.replace("steps: 600", "steps: 3000, stop: {patience: 400}")


def test_patience_ends_a_run_that_does_not_get_better(tmp_path: Path) -> None:
    found = train(read_experiment(PATIENT, label="a", name="a", folder=Path()))
    assert found.stopped_at == found.steps[-1] < 3000
    assert "not better for 400 steps" in early_end(found)
    whole = train(read_experiment(PATIENT.replace(", stop: {patience: 400}", ""), label="a", name="a", folder=Path()))
    np.testing.assert_array_equal(found.losses, whole.losses[: found.stopped_at])
    save_recording(found, tmp_path / "a.npz")
    assert load_recording(tmp_path / "a.npz", experiment_from_mapping).stopped_at == found.stopped_at
    alone = found.experiment.dataset.held_out
    assert alone is not None


def test_patience_goes_on_from_a_checkpoint() -> None:
    given = read_experiment(PATIENT, label="a", name="a", folder=Path())
    whole = train(given)
    kept: list[TrainingState] = []

    class Once(NoCheckpoints):
        @property
        def due(self) -> bool:
            return not kept

        def save(self, state: TrainingState) -> None:
            kept.append(state)

    class Late(Once):
        calls = 0

        @property
        def due(self) -> bool:
            self.calls += 1
            return self.calls == 350 and not kept

    train(given, checkpointer=Late())
    again = train(given, state=kept[0])
    assert again.stopped_at == whole.stopped_at
