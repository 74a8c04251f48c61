"""The commands that draw a finished run: render and still."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from backprop_anim.cli.options import (
    FilmSettings,
    Frames,
    Plugin,
    Printing,
    Quiet,
    Run,
    Set,
    Size,
    Theme,
    Verbose,
    with_shared_options,
)
from backprop_anim.cli.results import show_run
from backprop_anim.cli.sources import at_step, find_run, told_whole
from backprop_anim.cli.terminal import print_notice, print_result, progress_bars
from backprop_anim.common import UsageError, interruptible

__all__ = ["render", "still"]

Into = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Where to put it, instead of the run's folder.")
]


@with_shared_options
def render(
    run: Run,
    film: FilmSettings,
    printing: Printing,
    output: Into = None,
    frames: Frames = False,
    verbose: Verbose = False,
) -> None:
    """Draw a finished run again, without training."""
    from backprop_anim.runs import RunOptions, draw_run, find_recording, open_run, revised, run_folder

    path = find_run(run, "render", find_recording)
    recording = revised(open_run(path), film.overrides())
    folder = path.parent if output is None else run_folder(output, recording.experiment.name)
    with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
        summary = draw_run(recording, folder, path.parent, RunOptions(frames, progress, interruption))
    show_run(summary, printing, verbose)


def still(
    run: Run,
    step: Annotated[int, typer.Option("--step", metavar="N", min=0, help="The step to show.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE|DIR", help="A .png, .svg or .pdf, or where a PNG picture goes."),
    ] = None,
    phase: Annotated[
        Literal["none", "forward", "loss", "backward", "update"],
        typer.Option("--phase", help="What is told of the step, with its numbers."),
    ] = "none",
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="K", min=0, help="The sample whose numbers are told.")
    ] = None,
    follow: Annotated[
        list[str] | None,
        typer.Option("--follow", metavar="PART", help="What is told, as 'hidden 2' or w1.2.1. May be repeated."),
    ] = None,
    settings: Set = None,
    size: Size = None,
    theme: Theme = None,
    plugin: Plugin = None,
    quiet: Quiet = False,
) -> None:
    """Draw one step of a finished run as a picture, PNG, SVG or PDF."""
    from backprop_anim.runs import draw_still, draw_told_still, find_recording, open_run, revised, told_step

    if phase == "none" and (follow or sample is not None):
        raise UsageError("--sample and --follow say how a step is told: give --phase too")
    path = find_run(run, "still", find_recording)
    recording, chosen = open_run(path), FilmSettings(settings, size=size, theme=theme).overrides()
    if phase != "none":
        recording = told_step(recording, {"step": step, "sample": sample, "follow": follow}, chosen)
        recording = told_whole(recording, path.parent, quiet)
        told = draw_told_still(recording, phase, output or path.parent)
        if not quiet:
            print_result(str(told))
        return
    recording = at_step(revised(recording, chosen), step, path.parent, quiet)
    picture, shown = draw_still(recording, step, output or path.parent)
    if not quiet:
        if shown != step:
            print_notice(f"the picture shows step {shown:,}")
        print_result(str(picture))
