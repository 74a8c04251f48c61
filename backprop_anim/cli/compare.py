"""The command that shows several runs in one film."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from backprop_anim.cli.options import FilmSettings, Output, Printing, Sweep, with_shared_options
from backprop_anim.cli.sources import OUTPUTS
from backprop_anim.cli.terminal import bold, print_notice, print_result, progress_bars, show_json, show_table, size_text
from backprop_anim.common import number_text

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
) -> None:
    """Train several runs and show them side by side in one film."""
    from backprop_anim.batch import FILM_ALONE, cores, load_compared_variants
    from backprop_anim.batch import compare as compare_runs
    from backprop_anim.common import interruptible

    chosen = [*FILM_ALONE, *film.overrides()]
    variants, given = load_compared_variants(configs, chosen, sweep or ())
    with interruptible() as interruption, progress_bars(printing.is_silent) as progress:
        made = compare_runs(variants, name or given, output, n_jobs or cores(), progress, interruption)
    if printing.as_json:
        show_json(dict(made.told))
        return
    for note in made.notes:
        print_notice(f"note: {note}")
    if printing.quiet:
        return
    print_result(f"{bold(name or given)}  {len(variants)} runs")
    rows = [(row["label"], number_text(row["initial_loss"], tiny=True), _final(row)) for row in made.told["runs"]]
    show_table([("run", "initial loss", "final loss"), *rows], right=frozenset({1, 2}))
    seconds = made.told["seconds"]
    told = f"train {seconds['train']:.1f} s, draw {seconds['draw']:.1f} s, {seconds['total']:.1f} s in all"
    print_result(f"  {told}; {made.told['frames']} frames")
    show_table([(str(path), size_text(Path(path))) for path in made.files], right=frozenset({1}))


def _final(row: Mapping[str, Any]) -> str:
    """Return the final loss of a run, or that there is none."""
    if row["final_loss"] is None:
        return f"diverged at step {row['diverged_at']:,}"
    return number_text(row["final_loss"], tiny=True)
