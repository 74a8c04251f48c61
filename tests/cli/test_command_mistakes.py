"""What a user does wrong at the command line is said with its status, and costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import TINY, call, hashes

WRONG = [
    (["train", "nowhere.yaml"], 4, ["no experiment at nowhere.yaml", "the examples are"]),
    (["train", "https://example.org/x.csv"], 4, ["download it"]),
    (["train", "x.svg"], 4, ["x.svg is a drawing", "task: {kind: curve, file: x.svg}"]),
    (["check", "x.png"], 4, ["x.png is a picture", "task: {kind: picture, file: x.png}"]),
    (["train", "x.csv.gz"], 4, ["unpack it"]),
    (["train", "hart"], 4, ["did you mean 'heart'?"]),
    (["check", "outputs"], 4, ["outputs is a folder"]),
    (["render", "nowhere"], 4, ["no run at nowhere"]),
    (["render", "gone/tiny.yaml"], 4, ["a run that it made is 'tiny'"]),
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
    for name in ("x.svg", "x.png", "x.csv.gz"):
        (place / name).touch()
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
    (place / "wrong.yaml").write_text(TINY.replace("circle", "square").replace("noise", "nois").replace("320x200", "9"))
    said = call("train", "wrong.yaml", "--json")
    assert (said.status, said.out) == (3, "")
    lines = said.err.splitlines()
    assert lines[0].startswith("error: wrong.yaml:2:")
    assert all(line.startswith("       wrong.yaml:") for line in lines[1:])
    assert len(lines) == 3
