"""A formula as it was written, and errors that point into it; it never knows what a formula means."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Sequence

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.formula_language import CONSTANTS, FUNCTIONS, MAX_CHARACTERS

__all__ = ["FormulaError", "FormulaText"]

_SHOWN_CHARACTERS = 60
_CHARACTERS = frozenset(string.ascii_letters + string.digits + "_.,+-*/%^() ")
_PIECE = re.compile(r"`(?P<quoted>[^`]*)`|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?P<name>[^\W\d]\w*)|.", re.DOTALL)
_PLACEHOLDER = re.compile(r"__(\d+)__")
_MOST_LISTED = 12


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
    """The text of a formula and where each character of the code that is parsed stood in it.

    In the code a variable has a number for its name, so that any text can be one: what is no plain name of letters,
    digits and underscores stands in backquotes.

    Parameters
    ----------
    text : str
    variables : sequence of str
    option : str, optional
        The option of the task that holds the formula.
    """

    def __init__(self, text: str, variables: Sequence[str], option: str | None) -> None:
        self.text = text.translate({ord(blank): " " for blank in "\t\r\n"})  # YAML may fold a long formula
        self.variables = tuple(variables)
        self.option = option
        if len(text) > MAX_CHARACTERS:
            raise self.error_at(f"the formula has {len(text)} characters; at most {MAX_CHARACTERS} are allowed", 0)
        pieces = list(self._pieces())
        self.code = "".join(piece for piece, _, _ in pieces)
        self._positions = [
            end - 1 if place and place == len(piece) - 1 else start
            for piece, start, end in pieces
            for place in range(len(piece))
        ]

    @property
    def example(self) -> str:
        """The variable that examples in messages are written with."""
        return _as_written(self.variables[0])

    @property
    def known_names(self) -> list[str]:
        """What a formula may name, the variables as they have to be written."""
        shown = [_as_written(name) for name in self.variables]
        more = ["…"] if len(shown) > _MOST_LISTED else []
        return [*shown[:_MOST_LISTED], *more, *CONSTANTS]

    def variable_of(self, name: str) -> int | None:
        """Return which variable a name in the code is, or None where it is none."""
        found = _PLACEHOLDER.fullmatch(name)
        return int(found[1]) if found else None

    def position(self, column: int) -> int:
        """Return where in the text a character of the code stands; behind its last one, where the text ends."""
        return self._positions[column] if column < len(self._positions) else len(self.text.rstrip())

    def unknown_name(self, name: str, position: int) -> FormulaError:
        """Return the error that `name` is nothing that a formula can name."""
        hint = did_you_mean(name, [*self.variables, *CONSTANTS, *FUNCTIONS])
        return self.error_at(f"unknown name '{name}'{hint}; known are {', '.join(self.known_names)}", position)

    def error(self, message: str, node: ast.expr) -> FormulaError:
        return self.error_at(message, self.position(node.col_offset))

    def part(self, node: ast.expr) -> str:
        """Return the text of `node` as the user wrote it, shortened."""
        end = node.end_col_offset or node.col_offset + 1
        part = self.text[self._positions[node.col_offset] : self._positions[end - 1] + 1]
        return part if len(part) <= _SHOWN_CHARACTERS else part[: _SHOWN_CHARACTERS - 1] + "…"

    def _pieces(self) -> Iterator[tuple[str, int, int]]:
        """Yield the pieces of the code, and where each begins and ends in the text.

        Blanks in front are left out, which Python would read as a block.
        """
        place_of = {name: place for place, name in enumerate(self.variables)}
        for found in _PIECE.finditer(self.text, len(self.text) - len(self.text.lstrip(" "))):
            piece, start, end = found.group(), found.start(), found.end()
            quoted, name = found["quoted"], found["name"]
            is_call = name in FUNCTIONS and self.text[end:].lstrip(" ").startswith("(")
            if quoted is not None and quoted.strip() not in place_of:
                raise self.unknown_name(quoted, start)
            place = place_of.get(str(quoted if name is None else name).strip())
            if place is not None and not is_call and (quoted is not None or name is not None):
                yield f"__{place}__", start, end
                continue
            if name is not None and name.startswith("__"):
                raise self.unknown_name(name, start)
            for offset, character in enumerate(piece):
                if character not in _CHARACTERS:
                    raise self.error_at(f"{_named(character)} {_advice(character)}", start + offset)
            if piece == "^":
                yield "**", start, end
            else:
                yield from ((character, start + offset, start + offset + 1) for offset, character in enumerate(piece))

    def error_at(self, message: str, position: int) -> FormulaError:
        start = max(0, position - _SHOWN_CHARACTERS // 2)
        window = self.text[start : start + _SHOWN_CHARACTERS]
        shown = "".join(character if character.isprintable() else "?" for character in window)
        pointer = " " * (position - start) + "^"
        message = f"{message} (column {position + 1} of the formula)\n    {shown}\n    {pointer}"
        return FormulaError(message, self.option, position + 1)


def _as_written(name: str) -> str:
    """Return a variable as formulas have to write it."""
    plain = re.fullmatch(r"[^\W\d]\w*", name) and name not in FUNCTIONS and not name.startswith("__")
    return name if plain else f"`{name}`"


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if not character.isprintable():
        return f"the character {code}"
    return f"'{character}'" if character.isascii() else f"'{character}' ({code})"


def _advice(character: str) -> str:
    if character in "<>=!&|":
        return "has no place in a formula; a piecewise one can use step(t - 0.5), min and max"
    if character == "`":
        return "is never closed"
    if not character.isascii():
        return "has no place in a formula: names and operators are plain ASCII, as in 2*pi*t"
    return "has no place in a formula"
