"""The commands that look at an experiment or a run: check, gradcheck and predict."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backprop_anim.cli.options import Config, Json, Plugin, Quiet, Run, Set, Sweep, Target, target_settings
from backprop_anim.cli.sources import at_step, find, find_run, load
from backprop_anim.cli.terminal import bold, print_notice, print_result, show_json, show_table
from backprop_anim.common import BackpropAnimError, ExperimentError, OutputError, is_file

if TYPE_CHECKING:
    from backprop_anim.config import Variant
    from backprop_anim.experiment import Experiment

__all__ = ["check", "gradcheck", "predict"]


def check(
    configs: Annotated[list[str], typer.Argument(metavar="CONFIG…", help="YAML files or names of examples.")],
    settings: Set = None,
    sweep: Sweep = None,
    target: Target = None,
    plugin: Plugin = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say whether experiments are valid, and what they would make.

    Of a sweep, that is each of its runs.
    """
    from backprop_anim.config import advice, describe, differences
    from backprop_anim.experiment import as_mapping

    failures: list[BackpropAnimError] = []
    checked = []
    chosen = [*target_settings(target), *(settings or [])]
    for config in configs:
        try:
            if _shows_table(config, chosen, quiet or as_json):
                continue
            runs = _variants(config, chosen, sweep or [], quiet or as_json)
        except BackpropAnimError as error:
            failures.append(error)
            continue
        checked += [as_mapping(run.experiment) for run in runs]
        if not quiet and not as_json:
            heading, *lines = describe(runs[0].experiment)
            print_result("\n  ".join((bold(heading), *lines)))
            for line in advice(runs[0].experiment):
                print_notice(f"note: {line}")
            for run in runs[1:]:
                print_result("\n  ".join((bold(run.experiment.name), *differences(run.experiment, runs[0].experiment))))
    if as_json:
        show_json(checked[0] if len(checked) == 1 and len(configs) == 1 else {"experiments": checked})
    if failures:
        raise _all_of(failures)


def _shows_table(config: str, settings: list[str], quiet: bool) -> bool:
    """Print the columns of a CSV file; return whether that is all there is to say before one is chosen."""
    from backprop_anim.config import is_table, table_lines

    if quiet or not is_table(config) or not is_file(config):
        return False
    (heading, *lines), to_say = table_lines(Path(config), settings)
    print_result("\n  ".join((bold(heading), *lines)))
    if to_say:
        print_notice(to_say)
    return bool(to_say)


def _variants(config: str, settings: list[str], sweeps: list[str], quiet: bool) -> tuple[Variant, ...]:
    from backprop_anim.config import load_variants, read_variants

    if config == "-":
        text = sys.stdin.buffer.read()
        return read_variants(text, label="<stdin>", name="stdin", folder=Path.cwd(), overrides=settings, sweeps=sweeps)
    return load_variants(find(config, quiet), settings, sweeps)


def _all_of(failures: list[BackpropAnimError]) -> BackpropAnimError:
    """Return one error that says what all of them say."""
    if len(failures) == 1:
        return failures[0]
    invalid = [failure for failure in failures if isinstance(failure, ExperimentError)]
    if len(invalid) == len(failures):
        return ExperimentError(*(problem for failure in invalid for problem in failure.problems))
    whole = BackpropAnimError("\n".join(map(str, failures)))
    whole.exit_status = failures[0].exit_status
    return whole


def gradcheck(
    config: Config,
    settings: Set = None,
    target: Target = None,
    plugin: Plugin = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Hold every gradient to finite differences."""
    import numpy as np

    from backprop_anim.common import GradientError
    from backprop_anim.engine import TOLERANCE
    from backprop_anim.runs import check_first_gradients

    experiment = load(config, [*target_settings(target), *(settings or [])], quiet or as_json)
    found = check_first_gradients(experiment)
    checked, there = found.n_samples + found.n_left_out, experiment.dataset.n_samples
    if checked < there and not (quiet or as_json):
        print_notice(f"note: on {checked:,} of the {there:,} samples, evenly chosen")
    if as_json:
        arrays = [{"name": a.name, "shape": list(a.shape), "worst_relative_error": a.worst} for a in found.arrays]
        show_json({"passed": found.passed, "samples": found.n_samples, "left_out": found.n_left_out, "arrays": arrays})
    elif not quiet:
        print_result(f"{bold(experiment.name)}  gradients at the first state against central differences")
        rows: list[tuple[str, ...]] = [("array", "shape", "worst relative error", "")]
        for array in found.arrays:
            shape = "×".join(map(str, array.shape))
            rows.append((array.name, shape, f"{array.worst:.1e}", "ok" if array.passed else "WRONG"))
        show_table(rows, right=frozenset({2}))
        if found.n_left_out:
            print_result(
                f"  left out: {found.n_left_out} samples on a corner of an activation or of the loss, "
                "where there is no derivative"
            )
    if not found.passed:
        worst = max((array.worst for array in found.arrays), default=np.inf)
        raise GradientError(f"a gradient is off by {worst:.1e}; up to {TOLERANCE:.0e} is rounding")


def predict(
    run: Run,
    row: Annotated[
        list[str] | None, typer.Option("--row", metavar="NUMBERS", help="One sample, as 0,1,1. May be repeated.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Samples as a CSV file with the inputs' names on top.")
    ] = None,
    step: Annotated[int | None, typer.Option("--step", metavar="N", min=0, help="An earlier state.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.csv", help="Write samples and answers there.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    plugin: Plugin = None,
    as_json: Json = False,
) -> None:
    """Give a trained network's outputs for new samples.

    Where a CSV file holds what was to be predicted, it is told how well they fit.
    """
    from backprop_anim.runs import find_recording, open_run, predict_file
    from backprop_anim.runs import predict as predict_rows

    if output is not None and output.exists() and not force:
        raise OutputError(f"{output} is there already; choose another name, or --force writes over it")

    path = find_run(run, "predict", find_recording)
    recording = open_run(path)
    if step is not None:
        recording = at_step(recording, step, path.parent, as_json)
    if csv is not None and not row:
        table = predict_file(recording, csv, step)
    else:
        table = predict_rows(recording, _rows(row or [], csv, recording.experiment), step)
    shown = int(recording.steps[-1 if step is None else recording.nearest(step)])
    if step is not None and shown != step:
        print_notice(f"these are the outputs at step {shown:,}")
    if output is not None:
        table.save(output, force)
    if as_json:
        show_json({"step": shown, **table.as_mapping()})
        return
    if output is not None:
        print_result(str(output))
    else:
        show_table([table.header, *table.lines()], right=frozenset(range(table.n_numbers)))
    for score in table.scores:
        print_result(str(score))
    if table.note:
        print_notice(table.note)


def _rows(texts: list[str], csv: Path | None, experiment: Experiment) -> list[list[float]]:
    """Return the samples that were typed, and those of a file below them."""
    from backprop_anim.runs import rows_from_csv, rows_from_text, rows_of_columns

    dataset = experiment.dataset
    if dataset.input_columns:
        return rows_of_columns(texts, csv, experiment)
    below = [] if csv is None else rows_from_csv(csv, dataset.input_names, dataset.n_inputs)
    return rows_from_text(texts, dataset.n_inputs) + below
