"""The YAML of a page is an experiment that the program reads, and that trains to the same states."""

from __future__ import annotations

import numpy as np
import pytest
from browser_page import BUILT_IN, CONFIGS, TEXTS, Film, Open

from backprop_anim.config import read_experiment
from backprop_anim.experiment import as_mapping
from backprop_anim.training import train

pytestmark = pytest.mark.browser


def shown(film: Film) -> str:
    """What the button shows."""
    film.find(".links button").get_by_text("Copy YAML", exact=True).click()
    text = film.find("dialog pre").text_content()
    film.press("Escape")
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("name", [*TEXTS, *BUILT_IN])
def test_the_recorded_experiment_is_read_and_trains_to_the_same_end(open_page: Open, name: str) -> None:
    film = open_page(name)
    text = film.call("toYaml")
    assert shown(film) == text
    recording = film.recording
    given = recording.experiment
    again = read_experiment(text, label="the page", name=given.name, folder=CONFIGS)
    assert as_mapping(again) == as_mapping(given)
    if name in TEXTS:
        np.testing.assert_array_equal(train(again).parameters, recording.parameters)


@pytest.mark.parametrize("name", ["full", "series", "curve", "costly", "labels", "units", "held out"])
def test_a_live_run_without_chance_is_read_and_trains_to_the_same_end(open_page: Open, name: str) -> None:
    film = open_page(name)
    film.call("seek", 6)
    film.call("set", "training.noise", 0)
    film.call("set", "training.aggression", 0.25)
    film.call("train", 10)
    again = read_experiment(film.call("toYaml"), label="the page", name=name, folder=CONFIGS)
    assert again.training.aggression == 0.25
    np.testing.assert_allclose(train(again).parameters[-1], film.numbers("parameters"), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("decay", "l1"), [(0.05, 0.01), (0, 0)])
@pytest.mark.parametrize("name", ["full", "costly"])
def test_what_weights_cost_goes_along(open_page: Open, name: str, decay: float, l1: float) -> None:
    film = open_page(name)
    film.call("set", "training.weight_decay", decay)
    film.call("set", "training.l1", l1)
    film.call("train", 10)
    again = train(read_experiment(film.call("toYaml"), label="the page", name=name, folder=CONFIGS))
    np.testing.assert_allclose(again.parameters[-1], film.numbers("parameters"), rtol=1e-9, atol=1e-12)
    assert (again.penalties is None) == (decay == 0)
    assert film.read("loss") == pytest.approx(again.snapshot_losses[-1])  # of the data, whatever the weights cost


def test_the_yaml_of_a_live_run_says_what_is_not_the_same(open_page: Open) -> None:
    film = open_page("noise")
    film.call("seek", 12)
    film.call("set", "training.optimizer", "adam")
    film.call("train", 7)
    text = film.call("toYaml")
    assert text.startswith("# ")
    assert "noise or mini-batches" in text.splitlines()[0]
    assert "  steps: 7\n" in text
    assert "adam" in text
    film.call("recorded")
    assert "adam" not in film.call("toYaml")
