"""The JSON Schema of experiment files, from the model and the registries; editors complete and check with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from backprop_anim.common import Registry
from backprop_anim.config.checking import hints_of, needed_options, options_class
from backprop_anim.config.file_keys import NULLABLE, sections
from backprop_anim.config.file_schema import MAX_SEED, FileKeys, PlugIn, is_needed, place_taker
from backprop_anim.config.plugin_factory import part_options
from backprop_anim.config.training_settings import MOST_KEPT
from backprop_anim.engine import initializers
from backprop_anim.experiment import LEAST_BUDGET, MOST_BUDGET, snapshot_schedules
from backprop_anim.panels import panels
from backprop_anim.tasks import tasks
from backprop_anim.writers import formats

__all__ = ["experiment_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def experiment_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of experiment files."""
    schema = _untitled(FileKeys.model_json_schema())
    definitions: Schema = schema.pop("$defs")
    nodes = {path: definitions[model.__name__] if path else schema for path, model in sections().items()}
    for path, model in sections().items():
        properties, hints = nodes[path]["properties"], hints_of(model)
        for key, info in model.model_fields.items():
            if (*path, key) not in NULLABLE:
                properties[key] = _without_null(properties[key])
            for note in getattr(hints[key], "__metadata__", ()):
                if isinstance(note, PlugIn):
                    properties[key] |= _plug_in(note, definitions)
            for own in ("needed", "instead"):
                properties[key].pop(own, None)
            properties[key]["description"] = info.description
            if properties[key].get("default", ...) is None:
                del properties[key]["default"]
        needed = [key for key, info in model.model_fields.items() if is_needed(info) and not place_taker(info)]
        if needed:
            nodes[path]["required"] = needed
    _finish(nodes, definitions)
    return {
        "$schema": DIALECT,
        "title": "backprop-anim experiment",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def _finish(nodes: Mapping[tuple[str | int, ...], Schema], definitions: Schema) -> None:
    """Put in what follows from the registries, and what keys say together."""
    network, training, video = (nodes[(key,)] for key in ("network", "training", "video"))
    network["oneOf"] = [{"required": ["layers"]}, {"required": ["hidden"]}]
    training["not"] = {"required": ["aggression", "learning_rate"]}
    training["oneOf"] = [{"required": ["steps"]}, {"required": ["epochs"]}]
    nodes[()]["properties"]["snapshots"] |= _snapshots(definitions)
    looks = video["properties"]
    names = {"enum": list(formats)}
    looks["formats"] |= {"anyOf": [names, {"type": "array", "items": names, "minItems": 1, "uniqueItems": True}]}
    looks["size"]["pattern"] = "^[0-9]+x[0-9]+$"
    row = {"type": "array", "items": {"enum": list(panels)}, "minItems": 1}
    looks["panels"] |= {"anyOf": [{"const": "auto"}, {"type": "array", "items": row, "minItems": 1}]}
    looks["panel_options"] |= _by_name(panels, definitions)
    looks["format_options"] |= _by_name(formats, definitions)


def _plug_in(note: PlugIn, definitions: Schema) -> Schema:
    name = _word(note.registry)
    definitions.setdefault(name, _named_or_mapping(note.registry, definitions))
    reference = {"$ref": f"#/$defs/{name}"}
    several = {"type": "array", "items": reference, "minItems": 1}
    return {"anyOf": [reference, several]} if note.several else reference


def _word(registry: Registry[Any]) -> str:
    """Return the name of the definition of a kind of part."""
    return registry.noun.replace(" ", "_")


def _named_or_mapping(registry: Registry[Any], definitions: Schema) -> Schema:
    """Return the schema of a plug-in: its bare name where no option is needed, or a mapping with its kind."""
    bare = [name for name in registry if not needed_options(registry[name])]
    mappings = []
    for name in registry:
        options = _options(registry[name], definitions)
        options["properties"] = {"kind": {"const": name}} | options["properties"]
        if registry in SEEDED:
            options["properties"]["seed"] = SEED
        options["required"] = ["kind", *options.get("required", [])]
        mappings.append({"title": name, "description": registry.summary(name)} | options)
    words = [{"const": name, "description": registry.summary(name)} for name in bare]
    return {"anyOf": [*words, *mappings]}


SEEDED = (tasks, initializers)
SEED: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_SEED, "description": "Where it is not the run's seed."}
ARRAY_NAME = "^[Wb][1-9][0-9]*$"
NUMBERS: Schema = {"type": "array", "items": {"type": "number"}}
CLOSED: Schema = {"additionalProperties": False}


def _options(cls: type, definitions: Schema) -> Schema:
    """Return the schema of a plug-in's options as a mapping."""
    if getattr(cls, "collects", ""):
        rows = {"type": "array", "items": {"anyOf": [{"type": "number"}, NUMBERS]}, "minItems": 1}
        return {"type": "object", "properties": {}, "patternProperties": {ARRAY_NAME: rows}, **CLOSED}
    schema: Schema = _untitled(TypeAdapter(options_class(cls)).json_schema())
    definitions |= schema.pop("$defs", {})
    for name, registry in part_options(cls).items():
        default: Any = next(option.default_factory for option in fields(cls) if option.name == name)
        schema["properties"][name] = {"$ref": f"#/$defs/{_word(registry)}", "default": registry.name_of(default())}
    said = _attributes(cls)
    for name, option in schema.setdefault("properties", {}).items():
        if name in said:
            option["description"] = said[name]
    schema.pop("description", None)
    return {"type": "object", "additionalProperties": False} | schema


def _attributes(cls: type) -> dict[str, str]:
    """Return the descriptions under "Attributes" in the docstrings of a class and of those it comes from."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__[:-1]):
        section = re.search(r"Attributes\n\s*-+\n(.*?)(?:\n\s*\n|\Z)", base.__doc__ or "", re.DOTALL)
        names: list[str] = []
        for line in section[1].splitlines() if section else ():
            if head := re.match(r"\s*(\w+(?:, \w+)*) : ", line):
                names = head[1].split(", ")
            elif len(names) == 1:
                found[names[0]] = f"{found.get(names[0], '')} {line.strip()}".strip()
    return found


def _by_name(registry: Registry[Any], definitions: Schema) -> Schema:
    options = {
        name: {"description": registry.summary(name)} | _options(registry[name], definitions) for name in registry
    }
    return {"type": "object", "properties": options, "additionalProperties": False}


def _snapshots(definitions: Schema) -> Schema:
    """Return the schema of ``snapshots``, where a schedule's options may stand beside its name."""
    beside: Schema = {}
    for name in snapshot_schedules:
        beside |= _options(snapshot_schedules[name], definitions)["properties"]
    named = _named_or_mapping(snapshot_schedules, definitions)
    inside = [each for each in named["anyOf"] if "properties" in each]
    for each in inside:
        each["required"] = ["kind"]  # its own options may stand outside
    schedule = {"anyOf": [{"enum": list(snapshot_schedules)}, *inside]}
    keep = {
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "maxItems": MOST_KEPT,
        "description": "Steps whose states are kept beside those.",
    }
    budget = {
        "anyOf": [
            {"type": "integer", "minimum": LEAST_BUDGET, "maximum": MOST_BUDGET},
            {"type": "string", "pattern": "^[0-9]+([.][0-9]+)? *[kKmMgG][bB]$"},
        ],
        "default": "256MB",
        "description": "What all kept states may take, in memory and on disk: fewer are kept where they are too large.",
    }
    return {
        "type": "object",
        "properties": {"schedule": schedule, "keep": keep, "budget": budget} | beside,
        "additionalProperties": False,
    }


def _without_null(schema: Schema) -> Schema:
    """Take away that a key may be empty; where one alternative is left, it stands alone."""
    if "anyOf" not in schema:
        return schema
    rest = [each for each in schema["anyOf"] if each != {"type": "null"}]
    others = {key: value for key, value in schema.items() if key != "anyOf"}
    return others | (rest[0] if len(rest) == 1 else {"anyOf": rest})


def _untitled(schema: Any) -> Any:
    """Leave out the titles that pydantic makes of names; they say nothing."""
    if isinstance(schema, dict):
        titled = isinstance(schema.get("title"), str)
        return {key: _untitled(value) for key, value in schema.items() if not (key == "title" and titled)}
    return [_untitled(item) for item in schema] if isinstance(schema, list) else schema
