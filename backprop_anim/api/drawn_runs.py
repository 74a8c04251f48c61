"""What is made of a run: its film, one step of it told or as a picture, its page."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from backprop_anim.api.experiments import Given, opened
from backprop_anim.api.given_runs import OUTPUTS, GivenRun, opened_run
from backprop_anim.api.given_words import in_words_of_motion, kind_of, typed_settings, video_settings
from backprop_anim.api.notebook_bars import shown_progress
from backprop_anim.api.shown_files import PICTURES, PLAYABLE, Page, Rendered, Still
from backprop_anim.common import Progress, UsageError
from backprop_anim.config import Override, revise, step_settings
from backprop_anim.runs import (
    RunOptions,
    draw_page,
    draw_run,
    draw_still,
    draw_told_still,
    explained,
    revised,
    step_to_tell,
    told_step,
    with_step,
    with_told_step,
)
from backprop_anim.runs import run as run_whole
from backprop_anim.story import PHASES, Phase
from backprop_anim.training import Recording

__all__ = ["explain", "explain_recorded", "page", "render", "still"]


def render(
    run: GivenRun,
    folder: Path | str | None = None,
    settings: Sequence[str] | Mapping[str, Any] = (),
    progress: Progress | None = None,
    **video: Any,
) -> Rendered:
    """Draw a run and write its films, weights, losses and summary.

    Parameters
    ----------
    run : Recording, path or str
        From `train`, or a finished run: its folder, or its name under ``outputs``.
    folder : path, optional
        Where the files go; a finished run's own folder or ``outputs/<name>`` by default.
    settings : mapping or sequence of str, optional
        Any settings of the film: ``{"video.panel_options": {"loss": {"scale": "linear"}}}``.
    progress : Progress, optional
        Called with the stage, what is done and what there is; without it a notebook shows bars.
    **video
        Settings of the film by their names under ``video``: ``theme="dark"``, ``formats=["mp4"]``.

    Returns
    -------
    Rendered
        Shows the film in a notebook.

    Raises
    ------
    UsageError
        If `run` is none, or `folder` is the name of a film.
    NotFoundError
        If there is no such run.
    ExperimentError
        If a setting is not valid.
    """
    found = opened_run(run, "render")
    recording = revised(found.recording, [*typed_settings(settings, "settings"), *video_settings(video)])
    target = found.folder if folder is None else Path(folder)
    if target.suffix in PLAYABLE | PICTURES:
        raise UsageError(f"{target} is a file's name; give a folder, and formats=[{target.suffix[1:]!r}] for just that")
    with shown_progress(progress) as shown:
        return Rendered(draw_run(recording, target, found.source, RunOptions(progress=shown)))


def still(
    run: GivenRun,
    step: int,
    path: Path | str | None = None,
    phase: Phase | Literal["none"] = "none",
    motion: Mapping[str, Any] | None = None,
    **video: Any,
) -> Still:
    """Draw one step of a run as a picture: PNG, or SVG and PDF for slides.

    A step that was not kept is trained again; where that does not lead there, the last one kept before it is drawn.

    Parameters
    ----------
    run : Recording, path or str
        From `train`, or a finished run: its folder, or its name under ``outputs``.
    step : int
    path : path, optional
        The picture, which ends in .png, .svg or .pdf, or the folder that a PNG picture goes into; a finished run's own
        folder or ``outputs/<name>`` by default.
    phase : {"none", "forward", "loss", "backward", "update"}, optional
        What is told of the step, with its numbers, as in slow motion.
    motion : mapping, optional
        How it is told: ``{"sample": 3, "follow": ["hidden 2"]}``.
    **video
        Settings of the film by their names under ``video``.

    Raises
    ------
    UsageError
        If `run` is none, or `path` ends as another kind of picture does.
    NotFoundError
        If there is no such run.
    ExperimentError
        If a setting is not valid.
    """
    found = opened_run(run, "still")
    place = found.folder if path is None else Path(path)
    if phase == "none":
        if motion:
            raise UsageError("motion says how a step is told: give a phase too")
        recording = revised(found.recording, video_settings(video))
        return Still(*draw_still(with_step(recording, step, found.source) or recording, step, place))
    if phase not in PHASES:
        raise UsageError(f"phase is one of none, {', '.join(PHASES)}, not {kind_of(phase)}")
    with in_words_of_motion():
        told = told_step(found.recording, {"step": step, **(motion or {})}, video_settings(video), "motion")
    return Still(draw_told_still(with_told_step(told, found.source), phase, place), step)


def explain(
    experiment: Given,
    step: int = 0,
    folder: Path | str = OUTPUTS,
    motion: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    **video: Any,
) -> Rendered:
    """Train an experiment and make a film of one of its steps in slow motion.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.
    step : int
    folder : path
        The film goes into a folder of its name below this one.
    motion : mapping, optional
        How the step is told: ``{"seconds": 8, "sample": 3, "follow": ["hidden 2"]}``.
    progress : Progress, optional
        Called with the stage, what is done and what there is; without it a notebook shows bars.
    **video
        Settings of the film by their names under ``video``.

    Raises
    ------
    ExperimentError
        If there is no such step, or a setting is not valid.
    """
    typed = [Override(text, "motion") for text in step_settings({"step": step, **(motion or {})})]
    whole = opened(experiment, "explain")
    with in_words_of_motion():
        made = revise(whole, [*typed, *video_settings(video)])
    made = replace(made, name=f"{made.name}-step-{step}")
    with shown_progress(progress) as shown:
        return Rendered(run_whole(made, Path(folder), RunOptions(False, shown, explain=True)))


def explain_recorded(
    recording: Recording,
    step: int,
    folder: Path | str,
    motion: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    **video: Any,
) -> Rendered:
    """Make a film of a step that others trained: the last kept one at or before `step`; options as for `explain`."""
    shown = step_to_tell(recording, step)
    if shown != step:
        warnings.warn(f"step {step:,} was not kept; step {shown:,} is told", stacklevel=4)
    typed = [Override(text, "motion") for text in step_settings({"step": shown, **(motion or {})})]
    with in_words_of_motion():
        told = explained(recording, shown, [*typed, *video_settings(video)])
    name = told.experiment.name
    with shown_progress(progress) as bars:
        return Rendered(draw_run(told, Path(folder) / name, Path(), RunOptions(progress=bars, explain=True)))


def page(run: GivenRun, path: Path | str | None = None, settings: Sequence[str] | Mapping[str, Any] = ()) -> Page:
    """Write the page of a run: one file that plays it, tells its steps and trains on.

    Parameters
    ----------
    run : Recording, path or str
        From `train`, or a finished run: its folder, or its name under ``outputs``.
    path : path, optional
        The file, or a folder for it; a finished run's own folder or ``outputs/<name>`` by default.
    settings : mapping or sequence of str, optional
        Settings of the page and its film: ``{"page.theme": "dark"}``.

    Raises
    ------
    UsageError
        If `run` is none.
    NotFoundError
        If there is no such run.
    ExperimentError
        If a setting is not valid.
    """
    found = opened_run(run, "page")
    recording = revised(found.recording, typed_settings(settings, "settings"))
    target = found.folder if path is None else Path(path)
    if target.suffix != ".html":
        target = target / f"{recording.experiment.name}.html"
    written, notes = draw_page(recording, target.parent, target.name)
    return Page(written, tuple(notes))
