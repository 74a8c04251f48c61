"""Which parts a parsed formula may have; it holds alone, whatever the grammar before it let through."""

from __future__ import annotations

import ast
import sys

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.formula_language import CONSTANTS, FUNCTIONS, MAX_DEPTH, MAX_PARTS, OPERATORS
from backprop_anim.tasks.formula_text import FormulaText

__all__ = ["check_parts"]


def check_parts(body: ast.expr, source: FormulaText) -> None:
    """Hold every part of a formula to the whitelist, without recursion and from left to right.

    Raises
    ------
    FormulaError
        If a part is not allowed, or there are too many or too deep ones.
    """
    todo, n_parts = [(body, 1)], 0
    while todo:
        node, depth = todo.pop()
        n_parts += 1
        if n_parts > MAX_PARTS:
            raise source.error(f"the formula has more than {MAX_PARTS} parts", node)
        if depth > MAX_DEPTH:
            raise source.error(f"the formula is nested more than {MAX_DEPTH} deep", node)
        todo += [(operand, depth + 1) for operand in reversed(_operands(node, source))]


def _operands(node: ast.expr, source: FormulaText) -> list[ast.expr]:
    """Return the parts of an allowed node."""
    match node:
        case ast.Constant():
            return _check_number(node, source)
        case ast.Name():
            return _check_name(node, source)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            return [left, right]
        case ast.BinOp(op=ast.FloorDiv()):
            raise source.error("'//' is not known; write floor(a / b)", node)
        case ast.Call():
            return _check_call(node, source)
    allowed = f"numbers, {', '.join(source.known_names)}, + - * / % ^, parentheses and function calls"
    raise source.error(f"'{source.part(node)}' is not allowed; a formula is made of {allowed}", node)


def _check_number(node: ast.Constant, source: FormulaText) -> list[ast.expr]:
    value = node.value
    if type(value) not in (int, float):  # True is an int to isinstance, 2j a number to Python
        raise source.error(f"'{source.part(node)}' is not a real number", node)
    assert isinstance(value, int | float)
    if value > sys.float_info.max:
        raise source.error(f"'{source.part(node)}' is too large a number", node)
    return []


def _check_name(node: ast.Name, source: FormulaText) -> list[ast.expr]:
    name = node.id
    if name in FUNCTIONS:
        raise source.error(f"'{name}' is a function: write {name}({source.example})", node)
    if source.variable_of(name) is None and name not in CONSTANTS:
        raise source.unknown_name(source.part(node), source.position(node.col_offset))
    return []


def _check_call(node: ast.Call, source: FormulaText) -> list[ast.expr]:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise source.error(f"'{source.part(node)}' is not a call of a function", node)
    name = node.func.id
    if name not in FUNCTIONS:
        _refuse_call(node, name, source)
    function = FUNCTIONS[name]
    if len(node.args) < function.fewest or (function.most is not None and len(node.args) > function.most):
        raise source.error(f"{name} takes {function.arity}, not {len(node.args)}", node)
    return node.args


def _refuse_call(node: ast.Call, name: str, source: FormulaText) -> None:
    if source.variable_of(name) is not None or name in CONSTANTS:
        written = source.part(node.func)
        example = f"{written}*({source.example} + 1)"
        raise source.error(f"'{written}' is not a function; a product needs '*', as in {example}", node)
    hint = did_you_mean(name, FUNCTIONS) or f"; known are {', '.join(FUNCTIONS)}"
    raise source.error(f"unknown function '{source.part(node.func)}'{hint}", node)
