"""The way through: experiment → recording → moments → pixels → files; every room is called here, in this order."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.common import ExperimentError, Interrupted, Interruption, Problem, Progress, silent
from backprop_anim.config import experiment_from_mapping, revise
from backprop_anim.experiment import Experiment
from backprop_anim.film import Canvas, FrameRenderer
from backprop_anim.runs.freshness import Provenance, provenance_of, provenance_record
from backprop_anim.runs.run_files import (
    LOSSES,
    RECORDING,
    SUMMARY,
    copy_input_files,
    library_versions,
    names_beside_films,
    remove_partial,
    run_folder,
    save_run,
    write_summary,
)
from backprop_anim.story import Moment, moment_of_still, timeline
from backprop_anim.training import CheckpointStore, Recording, TrainingDivergedError, load_recording, train
from backprop_anim.writers import FilmSpec, Format, Staging, formats, open_writers

__all__ = [
    "Summary",
    "draw_run",
    "draw_still",
    "film_outputs",
    "open_run",
    "revised",
    "run",
    "write_film",
]

N_SAMPLES = 8
"""Frames that are drawn beforehand, for formats that choose their colours from them."""


@dataclass(frozen=True)
class Summary:
    """What a run left.

    Attributes
    ----------
    recording : Recording
    folder : Path
    pictures, others : tuple of Path
        The films and pictures that were written, and what else the run consists of.
    n_frames : int
    seconds : mapping of str to float
        ``train``, ``draw`` and ``total``.
    notes : tuple of str
        What the user should know.
    """

    recording: Recording
    folder: Path
    pictures: tuple[Path, ...]
    others: tuple[Path, ...]
    n_frames: int
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = ()

    @property
    def experiment(self) -> Experiment:
        """What was run."""
        return self.recording.experiment

    @property
    def initial_loss(self) -> float:
        """The loss over all samples at the first state."""
        return float(self.recording.snapshot_losses[0])

    @property
    def final_loss(self) -> float:
        """The loss over all samples at the last state."""
        return float(self.recording.snapshot_losses[-1])

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the run, the films first."""
        return self.pictures + self.others

    def as_mapping(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds."""
        video = self.experiment.video
        return {
            "name": self.experiment.name,
            "seed": self.experiment.seed,
            "steps": int(self.recording.steps[-1]),
            "parameters": self.experiment.network.layout.n_parameters,
            "initial_loss": self.initial_loss,
            "final_loss": self.final_loss,
            "frames": self.n_frames,
            "width": video.width_px,
            "height": video.height_px,
            "fps": video.fps,
            "files": [path.relative_to(self.folder).as_posix() for path in self.files],
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            "versions": library_versions(),
        }


def run(
    experiment: Experiment,
    output: Path,
    keep_frames: bool = False,
    progress: Progress = silent,
    explain: bool = False,
    interruption: Interruption | None = None,
    resume: bool | None = False,
) -> Summary:
    """Train, draw and write an experiment into ``output/<name>/``.

    Nothing appears there under its final name before all of it is whole. With `explain`, training stops after the
    last step in slow motion, and the film shows nothing else. With `resume`, training goes on from the checkpoint of
    an interrupted run, if there is one; None does so only where it fits.

    Raises
    ------
    BackpropAnimError
        For everything that a user can put right; what an earlier run left is then untouched.
    """
    started, interruption = time.perf_counter(), interruption or Interruption()
    with Staging(run_folder(output, experiment.name), alone=True) as staging:
        origin = provenance_of(experiment, staging.folder, explain)
        checkpoint = CheckpointStore(staging.folder, origin.training_settings, interruption)
        state = None if resume is False else checkpoint.load(strict=resume is True)
        bundled = copy_input_files(experiment, staging.folder, staging)
        try:
            with checkpoint:
                stop = experiment.traced_steps[-1] + 1 if explain else None
                recording = train(experiment, progress, stop, checkpoint, state)
        except TrainingDivergedError as error:
            _keep_diverged(error, replace(error.recording, experiment=bundled), staging)
            raise
        recording = replace(recording, experiment=bundled)
        drawing = _Drawing(origin, keep_frames, progress, interruption, explain)
        summary = _draw_and_save(recording, staging, drawing, started)
        checkpoint.remove()
        return summary


def open_run(path: Path) -> Recording:
    """Read the recording of a finished run.

    Raises
    ------
    RecordingError
        If it is not one.
    """
    return load_recording(path, experiment_from_mapping)


def revised(recording: Recording, overrides: Sequence[str]) -> Recording:
    """Return the recording with another film: `overrides` are settings such as ``video.theme=dark``.

    Raises
    ------
    ExperimentError
        If a setting is not valid, is not one of the film, or asks for slow motion of a step that was not recorded.
    """
    if not overrides:
        return recording
    experiment = revise(recording.experiment, overrides)
    kept = [trace.step for trace in recording.traces]
    missing = [
        Problem(
            ("video", "slow_motion", index, "step"),
            f"step {motion.step:,} was not recorded in full ({', '.join(map(str, kept)) or 'none was'}): train again",
        )
        for index, motion in enumerate(experiment.video.slow_motion)
        if motion.step not in kept
    ]
    if missing:
        raise ExperimentError(*missing)
    return replace(recording, experiment=experiment)


def draw_run(
    recording: Recording,
    folder: Path,
    source: Path,
    keep_frames: bool = False,
    progress: Progress = silent,
    interruption: Interruption | None = None,
) -> Summary:
    """Draw a recording into `folder`, without training; `source` is the folder that its data files stand in."""
    started = time.perf_counter()
    with Staging(folder, alone=True) as staging:
        origin = provenance_of(recording.experiment, source)
        recording = replace(recording, experiment=copy_input_files(recording.experiment, source, staging))
        drawing = _Drawing(origin, keep_frames, progress, interruption or Interruption())
        return _draw_and_save(recording, staging, drawing, started)


def draw_still(recording: Recording, step: int, folder: Path) -> tuple[Path, int]:
    """Draw the last recorded state at or before `step` as a PNG picture.

    Returns
    -------
    Path, int
        The picture, and the step that it shows.
    """
    moment = moment_of_still(recording.experiment.video, recording, step)
    canvas = Canvas(recording, (moment,))
    shown = int(recording.steps[moment.snapshot])
    path = folder / f"{recording.experiment.name}-step-{shown}.png"
    with Staging(folder) as staging:
        _write(
            recording.experiment, canvas, (moment,), {staging.path(path.name): formats["png"]()}, silent, Interruption()
        )
        staging.commit()
    return path, shown


@dataclass(frozen=True)
class _Drawing:
    """How a recording is to be drawn, beside what its experiment says."""

    origin: Provenance
    keep_frames: bool
    progress: Progress
    interruption: Interruption
    explain: bool = False


class _EndedEarlyError(Exception):
    """The film was ended early; `left` are the files that this leaves, not yet in their place."""

    def __init__(self, left: Sequence[Path], done: int, total: int) -> None:
        self.left = left
        super().__init__(f"interrupted while drawing, after frame {done:,} of {total:,}")


def _draw_and_save(recording: Recording, staging: Staging, drawing: _Drawing, started: float) -> Summary:
    experiment = recording.experiment
    trained = time.perf_counter()
    moments = timeline(experiment.video, recording, drawing.explain)
    canvas = Canvas(recording, moments)
    outputs = film_outputs(experiment, staging, drawing.keep_frames)
    notes = write_film(experiment, canvas, moments, outputs, staging, drawing.progress, drawing.interruption)
    save_run(recording, staging)
    ended = time.perf_counter()
    summary = Summary(
        recording=recording,
        folder=staging.folder,
        pictures=tuple(staging.folder / path.name for path in outputs),
        others=tuple(staging.folder / name for name in names_beside_films(experiment)),
        n_frames=len(moments),
        seconds={"train": trained - started, "draw": ended - trained, "total": ended - started},
        notes=(*canvas.notes, *notes),
    )
    told = summary.as_mapping()
    files = {name: staging.current_path(name) for name in told["files"] if name != SUMMARY}
    write_summary(told | {"made_by": provenance_record(drawing.origin, files)}, staging)
    staging.commit()
    remove_partial(staging.folder, told["files"])
    return summary


def write_film(
    experiment: Experiment,
    board: FrameRenderer,
    moments: Sequence[Moment],
    outputs: Mapping[Path, Format],
    staging: Staging,
    progress: Progress,
    interruption: Interruption,
) -> list[str]:
    """Draw every moment, write all files, and return what the user should know about them.

    Raises
    ------
    Interrupted
        If the film was ended early; it is kept as far as it came.
    """
    try:
        return _write(experiment, board, moments, outputs, progress, interruption)
    except _EndedEarlyError as cut:
        kept = [staging.keep_partial(path.name) for path in cut.left]
        said = f"{cut}; it plays in {', '.join(str(path) for path in kept if path is not None)}"
        raise Interrupted(said if kept else str(cut), interruption.status) from None


def film_outputs(experiment: Experiment, staging: Staging, keep_frames: bool = False) -> dict[Path, Format]:
    """Return the pictures and films to write, by the path to write them to."""
    video, outputs = experiment.video, {}
    for name in dict.fromkeys((*video.formats, "png", *(["frames"] if keep_frames else []))):
        chosen = formats[name](**video.format_options.get(name, {}))
        outputs[staging.path(experiment.name + chosen.suffix if chosen.suffix else name)] = chosen
    return outputs


def _write(
    experiment: Experiment,
    canvas: FrameRenderer,
    moments: Sequence[Moment],
    outputs: Mapping[Path, Format],
    progress: Progress,
    interruption: Interruption,
) -> list[str]:
    """Draw every moment once, hand it to every writer, and return what the user should know about the files."""
    video, total = experiment.video, len(moments)
    film = FilmSpec(video.width_px, video.height_px, video.fps, total, video.quality)
    n_samples = N_SAMPLES if any(chosen.wants_samples for chosen in outputs.values()) else 0
    picks = np.unique(np.linspace(0, total - 1, n_samples).astype(int))
    samples = [canvas.draw(moments[pick]).copy() for pick in picks]
    with open_writers(outputs, film, samples) as writers:
        pixels = canvas.pixels
        for done, moment in enumerate(moments):
            if interruption.wanted and done:
                break
            progress("drawing", done, total)
            if done == 0 or not moment.held:
                pixels = canvas.draw(moment)
            writers.write(pixels)
        cut = None if writers.n_given == total else _EndedEarlyError(writers.finish_early(), writers.n_given, total)
    if cut is not None:
        raise cut
    progress("drawing", total, total)
    notes = []
    for path, chosen in outputs.items():
        notes += [*chosen.notes(film), *chosen.notes_on(path)]
    return notes


def _keep_diverged(error: TrainingDivergedError, recording: Recording, staging: Staging) -> None:
    """Keep what was recorded before the loss left the numbers, as partial files."""
    if recording.n_snapshots:
        save_run(recording, staging)
        kept = [staging.keep_partial(name) for name in (RECORDING, LOSSES)]
        error.add_note("kept until then: " + ", ".join(str(path) for path in kept if path is not None))
