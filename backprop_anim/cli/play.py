"""The command that makes a page to touch and opens it: play."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backprop_anim.cli.options import FilmSettings, Printing, with_shared_options
from backprop_anim.cli.sources import OUTPUTS, load
from backprop_anim.cli.terminal import print_notice, print_result, progress_bars, show_json, size_text
from backprop_anim.common import NotFoundError, interruptible, is_file

if TYPE_CHECKING:
    from backprop_anim.experiment import Experiment

__all__ = ["play"]


@with_shared_options
def play(
    source: Annotated[str, typer.Argument(metavar="CONFIG|RUN", help="An experiment, or a run that is there.")],
    film: FilmSettings,
    printing: Printing,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Where the run, or its page, is put.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
) -> None:
    """Make a page of a run to play and to train on, and open it.

    A run that is up to date is not trained again.
    """
    found = _recording_at(source)
    if found is not None:
        from backprop_anim.runs import draw_page, open_run, revised

        recording = revised(open_run(found), film.overrides())
        path, notes, did = *draw_page(recording, output or found.parent), "made"
    else:
        experiment = _experiment(source, film, printing)
        path, notes, did = _brought_up_to_date(experiment, output or OUTPUTS, printing)
    if printing.as_json:
        show_json({"name": path.stem, "page": str(path), "bytes": path.stat().st_size, "did": did})
    else:
        for note in notes:
            print_notice(f"note: {note}")
        if not printing.quiet:
            print_result(f"{path}  {size_text(path)}")
    if not no_open:
        _open(path)


def _recording_at(source: str) -> Path | None:
    """Return the recording that a path leads to; None for the name of an experiment."""
    from backprop_anim.runs import RECORDING

    places = (Path(source), Path(source) / RECORDING)
    return next((place for place in places if is_file(place) and place.suffix == ".npz"), None)


def _experiment(source: str, film: FilmSettings, printing: Printing) -> Experiment:
    """Return the experiment of that name, or of the run of that name."""
    from backprop_anim.runs import find_recording, open_run, revised

    try:
        return load(source, film.overrides(), printing.is_silent)
    except NotFoundError as missing:
        try:
            path = find_recording(source, OUTPUTS)
        except NotFoundError:
            raise missing from None
        return revised(open_run(path), film.overrides()).experiment


def _brought_up_to_date(experiment: Experiment, output: Path, printing: Printing) -> tuple[Path, list[str], str]:
    """Train where that is needed, and write the page; return it, what is to be known of it, and what was done."""
    from backprop_anim.runs import RECORDING, RunOptions, draw_page, open_run, plan_update, run
    from backprop_anim.training import divergence

    folder = output / experiment.name
    if plan_update(experiment, output).stage != "train":
        recording = replace(open_run(folder / RECORDING), experiment=experiment)
        return *draw_page(recording, folder), "made"
    page_alone = experiment.with_video(formats=("html",))
    with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
        summary = run(page_alone, output, RunOptions(progress=progress, interruption=interruption))
    path = folder / f"{experiment.name}.html"
    notes = list(summary.notes)
    if summary.recording.diverged_at is not None:
        notes.append(divergence(experiment, summary.recording.diverged_at))
    return path, notes, "trained"


def _open(path: Path) -> None:
    """Open the page in the user's browser.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        raise NotFoundError(f"no browser was found to open {path} with; open it by hand, or use --no-open")
