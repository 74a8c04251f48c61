"""Every control of a page changes its setting and goes live; Back to the recording restores all of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from browser_page import Film, Open

pytestmark = pytest.mark.browser

CHOICES = [
    ("activation", "network.activation"),
    ("optimizer", "training.optimizer"),
    ("loss", "training.loss"),
]


def back(film: Film, before: dict[str, Any]) -> None:
    """Go back by the button, and hold that all is as it was."""
    assert film.read("mode") == "live"
    film.find("button").get_by_text("Back to the recording").click()
    assert film.state() == before
    assert film.find("button").get_by_text("Back to the recording").is_hidden()
    assert film.errors == []


@pytest.mark.parametrize("name", ["aggression", "noise"])
def test_a_slider_moves_with_every_press_of_a_key(open_page: Open, name: str) -> None:
    film = open_page("noise")
    before = film.state()
    film.find(f"input[aria-label='{name}']").focus()
    seen = [film.call("get", f"training.{name}")]
    for key in ["ArrowRight"] * 60 + ["ArrowLeft"] * 5:
        film.press(key)
        seen.append(film.call("get", f"training.{name}"))
    rising = seen[:61]
    assert all(one < other for one, other in pairwise(rising))
    assert seen[-1] < seen[60]
    shown = film.find("label").filter(has_text=name).locator("output").inner_text()
    assert float(shown) == pytest.approx(seen[-1], rel=0.01)
    back(film, before)


@pytest.mark.parametrize(("name", "key"), [("weight decay", "training.weight_decay"), ("l1", "training.l1")])
def test_what_large_weights_cost_is_set_in_a_box_that_opens(open_page: Open, name: str, key: str) -> None:
    film = open_page("full")
    before = film.state()
    slider, summary = film.find(f"input[aria-label='{name}']"), film.find(".penalties summary")
    assert slider.is_hidden()
    assert "none" in summary.inner_text()
    summary.click()
    window = film.page.viewport_size
    box = film.find(".penalties .box").bounding_box()
    assert box["x"] > 0
    assert box["x"] + box["width"] < window["width"]
    assert 0 < box["y"] < box["y"] + box["height"] < window["height"]
    slider.focus()
    seen = [film.call("get", key)]
    for _ in range(90):
        film.press("ArrowRight")
        seen.append(film.call("get", key))
    assert seen[0] == 0
    assert all(one < other for one, other in pairwise(seen))
    assert float(summary.locator("b").inner_text().split()[0]) == pytest.approx(seen[-1], rel=0.1)
    film.press("Home")
    assert film.call("get", key) == 0
    back(film, before)


def test_a_double_click_on_a_slider_is_two_clicks(open_page: Open) -> None:
    film = open_page("noise")
    slider = film.find("input[aria-label='aggression']")
    slider.dblclick(position={"x": 90, "y": 10})
    assert film.call("get", "training.aggression") > 2


@pytest.mark.parametrize(("name", "key"), CHOICES)
def test_a_choice_offers_what_its_setting_takes(open_page: Open, name: str, key: str) -> None:
    film = open_page("full")
    before = film.state()
    select = film.find("label").filter(has_text=name).locator("select")
    offered = select.locator("option").evaluate_all("(options) => options.map((option) => option.value)")
    assert len(offered) > 1
    assert select.input_value() == film.call("get", key)
    for word in offered:
        select.select_option(word)
        assert film.call("get", key) == word
        film.call("train", 1)
    back(film, before)
    assert select.input_value() == film.call("get", key)


@pytest.mark.parametrize("name", ["full", "mini", "one"])
def test_the_batch_is_chosen_with_its_order(open_page: Open, name: str) -> None:
    film = open_page(name)
    before = film.state()
    select = film.find("label").filter(has_text="batch").locator("select")
    recorded = select.input_value()
    size = film.call("get", "training.batch")
    assert recorded == ("full" if size == "full" else f"{size} {film.call('get', 'training.order')}")
    for value in select.locator("option").evaluate_all("(options) => options.map((option) => option.value)"):
        select.select_option(value)
        size, _, order = value.partition(" ")
        assert film.call("get", "training.batch") == (size if size == "full" else int(size))
        assert order in {"", film.call("get", "training.order")}
        assert select.input_value() == value
    film.call("set", "training.aggression", 0.1)
    back(film, before)
    assert select.input_value() == recorded


def test_hidden_neurons_are_added_and_taken_away(open_page: Open) -> None:
    film = open_page("full")
    before = film.state()
    more, less = (
        film.find(f"button[aria-label='one neuron {word} in the last hidden layer']") for word in ("more", "less")
    )
    layer = film.find("button[aria-label='another hidden layer']")
    for button, wanted in [(more, [5]), (less, [4]), (layer, [4, 4]), *[(less, [4, n]) for n in (3, 2, 1)]]:
        button.click()
        assert film.call("get", "network.hidden") == wanted
        assert film.read("step") == 0
    for wanted in ([4], [3], [2], [1], []):
        less.click()
        assert film.call("get", "network.hidden") == wanted
    assert less.is_disabled()
    more.click()
    assert film.call("get", "network.hidden") == [4]
    film.call("set", "network.hidden", [32] * 6)
    assert more.is_disabled()
    assert layer.is_disabled()
    back(film, before)


def test_new_weights_are_others_each_time(open_page: Open) -> None:
    film = open_page("full")
    before = film.state()
    seen = [film.read("parameters")]
    for _ in range(3):
        film.find("button[aria-label='new weights']").click()
        seen.append(film.read("parameters"))
    assert len({tuple(each) for each in seen}) == 4
    back(film, before)


def test_step_tells_a_step_and_then_makes_it(open_page: Open) -> None:
    film = open_page("long")
    step = film.find("button").get_by_text("Step", exact=True)
    for phase in ("forward", "loss", "backward", "update"):
        step.click()
        assert (film.read("step"), film.read("phase")) == (0, phase)
    update, before = film.numbers("update"), film.numbers("parameters")
    step.click()
    assert (film.read("step"), film.read("phase"), film.read("mode")) == (1, "none", "recording")
    assert film.numbers("parameters") == pytest.approx(before + update, rel=1e-12)


@pytest.mark.parametrize("name", ["full", "mini", "noise", "momentum"])
def test_where_the_next_state_was_not_kept_step_makes_the_update_that_it_told(open_page: Open, name: str) -> None:
    film = open_page(name)
    film.call("seek", 12)
    film.call("tell", "update")
    update, before = film.numbers("update"), film.numbers("parameters")
    film.find("button").get_by_text("Step", exact=True).click()
    assert (film.read("step"), film.read("phase"), film.read("mode")) == (13, "none", "live")
    assert film.numbers("parameters") == pytest.approx(before + update, rel=1e-9)


def test_train_from_here_trains_and_pauses_and_reset_starts_again(open_page: Open) -> None:
    film = open_page("full")
    before = film.state()
    train = film.find("footer button.main")
    assert train.inner_text() == "Train from here"
    train.click()
    film.until(lambda: film.read("step") > 3)
    assert film.read("mode") == "live"
    assert train.inner_text() == "Pause"
    train.click()
    assert film.read("playing") is False
    step = film.read("step")
    film.page.wait_for_timeout(100)
    assert film.read("step") == step
    assert train.inner_text() == "Train"
    film.find("button").get_by_text("Reset", exact=True).click()
    assert film.read("step") == 0
    assert film.read("parameters") == before["parameters"]
    back(film, before)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("aggression", "training.aggression", 2),
        ("noise", "training.noise", 0.5),
        ("batch", "training.batch", 4),
        ("optimizer", "training.optimizer", "adam"),
        ("activation", "network.activation", "relu"),
        ("loss", "training.loss", "mse"),
        ("hidden neurons", "network.hidden", [3, 3]),
        ("hidden neurons", "seed", 7),
    ],
)
def test_each_control_has_its_own_way_back(open_page: Open, name: str, key: str, value: object) -> None:
    film = open_page("full")
    recorded = film.call("get", key)
    back = film.find(".back").and_(film.page.get_by_label(f"{name} as recorded"))
    assert back.is_hidden()
    film.call("set", "training.noise" if name != "noise" else "training.aggression", 0.25)
    film.call("set", key, value)
    back.click()
    assert film.call("get", key) == recorded
    assert back.is_hidden()
    assert film.call("get", "training.noise" if name != "noise" else "training.aggression") == 0.25
