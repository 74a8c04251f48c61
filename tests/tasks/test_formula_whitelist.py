"""Nothing but arithmetic of a bounded size passes for a formula, and what does not is refused at once."""

from __future__ import annotations

import ast
import time

import numpy as np
import pytest

from backprop_anim.tasks.formula import Formula
from backprop_anim.tasks.formula_language import MAX_CHARACTERS, MAX_DEPTH, MAX_PARTS
from backprop_anim.tasks.formula_text import FormulaError, FormulaText
from backprop_anim.tasks.formula_whitelist import check_parts

T = np.linspace(0.1, 0.9, 7)

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
    "`os`",
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
    source = FormulaText("t" * 30, ("t",), None)
    with pytest.raises(FormulaError):
        check_parts(ast.parse(python, mode="eval").body, source)
