"""Classes over one input on the page: lines in the colours of classes, samples in rows below, and what a click does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from browser_page import Film, Open, run_of

from backprop_anim.experiment import themes
from backprop_anim.webpage.page_data import page_data

COLORS = """(canvas, places) => {
  const scale = canvas.width / canvas.clientWidth;
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const color = ([x, y]) => [...context.getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data];
  return places.map((place) => color(place).slice(0, 3));
}"""


def canvas(film: Film) -> Any:
    return film.find(".view.plane canvas")


def across(film: Film, values: Any) -> Any:
    """Where values of the input stand, in pixels."""
    dataset = run_of("by one").experiment.dataset
    assert dataset.held_out is not None
    every = np.concatenate([dataset.shown_inputs, dataset.held_out.shown_inputs])
    low, high = every.min() - 0.03 * np.ptp(every), every.max() + 0.03 * np.ptp(every)
    return 44 + (np.asarray(values) - low) / (high - low) * (canvas(film).bounding_box()["width"] - 54)


def rows(film: Film) -> tuple[float, float]:
    """How tall the axes of the probabilities are, and the row of a class."""
    room = canvas(film).bounding_box()["height"] - 74
    row = min(24.0, 0.4 * room / 3)
    return room - 3 * row - 10, row


def test_the_page_is_told_that_a_fit_leads() -> None:
    assert page_data(run_of("by one"))["hero"] == "fit"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_line_is_in_the_colour_of_its_class_where_the_network_answers(open_page: Open, scheme: str) -> None:
    film = open_page("by one", color_scheme=scheme)
    recording = run_of("by one")
    x = np.linspace(0.3, 7.7, 23)
    expected = [[int(color[k : k + 2], 16) for k in (1, 3, 5)] for color in themes[scheme]().classes[:3]]
    for row in (0, len(recording.steps) - 1):
        film.call("seek", int(recording.steps[row]))
        answers = recording.experiment.answers(recording.parameters[row], x[:, np.newaxis])
        apart = np.abs(answers[:, :, np.newaxis] - answers[:, np.newaxis]) + 2 * np.eye(3)
        alone = apart.min(axis=2) > 0.08  # no other line runs over it
        height, _ = rows(film)
        places = [
            [[float(px), 30 + height * (1 - float(y))] for px, y in zip(across(film, x), answers[:, k], strict=True)]
            for k in range(3)
        ]
        for k in range(3):
            found = np.array(canvas(film).evaluate(COLORS, places[k]))[alone[:, k]]
            right = np.abs(found - expected[k]).max(axis=1) <= 3
            assert right.mean() > 0.85, k  # a dot of the current sample may lie on it
    assert "of 9 samples right" in canvas(film).get_attribute("aria-label")
    assert film.errors == []


@pytest.mark.browser
def test_a_click_adds_the_chosen_class_and_a_mark_is_followed_dragged_and_removed(open_page: Open) -> None:
    film = open_page("by one")
    height, row = rows(film)
    before = film.read("samples")
    film.find(".plane .classes button").get_by_text("b", exact=True).click()
    canvas(film).click(position={"x": float(across(film, 3.5)), "y": 30 + height / 2})
    added = film.read("samples")
    assert len(added) == len(before) + 1
    assert added[-1]["target"] == "b"
    assert added[-1]["inputs"][0] == pytest.approx(3.5, abs=0.1)
    sample = 4
    off = (sample * 0.618034) % 1 - 0.5
    label = "abc".index(added[sample]["target"])
    place = {
        "x": float(across(film, added[sample]["inputs"][0])),
        "y": 30 + height + 10 + row * (label + 0.5 - 0.5 * off),
    }
    canvas(film).click(position=place)
    assert film.read("sample") == sample
    box = canvas(film).bounding_box()
    film.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
    film.page.mouse.down()
    film.page.mouse.move(box["x"] + float(across(film, 6.5)), box["y"] + place["y"], steps=3)
    film.page.mouse.up()
    assert film.read("samples")[sample]["inputs"][0] == pytest.approx(6.5, abs=0.1)
    canvas(film).focus()
    film.press("Delete")
    assert len(film.read("samples")) == len(before)
    film.call("train", 3)
    assert film.errors == []
