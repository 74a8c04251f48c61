"""A page plays its recording, and goes where buttons, keys and the time line say."""

from __future__ import annotations

import pytest
from browser_page import Film, Open

pytestmark = pytest.mark.browser


def place(film: Film) -> tuple[int, str]:
    return film.read("step"), film.read("phase")


def test_it_plays_to_the_end_and_stops_there(open_page: Open) -> None:
    film = open_page("full")
    seen = film.page.evaluate(
        """() => new Promise((resolve) => {
          const element = document.querySelector("backprop-anim");
          const seen = [];
          element.addEventListener("change", ({ detail }) => {
            seen.push(detail);
            if (detail.step === element.steps.at(-1)) resolve(seen);
          });
          element.play();
        })"""
    )
    film.until(lambda: not film.read("playing"))
    steps = [each["step"] for each in seen]
    assert steps == sorted(steps)
    assert set(steps) <= set(film.recording.steps.tolist())
    assert {each["mode"] for each in seen} == {"recording"}
    assert film.read("step") == film.recording.steps[-1]
    film.call("play")  # from the end it starts again
    film.until(lambda: film.read("step") < film.recording.steps[-1])


def test_it_pauses_where_it_is(open_page: Open) -> None:
    film = open_page("curve")
    film.call("play")
    film.until(lambda: film.read("step") > 0)
    film.call("pause")
    step = film.read("step")
    film.page.wait_for_timeout(200)
    assert film.read("step") == step < film.recording.steps[-1]
    assert film.read("playing") is False


def test_seek_goes_to_the_last_kept_state_at_or_before_a_step(open_page: Open) -> None:
    film = open_page("curve")
    recording = film.recording
    for step in (0, 1, 7, 640, 641, int(recording.steps[-1]), 10**9):
        film.call("seek", step)
        assert film.read("step") == recording.steps[recording.nearest(step)]
    film.call("seek", -5)
    assert film.read("step") == 0


def test_next_and_previous_go_by_one_kept_state_and_stay_at_the_ends(open_page: Open) -> None:
    film = open_page("full")
    steps = film.recording.steps.tolist()
    walked = [film.call("next") or film.read("step") for _ in steps]
    assert walked == [*steps[1:], steps[-1]]
    walked = [film.call("previous") or film.read("step") for _ in steps]
    assert walked == [*steps[-2::-1], 0]


def test_every_key_does_what_the_help_says(open_page: Open) -> None:
    film = open_page("long")
    steps = film.recording.steps.tolist()
    for key, wanted in [
        ("ArrowRight", (steps[1], "none")),
        ("ArrowRight", (steps[2], "none")),
        ("ArrowLeft", (steps[1], "none")),
        (".", (steps[1], "forward")),
        (".", (steps[1], "loss")),
        (".", (steps[1], "backward")),
        (",", (steps[1], "loss")),
        (",", (steps[1], "forward")),
        (",", (steps[1], "none")),
        (",", (steps[1], "none")),
        ("End", (steps[-1], "none")),
        ("Home", (0, "none")),
    ]:
        film.press(key)
        assert place(film) == wanted, key
    film.press("Space")
    assert film.read("playing") is True
    film.press("Space")
    assert film.read("playing") is False
    film.press("?")
    words = film.find("dialog").inner_text()
    assert all(word in words for word in ("Space", "← →", ". ,", "Home End", "Delete"))
    film.press("Escape")
    film.until(lambda: film.find("dialog").count() == 0)
    assert film.errors == []


def test_keys_of_a_browser_and_of_a_field_are_left_alone(open_page: Open) -> None:
    film = open_page("full")
    film.press("Control+ArrowRight")
    film.press("Alt+ArrowRight")
    assert film.read("step") == 0
    film.find("select").first.focus()
    film.press("End")
    assert film.read("step") == 0


def test_the_play_button_says_what_it_does(open_page: Open) -> None:
    film = open_page("curve")
    button = film.find("button.play")
    assert button.get_attribute("aria-label") == "Play"
    button.click()
    assert film.read("playing") is True
    assert button.get_attribute("aria-label") == "Pause"
    button.click()
    assert film.read("playing") is False


def test_the_time_line_goes_to_the_step_that_is_pointed_at(open_page: Open) -> None:
    film = open_page("full")
    line = film.find(".line input")
    box = line.bounding_box()
    line.click(position={"x": box["width"] * 0.5, "y": box["height"] / 2})
    assert film.read("step") == 12
    line.click(position={"x": box["width"] - 9, "y": box["height"] / 2})
    assert film.read("step") == 24


def test_the_time_line_can_be_walked_by_keys(open_page: Open) -> None:
    film = open_page("full")
    film.find(".line input").focus()
    steps = film.recording.steps.tolist()
    film.press("ArrowRight")
    film.press("ArrowRight")
    assert film.read("step") == steps[2]
    film.press("ArrowLeft")
    assert film.read("step") == steps[1]
    film.press("End")
    assert film.read("step") == steps[-1]
    film.press("Home")
    assert film.read("step") == 0


def test_playing_goes_on_from_where_its_reader_went(open_page: Open) -> None:
    film = open_page("long")
    end = film.recording.steps[-1]
    line = film.find(".line input")
    box = line.bounding_box()
    film.call("play")
    film.until(lambda: film.read("step") > 0)
    line.click(position={"x": box["width"] * 0.6, "y": box["height"] / 2})
    film.page.wait_for_timeout(100)
    assert film.read("step") >= 0.5 * end
    film.press("Home")
    film.page.wait_for_timeout(100)
    assert film.read("playing") is True
    assert film.read("step") <= 0.3 * end
