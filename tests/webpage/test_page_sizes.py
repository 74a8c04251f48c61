"""A page in small and large windows, by day and by night, without motion and on paper: it fits, and axe is content."""

from __future__ import annotations

from typing import Any

import pytest
from browser_page import Film, Open, faults, needs_axe

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WINDOWS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "phone, dark": PHONE | {"color_scheme": "dark"},
    "phone on its side": PHONE | {"viewport": {"width": 740, "height": 360}},
    "laptop": {"viewport": {"width": 1280, "height": 720}},
    "laptop, dark, without motion": {
        "viewport": {"width": 1280, "height": 720},
        "color_scheme": "dark",
        "reduced_motion": "reduce",
    },
    "large": {"viewport": {"width": 1920, "height": 1080}},
}
NAMES = ["full", "deep", "classes", "curve", "series", "table", "plane", "by one", "heart-adam"]


def assert_fits(film: Film) -> None:
    """Hold the page to the window that was asked for: a phone would zoom out, and call itself wider."""
    inside = film.page.evaluate("Math.max(document.documentElement.scrollWidth, innerWidth)")
    assert inside <= film.page.viewport_size["width"]


def open_all(film: Film) -> None:
    """Open all panels that are closed at first."""
    for summary in film.find("summary").all():
        summary.evaluate("(summary) => summary.click()")
    film.page.wait_for_timeout(50)


def look_around(film: Film) -> None:
    """Bring the page into each of the states that its layout depends on."""
    assert_fits(film)
    for phase in ("forward", "loss", "backward", "update"):
        film.call("tell", phase)
        assert_fits(film)
    film.call("set", "training.optimizer", "adam")
    film.call("train", 1)
    open_all(film)
    assert_fits(film)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_window(open_page: Open, name: str, window: str) -> None:
    film = open_page(name, **WINDOWS[window])
    look_around(film)
    film.page.emulate_media(media="print")
    assert_fits(film)
    assert film.find("footer").is_hidden()
    assert film.find("h1").is_visible()
    assert film.errors == []


@needs_axe
@pytest.mark.parametrize("window", ["phone", "laptop", "laptop, dark, without motion"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_fault(open_page: Open, name: str, window: str) -> None:
    film = open_page(name, **WINDOWS[window])
    assert faults(film) == []
    film.call("tell", "update")
    assert faults(film) == []
    film.call("set", "training.optimizer", "adam")
    film.call("train", 1)
    open_all(film)
    assert faults(film) == []


@needs_axe
@pytest.mark.parametrize("button", ["Data", "Copy YAML", "?"])
def test_axe_finds_no_fault_in_what_opens(open_page: Open, button: str) -> None:
    film = open_page("full")
    film.find(".links button").get_by_text(button, exact=True).click()
    film.find("dialog").wait_for(state="visible")  # what is copied is copied before it is shown
    assert film.find("dialog").is_visible()
    assert faults(film) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_scheme(open_page: Open, scheme: str) -> None:
    film = open_page("full", color_scheme=scheme)
    script = "(page) => getComputedStyle(page).backgroundColor.match(/\\d+/g).map(Number)"

    def ground() -> float:
        return float(sum(film.find(".page").evaluate(script)) / 3)

    assert (ground() < 128) == (scheme == "dark")
    film.page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    film.until(lambda: (ground() < 128) == (scheme == "light"))


def test_the_network_fits_its_place_again_when_the_window_changes(open_page: Open) -> None:
    film = open_page("deep")
    for width in (1920, 700, 360, 1280):
        film.page.set_viewport_size({"width": width, "height": 800})
        film.page.wait_for_timeout(100)
        assert_fits(film)
        svg, place = film.find(".network svg").first.bounding_box(), film.find(".network").bounding_box()
        assert svg["width"] == pytest.approx(place["width"], abs=2)
