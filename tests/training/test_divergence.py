"""A run that leaves the numbers says where, keeps what it had, and can be saved and read again."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from helpers import LINE, SERIES, experiment, loaded, starting_from
from recording_contents import ARRAYS, SNAPSHOTS, same

from backprop_anim.common import DivergedError
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.training import Recording, save_recording
from backprop_anim.training.endings import divergence
from backprop_anim.training.trainer import Trainer, train


def diverged(given: Experiment) -> Recording:
    recording = train(given)
    assert recording.diverged_at is not None
    return recording


def first_bad_step(given: Experiment) -> int:
    trainer = Trainer(given)
    with np.errstate(all="ignore"):
        for step in range(given.training.steps):
            if not math.isfinite(trainer.compute_gradient()):
                return step
            trainer.apply_update()
    raise AssertionError("the run stays finite")


def assert_usable(recording: Recording, folder: Path) -> None:
    assert recording.n_snapshots >= 1
    for name in ARRAYS:
        assert np.isfinite(getattr(recording, name)).all(), name
    save_recording(recording, folder / "r.npz")
    again = loaded(folder / "r.npz")
    assert same(again, recording)
    assert len(again.traces) == len(recording.traces)
    with np.errstate(over="ignore"):
        assert np.isfinite(again.snapshot_losses[0])


class TestDivergence:
    @pytest.mark.parametrize("snapshots", SNAPSHOTS.values(), ids=list(SNAPSHOTS))
    @pytest.mark.parametrize("settings", [(), ("training.noise=1",), ("training.batch=3",), ("training.batch=1",)])
    def test_a_run_that_leaves_the_numbers_says_where_and_keeps_what_it_had(
        self, snapshots: str, settings: tuple[str, ...], tmp_path: Path
    ) -> None:
        slow = "video.slow_motion=[{step: 0}, {step: 2}, {step: 300}]"
        given = experiment(LINE, "training.aggression=1000", f"snapshots={snapshots}", slow, *settings)
        recording = diverged(given)
        step = recording.n_steps
        assert step == recording.diverged_at == first_bad_step(given) > 2
        assert len(recording.losses) == step
        assert recording.steps[0] == 0
        assert recording.steps[-1] < step
        assert_usable(recording, tmp_path)

    @pytest.mark.parametrize("word", ["aggression", "learning_rate"])
    def test_the_message_names_what_to_lower_by_the_word_of_the_file(self, word: str) -> None:
        plain = experiment(LINE.replace("aggression", word), f"training.{word}=1000")
        assert divergence(plain, 12) == (
            f"training diverged: at step 12 the loss is not finite; lower training.{word} (now 1000)"
        )
        noisy = experiment(LINE.replace("aggression", word), f"training.{word}=1000", "training.noise=0.25")
        assert divergence(noisy, 12).endswith(f"lower training.{word} (now 1000) or training.noise (now 0.25)")

    @pytest.mark.parametrize("snapshots", SNAPSHOTS.values(), ids=list(SNAPSHOTS))
    def test_the_last_state_counts_too(self, snapshots: str, tmp_path: Path) -> None:
        settings = ("training.aggression=0.6", f"snapshots={snapshots}")
        step = first_bad_step(experiment(LINE, *settings))
        given = experiment(LINE, *settings, f"training.steps={step}")
        recording = diverged(given)
        assert recording.diverged_at == len(recording.losses) == step
        assert_usable(recording, tmp_path)
        fine = experiment(LINE, *settings, f"training.steps={step - 1}")
        assert train(fine).steps[-1] == step - 1

    @pytest.mark.parametrize("snapshots", SNAPSHOTS.values(), ids=list(SNAPSHOTS))
    def test_first_weights_that_are_too_large_leave_nothing_to_show(self, snapshots: str, tmp_path: Path) -> None:
        given = experiment(LINE, f"snapshots={snapshots}")
        vector = np.full(given.network.layout.n_parameters, 1e200)
        with pytest.raises(DivergedError, match="at step 0 the loss is not finite"):
            train(starting_from(given, vector, tmp_path / "w.npz"))

    def test_a_warm_run_does_not_change_what_numpy_warns_of(self) -> None:
        before = np.geterr()
        train(experiment(SERIES))
        diverged(experiment(LINE, "training.aggression=1000"))
        assert np.geterr() == before
