"""``--set key.path=value``: typed values put into the plain data of a file, before anything is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backprop_anim.common import ExperimentError, UsageError
from backprop_anim.config.yaml_nodes import Path
from backprop_anim.config.yaml_reader import read_value
from backprop_anim.config.yaml_scalars import BEGINS_COMMENT

__all__ = ["Override", "apply_overrides", "place_of", "rivals", "typed_value"]

SAME = (
    ("training", ("aggression", "learning_rate")),
    ("training", ("steps", "epochs")),
    ("network", ("layers", "hidden")),
    ("snapshots", ("every", "steps", "count")),
    ("snapshots", ("every", "steps", "schedule")),
)
"""Keys that say the same thing: setting one takes the others of its group away."""


class Override(str):
    """A setting such as ``training.noise=0.5``, with what messages call the place that it was given in.

    A plain text stands for one that was typed behind ``--set``.
    """

    place: str

    def __new__(cls, text: str, place: str = "") -> Override:
        made = super().__new__(cls, text)
        made.place = place
        return made


def place_of(override: str, *, whole: bool = True, option: str = "--set") -> str:
    """Return where a setting was given; `whole` if nothing else in the message names it, `option` for one typed."""
    place = getattr(override, "place", "")
    if not place:
        return f"{option} {override}"
    return f"{place}: {override}" if whole else str(place)


def apply_overrides(
    data: Mapping[str, Any], overrides: Sequence[str], shorthands: frozenset[Path] = frozenset()
) -> tuple[dict[str, Any], dict[Path, str]]:
    """Return `data` with the values that were typed.

    Parameters
    ----------
    data : mapping
        Plain data of a file.
    overrides : sequence of str
        Such as ``training.noise=0.5``; the value is a YAML scalar or flow collection.
    shorthands : frozenset of tuple
        The paths at which a bare name stands for a mapping with that ``kind``.

    Returns
    -------
    dict, dict
        The new data, and by each path that was set the place where it was given.

    Raises
    ------
    UsageError
        If one is not of this form, or leads into something that is not a mapping.
    """
    changed, places = dict(data), dict[Path, str]()
    for override in overrides:
        path, value = _parsed(override)
        changed = _set(changed, path, value, (), override, shorthands)
        changed = _without_synonyms(changed, path)
        places[path] = place_of(override, whole=False)
    return changed, places


def rivals(path: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Return the paths of the keys that say the same as the one that `path` leads to or through."""
    return frozenset(
        (section, key)
        for section, group in SAME
        if len(path) >= 2 and path[0] == section and path[1] in group
        for key in group
        if key != path[1]
    )


def _parsed(override: str) -> tuple[tuple[str, ...], Any]:
    key, equals, text = override.partition("=")
    path = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path):
        option = getattr(override, "place", "") or "--set"
        raise UsageError(f"{option} needs key.path=value, such as training.noise=0.5, not {str(override)!r}")
    needed = "the value must be a YAML scalar or flow collection: "
    return path, typed_value(text, place_of(override), needed)


def typed_value(text: str, typed: str, needed: str = "") -> Any:
    """Return the value that was typed as a part of an option.

    Raises
    ------
    UsageError
        If it is no value: `needed` says what one is.
    """
    try:
        return read_value(text)
    except ExperimentError as error:
        said = error.problems[0].message
        if BEGINS_COMMENT in said:  # a shell takes the outer quotes away
            raise UsageError(f"{typed}: {said} (inside of the shell's own)") from None
        raise UsageError(f"{typed}: {needed}{said}") from None


def _set(
    data: Mapping[str, Any], path: tuple[str, ...], value: Any, done: Path, override: str, shorthands: frozenset[Path]
) -> dict[str, Any]:
    first, rest = path[0], path[1:]
    if not rest:
        return {**data, first: value}
    here, inside = (*done, first), data.get(first)
    if inside is None:
        inside = {}
    elif isinstance(inside, str) and here in shorthands:
        inside = {"kind": inside}
    elif not isinstance(inside, Mapping):
        dotted = ".".join(map(str, here))
        option = "" if getattr(override, "place", "") else "--set "
        what = f"a list; set it as a whole: {option}{dotted}=[…]" if isinstance(inside, tuple) else "a single value"
        raise UsageError(f"{place_of(override)}: {dotted} is {what}")
    return {**data, first: _set(inside, rest, value, here, override, shorthands)}


def _without_synonyms(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    inside, others = data.get(path[0]), rivals(path)
    if not others or not isinstance(inside, Mapping):
        return data
    return {**data, path[0]: {key: item for key, item in inside.items() if (path[0], key) not in others}}
