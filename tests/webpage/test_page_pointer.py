"""What a pointer does in the pictures of the data: it adds, drags and chooses samples, and draws curves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from browser_page import Film, Open

from backprop_anim.engine import Array

pytestmark = pytest.mark.browser

FREE = [(0.3, 0.45), (0.75, 0.12), (0.93, 0.53)]
"""Places of the plane without samples, as shares of its picture."""


def plane(film: Film) -> Any:
    return film.find(".plane canvas").first


def at(film: Film, share: tuple[float, float]) -> dict[str, float]:
    box = plane(film).bounding_box()
    return {"x": round(share[0] * box["width"]), "y": round(share[1] * box["height"])}


def places(film: Film) -> Array:
    """What turns inputs and a one into pixels, (2, 3): found by adding samples at three places."""
    pixels, inputs = [], []
    for share in FREE:
        spot = at(film, share)
        plane(film).click(position=spot)
        inputs.append([*film.read("samples")[-1]["inputs"], 1])
        pixels.append([spot["x"], spot["y"]])
    film.call("recorded")
    found: Array = np.linalg.solve(np.array(inputs), np.array(pixels)).T
    return found


def color(film: Film, spot: dict[str, float]) -> list[int]:
    """The colour that is painted at a place."""
    script = """(canvas, [x, y]) => {
      const scale = canvas.width / canvas.clientWidth;
      return [...canvas.getContext("2d").getImageData(x * scale, y * scale, 1, 1).data];
    }"""
    found: list[int] = plane(film).evaluate(script, [spot["x"], spot["y"]])
    return found


@pytest.mark.parametrize("shift", [False, True])
@pytest.mark.parametrize("label", [0, 1])
def test_a_click_adds_a_point_there_with_the_class_that_is_shown(open_page: Open, label: int, shift: bool) -> None:
    film = open_page("full")
    there = film.read("samples")
    scale = places(film)
    names = film.recording.experiment.dataset.class_names
    film.find(".plane button").get_by_text(names[label], exact=True).click()
    spot = at(film, (0.15, 0.53))
    ground = color(film, spot)
    plane(film).click(position=spot, modifiers=["Shift"] if shift else [])
    [*others, added] = film.read("samples")
    assert others == there
    assert scale @ [*added["inputs"], 1] == pytest.approx([spot["x"], spot["y"]], abs=0.6)
    assert added["target"] == names[1 - label if shift else label]
    assert color(film, spot) != ground
    assert (film.read("mode"), film.read("step")) == ("live", 0)


def test_samples_stand_where_they_are_and_a_press_chooses_one(open_page: Open) -> None:
    film = open_page("full")
    scale = places(film)
    for index, sample in list(enumerate(film.read("samples")))[:6]:
        x, y = scale @ [*sample["inputs"], 1]
        plane(film).click(position={"x": x, "y": y})
        chosen = film.read("samples")[film.read("sample")]["inputs"]
        assert np.hypot(*(scale @ [*chosen, 1] - [x, y])) < 4, index
        assert film.read("mode") == "recording"


def test_a_sample_is_dragged_and_only_that_one(open_page: Open) -> None:
    film = open_page("full")
    scale = places(film)
    there = film.read("samples")
    film.choose("sample", 0)
    box = plane(film).bounding_box()
    x, y = scale @ [*there[0]["inputs"], 1]
    wanted = at(film, FREE[1])
    film.page.mouse.move(box["x"] + x, box["y"] + y)
    film.page.mouse.down()
    chosen = film.read("sample")
    film.page.mouse.move(box["x"] + wanted["x"], box["y"] + wanted["y"], steps=5)
    film.page.mouse.up()
    film.page.mouse.move(box["x"] + 60, box["y"] + 60)
    now = film.read("samples")
    assert [k for k, sample in enumerate(now) if sample != there[k]] == [chosen]
    assert now[chosen]["target"] == there[chosen]["target"]
    assert scale @ [*now[chosen]["inputs"], 1] == pytest.approx([wanted["x"], wanted["y"]], abs=1)
    assert film.read("mode") == "live"
    film.call("recorded")
    assert film.read("samples") == there


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_delete_removes_the_sample_that_is_chosen(open_page: Open, key: str) -> None:
    film = open_page("full")
    scale = places(film)
    there = film.read("samples")
    x, y = scale @ [*there[5]["inputs"], 1]
    plane(film).click(position={"x": x, "y": y})
    chosen = film.read("sample")
    film.press(key)
    assert film.read("samples") == [*there[:chosen], *there[chosen + 1 :]]
    assert film.read("mode") == "live"
    film.call("recorded")
    assert film.read("samples") == there


def test_delete_leaves_the_last_sample(open_page: Open) -> None:
    film = open_page("full")
    plane(film).focus()
    for _ in range(len(film.read("samples")) + 2):
        film.press("Delete")
    assert len(film.read("samples")) == 1
    assert film.errors == []


def test_a_line_that_is_drawn_becomes_the_curve(open_page: Open) -> None:
    film = open_page("curve")
    before = film.read("samples")
    box = plane(film).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for k in range(41):
        angle = 2 * math.pi * k / 40
        film.page.mouse.move(middle[0] + 90 * math.cos(angle), middle[1] - 90 * math.sin(angle))
        if k == 0:
            film.page.mouse.down()
    assert film.read("mode") == "recording"
    film.page.mouse.up()
    assert film.read("mode") == "live"
    targets = np.array([sample["target"] for sample in film.read("samples")])
    radii = np.hypot(*(targets - targets.mean(axis=0)).T)
    assert radii == pytest.approx(radii.mean(), rel=0.05)
    first = targets[: len(targets) // 4] - targets.mean(axis=0)
    assert first.mean(axis=0).min() > 0  # from the right, and upwards
    film.find("button").get_by_text("Back to the recording").click()
    assert film.read("samples") == before


def test_a_click_on_a_curve_changes_nothing(open_page: Open) -> None:
    film = open_page("curve")
    before = film.state()
    plane(film).click()
    assert film.state() == before


def test_a_click_adds_an_observation_to_a_series(open_page: Open) -> None:
    film = open_page("series")
    before = film.read("samples")
    plane(film).click(position=at(film, (0.5, 0.4)))
    [*others, added] = film.read("samples")
    assert others == before
    inputs = [sample["inputs"][0] for sample in before]
    assert min(inputs) < added["inputs"][0] < max(inputs)
    assert film.read("mode") == "live"


def test_a_weight_is_set_by_its_line(open_page: Open) -> None:
    film = open_page("full")
    before = film.read("parameters")
    film.find(".grip").first.focus()
    film.press("Enter")
    field = film.find("dialog input")
    assert len(field.input_value()) <= len("−0.12345")
    index = int(np.argmin(np.abs(np.array(before) - float(field.input_value().replace("−", "-")))))
    field.fill("0.75")
    film.find("dialog button").get_by_text("Set", exact=True).click()
    film.until(lambda: film.find("dialog").count() == 0)
    assert film.read("parameters") == [*before[:index], 0.75, *before[index + 1 :]]
    assert film.read("mode") == "live"


def test_a_finger_adds_a_point_too(open_page: Open) -> None:
    film = open_page("full", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    before = film.read("samples")
    plane(film).scroll_into_view_if_needed()
    plane(film).tap(position=at(film, FREE[0]))
    assert len(film.read("samples")) == len(before) + 1


def test_what_is_pointed_at_is_marked_in_formulas_and_table(open_page: Open) -> None:
    film = open_page("full")
    film.call("seek", 12)
    film.call("tell", "forward")
    assert film.find(".looked").count() == 0
    place = str(film.find(".changes tr[data-of]").nth(1).get_attribute("data-of"))
    for grip in film.find(".grip").all():
        grip.focus()
        if film.find(f'.changes tr.looked[data-of="{place}"]').count():
            break
    assert film.find(".looked").count() == 2
    weight = film.numbers("parameters")[int(place.removeprefix("w "))]
    for part in (".formulas .looked", ".changes tr.looked td >> nth=0"):
        text = film.find(part).text_content().replace("−", "-").strip("()+")
        assert abs(float(text) - weight) < 0.005
    assert "∂L/∂w" in film.find(".view.network .hint").inner_text()
    film.call("tell", "none")
    film.find(".grip").first.focus()
    assert "Δw" in film.find(".view.network .hint").inner_text()  # of the update before
