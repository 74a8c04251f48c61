"""The commands and their help, and those that need no run: check, gradcheck, new, list and schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import TINY, call

from backprop_anim import __version__
from backprop_anim.cli.main import app
from backprop_anim.config.examples import example_names
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import panels
from backprop_anim.writers import formats

COMMANDS = [str(command.name or command.callback.__name__) for command in app.registered_commands]  # type: ignore[union-attr]
CONTRACT = {"train", "render", "still", "predict", "check", "gradcheck", "new", "list", "schema", "batch", "play"}


# help


def test_the_commands_of_the_contract_are_there() -> None:
    assert set(COMMANDS) >= CONTRACT
    said = call("--help")
    assert said.status == 0
    assert all(re.search(rf"^  {name} ", said.out, re.MULTILINE) for name in COMMANDS)
    assert "Example: backprop-anim" in said.out
    assert "..." not in said.out.partition("\n")[2]  # what a command does is said whole


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_of_the_command(command: str) -> None:
    for option in ("--help", "-h"):
        said = call(command, option)
        assert (said.status, said.err) == (0, "")
        assert f"Example: backprop-anim {command}" in said.out


def test_the_examples_of_the_help_are_right(place: Path) -> None:
    """They are typed in by readers: their options exist, and so do the experiments that they name."""
    assert call("train", "heart", "--theme", "dark", "--formats", "mp4", "--help").status == 0
    assert call("check", "heart", "fruit", "-q").status == 0
    for command in COMMANDS:
        example = call(command, "--help").out.split("Example: backprop-anim ")[1].split()
        options = {word for word in example if word.startswith("--")}
        assert all(option in call(command, "--help").out for option in options)


def test_version() -> None:
    said = call("--version")
    assert (said.status, said.out, said.err) == (0, f"backprop-anim {__version__}\n", "")


def test_without_a_command_it_shows_its_help() -> None:
    said = call()
    assert said.status == 2
    assert "Example: backprop-anim train heart" in said.out + said.err


# check, gradcheck, new, list, schema


def test_check_says_what_would_be_made(place: Path) -> None:
    said = call("check", "tiny.yaml", "heart", "--set", "training.steps=50")
    assert said.status == 0
    assert said.out.count("50 steps") == 2
    assert "10 frames" in said.out
    assert call("check", "tiny.yaml", "-q").out == ""
    assert call("check", "tiny.yaml", "--json").json["training"]["steps"] == 30
    assert len(call("check", "tiny.yaml", "heart", "--json").json["experiments"]) == 2


def test_check_looks_at_all_of_them_even_if_one_is_wrong(place: Path) -> None:
    (place / "wrong.yaml").write_text(TINY.replace("hidden", "hiden"))
    (place / "worse.yaml").write_text(TINY.replace("steps: 30", "steps: -1"))
    said = call("check", "wrong.yaml", "tiny.yaml", "worse.yaml")
    assert said.status == 3
    assert "tiny\n" in said.out
    assert "wrong.yaml:3:11: network.hiden" in said.err
    assert "worse.yaml:4:19: training.steps" in said.err


def test_gradcheck(place: Path) -> None:
    said = call("gradcheck", "tiny.yaml")
    assert said.status == 0
    assert said.out.count(" ok") == 4
    told = call("gradcheck", "tiny.yaml", "--json").json
    assert told["passed"]
    assert {array["name"]: array["shape"] for array in told["arrays"]} == {
        **{"W1": [4, 1], "b1": [4]},
        **{"W2": [2, 4], "b2": [2]},
    }
    assert call("gradcheck", "tiny.yaml", "-q").out == ""


def test_new_writes_a_file_that_works(place: Path) -> None:
    said = call("new", "my-curve")
    assert said.status == 0
    assert said.out.startswith("my-curve.yaml")
    assert call("check", "my-curve.yaml", "-q").status == 0
    before = (place / "my-curve.yaml").read_text(encoding="utf-8")
    assert before.startswith("#")
    again = call("new", "my-curve.yaml")
    assert again.status == 1
    assert "is there already" in again.err
    assert (place / "my-curve.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(("name", "status"), [("my curve", 2), ("..", 2), ("nowhere/mine", 1)])
def test_new_needs_a_name_and_a_place(name: str, status: int, place: Path) -> None:
    before = set(place.iterdir())
    assert call("new", name).status == status
    assert set(place.iterdir()) == before


def test_list_names_everything() -> None:
    everything = call("list").out
    told = call("list", "--json").json
    assert set(told) >= {"tasks", "activations", "losses", "panels", "themes", "formats", "examples"}
    for kind, registry in (("panels", panels), ("themes", themes), ("formats", formats)):
        assert told[kind] == {name: registry.summary(name) for name in registry}
        only = call("list", kind).out
        for name in registry:
            assert registry.summary(name) in only
            assert registry.summary(name) in everything
    assert list(told["examples"]) == example_names()
    assert all(all(rows.values()) for rows in told.values())  # each says what it is


@pytest.mark.parametrize(
    ("word", "kind"),
    [("task", "tasks"), ("loss", "losses"), ("Activation", "activations"), ("snapshot", "snapshots")],
)
def test_list_takes_one_for_all(word: str, kind: str) -> None:
    said = call("list", word)
    assert (said.status, said.out) == (0, call("list", kind).out)
    assert list(call("list", word, "--json").json) == [kind]


def test_schema_is_a_schema() -> None:
    said = call("schema")
    assert said.json["type"] == "object"
    assert {"task", "network", "training"} <= set(said.json["properties"])


def test_a_name_is_looked_up_and_what_was_taken_is_said(place: Path) -> None:
    said = call("check", "heart")
    assert said.err == "using the built-in example heart\n"
    (place / "configs").mkdir()
    (place / "configs" / "heart.yaml").write_text(TINY)
    for word in ("heart", "heart.yaml"):
        said = call("check", word)
        assert said.err == f"using {Path('configs/heart.yaml')}\n"
        assert "1 → 4 → 2" in said.out
    said = call("check", "configs/heart.yaml")
    assert said.err == ""
    assert call("check", "heart", "-q").err == ""
    assert call("check", "heart", "--json").err == ""


def test_check_shows_every_run_of_a_sweep(place: Path) -> None:
    (place / "many.yaml").write_text((place / "tiny.yaml").read_text() + "sweep: {training.aggression: [1, 3]}\n")
    said = call("check", "many.yaml")
    assert (said.status, said.err) == (0, "")
    first, second = (said.out.index(f"many--aggression-{rate}\n") for rate in (1, 3))
    assert "network" in said.out[first:second]
    assert said.out[second:].splitlines()[1:] == [
        "  training 30 steps of all 20 samples, mse, sgd, aggression 3, noise 0.2"
    ]
    assert len(call("check", "tiny.yaml", "--sweep", "seed=1,2,3", "--json").json["experiments"]) == 3


def test_numbers_that_a_network_learns_badly_from_are_told(place: Path) -> None:
    (place / "prices.csv").write_text("size,price\n" + "".join(f"{50 + k},{200000 + 4000 * k}\n" for k in range(9)))
    task = "task: {kind: table, file: prices.csv, inputs: [size], targets: [price], normalize: none}"
    text = (place / "tiny.yaml").read_text().splitlines()
    (place / "prices.yaml").write_text("\n".join([task if line.startswith("task") else line for line in text]))
    said = call("check", "prices.yaml")
    assert said.status == 0
    assert "note: the inputs go up to 58; a network learns best from numbers of about −1 to 1\n" in said.err
    assert "note: the targets go up to 232,000;" in said.err
    assert call("check", "tiny.yaml").err == ""
