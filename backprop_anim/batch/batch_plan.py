"""Many runs: which there are, which of them have to be made, and their making; how is for the workers to know."""

from __future__ import annotations

import glob
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backprop_anim.batch.jobs import Job, Result
from backprop_anim.common import BackpropAnimError, NotFoundError, UsageError, is_file, is_folder
from backprop_anim.config import config_text, find_config, read_variants
from backprop_anim.runs import DID, UpdatePlan, plan_update, read_outcome

__all__ = ["Batch", "JobRunner", "PlannedRun", "find_configs", "plan_batch", "run_batch"]

JobRunner = Callable[[Sequence[Job]], Iterator[Result]]
"""Runs jobs and yields what comes of them, in any order."""


@dataclass(frozen=True)
class PlannedRun:
    """One experiment of a batch.

    Attributes
    ----------
    job : Job
        With what is to be done, unless the experiment is invalid.
    error : str
        What is wrong with it.
    """

    job: Job
    error: str = ""

    @property
    def plan(self) -> UpdatePlan | None:
        """What is to be done; None where the experiment is invalid."""
        return self.job.plan


@dataclass(frozen=True)
class Batch:
    """All experiments of a batch, in the order in which they were named."""

    tasks: tuple[PlannedRun, ...]

    @property
    def pending(self) -> list[Job]:
        """The jobs that have something to do."""
        return [task.job for task in self.tasks if task.plan is not None and task.plan.stage != "nothing"]

    def settled_results(self) -> Iterator[Result]:
        """Yield the results that are known before anything runs: what is up to date, and what is invalid."""
        for task in self.tasks:
            name, label = task.job.name, task.job.label
            if task.plan is None:
                yield Result(name, label, "failed", task.error)
            elif task.plan.stage == "nothing":
                told = read_outcome(Path(task.job.output) / name, task.plan)
                if (at := told.get("diverged_at")) is not None:
                    reason = f"training diverged at step {at:,}, as its film shows; it is up to date"
                    yield Result(name, label, "failed", reason, told=told)
                else:
                    yield Result(name, label, DID["nothing"], task.plan.reason, told=told)


def find_configs(words: Sequence[str]) -> list[Path]:
    """Return the experiment files that are meant by files, folders, patterns and the names of examples.

    Raises
    ------
    NotFoundError
        If one of the words means nothing.
    """
    found: list[Path] = []
    for word in words:
        path = Path(word)
        if is_folder(path):
            inside = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml") and is_file(file))
            if not inside:
                raise NotFoundError(f"there is no .yaml or .yml file in {path}")
            found += inside
        elif not is_file(path) and glob.has_magic(word):
            matches = sorted(map(Path, glob.glob(word, recursive=True)))  # noqa: PTH207  # the word may be absolute
            matches = [match for match in matches if is_file(match)]
            if not matches:
                raise NotFoundError(f"no file is called {word}")
            found += matches
        else:
            found.append(find_config(word).path)
    return list({file.resolve(): file for file in found}.values())


def plan_batch(
    files: Sequence[Path],
    output: Path,
    overrides: Sequence[str] = (),
    sweeps: Sequence[str] = (),
    keep_frames: bool = False,
    force: bool = False,
) -> Batch:
    """Read every experiment, each combination of a sweep, and find out what is to be done; nothing is written.

    Raises
    ------
    UsageError
        If two of them have the same name, and so the same folder.
    """
    first = Job("", "", b"", "", tuple(overrides), str(output), keep_frames, resume=not force)
    tasks = [task for file in files for task in _tasks(file, first, sweeps, force)]
    _refuse_same_names(tasks)
    return Batch(tuple(tasks))


def run_batch(batch: Batch, engine: JobRunner, keep_going: bool = True) -> Iterator[Result]:
    """Yield the result of every experiment: first what is known, then what the engine makes.

    Without `keep_going`, what has not ended at the first failure is left and reported as skipped.
    """
    ended: set[tuple[str, str]] = set()
    results = _all_results(batch, engine)
    for result in results:
        ended.add((result.label, result.name))
        yield result
        if result.failed and not keep_going:
            results.close()
            for task in batch.tasks:
                if (task.job.label, task.job.name) not in ended:
                    yield Result(task.job.name, task.job.label, "skipped", "another run failed before")
            return


def _all_results(batch: Batch, engine: JobRunner) -> Generator[Result, None, None]:
    yield from batch.settled_results()
    jobs = batch.pending
    if jobs:
        yield from engine(jobs)


def _tasks(file: Path, like: Job, sweeps: Sequence[str], force: bool) -> Iterator[PlannedRun]:
    """Yield the runs that a file means; what is wrong with it is kept for the end."""
    job = replace(like, name=file.stem, label=str(file), folder=str(file.parent))
    try:
        text = config_text(file, like.overrides)
        variants = read_variants(
            text, label=str(file), name=file.stem, folder=file.parent, overrides=like.overrides, sweeps=sweeps
        )
        for variant in variants:
            plan = plan_update(variant.experiment, Path(like.output), like.keep_frames, force)
            yield PlannedRun(
                replace(job, name=variant.experiment.name, text=text, overrides=variant.overrides, plan=plan)
            )
    except BackpropAnimError as error:
        yield PlannedRun(job, str(error))


def _refuse_same_names(tasks: Sequence[PlannedRun]) -> None:
    """Refuse names that are one folder, as on some disks those are that differ in case only."""
    first: dict[str, Job] = {}
    for task in tasks:
        if task.plan is None:
            continue
        other = first.setdefault(task.job.name.casefold(), task.job)
        if other is not task.job:
            raise UsageError(
                f"{other.label} and {task.job.label} would both be written to {Path(task.job.output) / task.job.name}: "
                "give one of them another name (name: in the file)"
            )
