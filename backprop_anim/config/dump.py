"""An Experiment as the text of an experiment file that reads back as the same; it writes no file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from backprop_anim.common import Registry
from backprop_anim.config.yaml_scalars import read_scalar
from backprop_anim.engine import activations, initializers
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.tasks import tasks

__all__ = ["dump_experiment", "dump_mapping", "flow_text", "step_settings"]

WIDTH = 110
BLOCKS = ("network", "training", "video")
"""The sections that are written a key a line, however short."""

_PLAIN = re.compile(r"[A-Za-z_](?:[\w./+ -]*[\w./+-])?|[0-9]{2,}x[0-9]+")
_OTHERWISE = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Words that YAML 1.1 readers take for true and false."""


def dump_experiment(experiment: Experiment, header: str = "") -> str:
    """Return the complete experiment file.

    Parameters
    ----------
    experiment : Experiment
    header : str, optional
        Lines of comment for the top, without their ``#``.
    """
    return dump_mapping(_pruned(as_mapping(experiment)), header)


def dump_mapping(mapping: Mapping[str, Any], header: str = "") -> str:
    """Return plain keys and values as YAML: mappings in lines, short ones and lists between brackets."""
    comment = [f"# {line}".rstrip() for line in header.splitlines()]
    return "\n".join([*comment, *_block(mapping, 0)]) + "\n"


def _pruned(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty and would be empty anyway."""
    network, video = mapping["network"], mapping["video"]
    dull = {key for key in ("seconds", "panel_options", "format_options", "slow_motion", "captions") if not video[key]}
    pruned = {
        **mapping,
        "task": _without_defaults(tasks, mapping["task"]),
        "network": {
            **network,
            "activation": [_without_defaults(activations, each) for each in network["activation"]],
            "init": _without_defaults(initializers, network["init"]),
        },
        "video": {key: value for key, value in video.items() if key not in dull},
    }
    return {key: value for key, value in pruned.items() if key != "subtitle" or value}


def _without_defaults(registry: Registry[Any], part: Any) -> Any:
    """Leave out a plug-in's options that are empty by default."""
    if not isinstance(part, Mapping):
        return part
    cls: Any = registry[part["kind"]]
    there = [option for option in fields(cls) if option.name in part]  # what is at its default may not be
    empty = {option.name for option in there if _is_empty(_default(option)) and _is_empty(part[option.name])}
    # None and an empty list are both empty, and not the same.
    kept = {key for key in empty if (part[key] is None) != (_default_of(cls, key) is None)}
    return {key: value for key, value in part.items() if key not in empty - kept}


def _default(option: Any) -> Any:
    return option.default_factory() if option.default_factory is not MISSING else option.default


def _default_of(cls: Any, name: str) -> Any:
    return next(_default(option) for option in fields(cls) if option.name == name)


def _is_empty(value: Any) -> bool:
    if is_dataclass(value):
        return all(_is_empty(getattr(value, option.name)) for option in fields(value))
    if isinstance(value, Mapping):
        return all(map(_is_empty, value.values()))
    return value is None or value in ("", (), [])


def _block(mapping: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in mapping.items():
        start = f"{indent}{_scalar(key)}:"
        line = f"{start} {flow_text(value)}"
        if isinstance(value, Mapping) and value and (len(line) > WIDTH or (depth == 0 and key in BLOCKS)):
            yield start
            yield from _block(value, depth + 1)
        elif isinstance(value, (list, tuple)) and len(line) > WIDTH:
            yield from _long_list(start, value, indent + "  ")
        else:
            yield line


def _long_list(start: str, values: list[Any] | tuple[Any, ...], indent: str) -> Iterator[str]:
    """Yield a list over several lines, as many items in each as fit."""
    yield f"{start} ["
    line = indent
    for value in values:
        item = flow_text(value) + ","
        if line.strip() and len(line) + 1 + len(item) > WIDTH:
            yield line
            line = indent
        line += item if line == indent else f" {item}"
    yield line
    yield f"{indent[2:]}]"


def step_settings(motion: Mapping[str, Any]) -> list[str]:
    """Return the settings with which a film tells one step in slow motion, as `motion` says, and nothing else."""
    return [
        f"video.slow_motion=[{flow_text(motion)}]",
        "video.milestones=false",
        "video.captions=[]",
        "video.panels=auto",
    ]


def flow_text(value: Any) -> str:
    """Return a plain value as YAML writes it in a line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _OTHERWISE and read_scalar(text) == text
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(letter) or _printable(letter) for letter in text) + '"'


def _printable(letter: str) -> str:
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
