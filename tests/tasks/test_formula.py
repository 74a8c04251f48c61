"""Formulas have the values that mathematics and NumPy give them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backprop_anim.tasks.formula import Formula
from backprop_anim.tasks.formula_language import CONSTANTS, FUNCTIONS, MAX_CHARACTERS
from backprop_anim.tasks.formula_text import FormulaError

Array = NDArray[np.float64]
T = np.linspace(0.1, 0.9, 7)

# Expected values come from the standard library's math, not from the functions under test.
EXPECTED: dict[str, tuple[str, Callable[[float], float]]] = {
    "sin": ("sin(t)", math.sin),
    "cos": ("cos(t)", math.cos),
    "tan": ("tan(t)", math.tan),
    "asin": ("asin(t)", math.asin),
    "acos": ("acos(t)", math.acos),
    "atan": ("atan(t)", math.atan),
    "atan2": ("atan2(t, -1)", lambda t: math.atan2(t, -1)),
    "sinh": ("sinh(t)", math.sinh),
    "cosh": ("cosh(t)", math.cosh),
    "tanh": ("tanh(t)", math.tanh),
    "asinh": ("asinh(t)", math.asinh),
    "acosh": ("acosh(t + 1)", lambda t: math.acosh(t + 1)),
    "atanh": ("atanh(t)", math.atanh),
    "exp": ("exp(t)", math.exp),
    "log": ("log(t)", math.log),
    "ln": ("ln(t)", math.log),
    "log10": ("log10(t)", math.log10),
    "log2": ("log2(t)", math.log2),
    "sqrt": ("sqrt(t)", math.sqrt),
    "cbrt": ("cbrt(-t)", lambda t: -(t ** (1 / 3))),
    "hypot": ("hypot(t, 2)", lambda t: math.hypot(t, 2)),
    "abs": ("abs(-t)", lambda t: t),
    "sign": ("sign(t - 0.5)", lambda t: math.copysign(1, t - 0.5) if t != 0.5 else 0.0),
    "floor": ("floor(3*t)", lambda t: math.floor(3 * t)),
    "ceil": ("ceil(3*t)", lambda t: math.ceil(3 * t)),
    "mod": ("mod(-t, 0.4)", lambda t: -t % 0.4),
    "min": ("min(t, 1 - t, 0.3)", lambda t: min(t, 1 - t, 0.3)),
    "max": ("max(t, 0.5)", lambda t: max(t, 0.5)),
    "step": ("step(t - 0.5)", lambda t: float(t >= 0.5)),
    "heaviside": ("heaviside(t - 0.5)", lambda t: float(t >= 0.5)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_what_its_name_says(name: str) -> None:
    formula, expected = EXPECTED[name]
    np.testing.assert_allclose(Formula(formula)(T), [expected(t) for t in T], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("-t^2", -(T**2)),  # as in mathematics: the power first
        ("2^-1", np.full(7, 0.5)),
        ("2^3^2", np.full(7, 512.0)),  # from the right
        ("2**3", np.full(7, 8.0)),
        ("1 - 2 - 3", np.full(7, -4.0)),
        ("8 / 4 / 2", np.full(7, 1.0)),
        ("7 / 2", np.full(7, 3.5)),  # whole numbers are not cut
        ("-7 % 3", np.full(7, 2.0)),
        ("+t", T),
        ("(t + 1) * 2", 2 * T + 2),
        ("2*pi - tau", np.zeros(7)),
        ("ln(e)", np.ones(7)),
        (".5e1 + 1.", np.full(7, 6.0)),
        ("\n  16*sin(t)\n  ^3 ", 16 * np.sin(T) ** 3),
        ("2^100", np.full(7, 2.0**100)),
    ],
)
def test_reads_as_mathematics_does(formula: str, expected: Array) -> None:
    np.testing.assert_allclose(Formula(formula)(T), expected, rtol=1e-15, atol=1e-15)


def test_a_constant_has_the_shape_of_the_variable_and_may_be_written_to() -> None:
    result = Formula("3")(T)
    assert result.shape == T.shape
    assert result.dtype == np.float64
    result[0] = 1


def test_never_hands_out_the_callers_array() -> None:
    result = Formula("t")(T)
    assert not np.shares_memory(result, T)


def test_another_variable() -> None:
    np.testing.assert_array_equal(Formula("2*x", variables=("x",))(T), 2 * T)
    with pytest.raises(FormulaError, match="unknown name 't'"):
        Formula("2*t", variables=("x",))


# --- random formulas against NumPy ------------------------------------------------------------------------------------

Pair = tuple[str, Array]


def outcome(text: str) -> tuple[Array, FormulaError | None]:
    try:
        return Formula(text)(T), None
    except FormulaError as error:
        return np.empty(0), error


def _leaves() -> st.SearchStrategy[Pair]:
    numbers = st.floats(0.01, 100).map(lambda value: (repr(value), np.full_like(T, value)))
    names = st.sampled_from([("t", T), *((name, np.full_like(T, value)) for name, value in CONSTANTS.items())])
    return st.one_of(numbers, names)


def _grown(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    def binary(left: Pair, symbol: str, right: Pair) -> Pair:
        apply = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "**": np.power}[symbol]
        return f"({left[0]}){symbol} ({right[0]})", apply(left[1], right[1])

    def call(name: str, operand: Pair) -> Pair:
        return f"{name}({operand[0]})", {"sin": np.sin, "exp": np.exp, "sqrt": np.sqrt, "log": np.log}[name](operand[1])

    return st.one_of(
        st.builds(binary, inner, st.sampled_from(["+", "-", "*", "/", "^", "**"]), inner),
        st.builds(call, st.sampled_from(["sin", "exp", "sqrt", "log"]), inner),
        inner.map(lambda operand: (f"-({operand[0]})", -operand[1])),
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_random_formulas_agree_with_numpy(data: st.DataObject) -> None:
    with np.errstate(all="ignore"):
        text, expected = data.draw(st.recursive(_leaves(), _grown, max_leaves=12))
    if len(text) > MAX_CHARACTERS:
        return
    value, error = outcome(text)
    if error is None:
        np.testing.assert_array_equal(value, expected)
    else:  # right only where some part is not finite, of which NumPy may show no trace
        assert any(word in str(error) for word in ("undefined", "infinite", "divides by zero"))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("t1.eE+-*/^%(), sinlogpx_", max_size=40)))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    value, error = outcome(text)
    if error is None:
        assert np.isfinite(value).all()
    else:
        assert 1 <= error.column <= len(text) + 1


def test_a_hundred_thousand_points_take_no_time() -> None:
    formula = Formula("+".join(f"sin({k}*t)/{k}" for k in range(1, 50)))
    begin = time.perf_counter()
    formula(np.linspace(0, 1, 100_000))
    assert time.perf_counter() - begin < 2.0
