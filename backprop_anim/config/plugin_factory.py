"""Plug-ins from their names and options; adding a plug-in needs no line here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, TypeVar

from backprop_anim.common import PLUGIN_HINT, Registry, did_you_mean
from backprop_anim.config.checking import checked_options
from backprop_anim.config.file_schema import plugin_field
from backprop_anim.config.foreign_words import instruction, own_word
from backprop_anim.config.message_text import format_value, join_words
from backprop_anim.config.problems import Problems, Source
from backprop_anim.config.yaml_nodes import Path
from backprop_anim.tasks import file_options

__all__ = ["PluginFactory", "part_options", "unknown"]

T = TypeVar("T")


class PluginFactory:
    """Makes plug-ins, and notes what is wrong with what was asked for.

    Parameters
    ----------
    problems : Problems
    folder : Path or None
        The folder that options naming files are relative to; None leaves them as they are.
    """

    def __init__(self, problems: Problems, folder: FilePath | None) -> None:
        self.problems = problems
        self.folder = folder

    def make(self, registry: Registry[T], given: Any, path: Path) -> T | None:
        """Return the plug-in that `given` (a name, or a mapping with its kind) asks for; None where it is wrong."""
        named = self.named(registry, given, path)
        if named is None:
            return None
        kind, options = named
        return self.assemble(registry[kind], options, path, (*path, kind))

    def named(self, registry: Registry[Any], given: Any, path: Path) -> tuple[str, dict[str, Any]] | None:
        """Return the name and the unchecked options that were given; None where there is no such plug-in."""
        kind, options, kind_path = given, {}, path
        if isinstance(given, Mapping):
            if "kind" not in given:
                self.problems.add(path, f"needs a kind; {_allowed(registry)}")
                return None
            options = {key: value for key, value in given.items() if key != "kind"}
            kind, kind_path = given["kind"], (*path, "kind")
        if not isinstance(kind, str):
            self.problems.add(kind_path, f"must be {plugin_field(registry)}, not {format_value(kind)}")
            return None
        if kind not in registry:
            self.problems.add(kind_path, unknown(registry, kind, (*path, "kind"), self.problems.source))
            return None
        return kind, options

    def assemble(self, cls: type[T], options: Mapping[str, Any], path: Path, section: Path = ()) -> T | None:
        """Return the plug-in with these options; None where one is wrong. The `section` is as for `options`."""
        valid = self.options(cls, options, path, section)
        if valid is None:
            return None
        try:
            return cls(**self._with_paths(cls, valid))
        except ValueError as error:  # what options say together, checked by the plug-in itself
            option = getattr(error, "option", None)
            self.problems.add((*path, option) if option else path, str(error))
            return None

    def options(self, cls: type, options: Mapping[str, Any], path: Path, section: Path = ()) -> dict[str, Any] | None:
        """Return the options that were given, checked; None where one is wrong.

        The `section`, for `own_word`, is the `path` unless it is given.
        """
        collects = getattr(cls, "collects", "")
        parts = {
            name: self.make(registry, options[name], (*path, name))
            for name, registry in part_options(cls).items()
            if name in options
        }
        plain = {name: given for name, given in options.items() if name not in parts}
        valid, mistakes = checked_options(cls, {collects: plain} if collects else plain, section or path)
        self.problems.extend(path, [mistake.inside(collects) for mistake in mistakes])
        return None if mistakes or None in parts.values() else valid | parts

    def _with_paths(self, cls: type, options: dict[str, Any]) -> dict[str, Any]:
        if self.folder is None:
            return options
        files = {name for name in file_options(cls) if isinstance(options.get(name), str)}
        return options | {name: str((self.folder / options[name]).absolute()) for name in files}


def part_options(cls: type) -> dict[str, Registry[Any]]:
    """Return the options of a plug-in that are parts themselves, with the registry of their words."""
    fields: tuple[dataclasses.Field[Any], ...] = dataclasses.fields(cls)
    return {option.name: option.metadata["part"] for option in fields if "part" in option.metadata}


def unknown(registry: Registry[Any], name: str, section: Path, source: Source) -> str:
    """Return the message for a name that is not registered."""
    said = f"there is no {registry.noun} {format_value(name).removeprefix('the text ')}"
    if own := own_word(section, name):
        return f"{said}; {instruction(own)}"
    if source.is_of_run:
        return f"{said}; {PLUGIN_HINT}"
    return f"{said}{did_you_mean(name, registry)}; {_allowed(registry)}"


def _allowed(registry: Registry[Any]) -> str:
    return f"allowed are {join_words(registry, 'and')}" if len(registry) else "none is installed"
