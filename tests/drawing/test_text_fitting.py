"""Formulas that are too long for a line: broken before an operator, never inside of a bracket or of a colour."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backprop_anim.drawing.text_fitting import break_formula, told_apart, truncate_text
from backprop_anim.story.formula_tints import formula_parts, tinted, untinted

SUM = rf"z = {tinted('(−0.4)', 'minus')} \cdot (0.5 + 0.1) + {tinted('1.2 + 0.1', 'plus')} \cdot 0.25 + 0.01 = 0.11"


def shorter_than(most: int) -> Callable[[str], bool]:
    return lambda line: len(line) <= most


@pytest.mark.parametrize("most", [90, 60, 45, 30, 20])
def test_the_parts_say_what_the_line_said_and_each_fits_that_can(most: int) -> None:
    parts = break_formula(SUM, shorter_than(most))
    assert " ".join(part.removeprefix(r"\quad ") for part in parts) == SUM
    assert all(len(untinted(part)) <= most for part in parts) or most < 30
    for part in parts:
        assert "".join(piece.text for piece in formula_parts(part)) == untinted(part)
        assert part.count("(") == part.count(")")


def test_a_line_that_fits_stays_whole() -> None:
    assert break_formula(SUM, shorter_than(200)) == [SUM]


def test_what_can_be_broken_nowhere_stays_long() -> None:
    assert break_formula(r"\sqrt{a + b + c}", shorter_than(3)) == [r"\sqrt{a + b + c}"]


def test_each_part_is_as_long_as_fits() -> None:
    assert break_formula("a = b + c + d", shorter_than(9)) == ["a = b + c", r"\quad + d"]


def test_names_that_were_cut_alike_keep_what_tells_them_apart() -> None:
    def fits(text: str) -> bool:
        return len(text) <= 9

    names = ["feature number 1", "feature number 17", "other", "features of all kinds"]
    cut = [truncate_text(name, fits) for name in names]
    assert cut == ["feature…", "feature…", "other", "features…"]
    found = told_apart(names, cut, fits)
    assert found == ["feature…1", "featur…17", "other", "features…"]
    assert all(map(fits, found))
    assert told_apart(["a", "b"], ["a", "b"], fits) == ["a", "b"]
