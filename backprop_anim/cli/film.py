"""The command that makes a run of what another program trained: film."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backprop_anim.cli.options import FilmSettings, Frames, Output, Printing, Verbose, with_shared_options
from backprop_anim.cli.results import show_run
from backprop_anim.cli.sources import OUTPUTS
from backprop_anim.cli.terminal import print_notice, progress_bars
from backprop_anim.common import UsageError, interruptible

if TYPE_CHECKING:
    from backprop_anim.experiment import Experiment

__all__ = ["film"]

States = Annotated[
    Path, typer.Argument(metavar="STATES", help="An .npz file: W1 (states, n_out, n_in), b1 (states, n_out), …, step.")
]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="FILE", help="The samples: a CSV file, with --target; or a YAML file.")
]
Activation = Annotated[
    str | None, typer.Option("--activation", metavar="WORDS", help="Of the hidden layers, or of each: tanh,linear.")
]
Loss = Annotated[str | None, typer.Option("--loss", metavar="NAME", help="mse, cross_entropy, … See: list losses.")]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="The run's name, instead of the file's.")]
By = Annotated[str | None, typer.Option("--by", metavar="WORDS", help="Who trained it, for the subtitle.")]


@with_shared_options
def film(
    states: States,
    film: FilmSettings,
    printing: Printing,
    data: Data = None,
    activation: Activation = None,
    loss: Loss = None,
    name: Name = None,
    by: By = None,
    output: Output = OUTPUTS,
    frames: Frames = False,
    verbose: Verbose = False,
) -> None:
    """Make a film of states that another program trained."""
    from backprop_anim.recorder import StatesFile, recording_of_states
    from backprop_anim.runs import RunOptions, draw_run, run_folder

    read = StatesFile.read(states)
    beside = states.with_suffix(".yaml")
    config = data or (beside if beside.is_file() else None)
    if config is None:
        said = f"give --data FILE.csv --target COLUMN, or put an experiment as {beside.name} beside it"
        raise UsageError(f"the samples are missing: {said}")
    if data is None and not printing.is_silent:
        print_notice(f"using {beside}")
    settings = [
        *([] if activation is None else [f"network.activation={_words(activation)}"]),
        *([] if loss is None else [f"training.loss={loss}"]),
        *([] if name is None else [f"name={name}"]),
        *film.overrides(),
    ]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        recording = recording_of_states(read, config, settings, by or "another program")
    for one in caught if not printing.is_silent else ():
        print_notice(str(one.message))
    if not printing.is_silent and data is not None and (activation is None or loss is None):
        print_notice(f"taken: {_taken(recording.experiment)} (--activation and --loss say otherwise)")
    if not printing.is_silent and read.biases is None:
        print_notice(f"{states} holds no b1, b2, …: taken for a network without biases")
    folder = run_folder(output, recording.experiment.name)
    with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
        summary = draw_run(recording, folder, Path(), RunOptions(frames, progress, interruption))
    show_run(summary, printing, verbose)


def _taken(experiment: Experiment) -> str:
    """Return the activations and the loss that were not said."""
    from backprop_anim.experiment import as_mapping

    words = as_mapping(experiment)
    named = [each if isinstance(each, str) else each["kind"] for each in words["network"]["activation"]]
    loss = words["training"]["loss"]
    return f"activation {', '.join(named)}; loss {loss if isinstance(loss, str) else loss['kind']}"


def _words(activation: str) -> str:
    """Return one word, or several with commas between them as a list."""
    return f"[{activation}]" if "," in activation else activation
