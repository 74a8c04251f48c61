"""YAML text becomes plain data with a position for every value; no tag, merge key or alias ever makes it grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
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
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from backprop_anim.config.nodes import Node, Path, Position
from backprop_anim.config.scalars import HALF_CHARACTER, has_half_characters, read_scalar
from backprop_anim.errors import ExperimentError, Problem

__all__ = [
    "MAX_ALIASES",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_VALUES",
    "read_value",
    "read_yaml",
]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_VALUES = 20_000
"""Keys and values together, each alias counted as what it stands for."""
MAX_ALIASES = 100


class _Refused(Exception):  # noqa: N818  # not an error of the program: it ends the reading of a file
    def __init__(self, message: str, position: Position) -> None:
        self.message, self.position = message, position
        super().__init__(message)


class _ShallowScanner(Scanner):
    """Refuses brackets as they are opened: the scanner reads far ahead of the parser, slowly where they nest."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803
        if len(self.flow_context) >= MAX_DEPTH:
            mark = self.reader.get_mark()
            raise _Refused(_TOO_DEEP, (mark.line + 1, mark.column + 1))
        super().fetch_flow_collection_start(TokenClass, to_push)


_TOO_DEEP = f"values are nested too deeply; at most {MAX_DEPTH} levels are allowed"


def read_yaml(text: str | bytes, label: str) -> tuple[Node, list[tuple[Path, str, Position]]]:
    """Read one YAML document.

    Parameters
    ----------
    text : str or bytes
        In UTF-8.
    label : str
        What the file is called in messages.

    Returns
    -------
    Node
        The root; it holds a mapping.
    list of (path, message, position)
        Mistakes that do not keep the rest from being checked: duplicate keys, tags, merge keys.

    Raises
    ------
    ExperimentError
        If the text is not YAML, is not a mapping or is too big, too deep or too widely aliased.
    """
    try:
        composer = _Composer(_events(_decoded(text)))
        root = composer.document()
    except _Refused as refused:
        line, column = refused.position
        raise ExperimentError(Problem((), refused.message, f"{label}:{line}:{column}")) from None
    return root, composer.mistakes


def read_value(text: str) -> Any:
    """Read a scalar or a flow collection, such as ``0.5`` or ``[mp4, gif]``; no text at all is the empty text.

    Raises
    ------
    ExperimentError
        If it is anything else.
    """
    if not text.strip():
        return ""
    try:
        composer = _Composer(_events(_decoded(text)))
        root = composer.document(any_root=True)
    except _Refused as refused:
        raise ExperimentError(Problem((), refused.message)) from None
    if composer.mistakes:
        raise ExperimentError(*(Problem((), message) for _, message, _ in composer.mistakes))
    if isinstance(root.value, (dict, tuple)) and not text.lstrip().startswith(("[", "{")):
        raise ExperimentError(Problem((), "a mapping or a list stands between brackets here"))
    return root.value


def _decoded(text: str | bytes) -> str:
    size = len(text)
    if size > MAX_BYTES:
        raise _Refused(
            f"the file has {size:,} bytes; at most {MAX_BYTES:,} are allowed (put data into a CSV file)", (1, 1)
        )
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8", "replace")
        raise _Refused(f"not text in UTF-8 (byte 0x{text[error.start]:02x})", _end_of(before)) from None


def _end_of(text: str) -> Position:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


def _events(text: str) -> Iterator[Event]:
    """Yield the parser's events, its complaints turned into ours."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _ShallowScanner
    try:
        yield from yaml.parse(text)
    except ReaderError as error:
        before = text[: error.position]
        raise _Refused(f"the character {text[error.position]!r} is not allowed in YAML", _end_of(before)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _Refused(_explained(error), position) from None
    except (YAMLError, ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise _Refused(f"not valid YAML ({type(error).__name__})", (1, 1)) from None


def _explained(error: MarkedYAMLError) -> str:
    said = " ".join(str(error.problem or error.context or "").split())
    if "'\\t'" in said or "\t" in said:
        return "not valid YAML: a tab cannot indent or separate; use spaces"
    if "mapping values are not allowed" in said:
        return "not valid YAML: a second ': ' in one line; put text that holds ': ' between quotes, or indent the key"
    while_doing = " ".join(str(error.context or "").split())
    return f"not valid YAML: {said}" + (f" ({while_doing})" if while_doing and while_doing != said else "")


class _Composer:
    """Builds nodes from events and counts them as it goes."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events = events
        self.anchors: dict[str, Node] = {}
        self.mistakes: list[tuple[Path, str, Position]] = []
        self.n_values = 0
        self.n_aliases = 0

    def document(self, *, any_root: bool = False) -> Node:
        event = self._next()
        while isinstance(event, StreamStartEvent):
            event = self._next()
        if isinstance(event, StreamEndEvent):
            raise _Refused("the file is empty; an experiment needs at least task, network and training", (1, 1))
        self._refuse_directives(event)
        root = self._node(self._next(), ())
        self._next()  # the end of the document
        event = self._next()
        if isinstance(event, DocumentStartEvent):
            raise _Refused("a second document starts here; a file holds one experiment", _position(event))
        if not any_root and not isinstance(root.value, dict):
            raise _Refused(_no_mapping(root.value), root.position)
        return root

    def _next(self) -> Event:
        return next(self.events)

    def _refuse_directives(self, event: Event) -> None:
        version = getattr(event, "version", None)
        if getattr(event, "tags", None) or (version is not None and tuple(version) != (1, 2)):
            raise _Refused("YAML directives are not allowed, except %YAML 1.2", _position(event))

    def _node(self, event: Event, path: Path) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        self._count(1, event)
        if len(path) >= MAX_DEPTH:
            raise _Refused(_TOO_DEEP, _position(event))
        if getattr(event, "tag", None) is not None:
            self.mistakes.append((path, f"the tag {event.tag} is not allowed; write the plain value", _position(event)))
        node = self._content(event, path)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _content(self, event: Event, path: Path) -> Node:
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, path)
        return self._scalar(event, path)

    def _alias(self, event: AliasEvent, path: Path) -> Node:
        self.n_aliases += 1
        if self.n_aliases > MAX_ALIASES:
            raise _Refused(f"more than {MAX_ALIASES} aliases (*name)", _position(event))
        target = self.anchors.get(event.anchor)
        if target is None:
            raise _Refused(f"the alias *{event.anchor} has no anchor &{event.anchor} before it", _position(event))
        self._count(target.size, event)
        if len(path) + target.height > MAX_DEPTH:
            raise _Refused(_TOO_DEEP, _position(event))
        return target

    def _count(self, n_values: int, event: Event) -> None:
        self.n_values += n_values
        if self.n_values > MAX_VALUES:
            raise _Refused(
                f"more than {MAX_VALUES:,} keys and values, with aliases written out (put data into a CSV file)",
                _position(event),
            )

    def _sequence(self, event: Event, path: Path) -> Node:
        node = Node((), _position(event))
        while not isinstance(event := self._next(), SequenceEndEvent):
            place = len(node.children)
            node.add(place, self._node(event, (*path, place)))
        node.value = tuple(child.value for child in node.children.values())
        return node

    def _mapping(self, event: Event, path: Path) -> Node:
        node = Node({}, _position(event))
        while not isinstance(event := self._next(), MappingEndEvent):
            key, position = self._key(event, path), _position(event)
            child = self._node(self._next(), (*path, key))
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
            raise _Refused("a key must be a word, not a list, a mapping or an alias", _position(event))
        if event.tag is not None:
            raise _Refused(f"the tag {event.tag} is not allowed; write the plain key", _position(event))
        if has_half_characters(event.value):
            raise _Refused(f"a key {HALF_CHARACTER}", _position(event))
        if event.value == "":
            raise _Refused("a key is missing before the colon", _position(event))
        return str(event.value)

    def _scalar(self, event: Event, path: Path) -> Node:
        assert isinstance(event, ScalarEvent)
        if has_half_characters(event.value):
            self.mistakes.append((path, HALF_CHARACTER, _position(event)))
            return Node("", _position(event))
        if event.style is not None or not event.implicit[0]:
            return Node(str(event.value), _position(event))
        try:
            return Node(read_scalar(event.value), _position(event))
        except ValueError as error:
            self.mistakes.append((path, str(error), _position(event)))
            return Node(0, _position(event))


def _position(event: Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _no_mapping(value: object) -> str:
    if value is None:
        return "the file is empty; an experiment needs at least task, network and training"
    what = "a list" if isinstance(value, tuple) else "a single value"
    return f"the file holds {what}; an experiment is a mapping with the keys task, network, training, …"
