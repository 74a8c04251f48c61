"""Formulas in one or several variables, evaluated with NumPy part by part; what is given is never executed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.formula_grammar import parse_formula
from backprop_anim.tasks.formula_language import CONSTANTS, FUNCTIONS, OPERATORS, SIGNS
from backprop_anim.tasks.formula_text import FormulaText
from backprop_anim.tasks.formula_whitelist import check_parts

__all__ = ["Formula"]

Array = NDArray[np.float64]


class Formula:
    """A formula, ready to be evaluated.

    Parameters
    ----------
    text : str
        Numbers, the variables, `CONSTANTS`, ``+ - * / % ^ **``, parentheses and calls of `FUNCTIONS`.
    variables : sequence of str
        Their names; the formula writes in backquotes what is no plain name.
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
    >>> Formula("`body mass` / height^2", ("body mass", "height"))(np.array([80.0]), np.array([2.0])).tolist()
    [20.0]
    """

    def __init__(self, text: str, variables: Sequence[str] = ("t",), option: str | None = None) -> None:
        self._source = FormulaText(text, variables, option)
        self._body = parse_formula(self._source)
        check_parts(self._body, self._source)

    @property
    def variables(self) -> tuple[int, ...]:
        """Which variables occur, in their order."""
        names = [node.id for node in ast.walk(self._body) if isinstance(node, ast.Name)]
        return tuple(sorted({place for name in names if (place := self._source.variable_of(name)) is not None}))

    @property
    def tree(self) -> list[Any]:
        """The formula as nested lists: ``["number", 2]``, ``["variable", 0]``, ``["+", …, …]``, ``["sin", …]``."""
        return _tree(self._body, self._source)

    def __call__(self, *values: Array, strict: bool = True) -> Array:
        """Evaluate the formula, vectorised, in float64.

        Parameters
        ----------
        *values : ndarray, shape (N,)
            Values of each variable.
        strict : bool
            Whether it is an error if a part of the formula has no value; otherwise the result is nan there.

        Returns
        -------
        ndarray, shape (N,)

        Raises
        ------
        FormulaError
            If a part of the formula is undefined, infinite or too large anywhere in `values`.
        """
        with np.errstate(all="ignore"):  # every part is held finite by hand, to name the part that is not
            result = self._value(self._body, values, strict)
        found = np.array(np.broadcast_to(result, values[0].shape))
        found[~np.isfinite(found)] = np.nan
        return found

    def _value(self, node: ast.expr, values: Sequence[Array], strict: bool) -> Array:
        operands: list[ast.expr]
        match node:
            case ast.Constant(value=int() | float() as number):
                return np.asarray(number, dtype=np.float64)
            case ast.Name(id=name):
                place = self._source.variable_of(name)
                return np.asarray(CONSTANTS[name]) if place is None else values[place]
            case ast.UnaryOp(op=sign, operand=operand):
                value = self._value(operand, values, strict)
                return np.negative(value) if isinstance(sign, ast.USub) else value
            case ast.BinOp(left=left, op=operator, right=right):
                apply, operands = OPERATORS[type(operator)], [left, right]
            case ast.Call(func=ast.Name(id=name), args=operands):
                apply = FUNCTIONS[name].apply
            case _:
                raise AssertionError(f"{ast.dump(node)} went through the whitelist")
        arguments = [self._value(operand, values, strict) for operand in operands]
        result = np.asarray(apply(*arguments), dtype=np.float64)
        if strict:
            self._check_finite(node, arguments, result, values)
        return result

    def _check_finite(self, node: ast.expr, arguments: Sequence[Array], result: Array, values: Sequence[Array]) -> None:
        if np.isfinite(result).all():
            return
        first = int(np.argmin(np.isfinite(result)))  # False sorts before True
        named = [f"{self._source.variables[place]} = {values[place][first]:.6g}" for place in self.variables]
        where = "" if result.ndim == 0 else f" at {', '.join(named)}"
        raise self._source.error(f"'{self._source.part(node)}' {_why(node, arguments, result, first)}{where}", node)


def _why(node: ast.expr, arguments: Sequence[Array], result: Array, first: int) -> str:
    """Say why the value of `node` at index `first` is not finite."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mod):
        divisor = arguments[1]
        if (divisor if divisor.ndim == 0 else divisor[first]) == 0:
            return "divides by zero"
    value = result if result.ndim == 0 else result[first]
    return "is undefined" if np.isnan(value) else "is infinite or too large"


def _tree(node: ast.expr, source: FormulaText) -> list[Any]:
    match node:
        case ast.Constant(value=int() | float() as number):
            return ["number", float(number)]
        case ast.Name(id=name):
            place = source.variable_of(name)
            return ["number", CONSTANTS[name]] if place is None else ["variable", place]
        case ast.UnaryOp(op=sign, operand=operand):
            return ["negative", _tree(operand, source)] if isinstance(sign, ast.USub) else _tree(operand, source)
        case ast.BinOp(left=left, op=operator, right=right):
            return [SIGNS[type(operator)], _tree(left, source), _tree(right, source)]
        case ast.Call(func=ast.Name(id=name), args=operands):
            return [name, *(_tree(operand, source) for operand in operands)]
    raise AssertionError(f"{ast.dump(node)} went through the whitelist")
