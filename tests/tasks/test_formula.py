from __future__ import annotations

import ast
import math
import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backprop_anim.tasks import TaskError
from backprop_anim.tasks.formula import (
    CONSTANTS,
    FUNCTIONS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_PARTS,
    Formula,
    FormulaError,
    _check,
    _Source,
)

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
    np.testing.assert_array_equal(Formula("2*x", variable="x")(T), 2 * T)
    with pytest.raises(FormulaError, match="unknown name 't'"):
        Formula("2*t", variable="x")


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


# --- what is refused --------------------------------------------------------------------------------------------------

ESCAPES = [
    # published ways out of eval, numexpr, simpleeval, asteval and their kin
    "__import__('os').system('true')",
    "__import__(chr(111))",
    "().__class__.__bases__[0].__subclasses__()",
    "(1).__class__.__mro__[1].__subclasses__()",
    "t.__class__",
    "t.dtype.type",
    "t . real",
    "1 .real",
    "sin.__globals__",
    "sin.__self__.__class__",
    "[].append(1)",
    "[x for x in (1,)]",
    "(t for t in t)",
    "{1: 2}",
    "{**t}",
    "lambda: 1",
    "(lambda t: t)(1)",
    "(x := 1)",
    "t if t else 1",
    "t and 1",
    "not t",
    "t < 1",
    "t == t",
    "t in t",
    "t is t",
    "t[0]",
    "t[::2]",
    "f'{t}'",
    "'a' * 10**9",
    "b'a'",
    '"%s" % t',
    "'{0.__class__}'.format(t)",
    "exec('1')",
    "eval(t)",
    "open(t)",
    "getattr(t, e)",
    "globals()",
    "vars()",
    "print(t)",
    "breakpoint()",
    "__builtins__",
    "__debug__",
    "None",
    "True",
    "...",
    "Ellipsis",
    "await t",
    "yield",
    "yield t",
    "sin(*t)",
    "sin(**t)",
    "sin(x=t)",
    "sin(t)(t)",
    "max(t, key=sin)",
    "t; t",
    "t\nimport os",
    "import os",
    "t # comment",
    "t \\\n + 1",
    "t\0",
    "\0",
    "\ufeff",
    "ｓｉｎ(t)",  # Python would fold these letters to ASCII
    "ѕin(t)",  # a Cyrillic letter
    "𝐬in(t)",
    "t\u202e+1",  # right-to-left override
    "t\u00a0+ 1",  # no-break space
    "２*t",
    "π*t",
    "t×2",
    "t−1",
    "t²",
    "0x10",
    "0b1",
    "1_000",
    "2j",
    "1e5j",
    "t @ t",
    "t // 2",
    "t << 2",
    "t & 1",
    "t | 1",
    "~t",
    "t, t",
    "t,",
    "min(t, )",
    "()",
    "sin(())",
    "`t`",
    "$t",
    "t!",
]


@pytest.mark.parametrize("formula", ESCAPES)
def test_nothing_but_arithmetic_passes(formula: str) -> None:
    with pytest.raises(FormulaError):
        Formula(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 400 + "t" + ")" * 400,
        "(" * 1_000_000,
        "-" * 900 + "t",
        "-" * 10_000_000 + "t",
        "sin(" * 150 + "t" + ")" * 150,
        "+".join(["t"] * 300),
        "t" * 1_000_001,
        "t" + "^t" * 400,
        "9" * 900,
        "1" + "0" * 400,
        "1e999",
        "9**9**9",
        "9**9**9**9",
        "9^9^9^9^9^9^9^9",
        "10^400",
        "(" + ",".join(["t"] * 300) + ")",
        "min(" + ",".join(["t"] * 501) + ")",
    ],
    ids=lambda formula: formula[:12],
)
def test_what_is_too_much_is_refused_at_once(formula: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(FormulaError):
        Formula(formula)(T)
    assert time.perf_counter() - begin < 1.0


def test_limits_are_where_they_are_said_to_be() -> None:
    brackets = MAX_DEPTH
    Formula("(" * brackets + "t" + ")" * brackets)
    with pytest.raises(FormulaError, match=f"more than {MAX_DEPTH} deep"):
        Formula("(" * (brackets + 1) + "t" + ")" * (brackets + 1))
    with pytest.raises(FormulaError, match=f"more than {MAX_DEPTH} deep"):
        Formula("-" * MAX_DEPTH + "t")
    Formula("t".rjust(MAX_CHARACTERS))
    with pytest.raises(FormulaError, match=f"{MAX_CHARACTERS + 1} characters"):
        Formula("t".rjust(MAX_CHARACTERS + 1))
    arguments = ",".join(["t"] * (MAX_CHARACTERS // 2 - 10))
    Formula(f"max({arguments})")
    with pytest.raises(FormulaError, match=f"more than {MAX_PARTS} parts"):
        Formula("max(" + "-t," * 300 + "t)")


@pytest.mark.parametrize(
    "python",
    ["t.real", "t[0]", "lambda: t", "(t, t)", "[t]", "{t}", "t if t else t", "t < t", "t and t", "~t", "not t", "'a'",
     "None", "True", "2j", "t @ t", "t << t", "f'{t}'", "(x := t)", "[t for t in t]", "sin(t, x=t)", "sin(*t)", "t()()",
     "(await_)", "sin.a(t)", "...", "b''", "__import__"],
)  # fmt: skip
def test_the_whitelist_holds_without_the_grammar_before_it(python: str) -> None:
    """Two fences stand one behind the other; the second must hold alone."""
    source = _Source("t" * 30, "t", None)
    with pytest.raises(FormulaError):
        _check(ast.parse(python, mode="eval").body, source)


# --- messages ---------------------------------------------------------------------------------------------------------


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


def test_a_hundred_thousand_points_take_no_time() -> None:
    formula = Formula("+".join(f"sin({k}*t)/{k}" for k in range(1, 50)))
    begin = time.perf_counter()
    formula(np.linspace(0, 1, 100_000))
    assert time.perf_counter() - begin < 2.0
