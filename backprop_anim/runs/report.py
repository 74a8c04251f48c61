"""What a finished run says in words: its losses, its answers, its shapes; it never prints."""

from __future__ import annotations

import numpy as np

from backprop_anim.common import counted, number_text
from backprop_anim.training import Recording, early_end

__all__ = ["loss_lines", "prediction_table", "state_lines"]

MOST_ROWS = 12
PARTS = 4
"""A run's loss is told at the start, after each of so many parts, and at the end."""


def loss_lines(recording: Recording) -> list[str]:
    """Return the first and the last losses, each by its name, and the accuracy of a classifier."""
    label, shown = recording.experiment.training.loss.label, recording.snapshot_losses
    first, last = (number_text(float(shown[row]), tiny=True) for row in (0, -1))
    if recording.diverged_at is not None:
        lines = [f"{label}: initial {first}, {last} at step {recording.steps[-1]:,}, the last that is kept"]
    else:
        lines = [f"{label}: initial {first}, final {last}"]
        if recording.experiment.training.batch is None and recording.losses.size:
            before = number_text(float(recording.losses[-1]), tiny=True)
            lines[0] += f" ({before} before the last update)"
    if why := early_end(recording):
        lines.append(f"{why[0].upper()}{why[1:]}")
    if recording.experiment.dataset.kind == "classes":
        share = recording.snapshot_accuracies
        lines.append(f"Accuracy: initial {share[0]:.1%}, final {share[-1]:.1%}")
    lines += _test_lines(recording)
    if recording.experiment.has_labels:
        lines += _label_lines(recording)
    return lines


def _label_lines(recording: Recording) -> list[str]:
    """Return how often each label is right, over the samples that are held out too."""
    lines = [
        f"Accuracy of {name}: initial {share[0]:.1%}, final {share[-1]:.1%}"
        for name, share in zip(recording.experiment.label_names, recording.label_accuracies.T, strict=True)
    ]
    if recording.test_label_accuracies is None:
        return lines
    tested = recording.test_label_accuracies[-1]
    return [f"{line}, held out {share:.1%}" for line, share in zip(lines, tested, strict=True)]


def _test_lines(recording: Recording) -> list[str]:
    """Return the last loss and accuracy over the samples that are held out, and where the loss was least."""
    losses, shares, held_out = recording.test_losses, recording.test_accuracies, recording.experiment.dataset.held_out
    if losses is None or held_out is None:
        return []
    least = int(np.nanargmin(losses)) if np.isfinite(losses).any() else len(losses) - 1
    final = number_text(float(losses[-1]), tiny=True)
    line = f"On {counted(held_out.n_samples, 'sample')} held out: loss {final}"
    if shares is not None:
        line += f", accuracy {shares[-1]:.1%}"
    if least < len(losses) - 1:
        number = number_text(float(losses[least]), tiny=True)
        line += f"; the least of the kept states was {number} at step {recording.steps[least]:,}"
    return [line]


def prediction_table(recording: Recording) -> list[tuple[str, ...]]:
    """Return a table of the inputs, what the network predicts and what is actual, for small data; else nothing."""
    experiment = recording.experiment
    dataset, targets = experiment.dataset, experiment.shown_targets()
    if dataset.n_samples > MOST_ROWS:
        return []
    outputs = experiment.answers(recording.parameters[-1], dataset.shown_inputs)
    many = targets.shape[1] > 1
    named = dataset.names_of_outputs(targets.shape[1]) or [str(k + 1) for k in range(targets.shape[1])]
    names = [f" {name}" if many else "" for name in named]
    header = (
        *dataset.input_names,
        *(f"Predicted{name}" for name in names),
        *(f"Actual{name}" for name in names),
    )
    rows = [
        (
            *(f"{x:g}" for x in inputs),
            *(number_text(float(value), 3) for value in predicted),
            *(f"{value:g}" for value in actual),
        )
        for inputs, predicted, actual in zip(dataset.shown_inputs, outputs, targets, strict=True)
    ]
    return [header, *rows]


def state_lines(recording: Recording) -> list[str]:
    """Return more: the loss along the way, the outputs before their activation, the shapes of the gradients."""
    experiment, n_steps = recording.experiment, int(recording.steps[-1])
    known = dict(enumerate(recording.losses.tolist()))  # by step; of what others trained, of the kept states
    known = known or dict(zip(recording.steps.tolist(), recording.snapshot_losses.tolist(), strict=True))
    known[n_steps] = float(recording.snapshot_losses[-1])
    told = sorted({*list(known)[: -1 : max(1, (len(known) - 1) // PARTS)], n_steps})
    lines = [f"step {step:>8,}: loss {number_text(known[step], tiny=True)}" for step in told]
    some = experiment.dataset.inputs[:3]
    z = experiment.network.pre_activations(recording.parameters[-1], some)
    rows = "; ".join(", ".join(f"{value:+.4f}" for value in row) for row in np.atleast_2d(z))
    lines.append(f"logits of the first {counted(len(some), 'sample')}: {rows}")
    shapes = experiment.network.layout.shapes().items()
    lines.append("gradients: " + ", ".join(f"{name} {'×'.join(map(str, shape))}" for name, shape in shapes))
    return lines
