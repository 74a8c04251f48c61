"""A page opens from a file: it complains of nothing, asks for nothing, and says what it is about."""

from __future__ import annotations

import pytest
from browser_page import BUILT_IN, TEXTS, Open

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", [*TEXTS, *BUILT_IN])
def test_it_opens_without_a_complaint_or_a_request(open_page: Open, name: str) -> None:
    film = open_page(name)
    film.call("tell", "backward")
    film.call("train", 2)
    film.page.wait_for_timeout(200)
    assert film.errors == []
    assert film.requests == [film.page.url]
    assert film.find("h1").inner_text() == film.recording.experiment.title
    assert film.page.title() == film.recording.experiment.title


def test_it_is_ready_once_and_says_so(open_page: Open) -> None:
    film = open_page("full")
    told = film.page.evaluate(
        """async () => {
          const there = document.querySelector("backprop-anim");
          const again = there.cloneNode(true);
          const heard = [];
          again.addEventListener("ready", () => heard.push("ready"));
          document.body.append(again);
          heard.push((await again.ready) === again);
          await new Promise((resolve) => setTimeout(resolve, 50));
          return heard;
        }"""
    )
    assert sorted(told, key=str) == [True, "ready"]


def test_its_policy_refuses_other_scripts_and_requests(open_page: Open) -> None:
    film = open_page("full")
    ran = film.page.evaluate(
        """async () => {
          const added = document.createElement("script");
          added.textContent = "window.ran = true";
          document.body.append(added);
          const asked = await fetch("https://example.org/").then(() => true, () => false);
          return [window.ran ?? false, asked];
        }"""
    )
    assert ran == [False, False]
    assert film.requests == [film.page.url]


@pytest.mark.parametrize("data", ["{", '{"network": 3}', ""])
def test_a_run_that_cannot_be_read_is_said_beside_the_poster(open_page: Open, data: str) -> None:
    film = open_page("full")
    said = film.page.evaluate(
        """async (data) => {
          const broken = document.createElement("backprop-anim");
          const told = document.createElement("script");
          told.type = "application/json";
          told.textContent = data;
          const poster = document.createElement("p");
          poster.textContent = "instead";
          broken.append(told, poster);
          document.body.append(broken);
          await new Promise((later) => setTimeout(later, 300));
          return [broken.innerText, broken.shadowRoot === null];
        }""",
        data,
    )
    assert "instead" in said[0]
    assert "cannot be read" in said[0]
    assert said[1]
