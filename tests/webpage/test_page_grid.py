"""An experiment may ask for its own grid of panels over the page's time line."""

from __future__ import annotations

import pytest
from browser_page import CONFIGS, TEXTS, Film, Open, recorded

from backprop_anim.common import ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.experiment import as_mapping
from backprop_anim.webpage import make_page

GRID = "[[boundary, boundary, network], [boundary, boundary, steps], [table, weights, equations]]"


def text(grid: str = GRID, name: str = "one") -> str:
    return TEXTS[name] + f"page: {{panels: {grid}}}\n"


def opened(open_html: Open, size: tuple[int, int]) -> Film:
    film = open_html(make_page(recorded(text())).html, viewport={"width": size[0], "height": size[1]})
    film.call("get", "seed")
    return film


def boxes(film: Film) -> dict[str, dict[str, float]]:
    sections = film.find("main > section").all()
    return {each.evaluate("(host) => host.style.gridArea").split(" /")[0]: each.bounding_box() for each in sections}


@pytest.mark.browser
def test_its_panels_stand_as_the_rows_say(open_html: Open) -> None:
    film = opened(open_html, (1280, 800))
    found = boxes(film)
    assert set(found) == {"boundary", "network", "steps", "table", "weights", "equations"}
    boundary, network, steps, table = (found[name] for name in ("boundary", "network", "steps", "table"))
    assert boundary["width"] > 1.8 * network["width"]
    assert network["x"] >= boundary["x"] + boundary["width"]
    assert steps["y"] >= network["y"] + network["height"]
    assert abs(boundary["y"] + boundary["height"] - steps["y"] - steps["height"]) < 2
    assert table["y"] >= boundary["y"] + boundary["height"]
    assert film.errors == []
    folded = film.find("details summary").all_inner_texts()
    assert "Weights" not in folded
    assert "Gradients of each layer" in folded


@pytest.mark.browser
def test_its_panels_show_the_state_and_tell_the_step(open_html: Open) -> None:
    film = opened(open_html, (1280, 800))
    film.call("seek", 12)
    before = film.find("main .view.network").inner_text()
    film.call("tell", "update")
    assert film.find("main .view.network").inner_text() != before
    assert film.find(".changes").is_visible()
    assert film.errors == []


@pytest.mark.browser
def test_a_narrow_window_stacks_them(open_html: Open) -> None:
    found = boxes(opened(open_html, (360, 740)))
    assert len({round(box["x"]) for box in found.values()}) == 1
    assert len({round(box["y"]) for box in found.values()}) == len(found)


@pytest.mark.browser
def test_network_and_story_are_folded_where_the_grid_has_no_place_for_them(open_html: Open) -> None:
    film = open_html(make_page(recorded(text("[[boundary, table]]"))).html)
    film.call("get", "seed")
    assert film.find("main > section").count() == 2
    assert film.find("main .view.network").count() == 0
    film.find("details summary").get_by_text("Network", exact=True).click()
    assert film.find("details .view.network svg").is_visible()
    film.find("details summary").get_by_text("Equations", exact=True).click()
    film.find("details").get_by_text("Forward", exact=True).click()
    assert film.read("phase") == "forward"


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ("[[boundary, netwrok]]", "did you mean 'network'"),
        ("[[boundary], [network, table]]", "all rows must be equally long"),
        ("[[boundary, network], [network, boundary]]", "do not form a rectangle"),
        ("[[fit]]", "the panel fit does not fit here"),
        ("[[boundary, loss]]", "the loss is the page's time line"),
        ("[]", "rows of panel names"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_with_its_place(grid: str, said: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        read_experiment(text(grid), label="page.yaml", name="page", folder=CONFIGS)
    assert said in str(refused.value)
    assert "page.panels" in str(refused.value)


def test_it_is_kept_with_the_experiment() -> None:
    experiment = read_experiment(text(), label="page.yaml", name="page", folder=CONFIGS)
    assert as_mapping(experiment)["page"]["panels"][2] == ["table", "weights", "equations"]
    assert as_mapping(read_experiment(TEXTS["one"], label="page.yaml", name="page", folder=CONFIGS)).get("page") is None
