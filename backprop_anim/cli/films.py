"""The commands that make pictures: train, render and still."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backprop_anim.cli.options import (
    Config,
    Force,
    Formats,
    Fps,
    Frames,
    Json,
    Output,
    Quality,
    Quiet,
    Run,
    Set,
    Size,
    Theme,
    Verbose,
    overrides,
)
from backprop_anim.cli.terminal import bold, print_notice, print_result, progress_bars, show_json, show_table, size_text
from backprop_anim.common import (
    BackpropAnimError,
    DivergedError,
    Interrupted,
    NotFoundError,
    RecordingError,
    counted,
    interruptible,
    is_file,
)

if TYPE_CHECKING:
    from backprop_anim.experiment import Experiment
    from backprop_anim.runs import Summary

__all__ = ["explain", "find", "find_run", "load", "render", "still", "train"]

OUTPUTS = Path("outputs")


def load(config: str, settings: list[str], quiet: bool) -> Experiment:
    """Return the experiment that CONFIG means, and say which file that is where it is not obvious."""
    from backprop_anim.config import load_experiment, read_experiment

    if config == "-":
        text = sys.stdin.buffer.read()
        return read_experiment(text, label="<stdin>", name="stdin", folder=Path.cwd(), overrides=settings)
    return load_experiment(find(config, quiet), settings)


def find(config: str, quiet: bool) -> Path:
    """Return the file that CONFIG means, and say which that is where it is not obvious."""
    from backprop_anim.config import find_config

    found = find_config(config)
    if not quiet and found.kind != "path":
        print_notice(
            {"configs": f"using {found.path}", "example": f"using the built-in example {found.path.stem}"}[found.kind]
        )
    return found.path


def find_run(run: str, command: str, find_in: Callable[[str, Path], Path]) -> Path:
    """Return what RUN means; where that is an experiment, say how it becomes a run.

    Parameters
    ----------
    run, command : str
        RUN as it was typed, and the command that takes it.
    find_in : callable
        Finds a run by what was typed and the folder of all runs, or raises a `NotFoundError`.
    """
    from backprop_anim.config import find_config

    if Path(run).suffix.lower() in (".yaml", ".yml") and is_file(run):
        raise RecordingError(_train_first(run, command, Path(run)))
    try:
        return find_in(run, OUTPUTS)
    except NotFoundError as missing:
        try:
            config = find_config(run)
        except NotFoundError:
            raise missing from None
        raise NotFoundError(f"{missing}\n{_train_first(run, command, config.path)}") from None


def _train_first(config: str, command: str, path: Path) -> str:
    from shlex import quote

    from backprop_anim.config import load_experiment
    from backprop_anim.runs import RECORDING

    try:
        name = load_experiment(path).name
    except BackpropAnimError:
        name = path.stem
    folder = path.parent if is_file(path.parent / RECORDING) else OUTPUTS / name
    run = name if folder == OUTPUTS / name else str(folder)
    first = "" if is_file(folder / RECORDING) else f"train it first (backprop-anim train {quote(config)}), then: "
    return f"{config} is an experiment; {command} takes a run: {first}backprop-anim {command} {quote(run)}"


def train(
    config: Config,
    output: Output = OUTPUTS,
    settings: Set = None,
    formats: Formats = None,
    size: Size = None,
    fps: Fps = None,
    theme: Theme = None,
    quality: Quality = None,
    frames: Frames = False,
    as_json: Json = False,
    force: Force = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Train the network of an experiment and make its film.

    What is up to date is left as it is.
    """
    experiment = load(config, overrides(settings, formats, size, fps, theme, quality), quiet or as_json)
    from backprop_anim.config import advice
    from backprop_anim.runs import RunOptions, bring_up_to_date, plan_update
    from backprop_anim.training import CHECKPOINT

    plan = plan_update(experiment, output, frames, force)
    for line in advice(experiment) if plan.stage == "train" and not quiet else ():
        print_notice(f"note: {line}")
    if plan.is_news and not quiet:
        print_notice(f"{experiment.name}: {plan}")
    _tell_of_checkpoint(output / experiment.name / CHECKPOINT, plan.stage, resume, quiet)
    try:
        with interruptible() as interruption, progress_bars(quiet or as_json) as progress:
            made = bring_up_to_date(experiment, output, RunOptions(frames, progress, interruption, resume), plan)
    except Interrupted as end:
        kept = (output / experiment.name / CHECKPOINT).exists()
        end.add_note(f"the same command {'with --resume goes on' if kept else 'makes it again'}")
        raise
    if as_json:
        show_json(made.as_mapping())
    elif made.summary is not None:
        _show(made.summary, as_json, quiet, verbose)
    elif not quiet:
        print_result(f"{bold(experiment.name)} is up to date: {output / experiment.name}  (--force makes it again)")
    if made.failure:
        raise DivergedError(made.failure)


def _tell_of_checkpoint(path: Path, stage: str, resume: bool, quiet: bool) -> None:
    """Say what becomes of what an interrupted run left, where that may not be what is expected."""
    if quiet or stage != "train":
        return
    if resume and not path.exists():
        print_notice("nothing to resume: starting from the beginning")
    elif path.exists() and not resume:
        print_notice(f"starting from the beginning; with --resume an interrupted run would go on from {path}")


def explain(
    config: Config,
    step: Annotated[int, typer.Option("--step", metavar="N", min=0, help="The step to show.")] = 0,
    seconds: Annotated[float, typer.Option("--seconds", metavar="S", help="How long it takes.")] = 12.0,
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="K", min=0, help="The sample whose numbers are shown.")
    ] = None,
    output: Output = OUTPUTS,
    settings: Set = None,
    formats: Formats = None,
    size: Size = None,
    fps: Fps = None,
    theme: Theme = None,
    quality: Quality = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Make a film of one training step in slow motion."""
    chosen = overrides(settings, formats, size, fps, theme, quality)
    motion = f"{{step: {step}, seconds: {seconds}" + ("}" if sample is None else f", sample: {sample}}}")
    fixed = [f"video.slow_motion=[{motion}]", "video.milestones=false", "video.captions=[]", "video.panels=auto"]
    experiment = load(config, [*fixed, *chosen], quiet or as_json)
    from dataclasses import replace

    from backprop_anim.runs import RunOptions, run

    experiment = replace(experiment, name=f"{experiment.name}-step-{step}")
    with interruptible() as interruption, progress_bars(quiet or as_json) as progress:
        summary = run(experiment, output, RunOptions(False, progress, interruption, explain=True))
    _show(summary, as_json, quiet, verbose)


def render(
    run: Run,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Where to put it, instead of the run's folder.")
    ] = None,
    settings: Set = None,
    formats: Formats = None,
    size: Size = None,
    fps: Fps = None,
    theme: Theme = None,
    quality: Quality = None,
    frames: Frames = False,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Draw a finished run again, without training."""
    from backprop_anim.runs import RunOptions, draw_run, find_recording, open_run, revised, run_folder

    path = find_run(run, "render", find_recording)
    recording = revised(open_run(path), overrides(settings, formats, size, fps, theme, quality))
    folder = path.parent if output is None else run_folder(output, recording.experiment.name)
    with interruptible() as interruption, progress_bars(quiet or as_json) as progress:
        summary = draw_run(recording, folder, path.parent, RunOptions(frames, progress, interruption))
    _show(summary, as_json, quiet, verbose)


def still(
    run: Run,
    step: Annotated[int, typer.Option("--step", metavar="N", min=0, help="The step to show.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Where to put it, instead of the run's folder.")
    ] = None,
    settings: Set = None,
    size: Size = None,
    theme: Theme = None,
    quiet: Quiet = False,
) -> None:
    """Draw one step of a finished run as a PNG picture."""
    from backprop_anim.runs import draw_still, find_recording, open_run, revised

    path = find_run(run, "still", find_recording)
    recording = revised(open_run(path), overrides(settings, size=size, theme=theme))
    picture, shown = draw_still(recording, step, output or path.parent)
    if not quiet:
        if shown != step:
            last = int(recording.steps[-1])
            said = f"the run has {counted(last, 'step')}" if step > last else f"step {step:,} was not recorded"
            print_notice(f"{said}; the picture shows step {shown:,}")
        print_result(str(picture))


def _show(summary: Summary, as_json: bool, quiet: bool, verbose: bool) -> None:
    if as_json:
        show_json(summary.as_mapping())
        return
    for note in summary.notes:
        print_notice(f"note: {note}")
    if quiet:
        return
    experiment, seconds = summary.experiment, summary.seconds
    shape = " → ".join(map(str, experiment.network.sizes))
    steps = int(summary.recording.steps[-1])
    size = counted(experiment.network.layout.n_parameters, "parameter")
    print_result(f"{bold(experiment.name)}  {shape}, {size}, {counted(steps, 'step')}")
    from backprop_anim.runs import loss_lines, prediction_table, state_lines

    for line in (*loss_lines(summary.recording), *(state_lines(summary.recording) if verbose else ())):
        print_result(f"  {line}")
    if table := prediction_table(summary.recording):
        show_table(table, right=frozenset(range(len(table[0]))))
    stages = [f"{stage} {seconds[stage]:.1f} s" for stage in ("train", "draw") if seconds[stage] >= 0.05]
    print_result(f"  {', '.join(stages)}, {seconds['total']:.1f} s in all; {summary.n_frames} frames")
    shown = summary.files if verbose else summary.pictures
    show_table([(str(path), size_text(path)) for path in shown], right=frozenset({1}))
    if not verbose:
        print_result(f"  and the recording, weights, losses and summary in {summary.folder}")
