"""The options that several commands share, each declared once, and how they become settings of the experiment."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

__all__ = [
    "Config",
    "FilmSettings",
    "Force",
    "Formats",
    "Fps",
    "Frames",
    "Json",
    "Output",
    "Plugin",
    "Printing",
    "Quality",
    "Quiet",
    "Run",
    "Set",
    "Size",
    "Sweep",
    "Target",
    "Theme",
    "Verbose",
    "target_settings",
    "with_shared_options",
]

Config = Annotated[
    str, typer.Argument(metavar="CONFIG", help="A YAML or CSV file, the name of an example, or - for stdin.")
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A run's folder, its recording, or its name under outputs.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Where runs go; each has a folder of its own there.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one setting, as training.noise=0.5. May be repeated."),
]
Target = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="COLUMN", help="What to predict, where CONFIG is a CSV file. May be repeated."),
]
Sweep = Annotated[
    list[str] | None,
    typer.Option("--sweep", metavar="KEY=V,V", help="A run for each value, as training.noise=0,1. May be repeated."),
]
Formats = Annotated[
    str | None, typer.Option("--formats", metavar="LIST", help="What to write, as mp4,gif. See: list formats.")
]
Size = Annotated[str | None, typer.Option("--size", metavar="WxH", help="Size of the frames, as 1080x1920.")]
Fps = Annotated[int | None, typer.Option("--fps", metavar="N", help="Frames a second.")]
Theme = Annotated[str | None, typer.Option("--theme", metavar="NAME", help="Colours: light, dark, paper.")]
Quality = Annotated[
    str | None, typer.Option("--quality", metavar="NAME", help="draft, standard or high: encoding time against size.")
]
Frames = Annotated[bool, typer.Option("--frames", help="Also keep every frame as a PNG file.")]
Force = Annotated[bool, typer.Option("--force", help="Make it again, though it is up to date.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


def _load(paths: list[Path] | None) -> list[Path] | None:
    from backprop_anim.common import load_plugin_file

    for path in paths or ():
        load_plugin_file(path)
    return paths


Plugin = Annotated[
    list[Path] | None,
    typer.Option("--plugin", metavar="FILE.py", callback=_load, help="Load parts of your own. May be repeated."),
]
"""Loaded as soon as it is read: a command has nothing to do but to take it."""
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print more.")]


def target_settings(targets: Sequence[str] | None) -> list[str]:
    """Return the columns that were named with --target as a setting."""
    return [f"task.targets={json.dumps(list(targets), ensure_ascii=False)}"] if targets else []


@dataclass(frozen=True)
class FilmSettings:
    """The options that change settings of the experiment, most of them the film's."""

    settings: Set = None
    formats: Formats = None
    size: Size = None
    fps: Fps = None
    theme: Theme = None
    quality: Quality = None
    target: Target = None
    plugin: Plugin = None

    def overrides(self) -> list[str]:
        """Return all options as settings, the named ones after those of ``--set``."""
        named = {"size": self.size, "fps": self.fps, "theme": self.theme, "quality": self.quality}
        if self.formats is not None:
            named["formats"] = f"[{self.formats}]"
        chosen = (f"video.{key}={value}" for key, value in named.items() if value is not None)
        return [*target_settings(self.target), *(self.settings or ()), *chosen]


@dataclass(frozen=True)
class Printing:
    """The options that say what is printed."""

    as_json: Json = False
    quiet: Quiet = False

    @property
    def is_silent(self) -> bool:
        """Whether nothing is printed but the result, and no bar is drawn."""
        return self.as_json or self.quiet


def with_shared_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command for Typer in which a parameter such as ``film: FilmSettings`` stands for all its options.

    So each option is declared once, however many commands take it.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if hint in (FilmSettings, Printing)}
    parameters = {
        each.name: Parameter(each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name])
        for each in signature(command).parameters.values()
        if each.name not in groups
    }
    for group in groups.values():
        kinds = get_type_hints(group, include_extras=True)
        for each in fields(group):
            parameters[each.name] = Parameter(
                each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=kinds[each.name]
            )

    @wraps(command)
    def expanded(**given: Any) -> None:
        made = {
            name: group(**{each.name: given.pop(each.name) for each in fields(group)}) for name, group in groups.items()
        }
        command(**made, **given)

    expanded.__signature__ = Signature(list(parameters.values()))  # type: ignore[attr-defined]
    expanded.__annotations__ = {name: each.annotation for name, each in parameters.items()}
    return expanded
