"""The commands that train one network and make its film: train and explain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backprop_anim.cli.authoring import write_experiment
from backprop_anim.cli.options import (
    Config,
    FilmSettings,
    Force,
    Frames,
    Output,
    Printing,
    Verbose,
    with_shared_options,
)
from backprop_anim.cli.results import show_run
from backprop_anim.cli.sources import OUTPUTS, load, recorded_elsewhere
from backprop_anim.cli.terminal import bold, print_notice, print_result, progress_bars, show_json
from backprop_anim.common import DivergedError, Interrupted, interruptible

if TYPE_CHECKING:
    from backprop_anim.runs import Summary
    from backprop_anim.training import Recording

__all__ = ["explain", "train"]


@with_shared_options
def train(
    config: Config,
    film: FilmSettings,
    printing: Printing,
    output: Output = OUTPUTS,
    frames: Frames = False,
    force: Force = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Only write the experiment that is worked out for a CSV file."),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Train the network of an experiment or a CSV; make its film.

    What is up to date is left as it is.
    """
    if write is not None:
        write_experiment(write, Path(config), film.overrides(), force)
        return
    experiment = load(config, film.overrides(), printing.is_silent)
    from backprop_anim.config import advice
    from backprop_anim.runs import RunOptions, bring_up_to_date, plan_update
    from backprop_anim.training import refuse_recorded

    refuse_recorded(experiment)
    from backprop_anim.training import CHECKPOINT

    plan = plan_update(experiment, output, frames, force)
    for line in advice(experiment) if plan.stage == "train" and not printing.quiet else ():
        print_notice(f"note: {line}")
    if plan.is_news and not printing.quiet:
        print_notice(f"{experiment.name}: {plan}")
    _print_checkpoint_notice(output / experiment.name / CHECKPOINT, plan.stage, resume, printing.quiet)
    try:
        with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
            made = bring_up_to_date(experiment, output, RunOptions(frames, progress, interruption, resume), plan)
    except Interrupted as end:
        kept = (output / experiment.name / CHECKPOINT).exists()
        end.add_note(f"the same command {'with --resume goes on' if kept else 'makes it again'}")
        raise
    if printing.as_json:
        show_json(made.as_mapping())
    elif made.summary is not None:
        show_run(made.summary, printing, verbose)
    elif not printing.quiet:
        print_result(f"{bold(experiment.name)} is up to date: {output / experiment.name}  (--force makes it again)")
    if made.failure:
        raise DivergedError(made.failure)


def _print_checkpoint_notice(path: Path, stage: str, resume: bool, quiet: bool) -> None:
    """Say what becomes of what an interrupted run left, where that may not be what is expected."""
    if quiet or stage != "train":
        return
    if resume and not path.exists():
        print_notice("nothing to resume: starting from the beginning")
    elif path.exists() and not resume:
        print_notice(f"starting from the beginning; with --resume an interrupted run would go on from {path}")


@with_shared_options
def explain(
    config: Config,
    film: FilmSettings,
    printing: Printing,
    step: Annotated[int, typer.Option("--step", metavar="N", min=0, help="The step to show.")] = 0,
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="S", help="How long it takes; by itself as long as to read it.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="K", min=0, help="The sample whose numbers are shown.")
    ] = None,
    output: Output = OUTPUTS,
    verbose: Verbose = False,
) -> None:
    """Make a film of one training step in slow motion."""
    from backprop_anim.config import step_settings

    chosen = film.overrides()
    given = {"step": step, "seconds": seconds, "sample": sample}
    if (recorded := recorded_elsewhere(config)) is not None:
        show_run(_told_as_recorded(*recorded, given, chosen, output, printing.is_silent), printing, verbose)
        return
    fixed = step_settings({key: value for key, value in given.items() if value is not None})
    experiment = load(config, [*fixed, *chosen], printing.is_silent)
    from backprop_anim.runs import RunOptions, run

    experiment = replace(experiment, name=f"{experiment.name}-step-{step}")
    with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
        summary = run(experiment, output, RunOptions(False, progress, interruption, explain=True))
    show_run(summary, printing, verbose)


def _told_as_recorded(
    recording: Recording, source: Path, motion: dict[str, Any], settings: list[str], output: Path, quiet: bool
) -> Summary:
    """Make a film of one kept step that others trained."""
    from backprop_anim.config import step_settings
    from backprop_anim.runs import RunOptions, draw_run, explained, run_folder, step_to_tell

    step = step_to_tell(recording, motion["step"])
    if step != motion["step"]:
        print_notice(f"step {motion['step']:,} was not kept; step {step:,} is told")
    fixed = step_settings({key: value for key, value in {**motion, "step": step}.items() if value is not None})
    told = explained(recording, step, [*fixed, *settings])
    folder = run_folder(output, told.experiment.name)
    with interruptible() as interruption, progress_bars(quiet) as progress:
        return draw_run(told, folder, source, RunOptions(False, progress, interruption, explain=True))
