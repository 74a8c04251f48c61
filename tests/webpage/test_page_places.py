"""Where things stand on a page: the first view has what matters, nothing jumps, and a finger meets what it aims at."""

from __future__ import annotations

from typing import Any

import pytest
from browser_page import Film, Open

pytestmark = pytest.mark.browser

TOUCH_PX = 40
SCREENS: dict[str, tuple[str, dict[str, int]]] = {
    "frame": ("#embed", {"width": 800, "height": 450}),
    "frame, told": ("#embed&step=12&phase=backward", {"width": 800, "height": 450}),
    "small frame": ("#embed&step=12&phase=backward", {"width": 360, "height": 640}),
    "tablet": ("", {"width": 1024, "height": 768}),
    "tablet, told": ("#step=12&phase=backward", {"width": 1024, "height": 768}),
    "phone": ("#step=12&phase=backward", {"width": 360, "height": 740}),
    "laptop": ("#step=12&phase=backward", {"width": 1280, "height": 720}),
}


def box(film: Film, selector: str) -> dict[str, float]:
    found: dict[str, float] = film.find(selector).first.bounding_box()
    return found


def bottom(film: Film, selector: str) -> float:
    place = box(film, selector)
    return place["y"] + place["height"]


@pytest.mark.parametrize("name", ["fruit", "curve", "full"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_view_holds_the_plane_and_the_time_line(open_page: Open, name: str, screen: str) -> None:
    fragment, viewport = SCREENS[screen]
    film = open_page(name, fragment, viewport=viewport)
    for part in (".view.plane canvas", ".play", ".line"):
        assert bottom(film, part) <= viewport["height"], part
    assert box(film, ".view.plane canvas")["height"] >= 180


@pytest.mark.parametrize("viewport", [{"width": 1024, "height": 768}, {"width": 740, "height": 360}])
def test_a_told_step_fills_the_width(open_page: Open, viewport: dict[str, int]) -> None:
    film = open_page("fruit", "#step=12&phase=backward", viewport=viewport)
    text, table = box(film, ".formulas"), box(film, ".changes")
    assert text["x"] + text["width"] <= table["x"]
    assert table["x"] + table["width"] > 0.9 * viewport["width"]
    assert table["y"] < bottom(film, ".formulas")


def test_a_finger_has_room_on_everything(open_page: Open) -> None:
    film = open_page(
        "full", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    film.call("tell", "update")
    film.call("set", "training.aggression", 1)
    for part in film.find("button, select, summary, input[type=range]").all():
        if not part.is_visible():
            continue
        place = part.bounding_box()
        assert min(place["width"], place["height"]) >= TOUCH_PX, part.evaluate("(part) => part.outerHTML")


def test_the_controls_stay_where_they_are(open_page: Open) -> None:
    film = open_page("fruit")
    there = [part.bounding_box() for part in film.find("footer > *").all()]
    assert max(place["y"] for place in there) - min(place["y"] for place in there) < 20  # they stand in one row
    changes: list[tuple[str, Any]] = [
        ("training.aggression", 0.512),
        ("training.batch", 4),
        ("network.activation", "tanh"),
        ("training.loss", "binary_cross_entropy"),
        ("network.hidden", [4, 4]),
        ("network.hidden", [16, 16]),
    ]
    film.find("footer .main").click()
    assert [part.bounding_box() for part in film.find("footer > *").all()] == there
    film.call("pause")
    for key, value in changes:
        film.call("set", key, value)
        now = [part.bounding_box() for part in film.find("footer > *").all()]
        if value == [16, 16]:
            assert [place["y"] for place in now] == [place["y"] for place in there]
        else:
            assert now == there, key


def test_the_captions_of_large_layers_are_not_on_each_other(open_page: Open) -> None:
    film = open_page("fruit")
    film.call("set", "network.hidden", [16, 16])
    heads = sorted((part.bounding_box() for part in film.find("svg .head").all()), key=lambda place: place["x"])
    for k, one in enumerate(heads):
        for other in heads[k + 1 :]:
            assert one["x"] + one["width"] <= other["x"] or abs(one["y"] - other["y"]) > 10


def test_what_is_printed_is_light_and_without_controls(open_page: Open) -> None:
    film = open_page("full", color_scheme="dark")
    film.page.emulate_media(media="print", color_scheme="dark")
    ground = "(page) => getComputedStyle(page).backgroundColor.match(/\\d+/g).map(Number)"
    film.until(lambda: min(film.find(".page").evaluate(ground)) > 200)
    for part in (".speed", ".play", ".more summary >> nth=0", "footer"):
        assert film.find(part).is_hidden()
    assert box(film, "h1")["x"] > 20
    film.page.emulate_media(media="screen", color_scheme="dark")
    film.until(lambda: max(film.find(".page").evaluate(ground)) < 100)
