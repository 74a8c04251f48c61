"""The file's keys against the model: every mistake is noted, and the rest goes on with stand-ins."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

from pydantic import BaseModel, ValidationError

from backprop_anim.config.checking import Mistake, hints_of, pydantic_mistakes, with_whole_numbers
from backprop_anim.config.file_schema import FileKeys, PlugIn, is_needed, place_taker
from backprop_anim.config.foreign_words import instruction, own_word
from backprop_anim.config.message_text import describe
from backprop_anim.config.problems import Problems
from backprop_anim.config.yaml_nodes import Path

__all__ = ["file_keys", "sections", "shorthands"]

NULLABLE = frozenset({("video", "seconds"), ("video", "font")})
"""Keys that may stand without a value."""


@cache
def sections() -> dict[Path, type[BaseModel]]:
    """Return the model of the whole file and of each section, by path."""
    found: dict[Path, type[BaseModel]] = {
        (key,): hint for key, hint in get_type_hints(FileKeys).items() if _is_model(hint)
    }
    return {(): FileKeys, **found}


@cache
def shorthands() -> frozenset[Path]:
    """Return the paths at which a bare name stands for a plug-in with that ``kind``."""
    found: set[Path] = {("snapshots", "schedule")}
    for path, model in sections().items():
        for key, hint in hints_of(model).items():
            if any(isinstance(note, PlugIn) for note in getattr(hint, "__metadata__", ())):
                found.add((*path, key))
    return frozenset(found)


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def file_keys(data: Mapping[str, Any], problems: Problems) -> FileKeys:
    """Return the keys of the file; where one is wrong its default stands in, and a problem is noted."""
    data = _without_empty(data, problems)
    try:
        keys, mistakes = FileKeys.model_validate(data), []
    except ValidationError as error:
        if (whole := with_whole_numbers(data, error)) is not data:
            return file_keys(whole, problems)
        mistakes = pydantic_mistakes(error, FileKeys, data)
        valid = data
        for mistake in mistakes:
            deeper = mistake.path[:1] in sections() and len(mistake.path) > 1
            valid = _without(valid, mistake.path[: 2 if deeper else 1])
        keys = FileKeys.model_validate(valid)
    problems.extend((), map(_strayed, mistakes))
    _note_missing(data, problems)
    return keys


def _without(data: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return a copy of `data` without the value at `path`, which leads through mappings."""
    first, rest = path[0], path[1:]
    kept = {key: value for key, value in data.items() if rest or key != first}
    if rest and first in kept:
        kept[str(first)] = _without(kept[str(first)], rest)
    return kept


def _without_empty(data: Mapping[str, Any], problems: Problems, path: Path = ()) -> dict[str, Any]:
    """Leave out the keys that have no value, and say so."""
    kept: dict[str, Any] = {}
    known = hints_of(sections()[path])
    for key, value in data.items():
        here = (*path, key)
        if value is None and key in known and here not in NULLABLE:
            problems.add(here, f"has no value; needed is {describe(known[key])}", at_key=True)
        elif here in sections() and isinstance(value, Mapping):
            kept[key] = _without_empty(value, problems, here)
        else:
            kept[key] = value
    return kept


def _note_missing(data: Mapping[str, Any], problems: Problems) -> None:
    for path, model in sections().items():
        present = data.get(str(path[0])) if path else data
        if isinstance(present, Mapping):
            for key, info in model.model_fields.items():
                if (
                    is_needed(info)
                    and not {key, place_taker(info)} & {*present}
                    and problems.has_no_problem(".".join(map(str, (*path, key))))
                ):
                    problems.add((*path, key), f"is missing; needed is {describe(hints_of(model)[key])}", at_key=True)


def _strayed(mistake: Mistake) -> Mistake:
    """Say of an unknown key that stands in the wrong section where it belongs, by whatever name it goes."""
    key, here = str(mistake.path[-1]), mistake.path[:-1]
    if not mistake.message.startswith("unknown key") or here not in sections() or own_word(here, key):
        return mistake
    others = {path: model.model_fields for path, model in sections().items() if path != here}
    for home, fields in others.items():
        if key in fields:
            where = f"under {home[0]}" if home else "at the top of the file"
            return mistake._replace(message=f"unknown key '{key}' here; it belongs {where}", meant=(*home, key))
    for home, fields in others.items():
        if own := own_word(home, key):
            dotted = ".".join(map(str, (*home, own)))
            said = f"in {home[0]}, {own}" if home and " " in own else instruction(dotted)
            meant = (*home, own) if own in fields else None
            return mistake._replace(message=f"unknown key '{key}' here; {said}", meant=meant)
    return mistake
