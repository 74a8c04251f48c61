"""Events of a YAML parser become nodes, counted as they come: nothing is expanded, and what grows is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from backprop_anim.config.yaml_nodes import Path, Position, YamlNode
from backprop_anim.config.yaml_scalars import LONE_SURROGATE, SWALLOWED_COLOR, has_lone_surrogates, read_scalar

__all__ = ["MAX_ALIASES", "MAX_DEPTH", "MAX_VALUES", "TOO_DEEP", "Composer", "UnsupportedYamlError"]

MAX_DEPTH = 20
MAX_VALUES = 12_000
"""Keys and values together, each alias counted as what it stands for."""
MAX_ALIASES = 100

_AFTER_KEY = re.compile(rf"[^\n#,\[\]{{}}]{{0,200}}:[ \t]+{SWALLOWED_COLOR}")
_AFTER_DASH = re.compile(rf"[ \t]+{SWALLOWED_COLOR}")

TOO_DEEP = f"values are nested too deeply; at most {MAX_DEPTH} levels are allowed"


class UnsupportedYamlError(Exception):  # not an error of the program
    """Ends the reading of a file."""

    def __init__(self, message: str, position: Position) -> None:
        self.message, self.position = message, position
        super().__init__(message)


class Composer:
    """Builds nodes from events and counts them as it goes."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events = events
        self.anchors: dict[str, YamlNode] = {}
        self.mistakes: list[tuple[Path, str, Position]] = []
        self.n_values = 0
        self.n_aliases = 0

    def document(self, *, any_root: bool = False) -> YamlNode:
        event = self._next()
        while isinstance(event, StreamStartEvent):
            event = self._next()
        if isinstance(event, StreamEndEvent):
            raise UnsupportedYamlError(
                "the file is empty; an experiment needs at least task, network and training", (1, 1)
            )
        self._refuse_directives(event)
        root = self._node(self._next(), ())
        self._next()  # the end of the document
        event = self._next()
        if isinstance(event, DocumentStartEvent):
            raise UnsupportedYamlError("a second document starts here; a file holds one experiment", _position(event))
        if not any_root and not isinstance(root.value, dict):
            raise UnsupportedYamlError(_no_mapping(root.value), root.position)
        return root

    def _next(self) -> Event:
        return next(self.events)

    def _refuse_directives(self, event: Event) -> None:
        version = getattr(event, "version", None)
        if getattr(event, "tags", None) or (version is not None and tuple(version) != (1, 2)):
            raise UnsupportedYamlError("YAML directives are not allowed, except %YAML 1.2", _position(event))

    def _node(self, event: Event, path: Path) -> YamlNode:
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        self._count(1, event)
        if len(path) >= MAX_DEPTH:
            raise UnsupportedYamlError(TOO_DEEP, _position(event))
        if (tag := getattr(event, "tag", None)) is not None:
            self.mistakes.append((path, f"the tag {tag} is not allowed; write the plain value", _position(event)))
        node = self._content(event, path)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _content(self, event: Event, path: Path) -> YamlNode:
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, path)
        return self._scalar(event, path)

    def _alias(self, event: AliasEvent, path: Path) -> YamlNode:
        self.n_aliases += 1
        if self.n_aliases > MAX_ALIASES:
            raise UnsupportedYamlError(f"more than {MAX_ALIASES} aliases (*name)", _position(event))
        target = self.anchors.get(event.anchor)
        if target is None:
            raise UnsupportedYamlError(
                f"the alias *{event.anchor} has no anchor &{event.anchor} before it", _position(event)
            )
        self._count(target.size, event)
        if len(path) + target.height > MAX_DEPTH:
            raise UnsupportedYamlError(TOO_DEEP, _position(event))
        return target

    def _count(self, n_values: int, event: Event) -> None:
        self.n_values += n_values
        if self.n_values > MAX_VALUES:
            raise UnsupportedYamlError(
                f"more than {MAX_VALUES:,} keys and values, with aliases written out (put data into a CSV file)",
                _position(event),
            )

    def _sequence(self, event: Event, path: Path) -> YamlNode:
        node = YamlNode((), _position(event))
        while not isinstance(event := self._next(), SequenceEndEvent):
            place = len(node.children)
            child = self._node(event, (*path, place))
            if child.value is None:
                _note_swallowed(child, event, _AFTER_DASH)
            node.add(place, child)
        node.value = tuple(child.value for child in node.children.values())
        return node

    def _mapping(self, event: Event, path: Path) -> YamlNode:
        node = YamlNode({}, _position(event))
        while not isinstance(event := self._next(), MappingEndEvent):
            key, position = self._key(event, path), _position(event)
            child = self._node(self._next(), (*path, key))
            if child.value is None:
                _note_swallowed(child, event, _AFTER_KEY)
            if key == "<<":
                self.mistakes.append(((*path, key), "merge keys are not allowed; write the keys out", position))
            elif key in node.children:
                line, column = node.key_positions[key]
                said = f"this key stands here twice, first in line {line}, column {column}"
                self.mistakes.append(((*path, key), said, position))
            else:
                node.add(key, child)
                node.key_positions[key] = position
        node.value = {key: child.value for key, child in node.children.items()}
        return node

    def _key(self, event: Event, path: Path) -> str:
        self._count(1, event)
        if not isinstance(event, ScalarEvent):
            raise UnsupportedYamlError("a key must be a word, not a list, a mapping or an alias", _position(event))
        if event.tag is not None:
            raise UnsupportedYamlError(f"the tag {event.tag} is not allowed; write the plain key", _position(event))
        if has_lone_surrogates(event.value):
            raise UnsupportedYamlError(f"a key {LONE_SURROGATE}", _position(event))
        if event.value == "":
            raise UnsupportedYamlError("a key is missing before the colon", _position(event))
        return str(event.value)

    def _scalar(self, event: Event, path: Path) -> YamlNode:
        assert isinstance(event, ScalarEvent)
        if has_lone_surrogates(event.value):
            self.mistakes.append((path, LONE_SURROGATE, _position(event)))
            return YamlNode("", _position(event))
        if event.style is not None or not event.implicit[0]:
            return YamlNode(str(event.value), _position(event))
        try:
            return YamlNode(read_scalar(event.value), _position(event))
        except ValueError as error:
            self.mistakes.append((path, str(error), _position(event)))
            return YamlNode(0, _position(event))


def _note_swallowed(node: YamlNode, event: Event, pattern: re.Pattern[str]) -> None:
    """Look in the text itself for a colour that is a comment after an event: a parser leaves comments out."""
    mark = event.start_mark
    if mark is not None and (found := pattern.match(mark.buffer, mark.pointer)):
        node.swallowed = found[1]
        node.position = (mark.line + 1, mark.column + 1 + found.start(1) - mark.pointer)


def _position(event: Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _no_mapping(value: object) -> str:
    if value is None:
        return "the file is empty; an experiment needs at least task, network and training"
    what = "a list" if isinstance(value, tuple) else "a single value"
    return f"the file holds {what}; an experiment is a mapping with the keys task, network, training, …"
