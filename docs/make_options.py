"""Make docs/options.md, every key of an experiment with what is allowed, by ``python docs/make_options.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backprop_anim.config.schema import experiment_schema

PAGE = Path(__file__).parent / "options.md"
SCHEMA = experiment_schema()
Schema = Mapping[str, Any]

PARTS = {
    "task": "task",
    "activation": "network.activation",
    "initializer": "network.init",
    "loss": "training.loss",
    "optimizer": "training.optimizer",
    "schedule": "training.schedule",
    "order": "training.order",
    "theme": "video.theme",
}
"""The kinds of parts that are chosen by name, and the keys that take them."""

HEAD = """\
# Options

Every key of an experiment. A part that is chosen by its name, such as an optimizer, is given as the bare name or, with
options, as a mapping: `optimizer: adam` or `optimizer: {kind: adam, beta1: 0.95}`. `backprop-anim check CONFIG` says
what is wrong and where; `backprop-anim schema` gives all of this to an editor.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    sections = SCHEMA["properties"]
    plain = {key: part for key, part in sections.items() if "properties" not in _resolved(part) and key != "task"}
    yield from _table("The file", {"properties": plain})
    for key in ("network", "training", "snapshots", "video", "page"):
        yield from _table(key, _resolved(sections[key]))
    for name, inside in (
        ("StopKeys", "training.stop"),
        ("SlowMotionKeys", "video.slow_motion"),
        ("CaptionKeys", "video.captions"),
        ("Names", "task.names"),
    ):
        yield from _table(inside, SCHEMA["$defs"][name])
    for name, key in PARTS.items():
        yield from _choices(key, SCHEMA["$defs"][name])
    yield from _choices("snapshots.schedule", sections["snapshots"]["properties"]["schedule"])
    video = SCHEMA["$defs"]["VideoKeys"]["properties"]
    for key in ("panel_options", "format_options"):
        yield f"## video.{key}\n"
        for name, options in video[key]["properties"].items():
            yield from _table(name, options, level=3)


def _choices(key: str, schema: Schema) -> Iterator[str]:
    """Yield a section with a kind of part: its names, and the options of those that have some."""
    yield f"## {key}\n"
    told: dict[str, str] = {}
    for choice in schema["anyOf"]:
        kind = choice.get("const") or choice.get("title")
        if kind:
            told.setdefault(kind, choice.get("description", ""))
    yield "| name | what it is |\n| --- | --- |"
    for name, text in told.items():
        yield f"| `{name}` | {_cell(text)} |"
    yield ""
    for choice in schema["anyOf"]:
        options = {name: part for name, part in choice.get("properties", {}).items() if name != "kind"}
        if options:
            yield from _table(
                str(choice["title"]), {"properties": options, "required": choice.get("required", ())}, 3, False
            )


def _table(title: str, schema: Schema, level: int = 2, described: bool = True) -> Iterator[str]:
    """Yield a section with a row for each key."""
    yield f"{'#' * level} {title}\n"
    if described and schema.get("description"):
        yield f"{schema['description']}\n"
    if not schema["properties"]:
        yield "No options.\n"
        return
    yield "| key | allowed | default | meaning |\n| --- | --- | --- | --- |"
    for key, part in schema["properties"].items():
        needed = key in schema.get("required", ())
        default = "needed" if needed else _default(part)
        cells = (f"`{key}`", _allowed(part), default, _resolved(part).get("description", ""))
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _resolved(schema: Schema) -> Schema:
    """Return a schema with what it refers to; what stands beside the reference goes before."""
    if "$ref" not in schema:
        return schema
    return {**SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], **schema}


def _default(schema: Schema) -> str:
    if schema.get("default") in (None, "", []):
        return ""
    value = schema["default"]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "the part's own" if value.get("kind") else ""
    return f"`{value}`"


def _allowed(schema: Schema) -> str:
    """Return in words what a value may be."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in PARTS:
        return f"a name: see {PARTS[name]}"
    schema = _resolved(schema)
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema and "type" not in schema:
            if any("kind" in choice.get("properties", {}) for choice in schema[key]):
                return "a name, or a mapping with its `kind`: see below"
            words = [_allowed(choice) for choice in schema[key] if choice.get("type") != "null"]
            return " or ".join(dict.fromkeys(words))
    return {"array": _list, "number": _number, "integer": _number}.get(schema.get("type", ""), _other)(schema)


def _list(schema: Schema) -> str:
    if "prefixItems" in schema:
        return "a list of " + ", ".join(_allowed(item) for item in schema["prefixItems"])
    return f"a list of: {_allowed(schema['items'])}" if "items" in schema else "a list"


def _number(schema: Schema) -> str:
    said = "whole number" if schema["type"] == "integer" else "number"
    bounds = (("minimum", "from"), ("exclusiveMinimum", "above"), ("maximum", "to"), ("exclusiveMaximum", "below"))
    return " ".join([said, *(f"{word} {_round(schema[key])}" for key, word in bounds if key in schema)])


def _round(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def _other(schema: Schema) -> str:
    return {"string": "text", "boolean": "true, false", "object": "a mapping", "null": "nothing"}.get(
        schema.get("type", ""), "any value"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    main()
