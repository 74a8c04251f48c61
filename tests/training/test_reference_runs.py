"""Runs that other people's code produced, made again: epidemic and xor to their end, the heart until chaos parts us."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from backprop_anim.config import load_experiment
from backprop_anim.config.examples import examples_folder
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.training import Recording
from backprop_anim.training.trainer import Trainer, train

DATA = Path(__file__).parents[1] / "data" / "reference"


def column(case: str, file: str, name: str) -> NDArray[np.float64]:
    with (DATA / case / file).open(encoding="utf-8", newline="") as lines:
        return np.array([float(row[name]) for row in csv.DictReader(lines)])


def arrays(case: str, file: str, transposed: bool) -> dict[str, Array]:
    """Return stored arrays in our orientation, W of shape (n_out, n_in) and b of shape (n_out,)."""
    stored = json.loads((DATA / case / file).read_text(encoding="utf-8"))
    found = {name: np.array(values) for name, values in stored.items() if name != "shapes"}
    return {
        name: values.ravel() if name[0] == "b" else values.T if transposed else values for name, values in found.items()
    }


@dataclass(frozen=True)
class Given:
    """An initializer that gives the stored weights."""

    vector: tuple[float, ...]

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return np.array(self.vector)


def example(name: str, *settings: str) -> Experiment:
    plain = ("video.panels=auto", "video.captions=[]")
    return load_experiment(examples_folder() / f"{name}.yaml", (*plain, *settings))


def heart(*settings: str) -> Experiment:
    experiment = example("heart", "training.aggression=7.0", *settings)
    weights = experiment.network.layout.pack(arrays("heart", "initial_weights.json", transposed=False))
    return replace(experiment, init=Given(tuple(weights.tolist())))


def assert_final_weights(recording: Recording, case: str) -> None:
    ours = recording.experiment.network.layout.arrays(recording.parameters[-1])
    theirs = arrays(case, "final_weights.json", transposed=True)
    assert set(ours) == set(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-10, atol=1e-12, err_msg=name)


@pytest.mark.parametrize(
    ("case", "first", "last", "after"),
    [
        ("epidemic", 0.42358219306998612, 0.03446110150963725, 0.034458313894441948),
        ("xor", 1.4358854672385899, 0.0018732600964096436, 0.0018715639396041149),
    ],
)
def test_a_published_run_is_reproduced_to_its_end(case: str, first: float, last: float, after: float) -> None:
    recording = train(example(case))
    theirs = column(case, "losses.csv", "loss")
    assert len(recording.losses) == len(theirs) == recording.steps[-1]
    np.testing.assert_allclose(recording.losses, theirs, rtol=1e-10)
    assert recording.losses[0] == pytest.approx(first, rel=1e-13)
    assert recording.losses[-1] == pytest.approx(last, rel=1e-11)
    assert recording.snapshot_losses[0] == recording.losses[0]
    assert recording.snapshot_losses[-1] == pytest.approx(after, rel=1e-11)
    assert_final_weights(recording, case)


def test_the_published_predictions_are_reproduced() -> None:
    recording = train(example("epidemic"))
    network, inputs = recording.experiment.network, recording.experiment.dataset.inputs
    shown = network.outputs(recording.parameters[[0, -1]], inputs)[..., 0]
    np.testing.assert_allclose(shown[0], column("epidemic", "prediction.csv", "y_initial"), atol=1e-12)
    recording = train(example("xor"))
    outputs = recording.experiment.network.outputs(recording.parameters[-1], recording.experiment.dataset.inputs)
    np.testing.assert_allclose(outputs[:, 0], column("xor", "prediction.csv", "output_after_last_update"), rtol=1e-10)


@pytest.mark.parametrize(("case", "transposed"), [("epidemic", True), ("xor", True), ("heart", False)])
def test_the_first_gradients_are_those_of_the_other_code(case: str, transposed: bool) -> None:
    recording = train(heart("training.steps=1") if case == "heart" else example(case, "training.steps=1"))
    ours = recording.experiment.network.layout.arrays(recording.gradients[0])
    for name, values in arrays(case, "gradients_step0.json", transposed).items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-12, atol=1e-15, err_msg=name)


def test_the_first_300_losses_of_the_heart() -> None:
    recording = train(heart("training.steps=300", "training.noise=0"))
    theirs = column("heart", "losses_first300.csv", "loss")
    assert len(theirs) == 300
    np.testing.assert_allclose(recording.losses, theirs, rtol=1e-9)


def test_the_first_100_losses_of_the_heart_with_their_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = heart("training.steps=100", "training.noise=1.0")
    names = experiment.network.layout.names
    assert names == ("W1", "b1", "W2", "b2", "W3", "b3")
    factors = np.column_stack([column("heart", "noise_first100.csv", name) for name in names])
    monkeypatch.setattr(Trainer, "noise_factors", lambda self: factors[self.step])
    recording = train(experiment)
    np.testing.assert_allclose(recording.losses, column("heart", "losses_noise_first100.csv", "loss"), rtol=1e-9)


def test_the_displayed_losses_are_those_of_the_displayed_states() -> None:
    recording = train(heart("training.steps=200", "snapshots.count=30"))
    assert recording.steps[0] == 0
    assert recording.steps[-1] == 200
    before = recording.steps[:-1]
    np.testing.assert_allclose(recording.snapshot_losses[:-1], recording.losses[before], rtol=1e-12)
    trainer = Trainer(recording.experiment)
    np.testing.assert_array_equal(recording.parameters[0], trainer.parameters)
    for _ in range(200):
        trainer.compute_gradient()
        trainer.apply_update()
    np.testing.assert_array_equal(recording.parameters[-1], trainer.parameters)
