"""Several elements on one page: each has its own run, and hears its own keys."""

from __future__ import annotations

import re

import pytest
from browser_page import Film, Open, html_of

pytestmark = pytest.mark.browser

ELEMENT = re.compile(r"<backprop-anim>.*?</backprop-anim>", re.DOTALL)


@pytest.fixture
def two(open_html: Open) -> tuple[Film, Film]:
    """A page with the elements of two runs under one script."""
    first, second = html_of("full"), ELEMENT.search(html_of("curve"))
    assert second
    page = first.replace("</backprop-anim>", "</backprop-anim>" + second[0].replace("\\", "\\\\"), 1)
    film = open_html(page.replace("\\\\", "\\"))
    other = Film(film.page, 1, errors=film.errors, requests=film.requests)
    film.call("get", "seed")
    other.call("get", "seed")
    return film, other


def test_each_plays_tells_and_trains_its_own_run(two: tuple[Film, Film]) -> None:
    first, second = two
    there = second.state()
    first.call("seek", 12)
    first.call("set", "training.aggression", 0.25)
    first.call("train", 5)
    assert second.state() == there
    here = first.state()
    second.call("tell", "backward")
    second.call("play")
    second.until(lambda: second.read("step") > 0)
    second.call("pause")
    assert first.state() == here
    assert first.errors == []
    assert first.requests == [first.page.url]


def test_keys_go_to_the_one_that_has_the_focus_and_otherwise_to_the_first(two: tuple[Film, Film]) -> None:
    first, second = two
    first.press("End")
    assert (first.read("step"), second.read("step")) == (24, 0)
    second.find("button.play").focus()
    first.press("ArrowRight")
    assert second.read("step") > 0
    assert first.read("step") == 24


def test_one_that_is_taken_away_leaves_the_other(two: tuple[Film, Film]) -> None:
    first, _ = two
    first.page.evaluate("document.querySelectorAll('backprop-anim')[1].remove()")
    first.call("play")
    first.until(lambda: first.read("step") == 24)
    assert first.errors == []


def test_one_that_is_moved_keeps_its_state(two: tuple[Film, Film]) -> None:
    first, second = two
    second.call("seek", 500)
    there = second.state()
    first.page.evaluate("document.body.prepend(document.querySelectorAll('backprop-anim')[1])")
    assert Film(first.page, 0).state() == there
    assert first.errors == []
