"""Plain data against a class whose fields are keys: valid values or mistakes in our own words; pydantic does the work.

The keys are the fields of a pydantic model or of a plug-in's dataclass. Adapters are made when they are first needed.
"""

from __future__ import annotations

import dataclasses
import math
import operator
import types
from collections.abc import Mapping
from functools import cache, reduce
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, SchemaValidator

from backprop_anim.common import did_you_mean
from backprop_anim.config.foreign_words import instruction, own_word
from backprop_anim.config.message_text import describe, format_value, join_words
from backprop_anim.config.yaml_nodes import Path

__all__ = [
    "STRICT",
    "Mistake",
    "checked_options",
    "hints_of",
    "needed_options",
    "options_class",
    "pydantic_mistakes",
    "with_whole_numbers",
]

STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True, defer_build=True)
"""Numbers are not text, true is not 1, unknown keys and infinities are mistakes."""

UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


class Mistake(NamedTuple):
    """A wrong value at a path below the checked one.

    Attributes
    ----------
    path : tuple of str or int
    message : str
    at_key : bool
        Whether the key itself is wrong.
    meant : tuple of str or int, optional
        The path of the key that an unknown one is another name for.
    """

    path: Path
    message: str
    at_key: bool = False
    meant: Path | None = None

    def inside(self, key: str) -> Mistake:
        """Return the mistake as it stands in the file, where what the option `key` holds is written without it."""
        return self._replace(path=self.path[1:]) if self.path[:1] == (key,) else self


@cache
def hints_of(cls: type) -> dict[str, Any]:
    """Return the type hints of the fields of a model or a dataclass, by key."""
    hints = get_type_hints(cls, include_extras=True)
    names = cls.model_fields if issubclass(cls, BaseModel) else [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
    return {name: hints[name] for name in names}


def options_class(cls: type) -> type:
    """Return a dataclass of the same options as the plug-in `cls` that pydantic checks strictly.

    Options that are parts themselves may be anything: whoever makes parts checks them.
    """
    hints = hints_of(cls)
    options: list[tuple[str, Any, Any]] = [
        (option.name, Any if "part" in option.metadata else hints[option.name], _same_default(option))
        for option in dataclasses.fields(cls)
    ]
    config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    return dataclasses.make_dataclass(
        cls.__name__, options, kw_only=True, namespace={"__pydantic_config__": config, "__doc__": cls.__doc__}
    )


def _same_default(option: dataclasses.Field[Any]) -> Any:
    if option.default_factory is not dataclasses.MISSING:
        return dataclasses.field(default_factory=option.default_factory)
    return dataclasses.field(default=option.default)


@cache
def _options_validator(cls: type) -> SchemaValidator:
    schema = TypeAdapter(options_class(cls)).core_schema
    return SchemaValidator(_taking_mappings(schema))


def _taking_mappings(schema: Any) -> Any:
    """Let dataclasses be made of mappings, which strict mode would not; what is in them stays strict."""
    if isinstance(schema, dict):
        changed = {key: _taking_mappings(value) for key, value in schema.items() if key != "metadata"}
        return changed | {"strict": False} if schema.get("type") == "dataclass" else changed
    return [_taking_mappings(item) for item in schema] if isinstance(schema, list) else schema


def needed_options(cls: type) -> list[str]:
    """Return the options of a plug-in that have no default."""
    none = dataclasses.MISSING
    return [each.name for each in dataclasses.fields(cls) if each.default is none and each.default_factory is none]


def checked_options(cls: type, data: Mapping[str, Any], section: Path) -> tuple[dict[str, Any], list[Mistake]]:
    """Return the options for `cls` that were given and are valid, and the mistakes in the others.

    Parameters
    ----------
    cls : type
        The plug-in's class.
    data : mapping
    section : tuple of str or int
        Where the options stand, for `own_word`.
    """
    if not data and not needed_options(cls):
        return {}, []  # nothing to check, and a validator takes a millisecond to make
    try:
        options = _options_validator(cls).validate_python(dict(data))
    except ValidationError as error:
        if (whole := with_whole_numbers(data, error)) is not data:
            return checked_options(cls, whole, section)
        return {}, _mistakes(error, cls, data, section)
    return {name: getattr(options, name) for name in data}, []


def with_whole_numbers(data: Mapping[str, Any], error: ValidationError) -> Mapping[str, Any]:
    """Return `data` with whole numbers for floats such as 1e3 that were refused for being floats, or `data` itself."""
    for details in error.errors(include_url=False, include_context=False):
        path, given = _path_in(data, details), details["input"]
        is_whole = details["type"] == "int_type" and isinstance(given, float) and given.is_integer()
        if is_whole and _value_at(data, path) == given:
            data = _replaced(data, path, int(given))
    return data


def _replaced(data: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    new = _replaced(data[path[0]], path[1:], value)
    if isinstance(data, Mapping):
        return {**data, path[0]: new}
    return tuple(new if place == path[0] else item for place, item in enumerate(data))


def pydantic_mistakes(error: ValidationError, model: type[BaseModel], data: Mapping[str, Any]) -> list[Mistake]:
    """Return what pydantic found wrong with `data`, in our words."""
    return _mistakes(error, model, data, ())


def _mistakes(error: ValidationError, cls: type, data: Mapping[str, Any], section: Path) -> list[Mistake]:
    found: dict[Path, ErrorDetails] = {}
    for details in error.errors(include_url=False, include_context=False):
        found.setdefault(_path_in(data, details), details)
    # Where one branch of a union got further into the value than another, only its complaint is meant.
    deepest = [path for path in found if not any(other[: len(path)] == path != other for other in found)]
    return [_mistake(path, found[path]["type"], cls, data, section) for path in deepest]


def _path_in(data: Any, details: ErrorDetails) -> Path:
    """Leave out of pydantic's location what is no key of the data: the names of a union's branches."""
    path: Path = ()
    for part in details["loc"]:
        if _holds(data, part):
            data, path = data[part], (*path, part)
    return (*path, details["loc"][-1]) if details["type"] == "missing" else path


def _holds(data: Any, part: str | int) -> bool:
    return part in data if isinstance(data, Mapping) else isinstance(data, tuple) and part in range(len(data))


def _mistake(path: Path, kind: str, cls: type, data: Any, section: Path) -> Mistake:
    if kind in UNKNOWN:
        return _unknown_key(path, list(hints_of(_class_at(cls, path[:-1]))), section)
    hint = _hint_at(cls, path)
    if kind == "missing":
        return Mistake(path, f"is missing; needed is {describe(hint)}", at_key=True)
    value = _value_at(data, path)
    near = did_you_mean(value, _literals(hint)) if isinstance(value, str) else ""
    allowed = describe(hint)
    if isinstance(value, float) and not math.isfinite(value):
        allowed = allowed.replace("a number", "a finite number", 1)
    if allowed == "text" and isinstance(value, int | float) and not isinstance(value, bool):
        near = f"; in quotes it is text: '{value}'"
    return Mistake(path, f"must be {allowed}, not {format_value(value)}{near}")


def _unknown_key(path: Path, allowed: list[str], section: Path) -> Mistake:
    """Return the mistake of a key that is not among `allowed`."""
    key = str(path[-1])
    said = f"unknown key {format_value(key).removeprefix('the text ')}"
    if own := own_word((*section, *path[:-1]), key):
        advice = instruction(own)
        named = advice.removeprefix("write ").partition(" ")[0]
        return Mistake(path, f"{said}; {advice}", True, (*path[:-1], named) if named in allowed else None)
    known = f"allowed are {join_words(allowed, 'and')}" if allowed else "there are no options here"
    return Mistake(path, f"{said}{did_you_mean(key, allowed)}; {known}", at_key=True)


def _value_at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _hint_at(hint: Any, path: Path) -> Any:
    """Return the hint for the value at `path` below a value with `hint`."""
    for part in path:
        steps = [step for branch in _branches(hint) if (step := _descend(branch, part)) is not None]
        hint = reduce(operator.or_, steps) if steps else Any
    return hint


def _class_at(hint: Any, path: Path) -> type:
    branches = _branches(_hint_at(hint, path))
    return next(branch for branch in branches if isinstance(branch, type) and _has_keys(branch))


def _branches(hint: Any) -> list[Any]:
    if get_origin(hint) is Annotated:
        return _branches(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return [branch for member in get_args(hint) for branch in _branches(member)]
    return [hint]


def _has_keys(hint: Any) -> bool:
    return isinstance(hint, type) and (dataclasses.is_dataclass(hint) or issubclass(hint, BaseModel))


def _descend(hint: Any, part: str | int) -> Any:
    """Return the hint one key or list position deeper, or None where `hint` has none."""
    if _has_keys(hint):
        return hints_of(hint).get(str(part))
    arguments = get_args(hint)
    if isinstance(part, int) and get_origin(hint) is tuple:
        return arguments[0] if arguments[-1] is Ellipsis else arguments[part] if part < len(arguments) else None
    if isinstance(part, str) and isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return arguments[-1]
    return None


def _literals(hint: Any) -> list[str]:
    return [str(choice) for branch in _branches(hint) for choice in get_args(branch) if isinstance(choice, str)]
