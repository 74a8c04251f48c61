"""What is wrong with a formula is said with the place where it was written, or with the value where it has none."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_anim.tasks import TaskError
from backprop_anim.tasks.formula import Formula
from backprop_anim.tasks.formula_text import FormulaError


@pytest.mark.parametrize(
    ("formula", "column", "words"),
    [
        ("2*sinn(t)", 3, "unknown function 'sinn' (did you mean 'sin'?)"),
        ("t^2 + x", 7, "unknown name 'x'"),
        ("t^^2", 3, "a number, a name or '(' is missing here"),
        ("t^2^3 + q", 9, "unknown name 'q'"),  # ^ became two characters, twice
        ("  t + q", 7, "unknown name 'q'"),
        ("2t", 2, "a product needs '*'"),
        ("2 (t)", 3, "a product needs '*'"),
        ("t(2)", 1, "'t' is not a function"),
        ("sin", 1, "'sin' is a function: write sin(t)"),
        ("(t", 1, "'(' is never closed"),
        ("t)", 2, "')' was never opened"),
        ("t +", 4, "ends too early"),
        ("", 1, "the formula is empty"),
        (" \n ", 1, "the formula is empty"),
        ("1,5*t", 2, "decimals have a point"),
        ("log(t, 2)", 1, "log takes 1 argument, not 2"),
        ("atan2(t)", 1, "atan2 takes 2 arguments, not 1"),
        ("min(t)", 1, "min takes 2 or more arguments, not 1"),
        ("sin()", 1, "sin takes 1 argument, not 0"),
        ("t // 2", 1, "write floor(a / b)"),
        ("007", 1, "write 7"),
        ("t < 0.5", 3, "step(t - 0.5)"),
        ("2·t", 2, "'·' (U+00B7)"),
        ("t\0", 2, "U+0000"),
        ("2e999", 1, "too large a number"),
    ],
)
def test_errors_point_into_the_formula_as_it_was_written(formula: str, column: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(formula, option="y")
    assert isinstance(caught.value, TaskError)
    assert words in str(caught.value)
    assert (caught.value.column, caught.value.option) == (column, "y")
    *_, shown, pointer = str(caught.value).split("\n")
    assert pointer.index("^") == 4 + column - 1
    assert shown[4:].isprintable()


def test_the_pointer_of_a_long_formula_points_to_the_slip() -> None:
    with pytest.raises(FormulaError) as caught:
        Formula("t + " * 40 + "Q" + " + t" * 40)
    *_, shown, pointer = str(caught.value).split("\n")
    assert shown[pointer.index("^")] == "Q"
    assert len(shown) < 100


@pytest.mark.parametrize(
    ("formula", "words", "column"),
    [
        ("1 + log(t - 0.5)", "'log(t - 0.5)' is undefined at t = 0 ", 5),
        ("log(t)", "'log(t)' is infinite or too large at t = 0 ", 1),
        ("2 + 1/(t - 0.5)", "'1/(t - 0.5)' divides by zero at t = 0.5 ", 5),
        ("t % 0", "'t % 0' divides by zero at t = 0 ", 1),
        ("0/0", "'0/0' divides by zero (", 1),
        ("sqrt(0.5 - t)", "'sqrt(0.5 - t)' is undefined at t = 0.75 ", 1),
        ("(-t)^0.5", "'(-t)^0.5' is undefined at t = 0.25 ", 1),
        ("exp(1000*t)", "'exp(1000*t)' is infinite or too large at t = 0.75 ", 1),
        ("t + 9**9**9", "'9**9**9' is infinite or too large (", 5),
        ("atan(1/t)", "'1/t' divides by zero at t = 0 ", 6),  # though the whole would be finite again
        ("t^2 * asin(2*t)", "'asin(2*t)' is undefined at t = 0.75 ", 7),
    ],
)
def test_a_value_that_is_none_names_its_part_and_place(formula: str, words: str, column: int) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(formula, option="y")(np.array([0, 0.25, 0.5, 0.75, 1]))
    assert str(caught.value).startswith(words)
    assert (caught.value.column, caught.value.option) == (column, "y")
