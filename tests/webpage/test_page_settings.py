"""What `set` takes: each setting goes live and comes back; a bad value is refused with a reason, changing nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from browser_page import Open

pytestmark = pytest.mark.browser

GOOD = [
    ("training.aggression", 0.125),
    ("training.noise", 0.75),
    ("training.batch", 3),
    ("training.batch", "full"),
    ("training.order", "random"),
    ("training.optimizer", "adam"),
    ("training.weight_decay", 0.02),
    ("training.l1", 0.001),
    ("training.loss", "mse"),
    ("training.loss", "sse"),
    ("network.activation", "sigmoid"),
    ("network.hidden", [5, 3]),
    ("network.hidden", []),
    ("seed", 4),
]
WEIRD: list[Any] = [None, "", "nothing", True, {}, [[]], -1, 1e300, "0.5", {"kind": "sgd"}]
BAD = {
    "training.aggression": [0, *WEIRD],
    "training.noise": [11, *WEIRD],
    "training.batch": [0, 1.5, *WEIRD],
    "training.order": [0.5, *WEIRD],
    "training.optimizer": ["toString", *WEIRD],
    "training.weight_decay": [1001, *WEIRD],
    "training.l1": [1001, *WEIRD],
    "training.loss": ["hinge", *WEIRD],
    "network.activation": ["softmax", *WEIRD],
    "network.hidden": [[0], [1.5], [33], [1] * 7, ["4"], [None], "4", *WEIRD],
    "seed": [0.5, 2**32, *WEIRD],
    "no.such.key": [1],
    "toString": [1],
    "__proto__": [1],
    "constructor": [1],
}


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_a_setting_goes_live_from_what_is_shown_and_comes_back(open_page: Open, key: str, value: Any) -> None:
    film = open_page("mini")
    film.call("seek", 12)
    before, there = film.state(), film.call("get", key)
    film.call("set", key, value)
    assert film.call("get", key) == value
    assert film.read("mode") == "live"
    anew = key in {"network.hidden", "seed"}
    assert film.read("step") == (0 if anew else 12)
    if not anew:
        assert film.read("parameters") == before["parameters"]
    film.call("train", 3)
    assert film.read("step") == (3 if anew else 15)
    film.call("recorded")
    assert film.state() == before
    assert film.call("get", key) == there
    assert film.errors == []


@pytest.mark.parametrize("key", BAD)
def test_a_bad_value_is_refused_and_changes_nothing(open_page: Open, key: str) -> None:
    film = open_page("mini")
    film.call("seek", 12)
    before = film.state()
    for value in BAD[key]:
        refused = film.refusal("set", key, value)
        assert refused.startswith("RangeError: "), (value, refused)
        assert key in refused
    for value in (float("nan"), float("inf")):
        assert film.refusal("set", key, value).startswith("RangeError: "), value
    assert film.state() == before
    assert film.read("mode") == "recording"


def test_weights_decay_once(open_page: Open) -> None:
    film = open_page("full")
    film.call("set", "training.weight_decay", 0.1)
    assert "adamw" in film.refusal("set", "training.optimizer", "adamw")
    film.call("set", "training.weight_decay", 0)
    film.call("set", "training.optimizer", "adamw")
    assert film.refusal("set", "training.weight_decay", 0.1).endswith("adamw has a weight decay of its own")
    film.call("set", "training.weight_decay", 0)
    film.find("summary").get_by_text("penalty").click()
    assert film.find("input[aria-label='weight decay']").is_disabled()
    assert film.find("input[aria-label='l1']").is_enabled()
    assert film.errors == []


@pytest.mark.parametrize("key", ["no.such.key", "toString"])
def test_there_is_no_other_setting(open_page: Open, key: str) -> None:
    assert open_page("full").refusal("get", key).startswith("RangeError: ")


@pytest.mark.parametrize(
    ("member", "given"),
    [
        ("tell", ["sideways"]),
        ("tell", [None]),
        ("seek", [None]),
        ("train", [-1]),
        ("train", [1.5]),
        ("train", ["many"]),
        ("setParameter", [-1, 0]),
        ("setParameter", [10**6, 0]),
        ("setParameter", [0.5, 0]),
        ("setParameter", [0, None]),
        ("setParameter", [0, "1"]),
        ("setParameter", [0, float("nan")]),
        ("setParameter", [0, float("inf")]),
    ],
)
def test_other_members_refuse_what_means_nothing(open_page: Open, member: str, given: list[Any]) -> None:
    film = open_page("full")
    before = film.state()
    assert film.refusal(member, *given).startswith("RangeError: ")
    assert film.state() == before


def test_one_parameter_can_be_set(open_page: Open) -> None:
    film = open_page("full")
    film.call("seek", 12)
    before = film.read("parameters")
    loss = film.read("loss")
    film.call("setParameter", 3, 1.25)
    assert film.read("mode") == "live"
    assert film.read("step") == 12
    assert film.read("parameters") == [*before[:3], 1.25, *before[4:]]
    assert film.read("loss") != loss
    film.call("tell", "update")
    update = film.numbers("update")
    film.call("next")
    there = np.array([*before[:3], 1.25, *before[4:]])
    assert film.numbers("parameters").tolist() == (there + update).tolist()
    film.call("recorded")
    assert film.read("parameters") == before


def test_reset_starts_again_from_the_first_state_with_the_present_settings(open_page: Open) -> None:
    film = open_page("full")
    first = film.read("parameters")
    film.call("seek", 12)
    film.call("set", "training.aggression", 0.25)
    film.call("train", 5)
    film.call("reset")
    assert (film.read("mode"), film.read("step"), film.read("parameters")) == ("live", 0, first)
    assert film.call("get", "training.aggression") == 0.25
    film.call("set", "network.hidden", [3])
    drawn = film.read("parameters")
    assert len(drawn) == 2 * 3 + 3 + 3 * len(film.recording.experiment.network.sizes[-1:]) + 1
    film.call("train", 5)
    assert film.read("parameters") != drawn
    film.call("reset")
    assert film.read("parameters") == drawn
    film.call("set", "seed", 99)
    assert film.read("parameters") != drawn


def test_a_diverging_run_says_so_and_stops(open_page: Open) -> None:
    film = open_page("series")
    film.call("set", "training.loss", "sse")
    film.call("set", "training.aggression", 1000)
    film.call("play")
    film.until(lambda: not film.read("playing"))
    said = film.find(".note").inner_text()
    assert f"diverged at step {film.read('step'):,}" in said
    assert "less aggression" in said
    step = film.read("step")
    film.call("train", 10)
    film.call("play")
    film.page.wait_for_timeout(100)
    assert film.read("step") == step
    film.call("set", "training.aggression", 0.01)
    film.call("reset")
    film.call("train", 10)
    assert film.read("step") == 10
    assert "diverged" not in film.find(".note").inner_text()
    assert film.errors == []


def test_a_recording_that_diverged_plays_to_its_last_state_and_says_so(open_page: Open) -> None:
    film = open_page("diverging")
    recording = film.recording
    assert recording.diverged_at is not None
    film.call("seek", 10**9)
    assert film.read("step") == recording.steps[-1] < recording.diverged_at
    assert "diverged" in film.find(".page").inner_text()
