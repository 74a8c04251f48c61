"""How a run is told at the prompt when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_anim.cli.options import Printing
from backprop_anim.cli.terminal import bold, print_notice, print_result, show_json, show_table, size_text
from backprop_anim.common import counted

if TYPE_CHECKING:
    from backprop_anim.runs import Summary

__all__ = ["show_run"]


def show_run(summary: Summary, printing: Printing, verbose: bool) -> None:
    """Print what a run came to and what it left."""
    if printing.as_json:
        show_json(summary.as_mapping())
        return
    for note in summary.notes:
        print_notice(f"note: {note}")
    if printing.quiet:
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
    print_result(f"  {', '.join(stages)}, {seconds['total']:.1f} s in all; {counted(summary.n_frames, 'frame')}")
    shown = summary.files if verbose else summary.pictures
    show_table([(str(path), size_text(path)) for path in shown], right=frozenset({1}))
    if not verbose:
        print_result(f"  and the recording, weights, losses and summary in {summary.folder}")
