"""Values and type hints in the words of a message; nothing here checks anything."""

from __future__ import annotations

import math
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, Predicate

__all__ = ["ValueWords", "describe", "format_value", "join_words"]

_SIMPLE: dict[Any, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
MAX_SHOWN = 40
MAX_LISTED = 40


@dataclass(frozen=True)
class ValueWords:
    """Metadata of a type hint: what messages call the allowed values."""

    words: str


def format_value(value: object) -> str:
    """Return how a message shows a value that was given: never long, never unprintable."""
    if value is None:
        return "empty"
    if isinstance(value, (bool, int, float)):
        return _shown_number(value)
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (tuple, list)):
        return f"a list of {len(value)}"
    text = str(value)
    return f"the text {text[:MAX_SHOWN]!r}" + ("…" if len(text) > MAX_SHOWN else "")


def _shown_number(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) and math.isfinite(value) else _number(value)


def join_words(words: Iterable[str], last: str = "or") -> str:
    """Return ``a, b or c``, cut short where there are very many."""
    every = list(words)
    if len(every) > MAX_LISTED:
        return ", ".join(every[:MAX_LISTED]) + " …"
    return f" {last} ".join(part for part in (", ".join(every[:-1]), *every[-1:]) if part)


def describe(hint: Any) -> str:
    """Return the values that a type hint allows, in words: ``a whole number from 1 to 120``."""
    plain, metadata = _unwrapped(hint)
    for note in metadata:
        if isinstance(words := getattr(note, "words", None), str):
            return words
    for note in metadata:
        if isinstance(note, Predicate):
            return _predicate_words(note)
    return _plain_words(plain, metadata)


def _plain_words(plain: Any, metadata: Sequence[Any]) -> str:
    origin = get_origin(plain)
    if plain in _SIMPLE:
        return _SIMPLE[plain] + (_range_words(metadata) if plain in (int, float) else "")
    if origin is Literal:
        choices = [str(choice) for choice in get_args(plain)]
        return choices[0] if len(choices) == 1 else f"one of {join_words(choices)}"
    if origin in (Union, types.UnionType):
        return _union_words(get_args(plain))
    if origin in (tuple, list) or plain in (tuple, list):
        return _list_words(get_args(plain), metadata)
    return _mapping_words(plain)


def _mapping_words(plain: Any) -> str:
    keys = getattr(plain, "model_fields", None) or (is_dataclass(plain) and [field.name for field in fields(plain)])
    if keys:
        return f"a mapping with the keys {join_words(keys, 'and')}"
    return "a mapping" if _is_mapping(plain) else "a value"


def _unwrapped(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    if get_origin(hint) is Annotated:
        plain, *metadata = get_args(hint)
        return plain, tuple(metadata)
    return hint, ()


def _is_mapping(plain: Any) -> bool:
    origin = get_origin(plain) or plain
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _union_words(members: Sequence[Any]) -> str:
    needless = {type(None), int} if float in members else {type(None)}
    words = [describe(member) for member in members if member not in needless]
    return join_words(dict.fromkeys(words))


def _predicate_words(note: Predicate) -> str:
    """Take the words from the docstring: a predicate says "Return whether x is … ."."""
    said = (note.func.__doc__ or "").strip().partition("\n")[0]
    return said.partition(" is ")[2].rstrip(".").replace("`", "") or "an allowed value"


def _range_words(metadata: Sequence[Any]) -> str:
    limits: dict[str, Any] = {}
    for note in metadata:
        for name, kind in (("ge", Ge), ("gt", Gt), ("le", Le), ("lt", Lt)):
            if isinstance(note, (kind, Interval)) and getattr(note, name, None) is not None:
                limits[name] = _number(getattr(note, name))
    if {"ge", "le"} <= limits.keys():
        return f" from {limits['ge']} to {limits['le']}"
    said = {"ge": "of at least", "gt": "above", "le": "at most", "lt": "below"}
    parts = [f"{words} {limits[name]}" for name, words in said.items() if name in limits]
    return f" {' and '.join(parts)}" if parts else ""


def _list_words(items: tuple[Any, ...], metadata: Sequence[Any]) -> str:
    if not items:
        return "a list"
    if items[-1] is Ellipsis:
        return f"a list{_length_words(metadata)}, each item {describe(items[0])}"
    same = len({str(item) for item in items}) == 1
    each = f"each {describe(items[0])}" if same else join_words(map(describe, items), "and")
    return f"a list of {len(items)}: {each}"


def _length_words(metadata: Sequence[Any]) -> str:
    least, most = 0, None
    for note in metadata:
        if isinstance(note, (Len, MinLen)):
            least = note.min_length
        if isinstance(note, (Len, MaxLen)):
            most = note.max_length
    if most is not None:
        return f" of {max(least, 0):,} to {most:,} items"
    return f" of at least {least:,}" if least else ""


def _number(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and 1 <= abs(value) < 1e15 else f"{value!r}"
    text = f"{value:,}"
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
