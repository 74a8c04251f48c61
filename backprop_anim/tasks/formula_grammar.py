"""How the tokens of a formula may follow each other; it never looks up what a name stands for."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator

from backprop_anim.tasks.formula_language import MAX_DEPTH
from backprop_anim.tasks.formula_text import FormulaError, FormulaText

__all__ = ["parse_formula"]

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<operator>\*\*|//|[-+*/%])"
    r"|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<blank> +)",
    re.ASCII,
)
_Token = tuple[str, str, int]  # kind, text, position


def _tokens(source: FormulaText) -> Iterator[_Token]:
    """Cut the formula into numbers, names, operators, brackets and commas."""
    place = 0
    while place < len(source.code):
        found, position = _TOKEN.match(source.code, place), source.position(place)
        if found is None:
            raise source.error_at(f"'{source.text[position]}' cannot stand here", position)
        if found.lastgroup != "blank":
            yield str(found.lastgroup), found.group(), position
        place = found.end()


class _Grammar:
    """Follows a formula token by token, so that a slip is found where the user made it.

    Python's own parser finds slips too, but where it points to differs from version to version.
    """

    def __init__(self, source: FormulaText) -> None:
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
            raise self._source.unknown_name(text, position)
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


def parse_formula(source: FormulaText) -> ast.expr:
    """Return the expression that a formula is, which the whitelist has still to see.

    Raises
    ------
    FormulaError
        If it is none, or nested too deeply.
    """
    _Grammar(source).read()
    try:
        return ast.parse(source.code, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError):  # what is left can only be too much of something
        raise source.error_at("the formula is nested too deeply", 0) from None
