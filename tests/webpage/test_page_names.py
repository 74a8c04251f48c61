"""Names that somebody else chose are shown as they are, and never run."""

from __future__ import annotations

import json

import pytest
from browser_page import Film, Open, recorded

from backprop_anim.webpage import make_page

pytestmark = pytest.mark.browser

RUN = "window.ran = true"
HOSTILE = {
    "html": f"<img src=x onerror='{RUN}'><b>bold</b>",
    "script": f"</script><script>{RUN}</script>",
    "comment": f"<!--<script>{RUN}</script>-->",
    "attribute": f'" onfocus="{RUN}" autofocus x=\'',
    "template": "${window.ran = true} {{window.ran = true}} %s \\u003c",
    "right to left": "שלום \u202eevil\u202c عالم",
    "emoji": "🍋‍🟩 👩🏽‍🚀 é\u0301",
    "lines": "one\u2028two\u2029three",
    "entities": "&lt;b&gt; &amp;amp; &#x3c;",
    "url": "javascript:window.ran=true",
}


def opened(open_html: Open, text: str) -> Film:
    film = open_html(make_page(recorded(text, "named")).html)
    film.call("get", "seed")
    return film


def assert_harmless(film: Film) -> None:
    for name in ("recording", "live"):
        for phase in ("forward", "loss", "backward", "update"):
            film.call("tell", phase)
        if name == "recording":
            film.call("train", 1)
    film.find(".links button").get_by_text("Copy YAML", exact=True).click()
    for summary in film.find("summary").all():
        if summary.is_visible():
            summary.evaluate("(summary) => summary.click()")
    film.page.wait_for_timeout(50)
    assert film.page.evaluate("window.ran ?? null") is None
    assert film.errors == []
    assert film.requests == [film.page.url]
    foreign = "img, script, b:not(.now b):not(.penalties b), iframe, [onfocus], [onerror], [autofocus]"
    assert film.find(f":is({foreign}):not([type='application/json'])").count() == 0


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "lines"])  # a title is one line
def test_names_of_points_are_text(open_html: Open, kind: str) -> None:
    name = HOSTILE[kind]
    said = json.dumps(name, ensure_ascii=False)
    names = f"names: {{inputs: [{said}, x2], classes: [{said}, other]}}"
    film = opened(
        open_html,
        f"title: {said}\nsubtitle: {said}\ntask: {{kind: points, shape: moons, points: 12, {names}}}\n"
        "network: {hidden: [3]}\ntraining: {steps: 6}\n"
        f"video: {{captions: [{{step: 2, text: {said}}}]}}\n",
    )
    assert film.find("h1").text_content() == name
    assert film.find(".subtitle").text_content() == name
    assert film.page.evaluate("document.title") == " ".join(name.split())
    assert name in {sample["target"] for sample in film.read("samples")}
    added = {"inputs": [0, 0], "target": name}
    film.call("addSample", added)
    assert film.read("samples")[-1] == added
    assert film.refusal("addSample", {**added, "target": name + "?"}).endswith(f"not {name}?")
    film.call("recorded")
    assert_harmless(film)


@pytest.mark.parametrize("kind", HOSTILE)
def test_names_of_a_table_are_text(open_html: Open, kind: str) -> None:
    name = HOSTILE[kind]
    columns = json.dumps([name, "b", "y " + name], ensure_ascii=False)
    inputs, target = json.dumps([name, "b"], ensure_ascii=False), json.dumps(["y " + name], ensure_ascii=False)
    film = opened(
        open_html,
        f"task: {{kind: table, columns: {columns}, inputs: {inputs}, targets: {target}, "
        "rows: [[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 0]]}\n"
        "network: {hidden: [3]}\ntraining: {steps: 6}\n",
    )
    assert f"y {name} over the plane of {name} and b" in (film.find(".plane canvas").get_attribute("aria-label") or "")
    film.find("summary").get_by_text("All samples", exact=True).click()
    film.find(".rows th").first.wait_for()
    heads = film.find(".rows th").all_text_contents()
    assert heads[0] == name
    assert any(name in head for head in heads[1:])
    assert_harmless(film)
