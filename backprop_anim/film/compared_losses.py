"""The losses of several runs on one pair of axes, or their accuracies where the losses cannot stand on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from backprop_anim.common import number_text
from backprop_anim.drawing import PanelArea, Scale, linear_scale, log_scale, loss_decimals, plot_axes, steps_scale
from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment
from backprop_anim.story import Moment, accuracies
from backprop_anim.training import Recording

__all__ = ["ComparedRun", "create_losses", "losses_differ", "measure_texts"]

COLUMNS = 700
"""Each loss is thinned to the least and the greatest in each of about this many columns."""

PERCENT = Scale("linear", 0.0, 1.02, (0.0, 0.25, 0.5, 0.75, 1.0), ("0%", "25%", "50%", "75%", "100%"))


@dataclass(frozen=True)
class ComparedRun:
    """One of the runs.

    Attributes
    ----------
    label : str
        What sets it apart.
    recording : Recording
        Its states stand at the same steps as those of the others; a shorter run repeats its last.
    last_step : int
        Where the run itself ended.
    """

    label: str
    recording: Recording
    last_step: int


def create_losses(stage: PanelArea, runs: Sequence[ComparedRun], colors: Sequence[str]) -> Callable[[Moment], None]:
    """Draw the losses of all runs over the steps, faint; they grow strong as far as the film has come."""
    if losses_differ([each.recording.experiment for each in runs]):
        curves, title, y = [_accuracy_curve(each) for each in runs], "Accuracy", PERCENT
    else:
        curves, title = [_curve(each) for each in runs], runs[0].recording.experiment.training.loss.label
        y = _loss_scale(runs, curves)
    n_steps = max(int(each.recording.steps[-1]) for each in runs)
    axes = plot_axes(stage, steps_scale(max(n_steps, 1), False), y, title, "training step")
    marks = []
    for (steps, losses), color in zip(curves, colors, strict=True):
        axes.plot(steps, losses, color=color, linewidth=1.2, alpha=0.16)
        marks += axes.plot(steps, losses, color=color, linewidth=2.0, alpha=0.9, solid_joinstyle="round")
    uncover = stage.reveal(*marks)
    leader = max((each.recording for each in runs), key=lambda recording: recording.steps[-1])
    columns = axes.transData.transform(np.column_stack([leader.steps, np.full(leader.n_snapshots, y.high)]))[:, 0]
    (now,) = axes.plot([0, 0], [y.low, y.high], color=stage.theme.faint, linewidth=1.2)
    stage.animate(now)

    def show(moment: Moment) -> None:
        uncover(float(columns[moment.snapshot]))
        now.set_xdata([leader.steps[moment.snapshot]] * 2)

    return show


def _loss_scale(runs: Sequence[ComparedRun], curves: Sequence[tuple[Array, Array]]) -> Scale:
    """Return the axis of the losses: what a run that diverges comes to is not worth it."""
    highest = max(
        float(np.minimum(losses, each.recording.losses_worth_seeing).max())
        for each, (_, losses) in zip(runs, curves, strict=True)
    )
    values = np.concatenate([losses for _, losses in curves])
    lowest = float(values[np.isfinite(values)].min())
    if 0 < lowest < highest / 20:
        return log_scale(lowest, highest)
    return linear_scale(0.0, 1.02 * max(highest, 1e-9), 4)


def losses_differ(experiments: Sequence[Experiment]) -> bool:
    """Return whether runs have losses that cannot stand on one axis."""
    return len({each.training.loss for each in experiments}) > 1


def _accuracy_curve(run: ComparedRun) -> tuple[Array, Array]:
    """Return the accuracy over the steps of the run, at the states that were kept."""
    own = run.recording.steps <= run.last_step
    return run.recording.steps[own].astype(np.float64), accuracies(run.recording)[own]


def _curve(run: ComparedRun) -> tuple[Array, Array]:
    """Return the losses over the steps of the run, thinned to the least and the greatest in each of some columns."""
    recording = run.recording
    if recording.experiment.training.batch is not None:
        own = recording.steps <= run.last_step
        return recording.steps[own].astype(np.float64), recording.snapshot_losses[own]
    losses = recording.losses
    if recording.diverged_at is None:
        losses = np.append(losses, recording.snapshot_losses[-1])
    steps = np.arange(len(losses), dtype=np.float64)
    stride = -(-len(losses) // COLUMNS)
    if stride == 1:
        return steps, losses
    n = len(losses) // stride * stride
    blocks = losses[:n].reshape(-1, stride)
    x = np.repeat(steps[:n:stride], 2)
    return np.append(x, steps[-1]), np.append(
        np.column_stack([blocks.min(axis=1), blocks.max(axis=1)]).ravel(), losses[-1]
    )


def measure_texts(recording: Recording, by_accuracy: bool) -> list[str]:
    """Return what is said of a run at each of its states: its loss or its accuracy, or that it diverged."""
    return _accuracies_said(recording) if by_accuracy else _losses_said(recording)


def _losses_said(recording: Recording) -> list[str]:
    """Return what is said of the loss at each state: a number, or from where on there is none."""
    decimals = loss_decimals(recording)
    return _until_it_diverged(recording, [number_text(loss, decimals) for loss in recording.snapshot_losses])


def _accuracies_said(recording: Recording) -> list[str]:
    return _until_it_diverged(recording, [f"{share:.0%}" for share in accuracies(recording)])


def _until_it_diverged(recording: Recording, said: list[str]) -> list[str]:
    ended = recording.diverged_at
    if ended is not None:
        first = int(np.searchsorted(recording.steps, ended))
        said[first:] = [f"diverged at {ended:,}"] * (len(said) - first)
    return said
