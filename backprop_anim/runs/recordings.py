"""Recordings of finished runs: read, given another film, and made fit to be drawn; it draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from backprop_anim.common import ExperimentError, Problem
from backprop_anim.config import experiment_from_mapping, revise
from backprop_anim.experiment import Experiment
from backprop_anim.runs.told_steps import untold_reason, with_known_steps
from backprop_anim.training import Recording, load_recording

__all__ = ["explained", "open_run", "revised", "shown_recording"]


def open_run(path: Path) -> Recording:
    """Read the recording of a finished run.

    Raises
    ------
    RecordingError
        If it is not one.
    """
    recording = load_recording(path, experiment_from_mapping)
    return replace(recording, experiment=_with_font_from(recording.experiment, path.parent))


def revised(recording: Recording, overrides: Sequence[str], untold: bool = False) -> Recording:
    """Return the recording with another film: `overrides` are settings such as ``video.theme=dark``.

    With `untold` the film may tell steps that were not recorded in full: whoever draws it trains them again.

    Raises
    ------
    ExperimentError
        If a setting is not valid, is not one of the film, or asks for slow motion of a step that was not recorded.
    """
    if not overrides:
        return recording
    experiment = revise(recording.experiment, overrides)
    if experiment.video.font == recording.experiment.video.font:
        experiment = experiment.with_video(font=recording.experiment.video.font)
    else:
        experiment = _with_font_from(experiment, Path())
    if by := recording.experiment.training.by:
        recording = with_known_steps(recording, [motion.step for motion in experiment.video.slow_motion])
    kept = [trace.step for trace in recording.traces]
    others = f"({', '.join(map(str, kept)) or 'none was'}): train again"
    missing = [
        Problem(
            ("video", "slow_motion", index, "step"),
            untold_reason(recording, motion.step) if by else f"step {motion.step:,} was not recorded in full {others}",
        )
        for index, motion in enumerate(experiment.video.slow_motion)
        if (by or not untold) and motion.step not in kept and not _is_beyond(recording, motion.step)
    ]
    if missing:
        raise ExperimentError(*missing)
    return replace(recording, experiment=replace(experiment, training=recording.experiment.training))


def explained(recording: Recording, step: int, settings: Sequence[str]) -> Recording:
    """Return what others trained as the film of a kept step, told as `settings` say, with a name of its own."""
    told = revised(recording, settings)
    return replace(told, experiment=replace(told.experiment, name=f"{recording.experiment.name}-step-{step}"))


def _with_font_from(experiment: Experiment, folder: Path) -> Experiment:
    """Return the experiment with its font file found, a relative name starting from a folder."""
    font = experiment.video.font
    return experiment if font is None else experiment.with_video(font=font.found_from(folder))


def shown_recording(recording: Recording) -> tuple[Recording, list[str]]:
    """Return what can be drawn of a recording, and notes on what cannot: a run that diverged lacks its later steps."""
    experiment = recording.experiment
    video, kept = experiment.video, {trace.step for trace in recording.traces}
    motions = tuple(motion for motion in video.slow_motion if motion.step in kept)
    if motions == video.slow_motion:
        return recording, []
    lost = [f"{motion.step:,}" for motion in video.slow_motion if motion.step not in kept]
    panels = video.panels if motions else None  # some panels show nothing but slow motion
    note = f"no slow motion of step {' and '.join(lost)}: the run ended before"
    return replace(recording, experiment=experiment.with_video(slow_motion=motions, panels=panels)), [note]


def _is_beyond(recording: Recording, step: int) -> bool:
    """Return whether a run that diverged or had learned enough did not come to a step of its plan."""
    ended = recording.diverged_at if recording.stopped_at is None else recording.stopped_at
    return ended is not None and step >= ended
