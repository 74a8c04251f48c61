"""What the guard lets through, what it refuses, where, and how fast."""

from __future__ import annotations

import math
import time

import pytest
from config_helpers import SMALL, only, problems_of

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config.yaml_composer import MAX_DEPTH, MAX_VALUES
from backprop_anim.config.yaml_reader import MAX_BYTES, read_value, read_yaml
from backprop_anim.config.yaml_scalars import read_scalar

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)
MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(
    f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}\n" for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", "1:1", "the file is empty"),
        ("# nothing\n", "1:1", "the file is empty"),
        ("null\n", "1:1", "the file is empty"),
        ("- a\n- b\n", "1:1", "the file holds a list"),
        ("\n  word\n", "2:3", "the file holds a single value"),
        ("a: {b: 1\n", "2:1", "not valid YAML"),
        ("a: b: c\n", "1:5", "a second ': ' in one line"),
        ("a:\n\tb: 1\n", "2:1", "a tab cannot indent"),
        ("a: 'x\n", "2:1", "not valid YAML"),
        ("a: \x01\n", "1:4", "character '\\x01' is not allowed"),
        (b"a: 1\nb: \xff\n", "2:4", "not text in UTF-8 (byte 0xff)"),
        ("a: 1\n---\nb: 2\n", "2:1", "a second document"),
        ("%YAML 1.1\n---\na: 1\n", "2:1", "directives"),
        ("a: *b\n", "1:4", "the alias *b has no anchor"),
        ("a: &a [*a]\n", "1:8", "the alias *a has no anchor"),
        ("? [a]\n: 1\n", "1:3", "a key must be a word"),
        (": 1\n", "1:1", "a key is missing"),
        ("!x a: 1\n", "1:1", "the tag !x is not allowed"),
    ],
)
def test_what_cannot_be_read_ends_with_its_place(text: str | bytes, position: str, words: str) -> None:
    problem = only(text)
    assert problem.place == f"e.yaml:{position}"
    assert words in problem.message


@pytest.mark.parametrize(
    ("addition", "position", "path", "words"),
    [
        ("seed: 2\nseed: 3\n", "5:1", ("seed",), "stands here twice, first in line 4, column 1"),
        ("subtitle: !secret x\n", "4:11", ("subtitle",), "the tag !secret is not allowed"),
        ("subtitle: !!str 3\n", "4:11", ("subtitle",), "tag"),
        ("seed: !!python/object:os.system 3\n", "4:7", ("seed",), "tag"),
        ("<<: {seed: 2}\n", "4:1", ("<<",), "merge keys are not allowed"),
        (f"seed: {'9' * 5000}\n", "4:7", ("seed",), "5,000 characters"),
    ],
)
def test_what_is_not_allowed_is_reported_once_in_its_place(
    addition: str, position: str, path: tuple[str, ...], words: str
) -> None:
    problem = only(SMALL + addition)
    assert problem.place == f"e.yaml:{position}"
    assert problem.path == path
    assert words in problem.message


def test_reading_goes_on_after_a_duplicate_key() -> None:
    assert len(problems_of(SMALL + "seed: 2\nseed: 3\nsed: 4\n")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{" * 100_000,
        "[{a: " * 20_000,
        "- " * 100_000,
        "? " * 100_000,
        "{a: [" * 30_000,
        LAUGHS,
        MERGE_BOMB,
        "a: &a 1\nb: [" + "*a, " * 50_000 + "]",
        "x" * 50_000_000,
        "a: [" + "1, " * 80_000 + "]",
        "a: 1\n" * 50_000,
        "{" + ", ".join(f"k{number}" for number in range(5_900)) + ", z: " + "x" * 200_000 + "}",
    ],
    ids=["[", "{", "[{", "-", "?", "{[", "laughs", "merges", "aliases", "long", "values", "duplicates", "nothings"],
)
def test_bombs_are_refused_at_once(text: str) -> None:
    start = time.process_time()
    problems_of(text)
    limit_s = 6.0 if len(text) > 200_000 else 2.0  # those that must be read a good way; the rest takes milliseconds
    assert time.process_time() - start < limit_s


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, LAUGHS, MERGE_BOMB, "x" * 50_000_000])
def test_the_classic_bombs_take_no_time(text: str) -> None:
    with pytest.raises(ExperimentError):
        read_yaml("a: 1\n- b", "warm")
    start = time.process_time()
    problems_of(text)
    assert time.process_time() - start < 0.3


def test_the_limits_are_where_they_say() -> None:
    def nested(depth: int) -> str:
        return "a: " + "[" * depth + "]" * depth

    read_yaml(nested(MAX_DEPTH - 1), "e.yaml")
    with pytest.raises(ExperimentError, match="nested too deeply"):
        read_yaml(nested(MAX_DEPTH), "e.yaml")
    read_yaml("a: 1\n" + "#" * (MAX_BYTES - 5), "e.yaml")
    with pytest.raises(ExperimentError, match="bytes; at most"):
        read_yaml("a: 1\n" + "#" * (MAX_BYTES - 4), "e.yaml")
    read_yaml("a: [" + "1, " * (MAX_VALUES - 3) + "]", "e.yaml")
    with pytest.raises(ExperimentError, match="keys and values"):
        read_yaml("a: [" + "1, " * (MAX_VALUES - 2) + "]", "e.yaml")


def test_an_alias_counts_as_deep_as_what_it_stands_for() -> None:
    deep = "a: &a " + "[" * 12 + "]" * 12 + "\nb: " + "[" * 10 + "*a" + "]" * 10
    with pytest.raises(ExperimentError, match="nested too deeply"):
        read_yaml(deep, "e.yaml")


def test_each_kind_of_bomb_is_refused_for_what_it_is() -> None:
    with pytest.raises(ExperimentError, match="with aliases written out"):
        read_yaml(LAUGHS, "e.yaml")
    with pytest.raises(ExperimentError, match="more than 100 aliases"):
        read_yaml("a: &a 1\nb: [" + "*a, " * 101 + "]", "e.yaml")
    read_yaml("a: &a 1\nb: [" + "*a, " * 100 + "]", "e.yaml")
    with pytest.raises(ExperimentError, match="with aliases written out"):
        read_yaml("a: &a [" + "1, " * 5000 + "]\nb: [*a, *a, *a, *a]", "e.yaml")


def test_few_aliases_are_welcome() -> None:
    root, mistakes = read_yaml("a: &a [1, {b: 2}]\nc: *a\n", "e.yaml")
    assert root.value == {"a": (1, {"b": 2}), "c": (1, {"b": 2})}
    assert not mistakes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E5", 100_000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0", 0),
        ("012", 12),
        ("0x1F", 31),
        ("0o17", 15),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("True", True),
        ("~", None),
        ("-.inf", -math.inf),
        ("1280x720", "1280x720"),
        ("1e", "1e"),
        ("+", "+"),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = read_scalar(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_scalars_are_text() -> None:
    root, _ = read_yaml("a: '1'\nb: \"true\"\nc: |\n  2\n", "e.yaml")
    assert root.value == {"a": "1", "b": "true", "c": "2\n"}


def test_positions_are_those_of_the_values() -> None:
    root, _ = read_yaml("a:\n  b: [1,\n      {c: 2}]\n", "e.yaml")
    assert root.find(("a", "b", 1, "c")) == (3, 11)
    assert root.find(("a", "b", 1, "c"), key=True) == (3, 8)
    assert root.find(("a", "b", 5)) == (2, 6)
    assert root.find(("a", "x", "y"), key=True) == (1, 1)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_yaml("\ufeffa: 1".encode(), "e.yaml")[0].value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), ("[a, b]", ("a", "b")), ("{a: 1}", {"a": 1}), ("", ""), ("'1'", "1"), ("no", "no")],
)
def test_typed_values(text: str, value: object) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize("text", ["a: 1", "- 1", "[1", "*a", "!x 1", "1\n---\n2"])
def test_typed_values_are_scalars_or_flow_collections(text: str) -> None:
    with pytest.raises(ExperimentError):
        read_value(text)
