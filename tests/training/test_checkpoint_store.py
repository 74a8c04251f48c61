"""A run that was stopped anywhere goes on as if it had not been: to the last bit."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.common.errors import OutputError, RecordingError, UsageError
from backprop_anim.common.interruption import Interrupted, Interruption
from backprop_anim.config import read_experiment
from backprop_anim.engine.batches import batch_orders
from backprop_anim.engine.optimizers import optimizers
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.experiment.snapshot_schedules import snapshot_schedules
from backprop_anim.training import Recording
from backprop_anim.training.checkpoint_store import CHECKPOINT, CheckpointStore
from backprop_anim.training.trainer import train
from backprop_anim.training.training_state import TrainingState

STEPS = 60
ARRAYS = ("steps", "parameters", "gradients", "updates", "samples", "losses")
SCHEDULES = {"every": "{every: 7}", "steps": "{steps: [3, 30, 31]}"}


class Snapper:
    """Keeps the state before one step, as it was then."""

    begun = False

    def __init__(self, step: int) -> None:
        self.step, self.asked, self.state = step, 0, TrainingState({}, {})

    @property
    def due(self) -> bool:
        self.asked += 1
        return self.asked - 1 == self.step

    def save(self, state: TrainingState) -> None:
        self.state = copy.deepcopy(state)


def experiment(training: str = "", snapshots: str = "{count: 9}", slow: str = "[]") -> Experiment:
    text = f"""\
task: {{kind: points, shape: moons, points: 14}}
network: {{hidden: [4], activation: [tanh, sigmoid]}}
training: {{steps: {STEPS}, noise: 0.4, aggression: 0.2{training}}}
snapshots: {snapshots}
video: {{slow_motion: {slow}}}
"""
    return read_experiment(text, label="here", name="here", folder=Path())


def same(one: Recording, other: Recording) -> bool:
    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)
    assert len(one.traces) == len(other.traces)
    for trace, twin in zip(one.traces, other.traces, strict=True):
        for name in ("step", "rate", "batch", "noise", "memory_before", "memory_after"):
            assert np.array_equal(getattr(trace, name), getattr(twin, name))
    return True


def resumed(wanted: Experiment, step: int) -> Recording:
    snapper = Snapper(step)
    train(wanted, checkpointer=snapper)
    words = json.loads(json.dumps(snapper.state.words))  # as on disk
    return train(wanted, state=TrainingState(words, snapper.state.arrays))


@pytest.mark.parametrize("step", [0, 1, 29, STEPS - 1])
@pytest.mark.parametrize("optimizer", optimizers)
def test_every_optimizer_goes_on_to_the_last_bit(optimizer: str, step: int) -> None:
    wanted = experiment(f", optimizer: {optimizer}")
    assert same(resumed(wanted, step), train(wanted))


@pytest.mark.parametrize("batch", ["1", "5", "full"])
@pytest.mark.parametrize("order", batch_orders)
def test_every_order_of_the_samples_goes_on(order: str, batch: str) -> None:
    wanted = experiment(f", batch: {batch}, order: {order}" if batch != "full" else "")
    assert same(resumed(wanted, 17), train(wanted))


@pytest.mark.parametrize("step", [0, 2, 31, 59])
@pytest.mark.parametrize("schedule", snapshot_schedules)
def test_every_schedule_goes_on_with_slow_motion(schedule: str, step: int) -> None:
    given = SCHEDULES.get(schedule, f"{{schedule: {schedule}, count: 9}}")
    wanted = experiment(", batch: 3", given, "[{step: 2, seconds: 2}, {step: 40, seconds: 2}]")
    assert same(resumed(wanted, step), train(wanted))


def test_noise_that_is_drawn_in_blocks_goes_on() -> None:
    wanted = experiment().__class__(**{**vars(experiment("", "{count: 4}"))})
    long = read_experiment(
        "task: {kind: curve, curve: circle, points: 8}\nnetwork: {hidden: 2}\ntraining: {steps: 2100, noise: 0.4}\n",
        label="here",
        name=wanted.name,
        folder=Path(),
    )
    for step in (1023, 1024, 1500):
        assert same(resumed(long, step), train(long))


@pytest.mark.parametrize(
    "name", ["now", "memory", "noise_block", "losses", "recorder_parameters", "distances", "smooth"]
)
def test_a_state_that_does_not_fit_is_refused(name: str) -> None:
    snapper = Snapper(20)
    train(experiment(", optimizer: adam"), checkpointer=snapper)
    arrays: dict[str, Any] = dict(snapper.state.arrays)
    for harmed in ({k: v for k, v in arrays.items() if k != name}, arrays | {name: np.zeros((3, 3, 3))}):
        if name == "smooth":
            continue
        with pytest.raises(RecordingError, match="does not fit"):
            train(experiment(", optimizer: adam"), state=TrainingState(snapper.state.words, harmed))


# on disk


def kept(folder: Path, key: dict[str, str]) -> CheckpointStore:
    """Stop a run after a few steps and return its checkpoint."""
    interruption = Interruption()
    checkpoint = CheckpointStore(folder, key, interruption)

    def stop_at(stage: str, done: int, total: int) -> None:
        if done == 20:
            interruption.request()

    with checkpoint, pytest.raises(Interrupted, match="after step 20"):
        train(experiment(), stop_at, checkpointer=checkpoint)
    return checkpoint


def test_an_interrupted_run_is_on_disk_and_goes_on(tmp_path: Path) -> None:
    state = kept(tmp_path, {"seed": "1"}).load()
    assert state is not None
    assert state.words["step"] == 20
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT]
    assert same(train(experiment(), state=state), train(experiment()))


def test_it_is_kept_again_and_again_and_at_the_end(tmp_path: Path) -> None:
    checkpoint = CheckpointStore(tmp_path, {}, Interruption())
    checkpoint._is_time = True  # as the timer says
    train(experiment(), checkpointer=checkpoint)
    checkpoint.__exit__(None, None, None)
    state = checkpoint.load()
    assert state is not None
    assert state.words["step"] == STEPS
    assert same(train(experiment(), state=state), train(experiment()))
    checkpoint.remove()
    assert checkpoint.load() is None


def test_a_short_run_leaves_none(tmp_path: Path) -> None:
    with CheckpointStore(tmp_path, {}, Interruption()) as checkpoint:
        train(experiment(), checkpointer=checkpoint)
    assert list(tmp_path.iterdir()) == []


def test_one_of_another_experiment_is_refused(tmp_path: Path) -> None:
    kept(tmp_path, {"seed": "1", "training.noise": "0.4"})
    other = CheckpointStore(tmp_path, {"seed": "1", "training.noise": "0.5"}, Interruption())
    with pytest.raises(UsageError, match=r"belongs to another run \(training\.noise was 0\.4, now 0\.5\).*--resume"):
        other.load()


@pytest.mark.parametrize("harm", [b"", b"PK", b"\x00" * 5000])
def test_a_damaged_one_is_refused(harm: bytes, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(harm)
    with pytest.raises(RecordingError, match="is not a"):
        CheckpointStore(tmp_path, {}, Interruption()).load()


def test_every_cut_of_one_is_refused(tmp_path: Path) -> None:
    checkpoint = kept(tmp_path, {})
    whole = checkpoint.path.read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        checkpoint.path.write_bytes(whole[:length])
        with pytest.raises(RecordingError):
            checkpoint.load()


def test_one_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    interruption = Interruption()
    interruption.request()
    with pytest.raises(OutputError, match="cannot write"):
        train(experiment(), checkpointer=CheckpointStore(tmp_path / "nowhere", {}, interruption))
