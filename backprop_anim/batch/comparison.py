"""Several runs in one film, side by side and in step: trains them, draws them, and writes what they came to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.batch.compared_runs import RecordedVariant
from backprop_anim.batch.comparison_table import MadeRun, least_loss, row_of, table_text
from backprop_anim.batch.comparison_title import comparison_title
from backprop_anim.batch.in_step import By, length_of, places_of, steps_at, with_share, with_states_at
from backprop_anim.batch.worker_pool import run_in_processes
from backprop_anim.common import Interrupted, Interruption, Progress, UsageError, counted, silent
from backprop_anim.config import Variant
from backprop_anim.experiment import Experiment
from backprop_anim.film import ComparedRun, SmallMultiples, kept_seconds_of_tiles, losses_differ
from backprop_anim.runs import (
    SUMMARY,
    RunOptions,
    film_outputs,
    frames_needed,
    library_versions,
    remove_partial,
    run_folder,
    write_film,
    write_summary,
)
from backprop_anim.story import poster_moment, timeline
from backprop_anim.training import Recording, train
from backprop_anim.writers import FilmSpec, Staging

__all__ = ["FILM_ALONE", "MOST", "Comparison", "compare"]

MOST = 36
"""More tiles would be too small to see anything."""

FILM_ALONE = ("video.slow_motion=[]", "video.captions=[]", "video.milestones=false", "video.panels=auto")
"""Settings of a film of one run that a comparison has no place for."""

DRAWN = ("theme", "size", "fps", "hold", "seconds", "formats", "quality", "intro", "opening", "title", "subtitle")
"""Settings, by their last word, that change how a film looks and nothing else."""

TABLE = "comparison.csv"
SHORT_S = 1.0
"""Runs that take less than this in all are trained in this process: starting others would take as long."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison left.

    Attributes
    ----------
    folder : Path
    files : tuple of Path
        The films and pictures, then the table and the summary.
    told : mapping
        What ``summary.json`` holds.
    notes : tuple of str
        What the user should know.
    """

    folder: Path
    files: tuple[Path, ...]
    told: Mapping[str, Any]
    notes: tuple[str, ...]


def compare(
    variants: Sequence[Variant],
    name: str,
    output: Path,
    n_jobs: int = 1,
    progress: Progress = silent,
    interruption: Interruption | None = None,
    by: By = "step",
) -> Comparison:
    """Train all variants and write one film of them into ``output/<name>/``.

    Parameters
    ----------
    variants : sequence of Variant
        The film's settings are those of the first.
    name : str
    output : Path
    n_jobs : int
        How many are trained at a time; the results do not depend on it.
    progress : Progress, optional
    interruption : Interruption, optional
        Where the wish to stop will be heard.
    by : {"step", "epoch"}
        Whether a frame shows all runs after as many steps, or after as many passes over their data.

    Raises
    ------
    UsageError
        If there are fewer than two, or more than `MOST`, or if they cannot be shown side by side.
    BackpropAnimError
        For everything else that a user can put right; what an earlier comparison left is then untouched.
    """
    if not 2 <= len(variants) <= MOST:
        raise UsageError(f"a comparison takes from 2 to {MOST} runs, not {len(variants)}")
    _check_comparable(variants)
    started, wish = time.perf_counter(), interruption or Interruption()

    def watched(stage: str, done: int, total: int) -> None:
        if wish.wanted:
            raise Interrupted(f"interrupted while training; of {total} runs {done} were trained", wish.status)
        progress(stage, done, total)

    with Staging(run_folder(output, name), alone=True) as staging:
        theirs = {index: each.recording for index, each in enumerate(variants) if isinstance(each, RecordedVariant)}
        runs = _trained([each.experiment for each in variants], n_jobs, watched, by, theirs)
        trained = time.perf_counter()
        contenders = _align_snapshots(variants, runs, by)
        first = contenders[0]
        heading, below = comparison_title(variants)
        title = replace(first.recording.experiment, name=name, title=heading, subtitle=below)
        leader = replace(first.recording, experiment=title)
        contenders[0] = replace(first, recording=leader)
        video, going_on = leader.experiment.video, replace(leader, diverged_at=None)  # as the others do
        moments = timeline(video, going_on, kept_s=kept_seconds_of_tiles(contenders))
        board = SmallMultiples(contenders, moments)
        outputs = {path: chosen for path, chosen in film_outputs(title, staging).items() if chosen.is_film}
        needed = frames_needed(moments, outputs)
        spec = FilmSpec(video.width_px, video.height_px, video.fps, len(needed), video.quality, poster_moment(needed))
        options = RunOptions(progress=progress, interruption=wish)
        notes = write_film(board, needed, outputs, spec, staging, options)
        rows = [row_of(variant, run, by) for variant, run in zip(variants, runs, strict=True)]
        with staging.writing(TABLE) as path:
            path.write_text(table_text(rows), encoding="utf-8")
        ended = time.perf_counter()
        told: dict[str, Any] = {
            "name": name,
            "title": title.title,
            "subtitle": title.subtitle,
            "by": by,
            "steps": max(row["steps"] for row in rows),
            "final_loss": least_loss(runs),
            "runs": rows,
            "frames": len(needed),
            "width": video.width_px,
            "height": video.height_px,
            "fps": video.fps,
            "files": [path.name for path in outputs] + [TABLE, SUMMARY],
            "seconds": {
                "train": round(trained - started, 3),
                "draw": round(ended - trained, 3),
                "total": round(ended - started, 3),
            },
            "versions": library_versions(),
        }
        write_summary(told, staging)
        staging.commit()
        remove_partial(staging.folder, told["files"])
    files = tuple(staging.folder / file for file in told["files"])
    if losses_differ([variant.experiment for variant in variants]):
        notes = ["the runs have different losses, so the film compares their accuracy", *notes]
    return Comparison(staging.folder, files, told, (*board.notes, *notes))


def _check_comparable(variants: Sequence[Variant]) -> None:
    """Refuse runs of tasks that have no axes in common, and those that differ in the film alone."""
    drawn = [key for key in variants[0].settings if key in DRAWN]
    if drawn and len(variants[0].settings) == len(drawn):
        raise UsageError(f"{' and '.join(drawn)} only change the film, and a comparison has one film: use batch")
    first = variants[0].experiment
    for variant in variants[1:]:
        other = variant.experiment
        ours, theirs = (_shape_of(each) for each in (first, other))
        if ours != theirs:
            raise UsageError(f"{first.name} is about {ours}, and {other.name} about {theirs}: they share no axes")
    if first.dataset.kind != "classes" and losses_differ([variant.experiment for variant in variants]):
        labels = dict.fromkeys(variant.experiment.training.loss.label for variant in variants)
        raise UsageError(f"{' and '.join(labels).lower()} cannot stand on one axis: give the runs one training.loss")


def _shape_of(experiment: Experiment) -> str:
    """Return what a task is about, in words."""
    kind, sizes = experiment.dataset.kind, experiment.network.sizes
    return f"{kind} with {counted(sizes[0], 'input')} and {counted(sizes[-1], 'output')}"


def _trained(
    experiments: Sequence[Experiment],
    n_jobs: int,
    progress: Progress,
    by: By = "step",
    theirs: Mapping[int, Recording] | None = None,
) -> list[MadeRun]:
    """Train every experiment, all with states where the longest run that comes to its end has its own.

    What others trained is there already, by its position.
    """
    found = {index: MadeRun(recording, 0.0) for index, recording in (theirs or {}).items()}
    order = sorted(range(len(experiments)), key=lambda index: length_of(experiments[index], by), reverse=True)

    def report(number: int = 0, stage: str = "", done: int = 0, total: int = 0) -> None:
        progress("training", len(found), len(order))

    for leader in order:
        if leader not in found:
            shared = with_share(experiments[leader], len(order))
            found[leader] = _train(shared, lambda *said: report(), Interruption())
        if found[leader].recording.diverged_at is None and found[leader].recording.stopped_at is None:
            break
    places = places_of(experiments[leader], found[leader].recording.steps, by)
    rest = [index for index in order if index not in found]
    wanted = [with_states_at(experiments[index], places, by) for index in rest]
    if n_jobs == 1 or found[leader].seconds * len(rest) < SHORT_S:
        for index, experiment in zip(rest, wanted, strict=True):
            found[index] = _train(experiment, lambda *said: report(), Interruption())
    else:
        for ended in run_in_processes(_train, wanted, n_jobs, report):
            found[rest[ended.number]] = ended.result()
    report()
    return [found[index] for index in range(len(experiments))]


def _train(experiment: Experiment, progress: Progress, wish: Interruption) -> MadeRun:
    started = time.perf_counter()

    def watched(stage: str, done: int, total: int) -> None:
        if wish.wanted:
            raise Interrupted(f"interrupted while training, after step {done:,}", wish.status)
        progress(stage, done, total)

    return MadeRun(train(experiment, watched), time.perf_counter() - started)


def _align_snapshots(variants: Sequence[Variant], runs: Sequence[MadeRun], by: By = "step") -> list[ComparedRun]:
    """Return the runs with a row for each state of the longest; a run that ended before repeats its last state."""
    whole = [run.recording for run in runs if run.recording.diverged_at is None] or [runs[0].recording]
    ends = [(float(places_of(one.experiment, one.steps[-1:], by)[0]), one.n_steps) for one in whole]
    leader = whole[ends.index(max(ends))]
    places = places_of(leader.experiment, leader.steps, by)
    found = []
    for variant, run in zip(variants, runs, strict=True):
        steps = steps_at(variant.experiment, places, by)
        rows = np.searchsorted(run.recording.steps, steps, side="right") - 1
        recording = replace(run.recording.with_rows(rows), steps=steps, traces=())
        found.append(
            ComparedRun(
                variant.label,
                recording,
                int(run.recording.steps[-1]),
                variant.choices,
                places if by == "epoch" else None,
            )
        )
    return found
