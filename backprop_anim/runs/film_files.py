"""From moments to films: draws what the files need, frame by frame, and hands it to their writers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backprop_anim.common import Interrupted, Interruption, Progress
from backprop_anim.experiment import Experiment
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.story import Moment, poster_moment
from backprop_anim.writers import FilmSpec, Format, Staging, formats, open_writers

if TYPE_CHECKING:  # it imports matplotlib
    from backprop_anim.film import FrameRenderer

__all__ = ["film_outputs", "frames_needed", "write_film"]

N_SAMPLES = 8
"""Frames that are drawn beforehand, for formats that choose their colours from them."""

Outputs = Mapping[Path, Format]


class _EndedEarlyError(Exception):
    """The film was ended early; `left` are the files that this leaves, not yet in their place."""

    def __init__(self, left: Sequence[Path], done: int, total: int) -> None:
        self.left = left
        super().__init__(f"interrupted while drawing, after frame {done:,} of {total:,}")


def film_outputs(experiment: Experiment, staging: Staging, keep_frames: bool = False) -> dict[Path, Format]:
    """Return the pictures and films to write, by the path to write them to."""
    video, outputs = experiment.video, {}
    for name in dict.fromkeys((*video.formats, "png", *(["frames"] if keep_frames else []))):
        chosen = formats[name](**video.format_options.get(name, {}))
        outputs[staging.path(experiment.name + chosen.suffix if chosen.suffix else name)] = chosen
    return outputs


def frames_needed(moments: Sequence[Moment], outputs: Outputs) -> Sequence[Moment]:
    """Return the moments that have to be drawn: all of them, or where only a picture is wanted the poster's."""
    if any(chosen.wants_every_frame for chosen in outputs.values()):
        return moments
    return [moments[poster_moment(moments)]]


def write_film(
    renderer: FrameRenderer,
    moments: Sequence[Moment],
    outputs: Outputs,
    spec: FilmSpec,
    staging: Staging,
    options: RunOptions,
) -> list[str]:
    """Draw every moment, write all files, and return what the user should know about them.

    Raises
    ------
    Interrupted
        If the film was ended early; it is kept as far as it came.
    """
    try:
        return _write(renderer, moments, outputs, spec, options.progress, options.interruption)
    except _EndedEarlyError as ended:
        kept = [staging.keep_partial(path.name) for path in ended.left]
        said = f"{ended}; it plays in {', '.join(str(path) for path in kept if path is not None)}"
        raise Interrupted(said if kept else str(ended), options.interruption.status) from None


def _write(
    renderer: FrameRenderer,
    moments: Sequence[Moment],
    outputs: Outputs,
    spec: FilmSpec,
    progress: Progress,
    interruption: Interruption,
) -> list[str]:
    """Draw every moment once, hand it to every writer, and return what the user should know about the files."""
    total = len(moments)
    n_samples = N_SAMPLES if any(chosen.wants_samples for chosen in outputs.values()) else 0
    picks = np.unique(np.linspace(0, total - 1, n_samples).astype(int))
    samples = [renderer.draw(moments[pick]).copy() for pick in picks]
    with open_writers(outputs, spec, samples) as writers:
        pixels = renderer.pixels
        for done, moment in enumerate(moments):
            if interruption.wanted and done:
                break
            progress("drawing", done, total)
            if done == 0 or not moment.held:
                pixels = renderer.draw(moment)
            writers.write(pixels)
        cut = None if writers.n_given == total else _EndedEarlyError(writers.finish_early(), writers.n_given, total)
    if cut is not None:
        raise cut
    progress("drawing", total, total)
    notes = []
    for path, chosen in outputs.items():
        notes += [*chosen.notes(spec), *chosen.notes_on(path)]
    return notes
