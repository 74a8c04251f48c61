"""The program: its commands, and what an error ends with."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated, NoReturn

import typer

from backprop_anim.cli.authoring import list_parts, new, schema
from backprop_anim.cli.batch import batch
from backprop_anim.cli.compare import compare
from backprop_anim.cli.embed import embed
from backprop_anim.cli.film import film
from backprop_anim.cli.inspect import check, gradcheck, predict
from backprop_anim.cli.play import play
from backprop_anim.cli.render import render, still
from backprop_anim.cli.train import explain, train
from backprop_anim.common import BackpropAnimError, Interrupted, __version__

__all__ = ["app", "main"]

YOUNG_OBJECTS = 200_000
"""New objects after which Python looks for cycles, more than a film imports: 500 frames of formulas leave 40 MB."""

app = typer.Typer(
    name="backprop-anim",
    help="Turn one YAML file into a video of a neural network learning.",
    epilog="Example: backprop-anim train heart",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _example(text: str) -> str:
    return f"Example: backprop-anim {text}"


app.command(epilog=_example("train heart --theme dark --formats mp4"))(train)
app.command(epilog=_example("render outputs/heart --size 1080x1920 -o vertical"))(render)
app.command(epilog=_example("batch configs/*.yaml -j 2"))(batch)
app.command(epilog=_example("compare heart --sweep training.aggression=1,3,7"))(compare)
app.command(epilog=_example("explain fruit --step 300"))(explain)
app.command(epilog=_example("play fruit"))(play)
app.command(epilog=_example("film states.npz --data moons.csv --target class --activation tanh"))(film)
app.command(epilog=_example("still outputs/heart --step 500"))(still)
app.command(epilog=_example("embed outputs/heart --base https://example.org/films"))(embed)
app.command(epilog=_example("predict outputs/heart --row 0.25"))(predict)
app.command(epilog=_example("check heart.yaml --set training.steps=5000"))(check)
app.command(epilog=_example("gradcheck heart"))(gradcheck)
app.command(epilog=_example("new my-curve"))(new)
app.command(name="list", epilog=_example("list panels"))(list_parts)
app.command(epilog=_example("schema > experiment.schema.json"))(schema)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"backprop-anim {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn one YAML file into a video of a neural network learning."""


def main() -> NoReturn:
    """Run the program and leave with its exit status."""
    # The products here are small, and ffmpeg keeps the other cores busy: threads would wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is imported stays: looking through it for cycles again and again takes a twentieth of a short film's time.
    gc.set_threshold(YOUNG_OBJECTS)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # it was closed before the program began
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an arrow that a terminal cannot show must not end the program
            stream.reconfigure(errors="replace")
    try:
        app()  # ends with 0, with 2 for wrong usage, with 130 when it is interrupted
    except Interrupted as end:
        print("\n".join((str(end), *getattr(end, "__notes__", ()))), file=sys.stderr)
        sys.exit(end.exit_status)
    except BackpropAnimError as error:
        _tell_error("\n".join((str(error), *getattr(error, "__notes__", ()))))
        sys.exit(error.exit_status)
    finally:
        gc.freeze()  # or Python searches all that was imported for cycles before it leaves, 0.2 s after a film
    sys.exit(0)


def _tell_error(text: str) -> None:
    first, *rest = text.splitlines() or [""]
    print(f"error: {first}", file=sys.stderr)
    for line in rest:
        print(f"       {line}", file=sys.stderr)
