"""States in an .npz file: any program can write them, the command films them, and what does not fit is said."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from plain_training import half_circles, states

from backprop_anim.common.errors import ExperimentError, RecordingError
from backprop_anim.recorder import StatesFile, recording_of_states
from backprop_anim.runs.recordings import open_run

X, Y = half_circles(40)
N_STEPS = 30


def arrays() -> dict[str, NDArray[Any]]:
    told = list(states(X, Y, N_STEPS))
    return {
        "W1": np.array([w[0] for w, _, _ in told]),
        "b1": np.array([b[0] for _, b, _ in told]),
        "W2": np.array([w[1] for w, _, _ in told]),
        "b2": np.array([b[1] for _, b, _ in told]),
        "step": np.arange(N_STEPS + 1),
        "loss": np.array([loss for _, _, loss in told]),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    np.savez(tmp_path / "moons.npz", **arrays())  # type: ignore[arg-type]
    with (tmp_path / "data.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["east", "north", "side"])
        writer.writerows([[*map(float, x), ["a", "b"][y]] for x, y in zip(X, Y, strict=True)])
    return tmp_path


SETTINGS = ['task.targets=["side"]', "network.activation=tanh"]


def test_states_are_those_of_the_file(folder: Path) -> None:
    recording = recording_of_states(StatesFile.read(folder / "moons.npz"), folder / "data.csv", SETTINGS, "R 4.4")
    told = list(states(X, Y, N_STEPS))
    assert recording.steps.tolist() == list(range(N_STEPS + 1))
    assert recording.weights(7)["W2"].tolist() == told[7][0][1].tolist()
    assert recording.snapshot_losses == pytest.approx([loss for _, _, loss in told], rel=1e-12)
    assert recording.experiment.training.by == "R 4.4"
    assert recording.updates[3].tolist() == (recording.parameters[4] - recording.parameters[3]).tolist()


def test_of_many_states_some_are_kept(folder: Path) -> None:
    settings = [*SETTINGS, "snapshots.count=8", "snapshots.keep=[13]"]
    recording = recording_of_states(StatesFile.read(folder / "moons.npz"), folder / "data.csv", settings)
    assert recording.n_snapshots <= 9
    assert {0, 13, N_STEPS} <= set(recording.steps.tolist())


def test_classes_in_another_order_are_noticed_by_the_loss(folder: Path) -> None:
    settings = [*SETTINGS, "task.names.classes=[b, a]"]
    with pytest.warns(UserWarning, match="the classes in another order than b, a"):
        recording_of_states(StatesFile.read(folder / "moons.npz"), folder / "data.csv", settings)


def test_the_command_makes_a_run_of_them(folder: Path) -> None:
    command = [sys.executable, "-m", "backprop_anim", "film", "moons.npz", "--data", "data.csv", "--target", "side"]
    command += ["--activation", "tanh,softmax", "--name", "mine", "--formats", "png", "--size", "320x180", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["name"] == "mine"
    assert done.stderr == ""
    recording = open_run(folder / "outputs" / "mine" / "recording.npz")
    assert recording.experiment.training.steps == N_STEPS
    again = subprocess.run(
        [sys.executable, "-m", "backprop_anim", "train", "outputs/mine/experiment.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 2
    assert "mine was trained by another program and recorded" in again.stderr
    same = ["--set", "training.kind=own"]
    there = subprocess.run([*again.args, *same], cwd=folder, capture_output=True, text=True, check=False)
    assert "outputs/mine holds a run that was recorded elsewhere and cannot be made again" in there.stderr
    own = ["--set", "training.kind=own", "--set", "name=own", "--formats", "png", "--size", "320x180", "--json"]
    subprocess.run([*again.args, *own], cwd=folder, capture_output=True, text=True, check=True)
    first = open_run(folder / "outputs" / "own" / "recording.npz")
    assert first.parameters[0].tolist() == recording.parameters[0].tolist()


def test_an_experiment_beside_it_says_the_rest(folder: Path) -> None:
    text = "task: {kind: table, file: data.csv, targets: side}\nnetwork: {hidden: [], activation: tanh}\n"
    (folder / "moons.yaml").write_text(text + "training: {steps: 1}\ntitle: Two moons\n")
    command = [sys.executable, "-m", "backprop_anim", "film", "moons.npz", "--formats", "png", "--size", "320x180"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert "using moons.yaml" in done.stderr
    assert open_run(folder / "outputs" / "moons" / "recording.npz").experiment.title == "Two moons"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"W1": None}, "holds no W1"),
        ({"b2": None}, "holds no b2; it holds W1, W2, b1"),
        ({"extra": np.zeros(3)}, "holds extra; expected are W1, b1, W2, …, step and loss"),
        ({"b3": np.zeros((31, 2))}, "holds b3, and no W3"),
        ({"W1": np.zeros((31, 5))}, r"W1 has the shape \(31, 5\); needed is \(states, n_out, n_in\)"),
        ({"W2": np.zeros((30, 2, 5))}, "W2 has 30 states and W1 has 31"),
        ({"b1": np.zeros((31, 4))}, "b1 has 4 numbers a state; W1 has 5 rows"),
        ({"W1": np.zeros((31, 5, 2), complex)}, "W1 holds complex128, not numbers"),
        ({"step": np.arange(31)[::-1]}, "step holds 30, 29, 28, 27, …; needed are whole numbers that rise from 0"),
        ({"step": np.arange(31) + 0.5}, "step holds 0.5, 1.5"),
        ({"step": np.arange(30)}, "step has 30 states"),
        ({"loss": np.zeros(3)}, "loss has 3 states"),
        ({"W2": np.zeros((31, 5, 2)), "b2": np.zeros((31, 5))}, "is a network 2 → 5 → 5: the last layer has 5"),
        ({"W2": np.zeros((31, 2, 4))}, r"matrices of \(5, 2\), \(2, 4\) are no network of 2 inputs"),
        ({"W1": np.full((31, 5, 2), np.nan)}, "the state of step 0 holds numbers that are not finite"),
        ({"W1": np.zeros((31, 5, 3))}, "is a network 3 → 5 → 2: the first layer has 3; the task has 2 inputs"),
    ],
)
def test_what_does_not_fit_together_is_said(folder: Path, changes: dict[str, Any], said: str) -> None:
    given = {name: array for name, array in (arrays() | changes).items() if array is not None}
    np.savez(folder / "moons.npz", **given)  # type: ignore[arg-type]
    with pytest.raises((RecordingError, ExperimentError), match=said):
        recording_of_states(StatesFile.read(folder / "moons.npz"), folder / "data.csv", SETTINGS)


def test_commands_tell_the_steps_that_were_kept_and_no_others(folder: Path) -> None:
    def told(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "backprop_anim", *words, "--size", "320x180"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    few = ["--target", "side", "--activation", "tanh", "--set", "snapshots.count=8", "--set", "snapshots.keep=[13]"]
    assert told("film", "moons.npz", "--data", "data.csv", *few, "--formats", "png").returncode == 0
    still = told("still", "outputs/moons", "--step", "13", "--phase", "update", "-o", "it.png")
    assert (still.returncode, still.stderr) == (0, "")
    missing = told("still", "outputs/moons", "--step", "14", "--phase", "update", "-o", "it.png")
    assert missing.returncode != 0
    assert "step 14 was not kept, and others trained it; the last that was kept before is step 13" in missing.stderr
    explained = told("explain", "outputs/moons", "--step", "14", "--formats", "png")
    assert "step 14 was not kept; step 13 is told" in explained.stderr
    assert (folder / "outputs" / "moons-step-13" / "moons-step-13.png").is_file()
    slow = ["--set", "video.slow_motion=[{step: 13, seconds: 2}]", "--formats", "png", "-o", "other"]
    assert told("render", "outputs/moons", *slow).returncode == 0
