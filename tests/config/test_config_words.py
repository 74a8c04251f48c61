"""Values and type hints in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, Gt, Le, Len, Lt

from backprop_anim.config.message_text import describe, format_value, join_words
from backprop_anim.experiment.themes import Color
from backprop_anim.tasks import Names


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (int, "a whole number"),
        (Annotated[int, Ge(1), Le(4096)], "a whole number from 1 to 4,096"),
        (Annotated[float, Gt(0), Lt(1)], "a number above 0 and below 1"),
        (Annotated[float, Ge(0.5)], "a number of at least 0.5"),
        (bool, "true or false"),
        (str | None, "text"),
        (Color, "a colour such as '#d81b60', '#fff' or orange"),
        (Literal["a"], "a"),
        (Literal["a", "b", "c"], "one of a, b or c"),
        (bool | int | float | str, "true or false, a number or text"),
        (Literal["full"] | Annotated[int, Ge(1)], "full or a whole number of at least 1"),
        (tuple[str, ...], "a list, each item text"),
        (Annotated[tuple[int, ...], Len(2, 64)], "a list of 2 to 64 items, each item a whole number"),
        (tuple[float, float], "a list of 2: each a number"),
        (tuple[str, int], "a list of 2: text and a whole number"),
        (Names, "a mapping with the keys inputs, outputs and classes"),
        (Mapping[str, int], "a mapping"),
        (Any, "a value"),
    ],
)
def test_hints_in_words(hint: Any, words: str) -> None:
    assert describe(hint) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "empty"),
        (True, "true"),
        (3, "3"),
        (1234567, "1,234,567"),
        (3.0, "3.0"),
        (1e-9, "1e-09"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (math.nan, ".nan"),
        ("a'b", 'the text "a\'b"'),
        ("x" * 99, f"the text '{'x' * 40}'…"),
        ((1, 2), "a list of 2"),
        ({}, "a mapping"),
        (10**80, "100,000,000,000,000,000,000,000,000,000,…"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert format_value(value) == words


def test_lists_in_words() -> None:
    assert join_words([]) == ""
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b"], "and") == "a and b"
    assert join_words(map(str, range(100))).endswith("38, 39 …")
