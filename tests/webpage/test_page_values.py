"""Regressions on the page: amounts as a field over two inputs, or predicted against actual; classes of many inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from browser_page import Film, Open, recorded

from backprop_anim.experiment import themes
from backprop_anim.webpage import make_page
from backprop_anim.webpage.page_data import page_data

NETWORK = "network: {hidden: [4]}\ntraining: {steps: 60, optimizer: adam, aggression: 0.05}\n"


def table(columns: list[str], rows: Any, targets: str, more: str = "") -> str:
    cells = ", ".join(f"[{', '.join(str(cell) for cell in row)}]" for row in rows)
    return (
        f"task: {{kind: table, columns: [{', '.join(columns)}], rows: [{cells}], targets: {targets}}}\n{NETWORK}{more}"
    )


def heights() -> str:
    east, north = np.random.default_rng(3).uniform([0, 100], [400, 300], (30, 2)).round(1).T
    return table(["east", "north", "height"], np.column_stack([east, north, 600 + east - 2 * north]), "[height]")


def prices(more: str = "") -> str:
    sizes = np.random.default_rng(4).uniform(0, 10, (30, 3)).round(2)
    return table(["a", "b", "c", "price"], np.column_stack([sizes, 1000 + sizes @ [30, 20, -40]]), "[price]", more)


def kinds(more: str = "") -> str:
    rng = np.random.default_rng(5)
    rows = [[*rng.normal(0, 1, 2).round(3), round(20 * kind + rng.normal(), 3), "abc"[kind]] for kind in [0, 1, 2] * 9]
    return table(["noise", "wide", "long", "kind"], rows, "[kind]", more)


HOLLOW = """(canvas, places) => {
  const scale = canvas.width / canvas.clientWidth;
  const [width, height] = [canvas.clientWidth - 62, canvas.clientHeight - 74];
  const side = Math.min(width, height);
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const cover = (x, y) => context.getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data[3];
  return places.map(([across, up]) => {
    const [x, y] = [50 + (width - side) / 2 + across * side, 30 + side * (1 - up)];
    const around = Array.from({ length: 24 }, (_, k) => [Math.cos(k * Math.PI / 12), Math.sin(k * Math.PI / 12)]);
    const rim = around.map(([dx, dy]) => cover(x - 0.5 + 3.2 * dx, y - 0.5 + 3.2 * dy));
    return [cover(x - 0.5, y - 0.5), rim.reduce((sum, value) => sum + value, 0) / rim.length];
  });
}"""
"""How much of the ground the middles of hollow marks and their rims cover, at shares of a scatter's axes."""


def opened(open_html: Open, text: str) -> Film:
    film = open_html(make_page(recorded(text)).html, viewport={"width": 1280, "height": 800})
    film.call("get", "seed")
    return film


def label(film: Film) -> str:
    return film.find(".view.plane canvas").get_attribute("aria-label") or ""


def colors_of_a_row(film: Film, y: int) -> set[tuple[int, ...]]:
    """The colours of a row of the picture, in the middle of it."""
    script = """(canvas, y) => {
      const scale = canvas.width / canvas.clientWidth;
      const width = canvas.width - 200 * scale;
      return [...canvas.getContext("2d").getImageData(70 * scale, y * scale, width, 1).data];
    }"""
    found = np.array(film.find(".view.plane canvas").evaluate(script, y)).reshape(-1, 4)
    return set(map(tuple, found[:, :3].tolist()))


@pytest.mark.parametrize(
    ("text", "hero", "has_section"),
    [(heights(), "field", True), (prices(), "scatter", False), (kinds(), "boundary", True)],
)
def test_the_page_is_told_what_leads(text: str, hero: str, has_section: bool) -> None:
    data = page_data(recorded(text))
    assert data["hero"] == hero
    assert (data["section"] is not None) == has_section
    assert data["themes"]["dark"]["values"] == themes["dark"]().values


@pytest.mark.browser
def test_a_regression_over_two_inputs_is_a_field(open_html: Open) -> None:
    film = opened(open_html, heights())
    assert label(film).startswith("height over the plane of east and north, in colours from ")
    last = len(recorded(heights()).steps) - 1
    film.call("seek", int(recorded(heights()).steps[last]))
    assert len(colors_of_a_row(film, 150)) > 20
    assert film.errors == []


@pytest.mark.browser
def test_a_click_adds_a_sample_of_the_amount_that_is_written(open_html: Open) -> None:
    film = opened(open_html, heights())
    before = film.read("samples")
    film.find(".hint input").fill("555")
    box = film.find(".view.plane canvas").bounding_box()
    assert box
    places = [(x, y) for x in range(80, int(box["width"]) - 110, 23) for y in (70, 140)]
    for x, y in places:
        film.find(".view.plane canvas").click(position={"x": x, "y": y})
        if len(film.read("samples")) > len(before):
            break
    added = film.read("samples")[-1]
    assert added["target"] == 555
    assert -50 < added["inputs"][0] < 450
    assert 80 < added["inputs"][1] < 320
    assert film.errors == []


@pytest.mark.browser
def test_more_inputs_are_predicted_against_actual_and_a_dot_can_be_followed(open_html: Open) -> None:
    film = opened(open_html, prices())
    assert label(film).startswith("price predicted against actual")
    assert film.find(".view.plane .rows").count() == 0
    canvas = film.find(".view.plane canvas")
    before = film.find("main .view.network").inner_text()
    box = canvas.bounding_box()
    assert box
    seen = set()
    for x in range(60, int(box["width"]) - 20, 20):
        for y in range(40, int(box["height"]) - 60, 40):
            canvas.click(position={"x": x, "y": y})
            seen.add(film.find("main .view.network").inner_text())
    assert len(seen - {before}) > 3
    assert film.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("inputs", ["auto", "pca", "[noise, wide]"])
def test_classes_of_many_inputs_have_a_plane_that_says_which(open_html: Open, inputs: str) -> None:
    film = opened(open_html, kinds(f"video: {{panel_options: {{boundary: {{inputs: {inputs}}}}}}}\n"))
    said = " ".join(film.find(".view.plane .hint").all_inner_texts())
    assert "colours are for" in said
    names = {"auto": "wide and long", "pca": "component 1", "[noise, wide]": "noise and wide"}[inputs]
    assert names in label(film)
    count = len(film.read("samples"))
    box = film.find(".view.plane canvas").bounding_box()
    assert box
    for x in range(60, int(box["width"]) - 20, 31):
        film.find(".view.plane canvas").click(position={"x": x, "y": 60})
        if len(film.read("samples")) > count:
            break
    added = film.read("samples")[-1]
    assert added["target"] == "c"
    means = np.mean([sample["inputs"] for sample in film.read("samples")[:-1]], axis=0)
    if inputs == "auto":
        assert added["inputs"][0] == pytest.approx(means[0])
    if inputs == "[noise, wide]":
        assert added["inputs"][2] == pytest.approx(means[2])
    assert film.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("panel", ["scatter", "field"])
def test_a_grid_of_its_own_may_hold_them(open_html: Open, panel: str) -> None:
    text = (heights() if panel == "field" else prices()) + f"page: {{panels: [[table, {panel}]]}}\n"
    film = opened(open_html, text)
    assert film.find("main > section").count() == 2
    assert film.find("main canvas").count() >= 1
    assert film.errors == []


@pytest.mark.browser
def test_what_is_held_out_is_hollow_on_axes_that_hold_it(open_html: Open) -> None:
    rows = [[k * 5 % 32, (k * 7) % 11, k * k % 5, round(3 * k - 40 * (k in {8, 11}), 2)] for k in range(32)]
    text = table(["a", "b", "c", "price"], rows, "[price], test: 0.5", "seed: 2\n")
    recording = recorded(text)
    film, held = opened(open_html, text), recording.experiment.dataset.held_out
    assert held is not None
    film.call("seek", 10**9)
    targets, answers = (
        held.shown_targets[:, 0],
        recording.experiment.answers(recording.parameters[-1], held.shown_inputs),
    )
    every = np.concatenate([recording.experiment.dataset.shown_targets[:, 0], targets])
    assert targets.min() < recording.experiment.dataset.shown_targets.min()  # so the axes must be wider for it
    low, span = every.min() - 0.06 * np.ptp(every), 1.12 * np.ptp(every)
    places = np.column_stack([(targets - low) / span, (answers[:, 0] - low) / span])
    inside = places[(places[:, 1] > 0) & (places[:, 1] < 1)]
    middles, rims = np.array(film.find(".view.plane canvas").evaluate(HOLLOW, inside.tolist())).T
    assert len(inside) > len(targets) / 2
    assert (rims > middles + 120).mean() > 0.7  # the others lie under a dot or on a line
    assert film.errors == []
