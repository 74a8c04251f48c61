"""Train: what it says, what it leaves, and which options are settings."""

from __future__ import annotations

import json
import re
from pathlib import Path

from command_line import TINY, call

from backprop_anim.config import load_experiment


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
