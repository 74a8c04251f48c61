"""Every command: what it prints, what it leaves, and the status that it ends with."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from command_line import TINY, call

from backprop_anim import __version__
from backprop_anim.cli.main import app
from backprop_anim.config import load_experiment
from backprop_anim.config.examples import example_names
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import panels
from backprop_anim.runs.recordings import open_run
from backprop_anim.writers import formats

COMMANDS = [str(command.name or command.callback.__name__) for command in app.registered_commands]  # type: ignore[union-attr]
CONTRACT = {"train", "render", "still", "predict", "check", "gradcheck", "new", "list", "schema", "batch"}


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


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


# train


def test_train_says_what_it_did(place: Path) -> None:
    said = call("train", "tiny.yaml", "-o", "films")
    assert (said.status, said.err) == (0, "")  # no bars, since this is no terminal
    assert said.out.startswith("tiny  1 → 4 → 2, 18 parameters, 30 steps\n")
    assert "films/tiny/tiny.mp4" in said.out
    assert re.search(r"initial \d\.\d+, final \d\.\d+", said.out)
    assert "\033" not in said.out
    verbose = call("train", "tiny.yaml", "-o", "films", "-v", "--force")
    assert "films/tiny/recording.npz" in verbose.out
    assert len(verbose.out) > len(said.out)


def test_train_quietly(place: Path) -> None:
    said = call("train", "tiny.yaml", "-q")
    assert (said.status, said.out, said.err) == (0, "", "")


def test_train_prints_its_summary_as_json_and_nothing_else(place: Path) -> None:
    for options, did in ((["--force"], "trained"), ([], "nothing"), (["--theme", "dark"], "drew")):
        said = call("train", "tiny.yaml", "--json", *options)
        written = json.loads((place / "outputs" / "tiny" / "summary.json").read_text(encoding="utf-8"))
        del written["made_by"]  # for the program itself
        assert said.status == 0
        assert said.json == written | {"did": did, "reason": said.json["reason"]}


def test_train_says_why_it_does_something_again(place: Path) -> None:
    call("train", "tiny.yaml", "-o", "films", "-q")
    assert call("train", "tiny.yaml", "-o", "films").out.startswith("tiny is up to date: films/tiny")
    said = call("train", "tiny.yaml", "-o", "films", "--theme", "dark")
    assert said.err == "tiny: drawing again, since video.theme changed from light to dark\n"
    said = call("train", "tiny.yaml", "-o", "films", "--set", "training.noise=0.5")
    assert said.err.startswith("tiny: training, since training.noise changed from 0.2 to 0.5")


def test_named_options_are_settings(place: Path) -> None:
    options = ["--size", "90x160", "--fps", "5", "--theme", "paper", "--quality", "draft", "--formats", "gif,webp"]
    said = call("train", "tiny.yaml", "-o", "films", "--json", *options, "--frames", "--set", "training.steps=12")
    assert (said.json["width"], said.json["height"], said.json["fps"], said.json["steps"]) == (90, 160, 5, 12)
    files = {path.name for path in (place / "films" / "tiny").iterdir()}
    assert {"tiny.gif", "tiny.webp", "tiny.png", "frames"} <= files
    assert "tiny.mp4" not in files
    video = load_experiment(place / "films" / "tiny" / "experiment.yaml").video
    assert (video.theme, video.quality, video.formats) == ("paper", "draft", ("gif", "webp"))


def test_a_named_option_counts_more_than_the_same_setting(place: Path) -> None:
    said = call("train", "tiny.yaml", "--json", "--set", "video.fps=7", "--fps", "5", "--formats", "png")
    assert said.json["fps"] == 5


def test_standard_input(place: Path) -> None:
    said = call("train", "-", "--formats", "png", "-o", "films", text=TINY)
    assert said.status == 0
    assert (place / "films" / "stdin" / "stdin.png").exists()
    said = call("check", "-", text="steps: 3")
    assert said.status == 3
    assert "<stdin>:1:1" in said.err


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


# render, still, predict


def test_render_draws_again_into_its_folder(place: Path) -> None:
    before = hashes(place / "outputs" / "tiny")
    said = call("render", "tiny")
    assert (said.status, said.err) == (0, "")
    after = hashes(place / "outputs" / "tiny")
    assert {name for name in before if before[name] != after[name]} <= {"summary.json"}
    assert call("render", "outputs/tiny", "--theme", "dark", "-q").status == 0
    assert hashes(place / "outputs" / "tiny")["tiny.png"] != before["tiny.png"]
    assert hashes(place / "outputs" / "tiny")["recording.npz"] != before["recording.npz"]  # the film belongs to it
    assert hashes(place / "outputs" / "tiny")["losses.csv"] == before["losses.csv"]


def test_render_elsewhere(place: Path) -> None:
    before = hashes(place / "outputs" / "tiny")
    said = call("render", "outputs/tiny/recording.npz", "-o", "tall", "--size", "90x160", "--formats", "webm", "--json")
    assert (said.json["width"], said.json["height"]) == (90, 160)
    assert (place / "tall" / "tiny" / "tiny.webm").exists()
    assert hashes(place / "outputs" / "tiny") == before


def test_still(place: Path) -> None:
    said = call("still", "tiny", "--step", "30")
    assert (said.status, said.err) == (0, "")
    assert said.out == f"{Path('outputs/tiny/tiny-step-30.png')}\n"
    steps = open_run(place / "outputs" / "tiny" / "recording.npz").steps
    missing = next(step for step in range(30) if step not in steps)
    said = call("still", "tiny", "--step", str(missing), "-o", "stills", "--size", "90x90", "--theme", "dark")
    assert said.out == f"{Path(f'stills/tiny-step-{missing}.png')}\n"
    assert f"step {missing} was not recorded: trained again up to it" in said.err
    assert call("still", "tiny", "--step", str(missing), "-q").err == ""


def test_predict_gives_the_networks_answers(place: Path) -> None:
    run = open_run(place / "outputs" / "tiny" / "recording.npz")
    said = call("predict", "tiny", "--row", "0.25", "--row", "0.5", "--json")
    expected = run.experiment.network.outputs(run.parameters[-1], np.array([[0.25], [0.5]]))
    np.testing.assert_array_equal(said.json["outputs"], expected)
    assert said.json["inputs"] == [[0.25], [0.5]]
    table = call("predict", "tiny", "--row", "0.25").out.splitlines()
    assert table[0].split() == ["t", "x", "y"]
    assert [float(cell) for cell in table[1].split()] == pytest.approx([0.25, *expected[0]], rel=1e-5)


def test_predict_from_a_file_and_at_an_earlier_step(place: Path) -> None:
    (place / "new.csv").write_text("other,t\n9,0.25\n9,0.5\n")
    run = open_run(place / "outputs" / "tiny" / "recording.npz")
    said = call("predict", "tiny", "--csv", "new.csv", "--step", "0", "--json")
    expected = run.experiment.network.outputs(run.parameters[0], np.array([[0.25], [0.5]]))
    np.testing.assert_array_equal(said.json["outputs"], expected)


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


# what goes wrong


WRONG = [
    (["train", "nowhere.yaml"], 4, ["no experiment at nowhere.yaml", "the examples are"]),
    (["train", "hart"], 4, ["did you mean 'heart'?"]),
    (["check", "outputs"], 4, ["outputs is a folder"]),
    (["render", "nowhere"], 4, ["no run at nowhere"]),
    (["still", "nowhere", "--step", "1"], 4, ["no run at nowhere"]),
    (["predict", "nowhere", "--row", "1"], 4, ["no run at nowhere"]),
    (["predict", "tiny", "--csv", "nowhere.csv"], 4, ["nowhere.csv"]),
    (["train", "binary.yaml"], 3, ["binary.yaml"]),
    (["train", "noyaml.yaml"], 3, ["noyaml.yaml:2:8: not valid YAML"]),
    (["train", "empty.yaml"], 3, ["the file is empty"]),
    (["train", "tiny.yaml", "--set", "training.nois=1"], 3, ["unknown key 'nois'", "did you mean 'noise'"]),
    (["train", "tiny.yaml", "--size", "161x90"], 3, ["mp4 needs an even width and height", "160x90"]),
    (["train", "tiny.yaml", "--size", "big"], 3, ["such as 1280x720"]),
    (["train", "tiny.yaml", "--formats", "mp5"], 3, ["there is no format 'mp5'", "did you mean 'mp4'"]),
    (["train", "tiny.yaml", "--theme", "drak"], 3, ["did you mean 'dark'"]),
    (["train", "tiny.yaml", "--set", "video.panels=[[fti]]"], 3, ["there is no panel 'fti'", "did you mean 'fit'"]),
    (["train", "tiny.yaml", "--set", "video.panels=[[boundary]]"], 3, ["does not fit here"]),
    (["train", "tiny.yaml", "--set", "steps"], 2, ["--set needs key.path=value"]),
    (["render", "tiny", "--set", "training.steps=5"], 2, ["without training anew"]),
    (["render", "tiny", "--theme", "pink"], 3, ["there is no theme 'pink'"]),
    (["train", "tiny.yaml", "-o", "tiny.yaml"], 1, ["cannot write", "tiny.yaml"]),
    (["render", "tiny", "-o", "tiny.yaml/below"], 1, ["cannot write"]),
    (["still", "tiny", "--step", "1", "-o", "tiny.yaml"], 1, ["cannot write"]),
    (["render", "tiny.yaml"], 1, ["tiny.yaml is an experiment; render takes a run: backprop-anim render tiny\n"]),
    (
        ["render", "new one.yaml"],
        1,
        ["train it first (backprop-anim train 'new one.yaml'), then: backprop-anim render new-one\n"],
    ),
    (["render", "named.yml"], 1, ["then: backprop-anim render other\n"]),
    (["still", "empty.yaml", "--step", "1"], 1, ["empty.yaml is an experiment; still takes a run: train it first"]),
    (["predict", "empty.yaml", "--row", "1"], 1, ["then: backprop-anim predict empty\n"]),
    (["embed", "empty.yaml"], 1, ["then: backprop-anim embed empty\n"]),
    (
        ["render", "outputs/tiny/experiment.yaml"],
        1,
        ["experiment.yaml is an experiment; render takes a run: backprop-anim render tiny\n"],
    ),
    (
        ["render", "fruit"],
        4,
        [
            "no run at fruit: neither",
            "fruit is an experiment; render takes a run: train it first (backprop-anim train fruit), then",
        ],
    ),
    (["render", "nowhere.yaml"], 4, ["no run at nowhere.yaml"]),
    (["predict", "tiny", "--row", "1,2"], 2, ["the network takes 1 number, not 2"]),
    (["predict", "tiny", "--row", "one"], 2, ["'one' is not a number"]),
    (["predict", "tiny"], 2, ["--row or --csv"]),
    (["list", "pannels"], 2, ["did you mean 'panels'"]),
    (["explain", "tiny.yaml", "--step", "31"], 3, ["31"]),
    (["bogus"], 2, ["No such command"]),
    (["train"], 2, ["CONFIG"]),
    (["train", "tiny.yaml", "--fps", "fast"], 2, ["--fps"]),
    (["train", "tiny.yaml", "--sped", "2"], 2, ["No such option"]),
    (["still", "tiny"], 2, ["--step"]),
    (["still", "tiny", "--step", "-1"], 2, ["--step"]),
]


@pytest.mark.parametrize(("words", "status", "parts"), WRONG, ids=[" ".join(words)[:50] for words, *_ in WRONG])
def test_a_mistake_is_said_and_costs_nothing(words: list[str], status: int, parts: list[str], place: Path) -> None:
    (place / "binary.yaml").write_bytes(bytes(range(256)))
    (place / "noyaml.yaml").write_text("task: {kind: curve\nnetwork: [\n")
    (place / "empty.yaml").write_text("")
    (place / "new one.yaml").write_text(TINY)
    (place / "named.yml").write_text(TINY + "name: other\n")
    before = hashes(place / "outputs" / "tiny")
    said = call(*words)
    assert said.status == status, said.err
    assert said.out == ""
    for part in parts:
        assert part in said.err
    after = hashes(place / "outputs" / "tiny")
    assert {name: after.get(name) for name in before} == before
    left = set(after) - set(before)
    assert all(".partial." in name for name in left)
    assert not [path for path in place.rglob(".*") if path.name.startswith(".unfinished")]


def test_every_mistake_of_a_file_is_said_in_one_go(place: Path) -> None:
    (place / "wrong.yaml").write_text(TINY.replace("circle", "square").replace("noise", "nois").replace("160x90", "9"))
    said = call("train", "wrong.yaml", "--json")
    assert (said.status, said.out) == (3, "")
    lines = said.err.splitlines()
    assert lines[0].startswith("error: wrong.yaml:2:")
    assert all(line.startswith("       wrong.yaml:") for line in lines[1:])
    assert len(lines) == 3


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
    task = "task: {kind: table, file: prices.csv, inputs: [size], targets: [price]}"
    text = (place / "tiny.yaml").read_text().splitlines()
    (place / "prices.yaml").write_text("\n".join([task if line.startswith("task") else line for line in text]))
    said = call("check", "prices.yaml")
    assert said.status == 0
    assert "note: the inputs go up to 58; a network learns best from numbers of about −1 to 1\n" in said.err
    assert "note: the targets go up to 232,000;" in said.err
    assert call("check", "tiny.yaml").err == ""
