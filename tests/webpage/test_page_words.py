"""What a page says of what its reader did: what was copied, what is not a number, which network it is now."""

from __future__ import annotations

import math

import pytest
from browser_page import Film, Open

pytestmark = pytest.mark.browser

COUNT = """() => {
  const element = document.querySelector("backprop-anim");
  window.seen = [];
  element.addEventListener("change", () => window.seen.push(element.playing));
}"""


def circle(film: Film) -> None:
    """Draw a closed line with the mouse."""
    place = film.find(".plane canvas").first.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    for k in range(41):
        angle = 2 * math.pi * k / 40
        film.page.mouse.move(x + 90 * math.cos(angle), y - 90 * math.sin(angle))
        if k == 0:
            film.page.mouse.down()
    film.page.mouse.up()


def test_a_drawn_line_is_learned_at_once(open_page: Open) -> None:
    film = open_page("curve")
    assert "and the network learns it" in film.find(".plane .hint").inner_text()
    circle(film)
    assert film.read("playing") is True
    film.until(lambda: film.read("step") > 3)


def test_without_motion_a_drawn_line_waits_for_train(open_page: Open) -> None:
    film = open_page("curve", reduced_motion="reduce")
    assert "then press Train" in film.find(".plane .hint").inner_text()
    circle(film)
    film.page.wait_for_timeout(200)
    assert (film.read("mode"), film.read("playing"), film.read("step")) == ("live", False, 0)


def test_that_a_link_is_copied_stays_to_be_read_while_training_runs(open_page: Open) -> None:
    film = open_page("full", permissions=["clipboard-read", "clipboard-write"])
    film.find("footer .main").click()
    film.find("button").get_by_text("Copy link", exact=True).click()
    note = film.find(".note")
    film.until(lambda: note.inner_text() == "The link is copied.")
    film.page.wait_for_timeout(1500)
    assert note.inner_text() == "The link is copied."
    film.until(lambda: note.inner_text().startswith("Live."))


@pytest.mark.parametrize("allowed", [True, False])
def test_the_experiment_is_copied_at_once_where_it_may_be(open_page: Open, allowed: bool) -> None:
    film = open_page("full", permissions=["clipboard-read", "clipboard-write"] if allowed else [])
    if not allowed:
        film.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    film.find("button").get_by_text("Copy YAML", exact=True).click()
    text = film.find("dialog pre").text_content()
    assert text == film.call("toYaml")
    said = film.find("dialog [role=status]").inner_text()
    assert said == ("The experiment is copied." if allowed else "Copy this experiment:")
    if allowed:
        assert film.page.evaluate("navigator.clipboard.readText()") == text


@pytest.mark.parametrize("given", ["abc", "", "1e999", "1 2"])
def test_what_is_no_number_is_told(open_page: Open, given: str) -> None:
    film = open_page("full")
    before = film.state()
    film.find(".grip").first.focus()
    film.press("Enter")
    film.find("dialog input").fill(given)
    film.press("Enter")
    assert "is a number" in film.find("dialog [role=alert]").inner_text()
    assert film.state() == before
    film.find("dialog input").fill("−1,5")
    film.press("Enter")
    film.until(lambda: film.find("dialog").count() == 0)
    assert -1.5 in film.read("parameters")


def test_a_weight_that_is_not_changed_keeps_its_digits(open_page: Open) -> None:
    film = open_page("full")
    before = film.state()
    film.find(".grip").first.focus()
    film.press("Enter")
    film.press("Enter")
    film.until(lambda: film.find("dialog").count() == 0)
    assert film.state() == before


def test_the_subtitle_follows_the_network(open_page: Open) -> None:
    film = open_page("fruit")
    subtitle, recorded = film.find(".subtitle"), film.find(".subtitle").inner_text()
    film.call("set", "network.hidden", [4, 4])
    assert subtitle.inner_text() == "Now a 2 → 4 → 4 → 1 network, sigmoid"
    film.call("recorded")
    assert subtitle.inner_text() == recorded
    film.call("set", "network.activation", "tanh")
    assert subtitle.inner_text() == "Now a 2 → 4 → 1 network, tanh and sigmoid"


def test_what_does_not_go_on_is_said_in_words(open_page: Open) -> None:
    film = open_page("one")
    film.call("set", "training.aggression", 1)
    assert film.find(".note").inner_text() == "Live. Unlike in the recording, samples come in another order."


def test_that_it_starts_and_stops_to_play_is_a_change(open_page: Open) -> None:
    film = open_page("curve")
    film.page.evaluate(COUNT)
    film.call("pause")
    assert film.page.evaluate("window.seen") == []
    film.call("play")
    assert film.page.evaluate("window.seen[0]") is True
    film.call("pause")
    assert film.page.evaluate("window.seen.at(-1)") is False


@pytest.mark.parametrize("name", ["full", "curve"])
def test_a_mouse_leaves_no_frame_around_the_plane_but_the_keyboard_does(open_page: Open, name: str) -> None:
    film = open_page(name)
    canvas = film.find(".plane canvas").first
    outline = "(canvas) => getComputedStyle(canvas).outlineStyle"
    canvas.click(position={"x": 150, "y": 150})
    assert canvas.evaluate(outline) == "none"
    assert canvas.evaluate("(canvas) => canvas.getRootNode().activeElement === canvas")
    film.find(".grip").first.focus()
    for _ in range(5):
        if canvas.evaluate("(canvas) => canvas.getRootNode().activeElement === canvas"):
            break
        film.press("Shift+Tab")
    assert canvas.evaluate(outline) == "solid"


def test_step_says_what_it_will_do(open_page: Open) -> None:
    film = open_page("full")
    step = film.find("button").get_by_text("Step", exact=True)
    assert step.get_attribute("title") == "tell the next step: forward"
    film.call("tell", "update")
    assert step.get_attribute("title") == "make the step that was told"
