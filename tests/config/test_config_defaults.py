"""What a file need not say, and what it may say in several ways."""

# ruff: noqa: E501  # one case a line
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from config_helpers import MOONS, NETWORK, SERIES, SMALL, TASK, TRAINING, XOR, read

from backprop_anim.config import load_experiment, read_experiment
from backprop_anim.config.run_names import is_run_name, name_from, title_from
from backprop_anim.engine.activations import activations
from backprop_anim.engine.initializers import Xavier
from backprop_anim.engine.losses import losses
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.experiment.random_streams import spawn_streams
from backprop_anim.experiment.snapshot_schedules import (
    ChosenSnapshots,
    EqualMotionSnapshots,
    EverySnapshots,
    LinearSnapshots,
    LogSnapshots,
    PowerSnapshots,
)

BLOBS = "task: {kind: points, shape: blobs, classes: 3}\nnetwork: {hidden: [8, 4]}\ntraining: {steps: 50}\n"


def activation_names(experiment: Experiment) -> list[str]:
    return [activations.name_of(each) for each in experiment.network.activations]


def test_the_shortest_file_is_complete() -> None:
    experiment = read(SMALL)
    assert (experiment.name, experiment.title, experiment.subtitle, experiment.seed) == ("e", "E", "", 1)
    assert experiment.network.sizes == (1, 3, 2)
    assert experiment.network.bias
    assert experiment.init == Xavier(bias="zeros")
    training, video = experiment.training, experiment.video
    assert (training.steps, training.noise, training.batch, training.aggression) == (50, 0.0, None, 0.1)
    assert [type(part).__name__ for part in (training.optimizer, training.schedule, training.order)] == [
        *("GradientDescent", "Constant", "Cyclic")
    ]
    assert experiment.snapshots == EqualMotionSnapshots(300)
    assert (video.width_px, video.height_px, video.fps, video.hold_s) == (1280, 720, 30, 2.0)
    assert (video.formats, video.theme, video.panels) == (("mp4", "gif"), "light", None)
    assert (video.seconds, video.quality, video.theme_options) == (None, "standard", {})


@pytest.mark.parametrize(
    ("text", "sizes", "names", "loss"),
    [
        (SMALL, (1, 3, 2), ["tanh", "sigmoid"], "mse"),
        (SERIES, (1, 16, 1), ["tanh", "linear"], "mse"),
        (MOONS, (2, 8, 1), ["tanh", "sigmoid"], "binary_cross_entropy"),
        (BLOBS, (2, 8, 4, 3), ["tanh", "tanh", "softmax"], "cross_entropy"),
        (XOR, (3, 4, 1), ["sigmoid", "sigmoid"], "sse"),
        (MOONS.replace("steps: 50", "steps: 50, loss: cross_entropy"), (2, 8, 2), ["tanh", "softmax"], "cross_entropy"),
        (MOONS.replace("[8]", "[8], activation: [relu, softmax]"), (2, 8, 2), ["relu", "softmax"], "cross_entropy"),
        (MOONS.replace("hidden: [8]", "layers: [2, 8, 2]"), (2, 8, 2), ["tanh", "softmax"], "cross_entropy"),
        (MOONS.replace("[8]", "[8], activation: tanh"), (2, 8, 1), ["tanh", "sigmoid"], "binary_cross_entropy"),
        (MOONS.replace("[8]", "8"), (2, 8, 1), ["tanh", "sigmoid"], "binary_cross_entropy"),
        (MOONS.replace("[8]", "[]"), (2, 1), ["sigmoid"], "binary_cross_entropy"),
        (TASK.replace("curve: circle", "x: 3*t, y: t, scale: false") + NETWORK + TRAINING, (1, 3, 2), ["tanh", "linear"], "mse"),
    ],
)  # fmt: skip
def test_ends_activations_and_loss_follow_from_the_task(
    text: str, sizes: tuple[int, ...], names: list[str], loss: str
) -> None:
    experiment = read(text)
    assert experiment.network.sizes == sizes
    assert activation_names(experiment) == names
    assert losses.name_of(experiment.training.loss) == loss
    assert experiment.targets().shape == (experiment.dataset.n_samples, sizes[-1])


@pytest.mark.parametrize(
    ("optimizer", "aggression"), [("sgd", 0.1), ("momentum", 0.1), ("adam", 0.01), ("{kind: rmsprop}", 0.01)]
)
def test_the_aggression_suits_the_optimizer(optimizer: str, aggression: float) -> None:
    experiment = read(TASK + NETWORK + f"training: {{steps: 5, optimizer: {optimizer}}}\n")
    assert experiment.training.aggression == aggression


@pytest.mark.parametrize("key", ["aggression", "learning_rate"])
def test_two_words_for_the_learning_rate(key: str) -> None:
    assert read(TASK + NETWORK + f"training: {{steps: 5, {key}: 7}}\n").training.aggression == 7.0


@pytest.mark.parametrize(
    ("written", "schedule"),
    [
        ("{count: 9}", EqualMotionSnapshots(9)),
        ("{schedule: linear}", LinearSnapshots(300)),
        ("{count: 9, schedule: power, exponent: 3}", PowerSnapshots(9, 3.0)),
        ("{count: 9, schedule: {kind: power, exponent: 3}}", PowerSnapshots(9, 3.0)),
        ("{schedule: {kind: power, exponent: 3, count: 9}}", PowerSnapshots(9, 3.0)),
        ("{every: 7}", EverySnapshots(7)),
        ("{schedule: every, every: 7}", EverySnapshots(7)),
        ("{steps: [3, 5]}", ChosenSnapshots((3, 5))),
        ("{}", EqualMotionSnapshots(300)),
    ],
)
def test_ways_to_write_snapshots(written: str, schedule: object) -> None:
    assert read(SMALL + f"snapshots: {written}\n").snapshots == schedule


@pytest.mark.parametrize("schedule", [LogSnapshots(9), LinearSnapshots(300), PowerSnapshots(9), EverySnapshots(7),
                                      EverySnapshots(1), ChosenSnapshots((3, 50)), ChosenSnapshots((0,))])  # fmt: skip
@pytest.mark.parametrize("n_steps", [1, 7, 50])
def test_a_schedule_bounds_its_states_without_making_them(schedule: LogSnapshots, n_steps: int) -> None:
    assert len(schedule.choose(n_steps)) <= schedule.at_most(n_steps) <= n_steps + 1


def test_seed_zero_is_a_seed() -> None:
    assert read(SMALL + "seed: 0\n").seed == 0


def test_the_data_comes_from_the_first_stream_of_the_seed() -> None:
    experiment = read(MOONS + "seed: 5\n")
    expected = experiment.task.build(spawn_streams(5).task)
    np.testing.assert_array_equal(experiment.dataset.inputs, expected.inputs)
    other = read(MOONS + "seed: 6\n")
    assert not np.array_equal(experiment.dataset.inputs, other.dataset.inputs)


def test_activations_may_have_options() -> None:
    experiment = read(
        TASK + "network: {hidden: [3], activation: [{kind: leaky_relu, slope: 0.2}, sigmoid]}\n" + TRAINING
    )
    assert experiment.network.activations[0] == activations["leaky_relu"](slope=0.2)  # type: ignore[call-arg]


def test_a_theme_may_have_other_colours() -> None:
    video = read(SMALL + "video: {theme: {kind: dark, ink: '#ffffff'}}\n").video
    assert (video.theme, video.theme_options) == ("dark", {"ink": "#ffffff"})


def test_formats_may_be_one_name() -> None:
    assert read(SMALL + "video: {formats: png}\n").video.formats == ("png",)


def test_odd_sizes_are_fine_for_pictures() -> None:
    video = read(SMALL + "video: {formats: [png], size: 641x361}\n").video
    assert (video.width_px, video.height_px) == (641, 361)


def test_the_name_is_the_one_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "my first_net.v2.yaml").write_text(SMALL)
    experiment = load_experiment(tmp_path / "my first_net.v2.yaml")
    assert experiment.name == "my-first_net.v2"
    assert experiment.title == "My first net.v2"
    (tmp_path / "named.yaml").write_text(SMALL + "name: other\ntitle: ''\n")
    named = load_experiment(tmp_path / "named.yaml")
    assert (named.name, named.title) == ("other", "")


def test_standard_input_is_called_stdin() -> None:
    assert read_experiment(SMALL, label="-", name="stdin", folder=Path()).name == "stdin"


@pytest.mark.parametrize("name", ["a", "heart", "XOR_2", "a.b-c", "0", "_x", "x" * 100])
def test_safe_names(name: str) -> None:
    assert is_run_name(name)
    assert name_from(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "-x", ".x", "a/b", "a\\b", "a b", "a\0", "ä", "x.", "x\n", "x" * 101),
        *("con", "NUL.txt", "Com1", "lpt9.a.b", "a.partial.mp4", "a:b", "~", "$HOME", "*"),
    ],
)
def test_unsafe_names(name: str) -> None:
    assert not is_run_name(name)
    assert is_run_name(name_from(name))


def test_titles_from_names() -> None:
    assert title_from("xor-table_2") == "Xor table 2"
    assert title_from("___") == "___"
