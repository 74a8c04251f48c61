"""Formulas in one variable, read through a whitelist and evaluated with NumPy; what is given is never executed."""

from __future__ import annotations

import ast
import keyword
import re
import string
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import TaskError

__all__ = ["CONSTANTS", "FUNCTIONS", "MAX_CHARACTERS", "MAX_DEPTH", "MAX_PARTS", "Formula", "FormulaError", "Function"]

Array = NDArray[np.float64]

MAX_CHARACTERS = 1000
MAX_DEPTH = 100
MAX_PARTS = 500

_SHOWN_CHARACTERS = 60
_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<operator>\*\*|//|[-+*/%^])"
    r"|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<blank> +)",
    re.ASCII,
)
_CHARACTERS = frozenset(string.ascii_letters + string.digits + "_.,+-*/%^() ")


@dataclass(frozen=True)
class Function:
    """A function that formulas may call, and how many arguments it takes."""

    apply: Callable[..., Any]
    fewest: int = 1
    most: int | None = 1

    @property
    def arity(self) -> str:
        """The number of arguments in words."""
        if self.most is None:
            return f"{self.fewest} or more arguments"
        return f"{self.fewest} argument{'s' if self.fewest > 1 else ''}"


def _smallest(*values: Array) -> Array:
    return reduce(np.minimum, values)


def _largest(*values: Array) -> Array:
    return reduce(np.maximum, values)


def _step(value: Array) -> Any:
    return np.heaviside(value, 1.0)


FUNCTIONS: dict[str, Function] = {
    "sin": Function(np.sin),
    "cos": Function(np.cos),
    "tan": Function(np.tan),
    "asin": Function(np.arcsin),
    "acos": Function(np.arccos),
    "atan": Function(np.arctan),
    "atan2": Function(np.arctan2, 2, 2),
    "sinh": Function(np.sinh),
    "cosh": Function(np.cosh),
    "tanh": Function(np.tanh),
    "asinh": Function(np.arcsinh),
    "acosh": Function(np.arccosh),
    "atanh": Function(np.arctanh),
    "exp": Function(np.exp),
    "log": Function(np.log),  # natural, as in Python and NumPy
    "ln": Function(np.log),
    "log10": Function(np.log10),
    "log2": Function(np.log2),
    "sqrt": Function(np.sqrt),
    "cbrt": Function(np.cbrt),
    "hypot": Function(np.hypot, 2, 2),
    "abs": Function(np.abs),
    "sign": Function(np.sign),
    "floor": Function(np.floor),
    "ceil": Function(np.ceil),
    "mod": Function(np.mod, 2, 2),
    "min": Function(_smallest, 2, None),
    "max": Function(_largest, 2, None),
    "step": Function(_step),
    "heaviside": Function(_step),
}
"""What a formula may call, by name."""

CONSTANTS: dict[str, float] = {"pi": float(np.pi), "e": float(np.e), "tau": float(2 * np.pi)}
"""What a formula may name besides its variable."""

_OPERATORS: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}


class FormulaError(TaskError):
    """A formula that cannot be read, or has no finite value somewhere.

    Parameters
    ----------
    message : str
        What is wrong, with the formula and a pointer below it.
    option : str, optional
        The option of the task that holds the formula.
    column : int
        Where in the formula it is wrong; the first character is column 1.
    """

    def __init__(self, message: str, option: str | None = None, column: int = 1) -> None:
        self.column = column
        super().__init__(message, option)


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
        self._source = _Source(text, variable, option)
        self._body = _parsed(self._source)
        _check(self._body, self._source)

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
                apply, operands = _OPERATORS[type(operator)], [left, right]
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


class _Source:
    """The text of a formula and where each character of the code that is parsed stood in it."""

    def __init__(self, text: str, variable: str, option: str | None) -> None:
        self.text = text.translate({ord(blank): " " for blank in "\t\r\n"})  # YAML may fold a long formula
        self.variable = variable
        self.option = option
        if len(text) > MAX_CHARACTERS:
            raise self.error_at(f"the formula has {len(text)} characters; at most {MAX_CHARACTERS} are allowed", 0)
        for position, character in enumerate(self.text):
            if character not in _CHARACTERS:
                raise self.error_at(f"{_named(character)} {_advice(character)}", position)
        self.code, self._positions = _with_python_powers(self.text)

    def error(self, message: str, node: ast.expr) -> FormulaError:
        return self.error_at(message, self._positions[node.col_offset])

    def part(self, node: ast.expr) -> str:
        """Return the text of `node` as the user wrote it, shortened."""
        end = node.end_col_offset or node.col_offset + 1
        part = self.text[self._positions[node.col_offset] : self._positions[end - 1] + 1]
        return part if len(part) <= _SHOWN_CHARACTERS else part[: _SHOWN_CHARACTERS - 1] + "…"

    def error_at(self, message: str, position: int) -> FormulaError:
        start = max(0, position - _SHOWN_CHARACTERS // 2)
        window = self.text[start : start + _SHOWN_CHARACTERS]
        shown = "".join(character if character.isprintable() else "?" for character in window)
        pointer = " " * (position - start) + "^"
        message = f"{message} (column {position + 1} of the formula)\n    {shown}\n    {pointer}"
        return FormulaError(message, self.option, position + 1)


def _with_python_powers(text: str) -> tuple[str, list[int]]:
    """Return `text` with ``^`` as ``**``, and for each of its characters the position in `text`."""
    pieces = [(position, "**" if character == "^" else character) for position, character in enumerate(text)]
    indent = len(text) - len(text.lstrip(" "))  # Python would read leading blanks as a block
    code = "".join(piece for _, piece in pieces[indent:])
    return code, [position for position, piece in pieces[indent:] for _ in piece]


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if not character.isprintable():
        return f"the character {code}"
    return f"'{character}'" if character.isascii() else f"'{character}' ({code})"


def _advice(character: str) -> str:
    if character in "<>=!&|":
        return "has no place in a formula; a piecewise one can use step(t - 0.5), min and max"
    if not character.isascii():
        return "has no place in a formula: names and operators are plain ASCII, as in 2*pi*t"
    return "has no place in a formula"


_Token = tuple[str, str, int]  # kind, text, position


def _tokens(source: _Source) -> Iterator[_Token]:
    """Cut the formula into numbers, names, operators, brackets and commas."""
    position = 0
    while position < len(source.text):
        found = _TOKEN.match(source.text, position)
        if found is None:
            raise source.error_at(f"'{source.text[position]}' cannot stand here", position)
        if found.lastgroup != "blank":
            yield str(found.lastgroup), found.group(), position
        position = found.end()


class _Grammar:
    """Follows a formula token by token, so that a slip is found where the user made it.

    Python's own parser finds slips too, but where it points to differs from version to version.
    """

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._wants_operand = True
        self._open: list[tuple[int, bool]] = []  # where each open bracket stands, and whether it is a call's
        self._previous: _Token = ("start", "", 0)

    def read(self) -> None:
        """Take every token, then hold that nothing is left open."""
        for token in _tokens(self._source):
            self._take(*token)
            self._previous = token
        if self._previous[0] == "start":
            raise self._source.error_at("the formula is empty", 0)
        if self._wants_operand:
            raise self._source.error_at("the formula ends too early", len(self._source.text.rstrip()))
        if self._open:
            raise self._source.error_at("'(' is never closed", self._open[-1][0])

    def _take(self, kind: str, text: str, position: int) -> None:
        match kind:
            case "open":
                self._take_open(position)
            case "close":
                self._take_close(position)
            case "comma":
                self._take_comma(position)
            case "operator":
                self._take_operator(text, position)
            case _:
                self._take_operand(kind, text, position)

    def _take_operand(self, kind: str, text: str, position: int) -> None:
        if not self._wants_operand:
            raise self._source.error_at("a product needs '*', as in 2*t", position)
        if kind == "number" and text.isdigit() and text.startswith("0") and text.strip("0"):
            raise self._source.error_at(f"'{text}' begins with 0; write {text.lstrip('0')}", position)
        if kind == "name" and keyword.iskeyword(text):
            raise self._source.error_at(f"unknown name '{text}'", position)
        self._wants_operand = False

    def _take_operator(self, text: str, position: int) -> None:
        if self._wants_operand and text not in {"+", "-"}:
            raise self._missing_operand(position)
        self._wants_operand = True

    def _take_open(self, position: int) -> None:
        is_call = not self._wants_operand
        if is_call and self._previous[0] != "name":
            raise self._source.error_at("a product needs '*', as in 2*(t + 1)", position)
        if len(self._open) == MAX_DEPTH:
            raise self._source.error_at(f"the formula is nested more than {MAX_DEPTH} deep", position)
        self._open.append((position, is_call))
        self._wants_operand = True

    def _take_close(self, position: int) -> None:
        if not self._open:
            raise self._source.error_at("')' was never opened", position)
        _, is_call = self._open.pop()
        if self._wants_operand and not (is_call and self._previous[0] == "open"):
            raise self._missing_operand(position)
        self._wants_operand = False

    def _take_comma(self, position: int) -> None:
        if self._wants_operand:
            raise self._missing_operand(position)
        if not (self._open and self._open[-1][1]):
            raise self._source.error_at(
                "',' belongs between the arguments of a function; decimals have a point", position
            )
        self._wants_operand = True

    def _missing_operand(self, position: int) -> FormulaError:
        return self._source.error_at("a number, a name or '(' is missing here", position)


def _parsed(source: _Source) -> ast.expr:
    _Grammar(source).read()
    try:
        return ast.parse(source.code, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError):  # what is left can only be too much of something
        raise source.error_at("the formula is nested too deeply", 0) from None


def _check(body: ast.expr, source: _Source) -> None:
    """Hold every part of the formula to the whitelist, without recursion and from left to right."""
    todo, n_parts = [(body, 1)], 0
    while todo:
        node, depth = todo.pop()
        n_parts += 1
        if n_parts > MAX_PARTS:
            raise source.error(f"the formula has more than {MAX_PARTS} parts", node)
        if depth > MAX_DEPTH:
            raise source.error(f"the formula is nested more than {MAX_DEPTH} deep", node)
        todo += [(operand, depth + 1) for operand in reversed(_operands(node, source))]


def _operands(node: ast.expr, source: _Source) -> list[ast.expr]:
    """Return the parts of an allowed node."""
    match node:
        case ast.Constant():
            return _check_number(node, source)
        case ast.Name():
            return _check_name(node, source)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return [left, right]
        case ast.BinOp(op=ast.FloorDiv()):
            raise source.error("'//' is not known; write floor(a / b)", node)
        case ast.Call():
            return _check_call(node, source)
    allowed = f"numbers, {source.variable}, {', '.join(CONSTANTS)}, + - * / % ^, parentheses and function calls"
    raise source.error(f"'{source.part(node)}' is not allowed; a formula is made of {allowed}", node)


def _check_number(node: ast.Constant, source: _Source) -> list[ast.expr]:
    value = node.value
    if type(value) not in (int, float):  # True is an int to isinstance, 2j a number to Python
        raise source.error(f"'{source.part(node)}' is not a real number", node)
    assert isinstance(value, int | float)
    if value > sys.float_info.max:
        raise source.error(f"'{source.part(node)}' is too large a number", node)
    return []


def _check_name(node: ast.Name, source: _Source) -> list[ast.expr]:
    name = node.id
    if name in FUNCTIONS:
        raise source.error(f"'{name}' is a function: write {name}({source.variable})", node)
    if name != source.variable and name not in CONSTANTS:
        known = [source.variable, *CONSTANTS]
        hint = did_you_mean(name, [*known, *FUNCTIONS])
        raise source.error(f"unknown name '{source.part(node)}'{hint}; known are {', '.join(known)}", node)
    return []


def _check_call(node: ast.Call, source: _Source) -> list[ast.expr]:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise source.error(f"'{source.part(node)}' is not a call of a function", node)
    name = node.func.id
    if name not in FUNCTIONS:
        _refuse_call(node, name, source)
    function = FUNCTIONS[name]
    if len(node.args) < function.fewest or (function.most is not None and len(node.args) > function.most):
        raise source.error(f"{name} takes {function.arity}, not {len(node.args)}", node)
    return node.args


def _refuse_call(node: ast.Call, name: str, source: _Source) -> None:
    if name == source.variable or name in CONSTANTS:
        raise source.error(f"'{name}' is not a function; a product needs '*', as in {name}*(t + 1)", node)
    hint = did_you_mean(name, FUNCTIONS) or f"; known are {', '.join(FUNCTIONS)}"
    raise source.error(f"unknown function '{source.part(node.func)}'{hint}", node)
