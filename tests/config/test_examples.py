"""Every example in configs/ is valid, has right gradients, trains, draws, and says in its first line what it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backprop_anim.common.errors import NotFoundError
from backprop_anim.config import dump_experiment, examples, load_experiment, read_experiment
from backprop_anim.config.examples import example_names, example_summary, examples_folder, find_config
from backprop_anim.config.overview import describe
from backprop_anim.engine.gradcheck import check_gradients
from backprop_anim.experiment.random_streams import spawn_streams
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

NAMES = example_names()
FEW = ("training.steps=40", "snapshots={count: 6}")
SMALL = ("video.size=832x468", "video.fps=5", "video.seconds=null", "video.hold=0.2")


def path_of(name: str) -> Path:
    return examples_folder() / f"{name}.yaml"


def test_the_systems_it_grew_from_are_there() -> None:
    assert {"heart", "epidemic", "xor", "classifier", "fruit"} <= set(NAMES)
    assert sorted(path.stem for path in examples_folder().glob("*.y*ml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_is_valid_and_reads_back_the_same(name: str) -> None:
    experiment = load_experiment(path_of(name))
    assert experiment.name == name
    assert experiment.title
    text = dump_experiment(experiment)
    again = read_experiment(text, label="again", name="again", folder=examples_folder())
    assert dump_experiment(again) == text
    np.testing.assert_array_equal(again.dataset.inputs, experiment.dataset.inputs)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name: str) -> None:
    assert example_summary(name).endswith(".")
    assert len(example_summary(name)) > 20
    heading, *lines = describe(load_experiment(path_of(name)))
    assert heading == name
    assert {line.split()[0] for line in lines} >= {"task", "network", "training", "film", "panels", "expect"}


@pytest.mark.parametrize("name", NAMES)
def test_its_gradients_are_right(name: str) -> None:
    experiment = load_experiment(path_of(name))
    network = experiment.network
    parameters = experiment.init.sample(network.layout, spawn_streams(experiment.seed).init)
    every = max(1, experiment.dataset.n_samples // 60)  # of a picture some pixels will do
    inputs, targets = experiment.dataset.inputs[::every], experiment.targets()[::every]
    found = check_gradients(network, experiment.training.loss, parameters, inputs, targets)
    assert found.passed


@pytest.mark.parametrize("name", NAMES)
def test_it_trains_and_draws(name: str) -> None:
    slow = load_experiment(path_of(name)).video.slow_motion
    moved = "video.slow_motion=[{step: 7, seconds: 2}]" if slow else "video.slow_motion=[]"
    experiment = load_experiment(path_of(name), [*FEW, *SMALL, moved])
    recording = train(experiment)
    assert np.isfinite(recording.snapshot_losses).all()
    moments = timeline(experiment.video, recording)
    canvas = Canvas(recording, moments)
    assert canvas.notes == []
    first, last = canvas.draw(moments[0]).copy(), canvas.draw(moments[-1])
    assert first.shape == last.shape == (468, 832, 4)
    assert (first != last).any()


# finding one


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("word", ["heart", "heart.yaml"])
def test_a_built_in_example_is_found_by_its_name(word: str, here: Path) -> None:
    found = find_config(word)
    assert (found.kind, found.path) == ("example", path_of("heart"))


@pytest.mark.parametrize("word", ["heart", "heart.yaml"])
def test_a_name_under_configs_comes_first(word: str, here: Path) -> None:
    (here / "configs").mkdir()
    (here / "configs" / "heart.yaml").touch()
    found = find_config(word)
    assert (found.kind, found.path) == ("configs", Path("configs/heart.yaml"))


def test_and_a_path_before_that(here: Path) -> None:
    (here / "configs").mkdir()
    (here / "configs" / "heart.yaml").touch()
    (here / "heart.yaml").touch()
    assert find_config("heart.yaml").kind == "path"
    assert find_config("heart").kind == "configs"
    assert find_config("./configs/heart.yaml").kind == "path"


def test_a_folder_of_that_name_is_not_in_the_way(here: Path) -> None:
    (here / "heart").mkdir()
    assert find_config("heart").kind == "example"


@pytest.mark.parametrize("word", ["hart", "../heart", "configs/heart", ""])
def test_what_is_nowhere_is_named_with_what_there_is(word: str, here: Path) -> None:
    with pytest.raises(NotFoundError, match="no experiment at") as caught:
        find_config(word)
    assert all(name in str(caught.value) for name in NAMES)
    assert ("did you mean 'heart'" in str(caught.value)) == bool(word)


def test_an_installed_package_carries_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "site-packages" / "backprop_anim" / "config"
    (installed / "built_in").mkdir(parents=True)
    (installed / "built_in" / "mine.yaml").touch()
    monkeypatch.setattr(examples, "__file__", str(installed / "examples.py"))
    assert example_names() == ["mine"]


def test_a_file_of_that_name_here_is_suggested(here: Path) -> None:
    (here / "my-curve.yaml").touch()
    with pytest.raises(NotFoundError, match=r"did you mean 'my-curve\.yaml'"):
        find_config("my-curve")
