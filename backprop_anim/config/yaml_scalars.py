"""What the plain words of a file mean: numbers, true, false, nothing or text; no library decides it."""

from __future__ import annotations

import math
import re
from typing import Any

__all__ = [
    "BEGINS_COMMENT",
    "LONE_SURROGATE",
    "MAX_DIGITS",
    "QUOTES_NEEDED",
    "SWALLOWED_COLOR",
    "has_lone_surrogates",
    "read_scalar",
]

MAX_DIGITS = 100
BEGINS_COMMENT = "# begins a comment"
QUOTES_NEEDED = f"{BEGINS_COMMENT}; put {{}} in quotes: '{{}}'"
SWALLOWED_COLOR = r"(#(?:[0-9a-fA-F]{3}){1,2})(?![^\s,\]})])"
"""A pattern for a colour without quotes, which is a comment where it begins a value."""
LONE_SURROGATE = "holds half a character (one of \\ud800 to \\udfff)"

_HALF = re.compile("[\\ud800-\\udfff]")


def has_lone_surrogates(text: str) -> bool:
    """Return whether `text` holds surrogates, which no file can hold."""
    return _HALF.search(text) is not None


# YAML 1.2, core schema (section 10.3.2).
_INT = re.compile(r"[-+]?[0-9]+")
_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}


def read_scalar(text: str) -> Any:
    """Return what a plain scalar means in YAML 1.2: a number, true, false, nothing or its own text.

    Raises
    ------
    ValueError
        If it is a number of more than `MAX_DIGITS` characters.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not (_FLOAT.fullmatch(text) or _BASE.fullmatch(text)):
        return text
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text):,} characters; at most {MAX_DIGITS} are allowed")
    if _INT.fullmatch(text):
        return int(text)
    return int(text, 0) if _BASE.fullmatch(text) else float(text)
