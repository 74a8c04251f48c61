"""In which settings experiments differ, as words; it knows plain keys and values, and no files or pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from backprop_anim.config import plugin_label

__all__ = ["MISSING", "Path", "differing", "label", "value_at", "value_text"]

Path: TypeAlias = tuple[str, ...]

TOLD = frozenset({("name",), ("title",), ("subtitle",), ("training", "steps")})
"""What is said of every run anyway."""
FIRST = ("seed", "training", "network", "task")
"""The sections that readers ask for first."""
WELL_KNOWN = frozenset({"network", "training"})
LONGEST = 60


class _Missing:
    """Stands for a key that an experiment does not have."""


MISSING = _Missing()


def differing(experiments: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Return the paths of the settings in which not all experiments agree, those of the training first.

    Parts of different kinds, such as two optimizers, are one setting: their options cannot be compared.
    """
    found = [path for path in _differing(experiments, ()) if path not in TOLD]
    return sorted(found, key=lambda path: FIRST.index(path[0]) if path[0] in FIRST else len(FIRST))


def _differing(values: Sequence[Any], path: Path) -> Iterator[Path]:
    if all(value == values[0] for value in values):
        return
    if all(isinstance(value, Mapping) for value in values) and len({str(value.get("kind")) for value in values}) == 1:
        for key in dict.fromkeys(key for value in values for key in value):
            yield from _differing([value.get(key, MISSING) for value in values], (*path, str(key)))
    elif path:
        yield path


def value_at(experiment: Mapping[str, Any], path: Path) -> Any:
    """Return the setting at `path`, or `MISSING`."""
    value: Any = experiment
    for key in path:
        value = value.get(key, MISSING) if isinstance(value, Mapping) else MISSING
    return value


def label(path: Path) -> str:
    """Return what a setting is called; a key of the network or its training is known without its section."""
    return ".".join(path[1:] if path[0] in WELL_KNOWN and len(path) > 1 else path)


def value_text(value: Any) -> str:
    """Return a setting in few words, nearly as it is written in a file."""
    text = _text(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "none" if value is None else str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, Mapping):
        if "kind" in value:
            return plugin_label(value)
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return _list_text(value)
    return str(value)


def _list_text(values: Sequence[Any]) -> str:
    """Return the items, the rows of a grid apart; one word that stands for all layers is said once."""
    if values and all(isinstance(item, str) and item == values[0] for item in values):
        return str(values[0])
    is_grid = any(isinstance(item, (list, tuple)) for item in values)
    return (" | " if is_grid else ", ").join(map(_text, values)) or "none"
