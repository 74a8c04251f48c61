"""A run that diverges is filmed as far as it came, ends with 1 each time it is asked for, and in its file's words."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command_line import call

WILD = """\
task: {kind: series, series: sine, points: 12}
network: {hidden: 6, activation: relu}
training: {steps: 300, learning_rate: 100}
snapshots: {count: 20}
video: {size: 320x180, fps: 10, hold: 0.2, opening: 0, formats: [png]}
"""


@pytest.fixture
def wild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wild.yaml").write_text(WILD)
    return tmp_path


def test_train_makes_the_film_and_says_what_to_lower(wild: Path) -> None:
    said = call("train", "wild.yaml")
    told = json.loads((wild / "outputs/wild/summary.json").read_text())
    at = told["diverged_at"]
    assert said.status == 1
    assert f"at step {at:,} the loss is not finite; lower training.learning_rate (now 100)" in said.err
    assert max(map(len, said.out.splitlines())) < 100
    assert (wild / "outputs/wild/wild.png").exists()
    again = call("train", "wild.yaml")
    assert (again.status, "is up to date" in again.out) == (1, True)
    assert "training diverged" in again.err
    as_json = call("train", "wild.yaml", "--json")
    assert (as_json.status, as_json.json["diverged_at"], as_json.json["did"]) == (1, at, "nothing")
    assert call("render", "wild", "--theme", "dark").status == 0


def test_a_run_that_stays_finite_says_so(wild: Path) -> None:
    assert call("train", "wild.yaml", "--set", "training.learning_rate=0.01", "--json").json["diverged_at"] is None


def test_a_batch_goes_on_and_fails(wild: Path) -> None:
    (wild / "tame.yaml").write_text(WILD.replace("100}", "0.01}"))
    for _ in range(2):
        said = call("batch", "wild.yaml", "tame.yaml", "-j", "1")
        assert said.status == 1
        assert "diverged" in said.err
    assert (wild / "outputs/tame/tame.png").exists()
    assert (wild / "outputs/wild/wild.png").exists()


def test_a_comparison_names_one_step_and_no_endless_number(wild: Path) -> None:
    said = call("compare", "wild.yaml", "--sweep", "training.learning_rate=100,0.01")
    rows = list(csv.DictReader((wild / "outputs/wild-comparison/comparison.csv").read_text().splitlines()))
    assert said.status == 0
    assert rows[0]["steps"] == rows[0]["diverged_at"] != ""
    assert rows[0]["final_loss"] == ""
    assert f"diverged at step {int(rows[0]['diverged_at']):,}" in said.out
    assert all(name for name in rows[0])
    assert max(map(len, said.out.splitlines())) < 100


def test_runs_with_different_losses_are_compared_by_what_they_share(wild: Path) -> None:
    (wild / "moons.yaml").write_text(
        "task: {kind: points, shape: moons, points: 20}\nnetwork: {hidden: 3}\ntraining: {steps: 20}\n"
        "video: {size: 320x180, formats: [png]}\n"
    )
    same = call("compare", "moons.yaml", "--sweep", "network.activation=sigmoid,tanh")
    assert (same.status, same.err) == (0, "")
    mixed = call("compare", "moons.yaml", "--sweep", "training.loss=mse,binary_cross_entropy")
    assert mixed.status == 0
    assert "different losses, so the film compares their accuracy" in mixed.err
    assert "final accuracy" in mixed.out
    refused = call("compare", "wild.yaml", "--sweep", "training.loss=mse,sse")
    assert (refused.status, "cannot stand on one axis" in refused.err) == (2, True)
