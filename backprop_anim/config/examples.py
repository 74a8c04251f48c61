"""Finding an experiment by path or by name; the built-in examples are the project's own ``configs`` folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backprop_anim.common import NotFoundError, did_you_mean, is_file, is_folder

__all__ = ["FoundConfig", "example_names", "example_summary", "find_config"]

LOCAL = Path("configs")
SUFFIXES = ("", ".yaml", ".yml")


@dataclass(frozen=True)
class FoundConfig:
    """An experiment file, and where it was found."""

    path: Path
    kind: Literal["path", "configs", "example"]


def examples_folder() -> Path:
    """Return the folder of the built-in examples: inside an installed package, beside it in a checkout."""
    room = Path(__file__).parent
    installed = room / "built_in"
    return installed if installed.is_dir() else room.parent.parent / "configs"


def example_names() -> list[str]:
    """Return the names of the built-in examples."""
    return sorted(path.stem for path in examples_folder().glob("*.yaml"))


def example_summary(name: str) -> str:
    """Return the comment in the first line of an example."""
    with (examples_folder() / f"{name}.yaml").open(encoding="utf-8") as file:
        return file.readline().strip().lstrip("# ")


def find_config(config: str) -> FoundConfig:
    """Return the file that `config` means: a path, a name under ``configs/``, or a built-in example.

    Raises
    ------
    NotFoundError
        If it is none of these.
    """
    if is_file(config):
        return FoundConfig(Path(config), "path")
    kinds: tuple[tuple[Literal["configs", "example"], Path], ...] = (
        ("configs", LOCAL),
        ("example", examples_folder()),
    )
    for kind, folder in kinds if Path(config).name == config else ():
        for suffix in SUFFIXES:
            if is_file(folder / f"{config}{suffix}"):
                return FoundConfig(folder / f"{config}{suffix}", kind)
    if is_folder(config):
        raise NotFoundError(f"{config} is a folder: name a file in it; batch and compare take folders too")
    names, near = example_names(), [f"{config}{suffix}" for suffix in SUFFIXES if is_file(f"{config}{suffix}")]
    hint = f" (did you mean '{near[0]}'?)" if near else did_you_mean(Path(config).stem, names)
    raise NotFoundError(
        f"no experiment at {config}: neither a file, nor a name under {LOCAL}/, nor a built-in example"
        f"{hint}; the examples are {', '.join(names)}"
    )
