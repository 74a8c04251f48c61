"""The way through: experiment → recording → moments → pixels → files; every room is called here, in this order."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path

from backprop_anim.common import DivergedError, Progress, do_beside
from backprop_anim.experiment import Experiment, SnapshotPlan
from backprop_anim.runs.film_files import frames_needed, write_film
from backprop_anim.runs.own_files import with_own_files
from backprop_anim.runs.page_file import small_poster, write_page
from backprop_anim.runs.recordings import shown_recording
from backprop_anim.runs.run_files import run_folder
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.runs.summary import Summary
from backprop_anim.runs.workspace import RunWorkspace
from backprop_anim.story import moment_of_still, poster_moment, timeline
from backprop_anim.training import Recording, divergence, train
from backprop_anim.writers import FilmSpec, Staging

__all__ = ["draw_page", "draw_run", "run"]

FILM = "backprop_anim.film"
"""The room that imports matplotlib, which takes a tenth of a short film's time."""


def run(experiment: Experiment, output: Path, options: RunOptions | None = None) -> Summary:
    """Train, draw and write an experiment into ``output/<name>/``.

    Nothing appears there under its final name before all of it is whole.

    Raises
    ------
    BackpropAnimError
        For everything that a user can put right; what an earlier run left is then untouched.
    """
    options, folder = options or RunOptions(), run_folder(output, experiment.name)
    with with_own_files(experiment, folder) as made, RunWorkspace(made, folder, folder, options) as workspace:
        recording = _train(experiment, workspace, options)
        if options.explain and recording.diverged_at is not None:
            raise DivergedError(divergence(experiment, recording.diverged_at))
        summary = _draw(workspace.own(recording), workspace, options)
        workspace.checkpoints.remove()
        return summary


def _train(experiment: Experiment, workspace: RunWorkspace, options: RunOptions) -> Recording:
    """Train, in a process of its own where this one has yet to import what draws.

    Not where the states are large: to hand them over would take longer than the import, and memory for all of them
    twice.
    """
    stop = experiment.traced_steps[-1] + 1 if options.explain else None
    state = workspace.interrupted_state()

    def work(progress: Progress) -> Recording:
        with workspace.checkpoints as checkpoints:
            return train(experiment, progress, stop, checkpoints, state)

    if FILM in sys.modules or SnapshotPlan.of(experiment).is_single:
        return work(options.progress)
    return do_beside(work, partial(import_module, FILM), options.progress)


def draw_run(recording: Recording, folder: Path, source: Path, options: RunOptions | None = None) -> Summary:
    """Draw a recording into `folder`, without training; `source` is the folder that its data files stand in."""
    options = options or RunOptions()
    own = with_own_files(recording.experiment, source, recording.parameters[0])
    with own as experiment, RunWorkspace(experiment, folder, source, options) as workspace:
        return _draw(workspace.own(recording), workspace, options)


def _draw(recording: Recording, workspace: RunWorkspace, options: RunOptions) -> Summary:
    from backprop_anim.film import Canvas, kept_seconds

    shown, notes = shown_recording(recording)
    plan, video = SnapshotPlan.of(recording.experiment), shown.experiment.video
    if plan.is_thinned and recording.n_snapshots >= plan.n_kept:
        notes.append(f"of the states, {plan.said}")
    moments = timeline(video, shown, options.explain, kept_seconds(shown.experiment))
    canvas = Canvas(shown, moments)
    needed = frames_needed(moments, workspace.outputs)
    spec = FilmSpec(video.width_px, video.height_px, video.fps, len(needed), video.quality, poster_moment(needed))
    films = {path: chosen for path, chosen in workspace.outputs.items() if chosen.is_film}
    notes += write_film(canvas, needed, films, spec, workspace.staging, options)
    if len(films) < len(workspace.outputs):
        poster = small_poster(canvas.draw(needed[poster_moment(needed)]))
        for path in workspace.outputs.keys() - films.keys():
            notes += write_page(shown, path, poster)
    return workspace.finish(recording, len(needed), [*canvas.notes, *notes])


def draw_page(recording: Recording, folder: Path, name: str = "") -> tuple[Path, list[str]]:
    """Write the page of a recording into `folder`, under its own name where none is given.

    Returns
    -------
    Path, list of str
        The page, and what the user should know about it.
    """
    from backprop_anim.film import Canvas

    recording, notes = shown_recording(recording)
    moment = moment_of_still(recording.experiment.video, recording, int(recording.steps[-1]))
    path = folder / (name or f"{recording.experiment.name}.html")
    with Staging(folder) as staging:
        poster = small_poster(Canvas(recording, (moment,)).draw(moment))
        notes += write_page(recording, staging.path(path.name), poster)
        staging.commit()
    return path, notes
