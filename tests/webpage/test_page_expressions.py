"""A formula has the same value on the page as in the film, and none where it has none."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.tasks.formula import Formula
from backprop_anim.tasks.formula_language import FUNCTIONS

NODE = shutil.which("node")
RUNNER = Path(__file__).with_name("run_expressions.mjs")
X, Y = (part.ravel() for part in np.meshgrid([-3.7, -1.0, -0.25, 0.0, 0.5, 1.0, 2.0, 7.3], [-2.0, -0.5, 0.0, 0.3, 3.0]))
CALLS = [
    f"{name}({', '.join(['x', 'y', 'x*y'][: word.fewest if word.most else 3])})" for name, word in FUNCTIONS.items()
]
FORMULAS = [
    *CALLS,
    *("x + y", "x - y", "x*y", "x/y", "x%y", "x^y", "-x^2", "2^-y", "x^y^2", "+x - -y", "pi*x + tau*y - e", "3e-2"),
    "sin(2*pi*3*(x + 3.7)/11) * log(y + 2.1) / max(x, y, 0.1)",
]


@pytest.mark.skipif(NODE is None, reason="there is no Node")
def test_every_function_and_operator_has_its_twin() -> None:
    made = [Formula(text, ("x", "y")) for text in FORMULAS]
    rows = np.column_stack([X, Y]).tolist()
    cases = json.dumps([[formula.tree, rows] for formula in made])
    done = subprocess.run([str(NODE), RUNNER], input=cases, capture_output=True, text=True, check=True, timeout=60)
    for text, formula, found in zip(FORMULAS, made, json.loads(done.stdout), strict=True):
        answers: Any = [np.nan if value is None else value for value in found]
        np.testing.assert_allclose(answers, formula(X, Y, strict=False), rtol=1e-13, atol=1e-15, err_msg=text)
