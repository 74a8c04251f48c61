"""Runs that end once they have learned enough: when they look, what is the last state, and what is said of it."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from helpers import experiment

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.experiment import as_mapping
from backprop_anim.runs import run
from backprop_anim.runs.report import loss_lines
from backprop_anim.training import load_recording, save_recording
from backprop_anim.training.endings import early_end
from backprop_anim.training.trainer import train
from backprop_anim.training.training_state import TrainingState

TEXT = """
task: {kind: points, shape: fruit}
network: {hidden: 4}
training: {steps: 2000, aggression: 0.3, WORDS}
snapshots: {count: 20, schedule: SCHEDULE}
video: {size: 320x180, formats: [png], slow_motion: [{step: 5}, {step: 1999}]}
"""


def text_of(words: str, schedule: str = "motion") -> str:
    return TEXT.replace("WORDS", words).replace("SCHEDULE", schedule)


@pytest.mark.parametrize("schedule", ["motion", "linear", "log"])
@pytest.mark.parametrize(("batch", "every"), [("batch: full", 100), ("batch: 5", 4), ("batch: 5, order: random", 4)])
def test_it_ends_at_the_first_look_that_finds_the_loss_small_enough(batch: str, every: int, schedule: str) -> None:
    whole = train(experiment(text_of(batch, "{kind: every, every: 4}").replace("count: 20, ", "")))
    looks = [row for row, step in enumerate(whole.steps) if step and step % every == 0]
    wanted = 0.02
    first = next(row for row in looks if whole.snapshot_losses[row] <= wanted)
    ended = train(experiment(text_of(f"{batch}, stop: {{loss: {wanted}}}", schedule)))
    assert ended.stopped_at == ended.steps[-1] == whole.steps[first] < 2000
    np.testing.assert_array_equal(ended.parameters[-1], whole.parameters[first])
    np.testing.assert_array_equal(ended.losses, whole.losses[: ended.stopped_at])
    assert f"ended early, at step {ended.stopped_at:,} of 2,000: the loss over all data is 0.0" in early_end(ended)
    assert loss_lines(ended)[1].startswith("Ended early")


def test_a_run_that_never_gets_there_is_as_it_would_have_been() -> None:
    plain, never = train(experiment(text_of("batch: 5"))), train(experiment(text_of("batch: 5, stop: {loss: 0}")))
    np.testing.assert_array_equal(plain.parameters, never.parameters)
    assert never.stopped_at is None
    assert early_end(never) == ""


def test_it_is_kept_and_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    given = experiment(text_of("batch: 5, stop: {loss: 0.02}"))
    states: list[TrainingState] = []

    class Keeper:
        due = begun = True

        def save(self, state: TrainingState) -> None:
            states.append(deepcopy(state))

    whole = train(given, checkpointer=Keeper())
    for state in (states[10], states[-1]):
        again = train(given, state=state)
        np.testing.assert_array_equal(again.parameters, whole.parameters)
        assert again.stopped_at == whole.stopped_at
    save_recording(whole, tmp_path / "r.npz")
    assert load_recording(tmp_path / "r.npz", lambda words, dataset: given).stopped_at == whole.stopped_at
    assert as_mapping(given)["training"]["stop"] == {"loss": 0.02}


def test_summary_and_notes_say_so(tmp_path: Path) -> None:
    summary = run(experiment(text_of("batch: 5, stop: {loss: 0.02}")), tmp_path)
    told = json.loads((summary.folder / "summary.json").read_text())
    assert told["stopped_at"] == told["steps"] < 2000
    assert told["final_loss"] <= 0.02
    assert "training.stop.loss (0.02)" in told["stopped_because"]
    assert told["diverged_at"] is None
    assert any("no slow motion of step 1,999" in note for note in summary.notes)


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        ("{}", r"training.stop: needs a loss or a patience"),
        ("{patience: 5}", r"training.stop.patience: needs held-out data"),
        ("{loss: -1}", r"e:4:\d+: training.stop.loss: must be a number"),
        ("0.01", r"training.stop: must be a mapping such as \{loss: 0.01\}"),
    ],
)
def test_what_it_cannot_be_is_a_mistake_in_the_file(stop: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        read_experiment(text_of(f"stop: {stop}"), label="e", name="e", folder=Path())
