"""A run's files other than pictures: what they are called and what they hold; it neither trains nor draws."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.common import NotFoundError, OutputError, __version__, is_file, is_link, number_in_file
from backprop_anim.config import dump_experiment
from backprop_anim.engine import Array, write_weights
from backprop_anim.experiment import Experiment
from backprop_anim.tasks import files_of
from backprop_anim.training import Recording, save_recording
from backprop_anim.writers import Staging, formats, partial_name

__all__ = [
    "RECORDING",
    "SUMMARY",
    "copy_input_files",
    "find_folder",
    "find_recording",
    "library_versions",
    "names_beside_films",
    "parts_with_files",
    "read_summary",
    "remove_partial",
    "run_folder",
    "save_run",
    "with_bare_file_names",
    "write_losses",
    "write_states",
    "write_summary",
]

RECORDING, WEIGHTS, LOSSES, STATES = "recording.npz", "weights.npz", "losses.csv", "states.csv"
EXPERIMENT, SUMMARY = "experiment.yaml", "summary.json"
PREFIXES = {"task": "data", "network.init": "initial", "video.font": "font"}
"""What stands before the name of a file that the run needs itself, by what it is for."""

OWN_FILES = {RECORDING, WEIGHTS, LOSSES, STATES, EXPERIMENT, SUMMARY}


def find_recording(run: str, output: Path) -> Path:
    """Return the recording that `run` means: a file, a run's folder, or the name of a run under `output`.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    for place in (Path(run), Path(run) / RECORDING, output / run / RECORDING):
        if is_file(place):
            return place
    name = Path(run).stem
    hint = f"; a run that it made is {name!r}" if is_file(output / name / RECORDING) else ""
    said = f"neither a recording, nor a folder with a {RECORDING}, nor under {output}"
    raise NotFoundError(f"no run at {run}: {said}{hint}")


def find_folder(run: str, output: Path) -> Path:
    """Return the folder of what `run` means: as `find_recording`, and of a comparison, which has no recording.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    for place in (Path(run), output / run):
        if is_file(place / SUMMARY):
            return place
    return find_recording(run, output).parent


def run_folder(output: Path, name: str) -> Path:
    """Return the folder of a run.

    Raises
    ------
    OutputError
        If it is a link: what is written to a run would come to stand somewhere else.
    """
    folder = output / name
    if is_link(folder):
        raise OutputError(f"{folder} is a link to {folder.resolve()}: remove it, or choose another name or folder")
    return folder


def copy_input_files(experiment: Experiment, source: Path, staging: Staging) -> Experiment:
    """Copy the data, weights and font files of an experiment into the run, and return it with their bare names.

    Parameters
    ----------
    experiment : Experiment
    source : Path
        The folder that relative names start from.
    staging : Staging
        Where the run is put together.
    """
    bundled, needed = with_bare_file_names(experiment, source)
    for name, path in needed.items():
        if path.resolve() != (staging.folder / name).resolve():
            try:
                shutil.copyfile(path, staging.path(name))
            except OSError as error:
                raise OutputError(f"cannot copy {path} beside the run: {error.strerror or error}") from error
    return bundled


def with_bare_file_names(experiment: Experiment, source: Path) -> tuple[Experiment, dict[str, Path]]:
    """Return the experiment as if its data, weights and font files lay beside it, and where each of these is now.

    A name that the run needs itself is changed.

    Parameters
    ----------
    experiment : Experiment
    source : Path
        The folder that relative names start from.
    """
    needed: dict[str, Path] = {}
    parts = parts_with_files(experiment)
    own = OWN_FILES | {experiment.name + formats[name].suffix for name in formats}
    for key, part in parts.items():
        for option, given in files_of(part).items():
            path = source / given  # which is `given` where that is absolute
            taken = own | needed.keys()
            name = (
                path.name
                if path.name not in taken and not path.name.startswith(".")
                else f"{PREFIXES[key]}-{path.name}"
            )
            needed[name] = path
            parts[key] = replace(parts[key], **{option: name})
    bundled = replace(experiment, task=parts["task"], init=parts["network.init"])
    return bundled.with_video(font=parts["video.font"]) if "video.font" in parts else bundled, needed


def names_beside_films(experiment: Experiment) -> list[str]:
    """Return the names of a run's files that are no pictures, those of its data and weights among them."""
    parts = parts_with_files(experiment).values()
    return [*sorted(OWN_FILES), *(str(path) for part in parts for path in files_of(part).values())]


def parts_with_files(experiment: Experiment) -> dict[str, Any]:
    """Return the parts of an experiment that may name files, by their keys."""
    parts = {"task": experiment.task, "network.init": experiment.init, "video.font": experiment.video.font}
    return {key: part for key, part in parts.items() if part is not None}


def save_run(recording: Recording, staging: Staging) -> None:
    """Write the recording, the last weights, the losses and the experiment of a run."""
    with staging.writing(RECORDING) as path:
        save_recording(recording, path)
    with staging.writing(WEIGHTS) as path:
        write_weights(path, recording.experiment.network.layout, recording.parameters[-1])
    with staging.writing(LOSSES) as path:
        write_losses(recording, path)
    with staging.writing(STATES) as path:
        write_states(recording, path)
    with staging.writing(EXPERIMENT) as path:
        path.write_text(dump_experiment(recording.experiment), encoding="utf-8")


def write_losses(recording: Recording, path: Path) -> None:
    """Write ``step,loss`` with 17 significant digits, and ``total`` where weights cost something.

    Row k is the state before update k.
    """
    columns = {"loss": recording.losses}
    if recording.penalties is not None:
        columns["total"] = recording.losses + recording.penalties
    _write_columns(path, range(1, len(recording.losses) + 1), columns)


def write_states(recording: Recording, path: Path) -> None:
    """Write a row for each kept state: its loss over all data, its accuracy, and both of what is held out."""
    _write_columns(path, recording.steps.tolist(), recording.measures)


def _write_columns(path: Path, steps: Iterable[int], columns: Mapping[str, Array]) -> None:
    numbers = np.column_stack(list(columns.values())).tolist()
    rows = (",".join([str(step), *map(number_in_file, row)]) for step, row in zip(steps, numbers, strict=True))
    path.write_text("\n".join((",".join(["step", *columns]), *rows, "")), encoding="ascii")


def remove_partial(folder: Path, names: Iterable[str]) -> None:
    """Remove what interrupted runs left of these files, now that they are whole."""
    for name in names:
        left = folder / partial_name(name)
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def read_summary(folder: Path) -> dict[str, Any]:
    """Return the summary of a run.

    Raises
    ------
    NotFoundError
        If there is none that can be read.
    """
    path = folder / SUMMARY
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotFoundError(f"no finished run in {folder}: it has no {SUMMARY} that can be read")
    return found


def write_summary(mapping: Mapping[str, Any], staging: Staging) -> None:
    """Write the summary of a run."""
    text = json.dumps(mapping, indent=2, ensure_ascii=False, allow_nan=False)
    with staging.writing(SUMMARY) as path:
        path.write_text(text + "\n", encoding="utf-8")


def library_versions() -> dict[str, str]:
    """Return the versions that decide what a run looks like."""
    others = ("numpy", "matplotlib", "pillow", "imageio-ffmpeg")
    return {"backprop-anim": __version__} | {name: metadata.version(name) for name in others}
