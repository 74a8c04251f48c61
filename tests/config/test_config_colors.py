"""Colours by their CSS names and in short; those without quotes, which YAML takes for comments."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_helpers import SMALL, only, problems_of, read

from backprop_anim.common.errors import ExperimentError, UsageError
from backprop_anim.config import dump_experiment, read_variants
from backprop_anim.experiment import as_mapping


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("orange", "#ffa500"),
        ("RebeccaPurple", "#663399"),
        ("lightslategrey", "#778899"),
        ("'#fff'", "#ffffff"),
        ("'#F0a'", "#ff00aa"),
        ("'#D81B60'", "#d81b60"),
    ],
)
def test_a_colour_is_kept_in_six_digits(written: str, kept: str) -> None:
    for found in (
        read(SMALL + f"video: {{theme: {{kind: dark, accent: {written}}}}}\n"),
        read(SMALL, ["video.theme=dark", f"video.theme.accent={written}"]),
    ):
        assert found.video.theme_options == {"accent": kept}
        assert as_mapping(read(dump_experiment(found))) == as_mapping(found)


def test_lists_of_colours_and_what_is_none() -> None:
    found = read(SMALL + "video: {theme: {kind: light, ramp: [navy, '#fa0'], line: 3}}\n")
    assert found.video.theme_options == {"ramp": ("#000080", "#ffaa00"), "line": 3}


@pytest.mark.parametrize("written", ["'#ffff'", "'#gggggg'", "fff", "oranje", "C0", "'#ff0000 '"])
def test_what_is_no_colour(written: str) -> None:
    assert "must be a colour such as" in only(SMALL + f"video: {{theme: {{kind: dark, accent: {written}}}}}\n").message


COMMENT = "is empty, for # begins a comment; put the colour in quotes: '{}'"


@pytest.mark.parametrize(
    ("text", "place", "color"),
    [
        ("video:\n  theme:\n    kind: light\n    accent: #ff0000\n", "7:13", "#ff0000"),
        ("video:\n  theme:\n    accent:   #f00  # a red\n    kind: light\n", "6:15", "#f00"),
        ("video:\n  theme:\n    kind: light\n    ramp:\n      - '#000000'\n      - #ff0000\n", "9:9", "#ff0000"),
        ("video:\n  theme:\n    kind: light\n    ramp:\n      - #00ff00\n      - '#000000'\n", "8:9", "#00ff00"),
        ("video:\n  theme: #abc\n", "5:3", "#abc"),
    ],
)
def test_a_colour_that_became_a_comment(text: str, place: str, color: str) -> None:
    problem = only(SMALL + text)
    assert problem.place == f"e.yaml:{place}"
    assert problem.message == COMMENT.format(color)


@pytest.mark.parametrize(
    "text",
    [
        "video: {theme: {kind: light, accent: #ff0000}}\n",
        "video:\n  theme: {kind: light, accent: #ff0000}\n  fps: 3\n",
        "video: {theme: {kind: light, accent: #ff0000},\n  fps: 3}\n",
        "video: {theme: {kind: light, ramp: [#ff0000, #00ff00]}}\n",
        "video: {theme: {kind: light, ramp: ['#000000', #ff0000]}}\n",
    ],
)
def test_one_that_took_the_bracket_with_it(text: str) -> None:
    problem = only(SMALL + text)
    assert problem.message == "# begins a comment; put the colour in quotes: '#ff0000'"
    line = (SMALL + text).splitlines()[int(problem.place.split(":")[1]) - 1]
    assert line[int(problem.place.split(":")[2]) - 1 :].startswith("#ff0000")


@pytest.mark.parametrize(
    "override",
    [
        "video.theme.accent=#ff0000",
        "video.theme={kind: dark, accent: #ff0000}",
        "video.theme.ramp=[#ff0000, #00ff00]",
    ],
)
def test_one_that_was_typed(override: str) -> None:
    with pytest.raises(
        UsageError,
        match=r"--set video\.theme.*: # begins a comment; put .* in quotes: '#ff0000' \(inside of the shell's own\)",
    ):
        read(SMALL, [override])


def test_one_that_was_swept() -> None:
    with pytest.raises(
        UsageError, match=r"--sweep .*: # begins a comment; put the colour in quotes: '#ff0000' \(inside"
    ):
        read_variants(SMALL, label="e", name="e", folder=Path(), sweeps=["video.theme.accent=#ff0000,#00ff00"])


def test_any_text_that_was_typed_after_such_a_sign() -> None:
    with pytest.raises(UsageError, match="# begins a comment; put it in quotes: '#1 of many'"):
        read(SMALL, ["title=#1 of many"])


def test_a_comment_is_blamed_only_for_what_is_wrong() -> None:
    assert read(SMALL + "video:\n  seconds: #300\n").video.seconds is None
    assert "has no value" in only(SMALL + "title: # abc\n").message
    assert "has no value" in only(SMALL + "title: #abcd\n").message
    assert read(SMALL + "video:\n  theme: #abc\n", ["video.theme=dark"]).video.theme == "dark"
    assert "there is no theme" in only(SMALL + "video:\n  theme: #abc\n", overrides=["video.theme=dusk"]).message
    with pytest.raises(ExperimentError, match="not valid YAML: expected"):
        read("video:  # {a: '#fff'}\n  seconds: [3}\n")
    flow = SMALL + "video: {theme: {kind: light, ink, accent: #ff0000\n}}\n"
    assert [problem.path[-1] for problem in problems_of(flow) if "in quotes" in problem.message] == ["accent"]
    assert len(problems_of(SMALL + "title: #abc\nsubtitle: #def\n")) == 2
