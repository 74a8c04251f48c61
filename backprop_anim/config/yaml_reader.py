"""YAML text becomes plain data with a position for every value; no tag, merge key or alias ever makes it grow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import Event
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from backprop_anim.common import ExperimentError, Problem
from backprop_anim.config.yaml_composer import MAX_DEPTH, TOO_DEEP, Composer, UnsupportedYamlError
from backprop_anim.config.yaml_nodes import Path, Position, YamlNode
from backprop_anim.config.yaml_scalars import QUOTES_NEEDED, SWALLOWED_COLOR

__all__ = ["MAX_BYTES", "Parsed", "read_value", "read_yaml"]

MAX_BYTES = 256 * 1024

_IN_BRACKETS = re.compile(rf"^(?:'[^'\n]*'|\"[^\"\n]*\"|[^\n#'\"])*[:,\[{{][ \t]*{SWALLOWED_COLOR}", re.MULTILINE)

Parsed: TypeAlias = tuple[YamlNode, list[tuple[Path, str, Position]]]
"""The root of a text, and mistakes that do not keep the rest from being checked."""


class _ShallowScanner(Scanner):
    """Refuses brackets as they are opened: the scanner reads far ahead of the parser, slowly where they nest."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803
        if len(self.flow_context) >= MAX_DEPTH:
            mark = self.reader.get_mark()
            raise UnsupportedYamlError(TOO_DEEP, (mark.line + 1, mark.column + 1))
        super().fetch_flow_collection_start(TokenClass, to_push)


def read_yaml(text: str | bytes, label: str) -> Parsed:
    """Read one YAML document.

    Parameters
    ----------
    text : str or bytes
        In UTF-8.
    label : str
        What the file is called in messages.

    Returns
    -------
    YamlNode
        The root; it holds a mapping.
    list of (path, message, position)
        Mistakes that do not keep the rest from being checked: duplicate keys, tags, merge keys.

    Raises
    ------
    ExperimentError
        If the text is not YAML, is not a mapping or is too big, too deep or too widely aliased.
    """
    try:
        composer = Composer(_events(_decoded(text)))
        root = composer.document()
    except UnsupportedYamlError as refused:
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
    if text.lstrip().startswith("#"):
        raise ExperimentError(Problem((), QUOTES_NEEDED.format("it", text.strip())))
    try:
        composer = Composer(_events(_decoded(text)))
        root = composer.document(any_root=True)
    except UnsupportedYamlError as refused:
        raise ExperimentError(Problem((), refused.message)) from None
    if composer.mistakes:
        raise ExperimentError(*(Problem((), message) for _, message, _ in composer.mistakes))
    if isinstance(root.value, (dict, tuple)) and not text.lstrip().startswith(("[", "{")):
        raise ExperimentError(Problem((), "a mapping or a list stands between brackets here"))
    return root.value


def _decoded(text: str | bytes) -> str:
    size = len(text)
    if size > MAX_BYTES:
        raise UnsupportedYamlError(
            f"the file has {size:,} bytes; at most {MAX_BYTES:,} are allowed (put data into a CSV file)", (1, 1)
        )
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8", "replace")
        raise UnsupportedYamlError(f"not text in UTF-8 (byte 0x{text[error.start]:02x})", _end_of(before)) from None


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
        raise UnsupportedYamlError(
            f"the character {text[error.position]!r} is not allowed in YAML", _end_of(before)
        ) from None
    except MarkedYAMLError as error:
        if "flow" in str(error.context) and (color := _swallowed(text, error)):
            said = QUOTES_NEEDED.format("the colour", color[1])
            raise UnsupportedYamlError(said, _end_of(text[: color.start(1)])) from None
        mark = error.problem_mark or error.context_mark
        position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise UnsupportedYamlError(_explained(error), position) from None
    except (YAMLError, ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise UnsupportedYamlError(f"not valid YAML ({type(error).__name__})", (1, 1)) from None


def _swallowed(text: str, error: MarkedYAMLError) -> re.Match[str] | None:
    """Return the colour without quotes that took the rest of its line, and a bracket, for a comment."""
    end = error.problem_mark.index if error.problem_mark else len(text)
    return next(reversed(list(_IN_BRACKETS.finditer(text, 0, end))), None)


def _explained(error: MarkedYAMLError) -> str:
    said = " ".join(str(error.problem or error.context or "").split())
    if "'\\t'" in said or "\t" in said:
        return "not valid YAML: a tab cannot indent or separate; use spaces"
    if "mapping values are not allowed" in said:
        return "not valid YAML: a second ': ' in one line; put text that holds ': ' between quotes, or indent the key"
    while_doing = " ".join(str(error.context or "").split())
    return f"not valid YAML: {said}" + (f" ({while_doing})" if while_doing and while_doing != said else "")
