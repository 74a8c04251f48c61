"""The options that several commands share, and how they become settings of the experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Config",
    "Force",
    "Formats",
    "Fps",
    "Frames",
    "Json",
    "Output",
    "Quality",
    "Quiet",
    "Run",
    "Set",
    "Size",
    "Sweep",
    "Theme",
    "Verbose",
    "overrides",
]

Config = Annotated[str, typer.Argument(metavar="CONFIG", help="A YAML file, the name of an example, or - for stdin.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A run's folder, its recording, or its name under outputs.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Where runs go; each has a folder of its own there.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one setting, as training.noise=0.5. May be repeated."),
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
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print more.")]


def overrides(
    settings: list[str] | None,
    formats: str | None = None,
    size: str | None = None,
    fps: int | None = None,
    theme: str | None = None,
    quality: str | None = None,
) -> list[str]:
    """Return all options as settings, the named ones after those of ``--set``."""
    named = {"size": size, "fps": fps, "theme": theme, "quality": quality}
    if formats is not None:
        named["formats"] = f"[{formats}]"
    return [*(settings or ()), *(f"video.{key}={value}" for key, value in named.items() if value is not None)]
