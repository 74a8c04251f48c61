"""A job, and what came of it, each in one piece with the bytes of its files: for machines that share no disk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from backprop_anim.batch.jobs import Job, Result, run_job
from backprop_anim.common import NotFoundError, PluginFile, Progress, loaded_plugins, silent, use_plugin
from backprop_anim.config import dump_experiment, read_experiment
from backprop_anim.runs import RECORDING, current_versions, remove_partial, run_folder, with_bare_file_names
from backprop_anim.training import CHECKPOINT
from backprop_anim.writers import Staging

__all__ = ["PackedJob", "PackedResult", "pack_job", "run_packed_job", "unpack_result"]

CONFIG, OUTPUT = "config", "outputs"


@dataclass(frozen=True)
class SentFile:
    """A file that travels: what it holds, and when it was written, in nanoseconds."""

    data: bytes
    time_ns: int


@dataclass(frozen=True)
class PackedJob:
    """A job with all that it reads.

    Attributes
    ----------
    job : Job
        Its text names files that lie beside it; it knows no folder.
    files : mapping of str to bytes
        These files.
    recording : bytes, optional
        What was trained before, where it is only to be drawn again.
    versions : mapping of str to str
        What the run is to be made with.
    plugins : tuple of PluginFile
        Files of parts that it may use.
    """

    job: Job
    files: Mapping[str, bytes]
    recording: bytes | None
    versions: Mapping[str, str]
    plugins: tuple[PluginFile, ...] = ()


@dataclass(frozen=True)
class PackedResult:
    """A result with all files of its run, by their names in the run's folder; none where there is nothing to show."""

    result: Result
    files: Mapping[str, SentFile] = field(default_factory=dict)


def pack_job(job: Job) -> PackedJob:
    """Put a job and the files that it needs into one piece.

    Raises
    ------
    BackpropAnimError
        If its experiment, or a file, cannot be read any more.
    """
    source = Path(job.folder)
    given = read_experiment(job.text, label=job.label, name=job.name, folder=source, overrides=job.overrides)
    bundled, needed = with_bare_file_names(given, source)
    drawn_only = job.plan is not None and job.plan.stage == "draw"
    return PackedJob(
        job=replace(job, text=dump_experiment(bundled).encode(), overrides=(), folder="", output=""),
        files={name: _read(path) for name, path in needed.items()},
        recording=_read(Path(job.output) / job.name / RECORDING) if drawn_only else None,
        versions=current_versions(),
        plugins=loaded_plugins(),
    )


def run_packed_job(packed: PackedJob, scratch: Path, progress: Progress = silent) -> PackedResult:
    """Do a packed job in the empty folder `scratch`."""
    job = replace(packed.job, folder=str(scratch / CONFIG), output=str(scratch / OUTPUT))
    if unlike := _version_mismatch(packed.versions, current_versions()):
        return PackedResult(Result(job.name, job.label, "failed", unlike))
    for plugin in packed.plugins:
        use_plugin(plugin)
    run = Path(job.output) / job.name
    for folder in (Path(job.folder), run):
        folder.mkdir(parents=True)
    for name, data in packed.files.items():
        (Path(job.folder) / name).write_bytes(data)
    if packed.recording is not None:
        (run / RECORDING).write_bytes(packed.recording)
    result = run_job(job, progress)
    if result.failed and not result.told:  # what it kept in this folder goes with it
        result = replace(result, reason="\n".join(line for line in result.reason.splitlines() if "kept" not in line))
    return PackedResult(result, dict(_files(run, result.told["files"])) if result.told else {})


def unpack_result(packed_result: PackedResult, output: Path) -> Result:
    """Put the files of a run where they belong, all or none, and return its result.

    Raises
    ------
    OutputError
        If they cannot be written; what stood there before is then untouched.
    """
    folder = run_folder(output, packed_result.result.name)
    if packed_result.files:
        with Staging(folder, alone=True) as staging:
            for name, file in packed_result.files.items():
                top, *below = Path(name).parts
                with staging.writing(top) as place:
                    path = place.joinpath(*below)
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(file.data)
                    os.utime(path, ns=(file.time_ns, file.time_ns))
            staging.commit()
        remove_partial(folder, packed_result.result.told["files"])
        if packed_result.result.did != "drew":
            with contextlib.suppress(OSError):
                (folder / CHECKPOINT).unlink()
    return packed_result.result


def _files(folder: Path, names: Iterable[str]) -> Iterable[tuple[str, SentFile]]:
    """Yield the files that `names` mean, those of folders among them."""
    for name in names:
        path = folder / name
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            yield file.relative_to(folder).as_posix(), SentFile(file.read_bytes(), file.stat().st_mtime_ns)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror or error}") from error


def _version_mismatch(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Say in what the versions differ; a run made with others would be made again the next time."""
    differing = [f"{name} {found.get(name)} instead of {one}" for name, one in wanted.items() if found.get(name) != one]
    return f"this worker has {', '.join(differing)}: give it the same versions" if differing else ""
