"""Which parts of a formula have the colour of something in the picture, kept inside the line of mathtext itself."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

__all__ = ["TINT_END", "TINT_STARTS", "FormulaPart", "Tint", "formula_parts", "sign_tint", "tinted", "untinted"]

Tint = Literal["", "minus", "plus", "error"]
"""Nothing in particular, a weight below zero, one above, an error on its way back."""

STARTS: dict[Tint, str] = {"minus": "\ue001", "plus": "\ue002", "error": "\ue003"}  # of no script: no formula has them
TINT_END = "\ue000"
TINT_OF = {start: tint for tint, start in STARTS.items()}
TINT_STARTS = "".join(TINT_OF)
"""Before a part with a tint stands one of these, whichever its tint is."""


class FormulaPart(NamedTuple):
    """A stretch of mathtext and what it has the colour of."""

    text: str
    tint: Tint


def tinted(text: str, tint: Tint) -> str:
    """Return a stretch of mathtext that has a colour; it must be whole in itself, and hold no other."""
    return f"{STARTS[tint]}{text}{TINT_END}" if tint else text


def untinted(line: str) -> str:
    """Return a line as plain mathtext."""
    return re.sub(f"[{TINT_END}{TINT_STARTS}]", "", line)


def formula_parts(line: str) -> tuple[FormulaPart, ...]:
    """Return the stretches of a line; put together, their texts are the plain mathtext."""
    found = []
    for part in re.split(f"([{TINT_STARTS}][^{TINT_END}]*{TINT_END})", line):
        if part and part[0] in TINT_OF:
            found.append(FormulaPart(part[1:-1], TINT_OF[part[0]]))
        elif part:
            found.append(FormulaPart(part, ""))
    return tuple(found)


def sign_tint(value: float) -> Tint:
    """Return the tint of a weight."""
    return "minus" if value < 0 else "plus"
