"""One moment of a run as a picture: PNG, or SVG and PDF for slides."""

from __future__ import annotations

from pathlib import Path

from backprop_anim.common import OutputError, UsageError, is_folder
from backprop_anim.runs.film_files import write_film
from backprop_anim.runs.recordings import shown_recording
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.story import Moment, moment_of_still
from backprop_anim.training import Recording
from backprop_anim.writers import FilmSpec, Staging, formats

__all__ = ["draw_still"]

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
