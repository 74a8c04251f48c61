"""Whether a run's folder already holds what an experiment would make, and if not, why; it makes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, TypeAlias

from backprop_anim.common import NotFoundError, __version__, loaded_plugins
from backprop_anim.experiment import Experiment, as_mapping
from backprop_anim.runs.run_files import RECORDING, SUMMARY, parts_with_files
from backprop_anim.tasks import files_of
from backprop_anim.training import FORMAT_VERSION
from backprop_anim.writers import formats

__all__ = [
    "Provenance",
    "UpdatePlan",
    "UpdateStage",
    "current_versions",
    "fingerprints",
    "is_trained_here",
    "plan_update_of",
    "provenance_of",
    "provenance_record",
]

UpdateStage: TypeAlias = Literal["train", "draw", "nothing"]
"""The first thing that is to be done; drawing follows training."""

DRAWN = ("video.", "page.", "title", "subtitle", "drawn by ")
"""How the settings start that matter only when the film is drawn."""

FILE_ENDINGS = (".file", "_file", ".py")
"""How the settings end whose contents matter, not their paths."""

Words = dict[str, str]


@dataclass(frozen=True)
class UpdatePlan:
    """What is to be done for a run.

    Attributes
    ----------
    stage : {"train", "draw", "nothing"}
    reason : str
        Why, in words for the user.
    is_news : bool
        Whether it says more than that this is the first time, or what the user has just asked for.
    """

    stage: UpdateStage
    reason: str
    is_news: bool = True

    def __str__(self) -> str:
        doing = {"train": "training", "draw": "drawing again", "nothing": "nothing to do"}[self.stage]
        return f"{doing}, since {self.reason}"


@dataclass(frozen=True)
class Provenance:
    """All that decides what a run's files hold.

    Attributes
    ----------
    settings : mapping of str to str
        Every setting by its key path, the contents of data files, and the versions that matter, each as JSON.
    """

    settings: Words

    @property
    def training_settings(self) -> Words:
        """What decides the training alone."""
        return {key: value for key, value in self.settings.items() if not _is_drawn(key)}

    def changes(self, before: Mapping[str, str]) -> list[str]:
        """Return the keys in which this differs from an earlier one, those of the training first."""
        keys = [key for key in {**before, **self.settings} if before.get(key) != self.settings.get(key)]
        return sorted(keys, key=_is_drawn)


def provenance_of(experiment: Experiment, source: Path, explain: bool = False) -> Provenance:
    """Return what a run of `experiment` is made from.

    Parameters
    ----------
    experiment : Experiment
    source : Path
        The folder that relative file names start from.
    explain : bool
        Whether the film shows steps in slow motion and nothing else.
    """
    words = as_mapping(experiment)
    del words["name"]
    settings = dict(_flat(words))
    for key, part in parts_with_files(experiment).items():
        settings |= {f"{key}.{option}": _digest(source / given) for option, given in files_of(part).items()}
    settings["steps in slow motion"] = sorted(experiment.traced_steps)
    settings["explain"] = explain
    settings |= current_versions() | _plugins_of(experiment)
    return Provenance({key: json.dumps(value, ensure_ascii=False) for key, value in settings.items()})


def _plugins_of(experiment: Experiment) -> dict[str, str]:
    """Return the contents of the plug-in files whose parts an experiment is made of, those of its film apart."""
    files = {plugin.module: plugin for plugin in loaded_plugins()}
    if not files:
        return {}
    from backprop_anim.experiment import themes
    from backprop_anim.panels import panels

    training, video = experiment.training, experiment.video
    parts: list[object] = [experiment.task, experiment.init, experiment.snapshots, *experiment.network.activations]
    parts += [training.loss, training.optimizer, training.schedule, training.order]
    trained = {type(part).__module__ for part in parts}
    drawn = {panels[name].__module__ for row in video.panels or () for name in row}
    drawn |= {themes[video.theme].__module__, *(formats[name].__module__ for name in video.formats)}

    def told(start: str, modules: set[str]) -> dict[str, str]:
        used = (files[name] for name in sorted(modules & files.keys()))
        return {f"{start}{Path(plugin.path).name}": plugin.digest for plugin in used}

    return told("plug-in ", trained) | told("drawn by plug-in ", drawn)


def fingerprints(paths: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Return for each name the size of its file, its time and its SHA-256; for a folder, of what it holds."""
    return {name: _fingerprint(path) for name, path in paths.items()}


def provenance_record(origin: Provenance, files: Mapping[str, Path]) -> dict[str, Any]:
    """Return what a summary keeps, so that `plan_update_of` can say later whether the run is up to date."""
    return {"settings": origin.settings, "files": fingerprints(files)}


def plan_update_of(origin: Provenance, folder: Path, keep_frames: bool = False, force: bool = False) -> UpdatePlan:
    """Return what is to be done so that `folder` holds the run that `origin` describes.

    Parameters
    ----------
    origin : Provenance
    folder : Path
        The run's own folder.
    keep_frames : bool
        Whether PNG frames are wanted too.
    force : bool
        Do everything, whatever there is.
    """
    made = _read_provenance(folder)
    if made is None or force:
        return UpdatePlan("train", "it was asked for" if made else "there is no finished run", is_news=False)
    before, files = made
    changed = origin.changes(before)
    broken = [name for name, made_file in files.items() if not _is_whole(folder / name, made_file)]
    if changed and not _is_drawn(changed[0]):
        return UpdatePlan("train", _describe_change(changed, before, origin.settings))
    if broken or RECORDING not in files:
        missing = RECORDING if RECORDING in broken else next(iter(broken), RECORDING)
        return UpdatePlan("train" if missing == RECORDING else "draw", f"{missing} is missing or was changed")
    if changed:
        return UpdatePlan("draw", _describe_change(changed, before, origin.settings))
    if keep_frames and "frames" not in files:
        return UpdatePlan("draw", "the frames are wanted too", is_news=False)
    return UpdatePlan("nothing", "it is up to date", is_news=False)


def is_trained_here(folder: Path) -> bool | None:
    """Return whether the run in a folder was trained here, and not by others; None where there is none."""
    made = _read_provenance(folder)
    return None if made is None else made[0].get("training.kind") != json.dumps("recorded")


def _read_provenance(folder: Path) -> tuple[Words, dict[str, Any]] | None:
    """Return what a summary keeps of a run, or None where there is none to be trusted."""
    try:
        made = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["made_by"]
        settings, files = made["settings"], made["files"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return (settings, files) if isinstance(settings, dict) and isinstance(files, dict) else None


def _is_drawn(key: str) -> bool:
    """Return whether a setting matters only when the film is drawn."""
    return key.startswith(DRAWN)


def _flat(words: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in words.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", value


@cache
def current_versions() -> dict[str, str]:
    """Return the versions that decide what a run holds, under the words that a message uses."""
    drawing = ("matplotlib", "imageio-ffmpeg", "font-source-sans-pro")
    return {
        "backprop-anim": __version__,
        "numpy": metadata.version("numpy"),
        "the recording's format": str(FORMAT_VERSION),
        **{f"drawn by {name}": metadata.version(name) for name in drawing},
    }


def _describe_change(changed: list[str], before: Mapping[str, str], now: Mapping[str, str]) -> str:
    key, more = changed[0], len(changed) - 1
    others = f", and {more} more" if more else ""
    if key.endswith(FILE_ENDINGS):
        return f"the contents of {key.removeprefix('drawn by ')} changed{others}"
    # A part without options is one word, and one with options has its word under ``kind``.
    key = key.removesuffix(".kind")
    was, is_ = (_short(words.get(key, words.get(f"{key}.kind", "nothing"))) for words in (before, now))
    return f"{key.removeprefix('drawn by ')} changed from {was} to {is_}{others}"


def _short(word: object) -> str:
    text = str(word).strip('"')
    return text if len(text) <= 40 else f"{text[:37]}…"


def _fingerprint(path: Path) -> dict[str, Any]:
    if path.is_dir():
        inside = sorted(path.iterdir())
        return {"files": len(inside), "bytes": sum(file.stat().st_size for file in inside)}
    stat = path.stat()
    return {"bytes": stat.st_size, "time_ns": stat.st_mtime_ns, "sha256": _digest(path)}


def _is_whole(path: Path, expected: object) -> bool:
    """Return whether a file is the one that was written; it is read only where its time is another."""
    if not isinstance(expected, dict):
        return False
    try:
        if path.is_dir():
            return _fingerprint(path) == expected
        stat = path.stat()
        if stat.st_size != expected.get("bytes"):
            return False
        return stat.st_mtime_ns == expected.get("time_ns") or _digest(path) == expected.get("sha256")
    except (OSError, NotFoundError):
        return False


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises
    ------
    NotFoundError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotFoundError(f"{path}, which the run needs, cannot be read: {error.strerror or error}") from error
