"""One moment of a run as a picture: PNG, or SVG and PDF for slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backprop_anim.common import OutputError, UsageError, is_folder
from backprop_anim.config import Override, step_settings
from backprop_anim.runs.film_files import write_film
from backprop_anim.runs.recordings import revised, shown_recording
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.story import Moment, Phase, moment_of_phase, moment_of_still
from backprop_anim.training import Recording
from backprop_anim.writers import FilmSpec, Staging, formats

__all__ = ["draw_still", "draw_told_still", "told_step"]

KINDS = (".png", ".svg", ".pdf")
OTHER_PICTURES = (".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".eps", ".ps", ".emf", ".mp4", ".webm")


def draw_still(recording: Recording, step: int, place: Path) -> tuple[Path, int]:
    """Draw the last recorded state at or before `step`.

    Parameters
    ----------
    recording : Recording
    step : int
    place : Path
        The picture, whose ending says what it is, or the folder that a PNG picture goes into.

    Returns
    -------
    Path, int
        The picture, and the step that it shows.

    Raises
    ------
    UsageError
        If the ending is that of another kind of picture.
    """
    recording, _ = shown_recording(recording)
    moment = moment_of_still(recording.experiment.video, recording, step)
    shown = int(recording.steps[moment.snapshot])
    path = _file_at(place, f"{recording.experiment.name}-step-{shown}.png")
    _draw(recording, moment, path)
    return path, shown


def told_step(recording: Recording, motion: Mapping[str, Any], settings: Sequence[str], place: str = "") -> Recording:
    """Return the recording with a film that tells one step and nothing else, as `explain` makes it.

    Parameters
    ----------
    recording : Recording
    motion : mapping
        The step and how it is told: `step`, `sample` and `follow`. What is left out is as the run's own film has it.
    settings : sequence of str
        Others of the film.
    place : str, optional
        What messages call the place where `motion` was given; it is a setting that was typed otherwise.

    Raises
    ------
    ExperimentError
        If there is no such step or sample, or a setting is not valid.
    """
    own = (asdict(each) for each in recording.experiment.video.slow_motion if each.step == motion["step"])
    said = {key: value for key, value in motion.items() if value is not None}
    told = {key: value for key, value in (next(own, {}) | said).items() if value not in (None, ())}
    given = [Override(text, place) for text in step_settings(told)]
    return revised(recording, [*given, *settings], untold=True)


def draw_told_still(recording: Recording, phase: Phase, place: Path) -> Path:
    """Draw what one phase of the step that a recording tells comes to; `place` as for `draw_still`."""
    moment = moment_of_phase(recording, phase)
    step = recording.experiment.video.slow_motion[0].step
    path = _file_at(place, f"{recording.experiment.name}-step-{step}-{phase}.png")
    _draw(recording, moment, path)
    return path


def _file_at(place: Path, name: str) -> Path:
    """Return the picture that is meant by a file or a folder."""
    kind = place.suffix.lower()
    if is_folder(place) or kind not in KINDS + OTHER_PICTURES:
        return place / name
    if kind not in KINDS:
        raise UsageError(f"a still is a file that ends in {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {kind}")
    return place


def _draw(recording: Recording, moment: Moment, path: Path) -> None:
    from backprop_anim.film import Canvas, draw_line_picture

    video, kind = recording.experiment.video, path.suffix.lower()
    with Staging(path.parent) as staging:
        staged = staging.path(path.name)
        if kind != ".png":
            try:
                draw_line_picture(recording, moment, staged, kind)
            except OSError as error:
                raise OutputError(f"{path.name} could not be written: {error.strerror or error}") from error
        else:
            spec = FilmSpec(video.width_px, video.height_px, video.fps, 1, video.quality)
            canvas = Canvas(recording, (moment,))
            write_film(canvas, (moment,), {staged: formats["png"]()}, spec, staging, RunOptions())
        staging.commit()
