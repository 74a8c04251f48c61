"""A formula as it was written, and errors that point into it; it never knows what a formula means."""

from __future__ import annotations

import ast
import string

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.formula_language import MAX_CHARACTERS

__all__ = ["FormulaError", "FormulaText"]

_SHOWN_CHARACTERS = 60
_CHARACTERS = frozenset(string.ascii_letters + string.digits + "_.,+-*/%^() ")


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


class FormulaText:
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
