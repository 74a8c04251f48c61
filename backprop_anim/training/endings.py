"""How a run ends before its last step: its loss left the numbers, or is as small as was asked for."""

from __future__ import annotations

from dataclasses import replace

from backprop_anim.common import DivergedError, UsageError, counted, number_text
from backprop_anim.engine import optimizers
from backprop_anim.experiment import Experiment
from backprop_anim.training.recording import Recording

__all__ = ["divergence", "early_end", "finite_part", "refuse_recorded"]


def divergence(experiment: Experiment, step: int) -> str:
    """Return in words that a run diverged at `step`, and what to lower in its file."""
    training = experiment.training
    if training.by:
        return f"training diverged: at step {step:,} a parameter is not finite"
    lower = f"training.{training.rate_word} (now {training.aggression:g})"
    if training.noise:
        lower += f" or training.noise (now {training.noise:g})"
    if training.penalty.weight_decay * training.aggression > 1:
        lower += f" or training.weight_decay (now {training.penalty.weight_decay:g})"
    return f"training diverged: at step {step:,} the loss is not finite; lower {lower}"


def refuse_recorded(experiment: Experiment) -> None:
    """Refuse to train what others trained.

    Raises
    ------
    UsageError
        Saying what can be done instead.
    """
    training = experiment.training
    if training.by:
        rule = f"{optimizers.name_of(training.optimizer)} at {training.aggression:g}, all data a step"
        raise UsageError(
            f"{experiment.name} was trained by {training.trained_by} and recorded: it can be drawn again (render). "
            f"With training.kind set to own, and a name of its own, it is trained here from the same start, by {rule}"
        )


def finite_part(step: int, recording: Recording) -> Recording:
    """Return the finite part of a run whose loss at `step` is no number."""
    finite = replace(recording.first_states(recording.n_finite), diverged_at=step)
    if not finite.n_snapshots:
        raise DivergedError(divergence(recording.experiment, step))
    return finite


def early_end(recording: Recording) -> str:
    """Return in words why a run ended before its last step without diverging; nothing if it did not."""
    if recording.stopped_at is None or (stop := recording.experiment.training.stop) is None:
        return ""
    said = f"ended early, at step {recording.stopped_at:,} of {recording.experiment.training.steps:,}: "
    if recording.out_of_patience:
        every = recording.experiment.training.steps_between_looks(recording.experiment.dataset.n_samples)
        looked = f"looked at every {counted(every, 'step')}, the loss over held-out data"
        return f"{said}{looked} was not better for {stop.patience:,} steps (training.stop.patience)"
    loss = number_text(float(recording.snapshot_losses[-1]), tiny=True)
    return f"{said}the loss over all data is {loss}, at most training.stop.loss ({stop.loss:g})"
