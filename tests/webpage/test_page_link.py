"""A link holds what is shown and what was changed; what in it is bad is left out, and the page says so."""

from __future__ import annotations

from typing import Any

import pytest
from browser_page import Film, Open

pytestmark = pytest.mark.browser


def fragment(film: Film) -> str:
    link = film.call("toLink")
    assert link.startswith(film.page.url.split("#")[0] + "#")
    return "#" + link.partition("#")[2]


@pytest.mark.parametrize("phase", ["none", "forward", "loss", "backward", "update"])
def test_a_link_opens_the_state_and_the_phase_that_were_shown(open_page: Open, phase: str) -> None:
    film = open_page("full")
    film.call("seek", 12)
    film.call("tell", phase)
    there = fragment(film)
    assert there == "#step=12" + (f"&phase={phase}" if phase != "none" else "")
    again = open_page("full", there)
    assert (again.read("step"), again.read("phase"), again.read("mode")) == (12, phase, "recording")
    assert again.find(".note").inner_text() == ""
    assert again.requests == [again.page.url.split("#")[0]]


def test_a_link_holds_all_that_was_changed(open_page: Open) -> None:
    film = open_page("mini")
    film.call("seek", 12)
    film.call("set", "training.optimizer", "adam")
    film.call("set", "training.batch", 3)
    film.call("set", "network.hidden", [3, 2])
    film.call("set", "training.noise", 0.25)
    film.call("set", "training.weight_decay", 0.0625)
    film.call("addSample", {**film.read("samples")[0], "inputs": [0.125, -0.5]})
    film.call("train", 9)
    film.call("setParameter", 2, 0.75)
    again = open_page("mini", fragment(film))
    assert again.state() == film.state()
    assert again.errors == []
    again.call("train", 3)
    assert again.read("step") == 12
    again.call("recorded")
    assert again.call("get", "network.hidden") == [4]


def test_a_link_may_change_which_part_makes_weights_decay(open_page: Open) -> None:
    film = open_page("costly")
    film.call("set", "training.weight_decay", 0)
    film.call("set", "training.optimizer", "adamw")
    film.call("train", 2)
    again = open_page("costly", fragment(film))
    assert again.state() == film.state()
    assert again.errors == []


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("#step=-3", "step"),
        ("#step=nowhere", "step"),
        ("#step=1e999", "step"),
        ("#phase=sideways", "phase"),
        ("#nothing=1", "nothing"),
        ("#edit=%%%", "changes"),
        ("#edit=AAAA", "changes"),
        ("#edit=" + "A" * 200_000, "changes"),
        ("#<img src=x onerror=window.ran=true>", "means nothing"),
    ],
)
def test_what_is_bad_in_a_link_is_left_out_with_a_note(open_page: Open, bad: str, word: str) -> None:
    film = open_page("full", bad)
    assert (film.read("step"), film.read("phase"), film.read("mode")) == (0, "none", "recording")
    assert word in film.find(".note").inner_text()
    assert film.page.evaluate("window.ran ?? null") is None
    assert film.errors == []


def edit(film: Film, changes: dict[str, Any]) -> str:
    """A fragment with these changes, packed by the browser itself."""
    packed = film.page.evaluate(
        """async (changes) => {
          const stream = new Blob([JSON.stringify(changes)]).stream().pipeThrough(new CompressionStream("deflate"));
          const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
          return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
        }""",
        changes,
    )
    return f"#edit={packed}"


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": [1, 2, 3]},
        {"parameters": None},
        {"parameters": ["1"] * 17},
        {"step": -1},
        {"step": 0.5},
        {"settings": {"training.aggression": -1}},
        {"settings": {"network.hidden": [5000, 5000]}},
        {"settings": {"toString": 1}},
        {"settings": {"no.such.key": 1}},
        {"data": {"inputs": [], "targets": [], "labels": []}},
        {"data": {"inputs": [[1, 2]], "targets": [[1]], "labels": [7]}},
        {"data": {"inputs": [[1, 2]], "targets": [[1]], "labels": ["length"]}},
        {"data": {"inputs": [[1, 2]], "targets": [[1]], "labels": [0.5]}},
        {"data": {"inputs": [[1, "x"]], "targets": [[1]], "labels": [0]}},
        {"data": 5},
    ],
)
def test_changes_that_do_not_fit_the_page_are_left_out_as_a_whole(open_page: Open, changes: dict[str, Any]) -> None:
    film = open_page("full")
    before = film.state()
    good = {"step": 3, "parameters": before["parameters"], "settings": {"training.aggression": 0.25}}
    assert open_page("full", edit(film, good)).call("get", "training.aggression") == 0.25
    film = open_page("full", edit(film, good | changes))
    assert film.state() == before
    assert "changes" in film.find(".note").inner_text()
    assert film.errors == []
