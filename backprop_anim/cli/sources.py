"""What the words CONFIG and RUN of a command mean: experiments, runs and their states."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_anim.cli.terminal import print_notice, progress_bars
from backprop_anim.common import BackpropAnimError, NotFoundError, RecordingError, counted, is_file

if TYPE_CHECKING:
    from backprop_anim.experiment import Experiment
    from backprop_anim.training import Recording

__all__ = ["OUTPUTS", "at_step", "find", "find_run", "load", "recorded_elsewhere", "told_whole"]

OUTPUTS = Path("outputs")

PACKED, PICTURES = (".gz", ".zip", ".xz", ".bz2"), (".png", ".jpg", ".jpeg", ".gif", ".webp")


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

    if (advice := _no_experiment(config)) is not None:
        raise NotFoundError(advice)
    found = find_config(config)
    if not quiet and found.kind != "path":
        print_notice(
            {"configs": f"using {found.path}", "example": f"using the built-in example {found.path.stem}"}[found.kind]
        )
    return found.path


def _no_experiment(config: str) -> str | None:
    """Return what to do with a file that is neither an experiment nor a table; None for any other."""
    if config.startswith(("http://", "https://")):
        return f"{config}: a file of the web is not fetched; download it and give its path"
    path, ending = Path(config), Path(config).suffix.lower()
    if not is_file(path):
        return None
    if ending in PACKED:
        return f"{config} is packed; unpack it first"
    if ending == ".svg":
        return f"{config} is a drawing; an experiment names it: task: {{kind: curve, file: {path.name}}}"
    if ending in PICTURES:
        return f"{config} is a picture; an experiment names it: task: {{kind: picture, file: {path.name}}}"
    return None


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

    if Path(run).suffix.lower() in (".yaml", ".yml", ".csv", ".tsv") and is_file(run):
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
    what = "a table" if path.suffix.lower() in (".csv", ".tsv") else "an experiment"
    return f"{config} is {what}; {command} takes a run: {first}backprop-anim {command} {quote(run)}"


def recorded_elsewhere(config: str) -> tuple[Recording, Path] | None:
    """Return the recording and the folder of a run that others trained, where CONFIG is it or its experiment file."""
    from backprop_anim.runs import EXPERIMENT, RECORDING, is_trained_here, open_run

    path = Path(config)
    folder = path.parent if path.name == EXPERIMENT else path
    if is_trained_here(folder) is not False or not is_file(
        folder / RECORDING
    ):  # a large recording of ours stays closed
        return None
    return open_run(folder / RECORDING), folder


def told_whole(recording: Recording, source: Path, quiet: bool) -> Recording:
    """Return the recording with all of the step that its film tells, trained again where it was not kept; say so."""
    from backprop_anim.runs import with_told_step

    step, started = recording.experiment.video.slow_motion[0].step, time.perf_counter()
    with progress_bars(quiet) as progress:
        found = with_told_step(recording, source, progress)
    if found is not recording and not quiet:
        spent = time.perf_counter() - started
        print_notice(f"step {step:,} was not recorded in full: trained again up to it ({spent:.1f} s)")
    return found


def at_step(recording: Recording, step: int, source: Path, quiet: bool) -> Recording:
    """Return the recording with a state after `step` updates, trained again where it was not kept; say so."""
    from backprop_anim.runs import with_step

    if step in recording.steps:
        return recording
    if step > recording.steps[-1]:
        print_notice(f"the run has {counted(int(recording.steps[-1]), 'step')}")
        return recording
    started = time.perf_counter()
    with progress_bars(quiet) as progress:
        found = with_step(recording, step, source, progress)
    if found is None:
        print_notice(f"step {step:,} was not recorded, and training again does not lead there on this machine")
    elif not quiet:
        print_notice(f"step {step:,} was not recorded: trained again up to it ({time.perf_counter() - started:.1f} s)")
    return found or recording
