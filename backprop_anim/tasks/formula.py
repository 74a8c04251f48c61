"""Formulas in one variable, evaluated with NumPy part by part; what is given is never executed."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.formula_grammar import parse_formula
from backprop_anim.tasks.formula_language import CONSTANTS, FUNCTIONS, OPERATORS
from backprop_anim.tasks.formula_text import FormulaText
from backprop_anim.tasks.formula_whitelist import check_parts

__all__ = ["Formula"]

Array = NDArray[np.float64]


class Formula:
    """A formula in one variable, ready to be evaluated.

    Parameters
    ----------
    text : str
        Numbers, the variable, `CONSTANTS`, ``+ - * / % ^ **``, parentheses and calls of `FUNCTIONS`.
    variable : str
        The name of the variable.
    option : str, optional
        The option of the task that holds the formula, for messages.

    Raises
    ------
    FormulaError
        If `text` is anything else, or too long or nested too deeply to be meant.

    Examples
    --------
    >>> Formula("16 * sin(t)^3")(np.array([0.0, np.pi / 2])).tolist()
    [0.0, 16.0]
    """

    def __init__(self, text: str, variable: str = "t", option: str | None = None) -> None:
        self._source = FormulaText(text, variable, option)
        self._body = parse_formula(self._source)
        check_parts(self._body, self._source)

    def __call__(self, values: Array) -> Array:
        """Evaluate the formula, vectorised, in float64.

        Parameters
        ----------
        values : ndarray, shape (N,)
            Values of the variable.

        Returns
        -------
        ndarray, shape (N,)

        Raises
        ------
        FormulaError
            If a part of the formula is undefined, infinite or too large anywhere in `values`.
        """
        with np.errstate(all="ignore"):  # every part is held finite by hand, to name the part that is not
            result = self._value(self._body, values)
        return np.array(np.broadcast_to(result, values.shape))

    def _value(self, node: ast.expr, values: Array) -> Array:
        operands: list[ast.expr]
        match node:
            case ast.Constant(value=int() | float() as number):
                return np.asarray(number, dtype=np.float64)
            case ast.Name(id=name):
                return values if name == self._source.variable else np.asarray(CONSTANTS[name])
            case ast.UnaryOp(op=sign, operand=operand):
                value = self._value(operand, values)
                return np.negative(value) if isinstance(sign, ast.USub) else value
            case ast.BinOp(left=left, op=operator, right=right):
                apply, operands = OPERATORS[type(operator)], [left, right]
            case ast.Call(func=ast.Name(id=name), args=operands):
                apply = FUNCTIONS[name].apply
            case _:
                raise AssertionError(f"{ast.dump(node)} went through the whitelist")
        arguments = [self._value(operand, values) for operand in operands]
        result = np.asarray(apply(*arguments), dtype=np.float64)
        self._check_finite(node, arguments, result, values)
        return result

    def _check_finite(self, node: ast.expr, arguments: Sequence[Array], result: Array, values: Array) -> None:
        if np.isfinite(result).all():
            return
        first = int(np.argmin(np.isfinite(result)))  # False sorts before True
        where = "" if result.ndim == 0 else f" at {self._source.variable} = {values[first]:.6g}"
        raise self._source.error(f"'{self._source.part(node)}' {_why(node, arguments, result, first)}{where}", node)


def _why(node: ast.expr, arguments: Sequence[Array], result: Array, first: int) -> str:
    """Say why the value of `node` at index `first` is not finite."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mod):
        divisor = arguments[1]
        if (divisor if divisor.ndim == 0 else divisor[first]) == 0:
            return "divides by zero"
    value = result if result.ndim == 0 else result[first]
    return "is undefined" if np.isnan(value) else "is infinite or too large"
