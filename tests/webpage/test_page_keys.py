"""The names on a page: variables have their index below, and the key of a plane leaves no class out in silence."""

from __future__ import annotations

import numpy as np
import pytest
from browser_page import Film, Open, recorded

from backprop_anim.webpage import make_page

pytestmark = pytest.mark.browser

LISTEN = """(canvas) => {
  const context = canvas.getContext("2d");
  context.fillText = (text, x, y) => {
    (window.written ??= []).push([text, x + (context.textAlign === "left" ? context.measureText(text).width : 0), x]);
    Object.getPrototypeOf(context).fillText.call(context, text, x, y);
  };
}"""
"""Lets a canvas keep what is written on it, where that ends and where it starts."""


def drawn(film: Film) -> list[tuple[str, float, float]]:
    """What the plane writes when it is drawn again."""
    film.find(".view.plane canvas").evaluate(LISTEN)
    film.call("seek", 1)
    return [tuple(each) for each in film.page.evaluate("window.written.splice(0)")]


def opened(open_html: Open, classes: list[str], width: int) -> Film:
    places = np.random.default_rng(1).uniform(0, 1, (3 * len(classes), 2)).round(3).tolist()
    rows = ", ".join(f"[{x}, {y}, {classes[k % len(classes)]}]" for k, (x, y) in enumerate(places))
    recording = recorded(
        f"task: {{kind: table, columns: [x1, flipper length mm, kind], rows: [{rows}], targets: kind}}\n"
        "network: {hidden: [3]}\ntraining: {steps: 4}\n"
    )
    film = open_html(make_page(recording).html, viewport={"width": width, "height": 720})
    film.call("get", "seed")
    return film


@pytest.mark.parametrize("width", [360, 1100, 1280])
@pytest.mark.parametrize("more", ["", " penguin of the southern seas and ices"])
def test_the_key_names_every_class(open_html: Open, width: int, more: str) -> None:
    classes = [name + more for name in ("Adelie", "Chinstrap", "Gentoo")]
    written = drawn(opened(open_html, classes, width))
    texts = [text for text, _, _ in written]
    for name in classes:
        start = name.split()[0]
        ((end, left),) = [(end, left) for text, end, left in written if text.startswith(start)]
        assert 0 <= left < end <= width
    assert "flipper length mm" in texts
    assert not any("more" in text for text in texts)


def test_names_that_start_alike_are_told_apart(open_html: Open) -> None:
    classes = [f"the great wandering penguin of the southern seas and kind {letter}" for letter in "abcd"]
    texts = [text for text, _, _ in drawn(opened(open_html, classes, 1100))]
    found = [text for text in texts if text.startswith("t") and "…" in text]
    assert [text[-1] for text in found] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_key_of_very_many_classes_says_how_many_it_leaves_out(open_html: Open, width: int) -> None:
    film = opened(open_html, [f"sort {chr(97 + k // 6)}{chr(97 + k % 6)}" for k in range(36)], width)
    texts = [text for text, _, _ in drawn(film)]
    shown = [text for text in texts if text.startswith("sort ")]
    (more,) = [text for text in texts if text.endswith(" more")]
    assert more == f"… {36 - len(shown)} more"
    assert len(shown) >= 6
    box = film.find(".view.plane canvas").bounding_box()
    assert box
    assert box["height"] > 180  # a button for each would leave the plane no room
    film.find("select[aria-label='class to add']").select_option(label="sort cd")
    before = len(film.read("samples"))
    for x in range(60, int(box["width"]) - 20, 31):
        film.find(".view.plane canvas").click(position={"x": x, "y": box["height"] / 2})
        if len(film.read("samples")) > before:
            break
    assert film.read("samples")[-1]["target"] == "sort cd"


def test_variables_have_their_index_below_and_a_file_has_them_as_they_are(open_page: Open) -> None:
    film = open_page("full")
    film.find("summary").get_by_text("All samples", exact=True).click()
    film.find(".rows th").first.wait_for()
    film.call("tell", "forward")
    film.find(".rim").first.hover()
    heads = film.find(".rows th").all_text_contents()
    assert heads[:2] == ["x₁", "x₂"]
    assert film.find(".network svg .name.before").all_text_contents() == ["x₁", "x₂"]
    assert film.find(".network > .hint").inner_text().startswith("x₁: ")
    assert "w from x₁" in film.find(".changes").text_content()
    assert "x1" not in film.find(".inside").inner_text()
    assert {"x₁", "x₂"} <= {text for text, _, _ in drawn(film)}
    film.find(".links button").get_by_text("Data", exact=True).click()
    assert "x1, x2, class" in film.find("dialog").inner_text()
    assert film.errors == []
