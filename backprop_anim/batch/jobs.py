"""One run of many: what it needs, how it is made, and what came of it; it knows nothing of the others."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backprop_anim.batch.worker_pool import run_in_processes
from backprop_anim.common import BackpropAnimError, Interruption, Progress, silent
from backprop_anim.config import read_experiment
from backprop_anim.runs import RunOptions, UpdatePlan, bring_up_to_date

__all__ = ["Job", "Report", "Result", "cores", "failed", "run_job", "run_jobs"]

Report = Callable[["Job", str, int, int], None]
"""Called with how far a job is: its stage, what is done, of how much; the stage is empty when it has ended."""


@dataclass(frozen=True)
class Job:
    """A run that is to be made, as plain words that can travel to another process.

    Attributes
    ----------
    name : str
        The run's name, and that of its folder.
    label : str
        What the experiment's file is called in messages.
    text : bytes
        The file itself.
    folder : str
        What the files that it names are relative to.
    overrides : tuple of str
        Settings that take the place of what the file says.
    output : str
        Where runs go.
    keep_frames : bool
        Whether PNG frames are wanted too.
    plan : UpdatePlan, optional
        What is to be done, if that is known.
    resume : bool
        Whether to go on with a training that was interrupted, if one was.
    """

    name: str
    label: str
    text: bytes
    folder: str
    overrides: tuple[str, ...] = ()
    output: str = "outputs"
    keep_frames: bool = False
    plan: UpdatePlan | None = None
    resume: bool = False


@dataclass(frozen=True)
class Result:
    """What came of a job.

    Attributes
    ----------
    name, label : str
        As those of the job; a file that could not be read has its stem as a name.
    did : str
        ``trained``, ``drew``, ``nothing``, ``failed`` or ``skipped``.
    reason : str
        Why it was done, or what went wrong, in words for the user.
    seconds : float
        How long it took.
    told : mapping
        The run's summary, where there is one.
    notes : tuple of str
        What the user should know about the files.
    """

    name: str
    label: str
    did: str
    reason: str = ""
    seconds: float = 0.0
    told: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the run was not made."""
        return self.did == "failed"

    def as_mapping(self) -> dict[str, Any]:
        """Return the record of this job as plain words."""
        own = {"name": self.name, "config": self.label, "did": self.did, "reason": self.reason}
        return {**self.told, **own, "job_seconds": round(self.seconds, 3)}


def run_job(job: Job, progress: Progress = silent, interruption: Interruption | None = None) -> Result:
    """Bring one run up to date; whatever a user can put right becomes a result, not an exception."""
    started = time.perf_counter()
    try:
        experiment = read_experiment(
            job.text, label=job.label, name=job.name, folder=Path(job.folder), overrides=job.overrides
        )
        options = RunOptions(
            job.keep_frames, progress, interruption or Interruption(), resume=None if job.resume else False
        )
        made = bring_up_to_date(experiment, Path(job.output), options, job.plan)
    except BackpropAnimError as error:
        said = "\n".join((str(error), *getattr(error, "__notes__", ())))
        return Result(job.name, job.label, "failed", said, time.perf_counter() - started)
    told = made.as_mapping()
    notes = () if made.summary is None else made.summary.notes
    seconds = time.perf_counter() - started
    if made.failure:
        return Result(experiment.name, job.label, "failed", made.failure, seconds, told, notes)
    return Result(experiment.name, job.label, told["did"], told["reason"], seconds, told, notes)


def run_jobs(jobs: Sequence[Job], n_workers: int, report: Report) -> Iterator[Result]:
    """Make runs side by side, in processes that live on between them; yield the first to end first.

    Parameters
    ----------
    jobs : sequence of Job
    n_workers : int
        How many are made at the same time.
    report : Report
        Called in this thread.
    """

    def told(number: int, stage: str, done: int, total: int) -> None:
        report(jobs[number], stage, done, total)

    for ended in run_in_processes(run_job, jobs, n_workers, told):
        try:
            result = ended.result()
        except BackpropAnimError as error:
            result = failed(jobs[ended.number], str(error))
        except Exception as error:  # noqa: BLE001  # a fault of ours
            result = failed(jobs[ended.number], f"an unexpected {type(error).__name__}: {error}")
        yield result


def failed(job: Job, reason: str) -> Result:
    """Return the result of a job of which nothing came."""
    return Result(job.name, job.label, "failed", reason)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
