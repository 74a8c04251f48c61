"""Data that a reader adds, moves, removes, draws or pastes: they go live, and what does not fit changes nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from browser_page import Film, Open

pytestmark = pytest.mark.browser

CIRCLE = [[math.cos(2 * math.pi * k / 40), math.sin(2 * math.pi * k / 40)] for k in range(40)]


def test_samples_are_added_moved_and_removed(open_page: Open) -> None:
    film = open_page("full")
    film.call("seek", 12)
    there, before = film.read("samples"), film.state()
    name = film.recording.experiment.dataset.class_names[1]
    added = {"inputs": [0.25, -0.5], "target": name}
    film.call("addSample", added)
    assert film.read("samples") == [*there, added]
    assert (film.read("mode"), film.read("step")) == ("live", 12)
    assert film.read("parameters") == before["parameters"]
    film.call("moveSample", 3, [0.125, 0.5])
    moved = {**there[3], "inputs": [0.125, 0.5]}
    assert film.read("samples") == [*there[:3], moved, *there[4:], added]
    film.call("removeSample", 0)
    assert film.read("samples") == [*there[1:3], moved, *there[4:], added]
    film.call("train", 3)
    assert film.read("step") == 15
    film.call("recorded")
    assert film.state() == before
    assert film.errors == []


def test_the_loss_is_that_of_the_changed_data(open_page: Open) -> None:
    film = open_page("full")
    for _ in range(len(film.read("samples")) - 1):
        film.call("removeSample", 1)
    [left] = film.read("samples")
    loss = film.read("loss")
    film.call("addSample", left)
    assert film.read("loss") == pytest.approx(loss, rel=1e-12)  # the mean over twice the same
    assert "RangeError" in film.refusal("removeSample", 2)
    film.call("removeSample", 1)
    assert "last sample" in film.refusal("removeSample", 0)
    film.call("train", 2)


@pytest.mark.parametrize(
    ("member", "given"),
    [
        ("addSample", [{"inputs": [1], "target": "class 0"}]),
        ("addSample", [{"inputs": [1, 2, 3], "target": "class 0"}]),
        ("addSample", [{"inputs": [1, None], "target": "class 0"}]),
        ("addSample", [{"inputs": ["1", "2"], "target": "class 0"}]),
        ("addSample", [{"inputs": [1, float("inf")], "target": "class 0"}]),
        ("addSample", [{"inputs": [0, 0], "target": "no such class"}]),
        ("addSample", [{"inputs": [0, 0]}]),
        ("addSample", [{"target": "class 0"}]),
        ("addSample", []),
        ("moveSample", [0, [1]]),
        ("moveSample", [-1, [0, 0]]),
        ("moveSample", [99, [0, 0]]),
        ("moveSample", [0.5, [0, 0]]),
        ("moveSample", [0, None]),
        ("removeSample", [99]),
        ("removeSample", [None]),
        ("removeSample", ["0"]),
        ("setCurve", [CIRCLE]),
        ("setCsv", [""]),
        ("setCsv", ["0.1,0.2,no such class"]),
        ("setCsv", ["0.1,0.2"]),
        ("setCsv", ["0.1,x,class 0\n0.2,y,class 0"]),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(open_page: Open, member: str, given: list[Any]) -> None:
    film = open_page("full")
    before = film.state()
    named = repr(given).replace("class 0", film.recording.experiment.dataset.class_names[0])
    given = eval(named, {"inf": math.inf})  # the same with a name that there is
    assert "Error: " in film.refusal(member, *given)
    assert film.state() == before
    assert film.read("mode") == "recording"


@pytest.mark.parametrize("target", [None, "0.5", True, [0.5, 0.5], [], {}, float("nan")])
def test_a_number_to_learn_is_a_number(open_page: Open, target: Any) -> None:
    film = open_page("series")
    before = film.state()
    assert "Error: " in film.refusal("addSample", {"inputs": [0.5], "target": target})
    assert film.state() == before


def test_a_number_to_learn_is_taken_alone_or_in_a_list(open_page: Open) -> None:
    film = open_page("series")
    for target in (0.5, [0.5]):
        film.call("addSample", {"inputs": [0.25], "target": target})
        assert film.read("samples")[-1] == {"inputs": [0.25], "target": 0.5}


def test_a_drawn_curve_is_learned_at_equal_distances(open_page: Open) -> None:
    film = open_page("curve")
    before = film.state()
    film.call("setCurve", CIRCLE)
    samples = film.read("samples")
    assert [sample["inputs"] for sample in samples] == [sample["inputs"] for sample in before["samples"]]
    points = np.array([sample["target"] for sample in samples])
    assert np.hypot(*points.T) == pytest.approx(1, abs=0.01)
    gaps = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    assert gaps == pytest.approx(gaps.mean(), rel=0.02)
    loss = film.read("loss")
    film.call("set", "training.noise", 0)
    film.call("set", "training.aggression", 0.3)
    film.call("train", 2000)
    assert film.read("loss") < loss
    film.call("recorded")
    assert film.state() == before


@pytest.mark.parametrize(
    "points", [None, [], [[0, 0], [1, 1]], [[0, 0]] * 5, [[0, 0], [1, 1], [None, 0]], [[0, 0, 0]] * 3]
)
def test_a_curve_that_is_none_is_refused(open_page: Open, points: Any) -> None:
    film = open_page("curve")
    before = film.state()
    assert film.refusal("setCurve", points).startswith("RangeError: ")
    assert film.state() == before


def pasted(film: Film, text: str) -> list[Any]:
    film.call("setCsv", text)
    assert film.read("mode") == "live"
    film.call("train", 2)
    return film.read("samples")


@pytest.mark.parametrize("head", ["", "x1,x2,class\n", '"x1";"x2";"class"\r\n'])
def test_pasted_rows_take_the_place_of_all_samples(open_page: Open, head: str) -> None:
    film = open_page("full")
    one, other = film.recording.experiment.dataset.class_names
    separator = ";" if ";" in head else ","
    rows = [["0.5", "-1e-1", one], ["1", "2", other], ["3", "4", one]]
    text = head + "\n".join(separator.join(row) for row in rows) + "\n"
    wanted = [{"inputs": [float(row[0]), float(row[1])], "target": row[2]} for row in rows]
    assert pasted(film, text) == wanted
    film.call("recorded")
    assert len(film.read("samples")) == film.recording.experiment.dataset.n_samples


def test_pasted_rows_are_taken_in_the_dialog_or_refused_there(open_page: Open) -> None:
    film = open_page("series")
    film.find(".links button").get_by_text("Data", exact=True).click()
    film.find("dialog textarea").fill("0.1,0.2\n0.2,nonsense")
    film.find("dialog button").get_by_text("Use these").click()
    assert "nonsense" in film.find("dialog [role=alert]").inner_text()
    assert film.read("mode") == "recording"
    film.find("dialog textarea").fill("0.1,0.2\n0.2,0.3")
    film.find("dialog button").get_by_text("Use these").click()
    film.until(lambda: film.find("dialog").count() == 0)
    assert film.read("samples") == [{"inputs": [0.1], "target": 0.2}, {"inputs": [0.2], "target": 0.3}]
