"""The command that shows several runs in one film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from backprop_anim.cli.options import FilmSettings, Output, Printing, Sweep, with_shared_options
from backprop_anim.cli.sources import OUTPUTS
from backprop_anim.cli.terminal import bold, print_notice, print_result, progress_bars, show_json, show_table, size_text
from backprop_anim.common import counted, number_text

__all__ = ["compare"]


@with_shared_options
def compare(
    configs: Annotated[list[str], typer.Argument(metavar="CONFIG…", help="YAML files, or names of examples.")],
    film: FilmSettings,
    printing: Printing,
    output: Output = OUTPUTS,
    name: Annotated[str | None, typer.Option("--name", help="Names the folder and the film.")] = None,
    n_jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Runs trained at a time (one for each core).")
    ] = None,
    sweep: Sweep = None,
    by: Annotated[
        Literal["step", "epoch"], typer.Option("--by", help="What a frame shows of all runs: the same step or epoch.")
    ] = "step",
) -> None:
    """Train several runs and show them side by side in one film."""
    from backprop_anim.batch import FILM_ALONE, cores, load_compared_variants
    from backprop_anim.batch import compare as compare_runs
    from backprop_anim.common import interruptible

    chosen = [*FILM_ALONE, *film.overrides()]
    variants, given = load_compared_variants(configs, chosen, sweep or ())
    with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
        made = compare_runs(variants, name or given, output, n_jobs or cores(), progress, interruption, by)
    if printing.as_json:
        show_json(dict(made.told))
        return
    for note in made.notes:
        print_notice(f"note: {note}")
    if printing.quiet:
        return
    print_result(f"{bold(name or given)}  {len(variants)} runs")
    head, *rows = _table(made.told["runs"])
    show_table([head, *rows], right=frozenset(range(1, len(head))))
    seconds = made.told["seconds"]
    told = f"train {seconds['train']:.1f} s, draw {seconds['draw']:.1f} s, {seconds['total']:.1f} s in all"
    print_result(f"  {told}; {counted(made.told['frames'], 'frame')}")
    show_table([(str(path), size_text(Path(path))) for path in made.files], right=frozenset({1}))


def _table(runs: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return what is said of each run: the losses, and the accuracy where these cannot be compared."""
    measured = len({run["loss"] for run in runs}) > 1
    tested = [word for word in ("test_loss", "test_accuracy") if all(word in run for run in runs)]
    heads = {"test_loss": "held-out loss", "test_accuracy": "held-out accuracy"}
    head = ("run", "initial loss", "final loss", *(["final accuracy"] if measured else []), *map(heads.get, tested))
    rows = []
    for run in runs:
        ended = run["diverged_at"] is not None
        final = f"diverged at step {run['diverged_at']:,}" if ended else number_text(run["final_loss"], tiny=True)
        share = ["" if ended else f"{run['accuracy']:.1%}"] if measured else []
        told = [f"{run[word]:.1%}" if "accuracy" in word else number_text(run[word], tiny=True) for word in tested]
        share += [""] * len(tested) if ended else told
        rows.append((run["label"], number_text(run["initial_loss"], tiny=True), final, *share))
    return [head, *rows]
