"""What a run came to, in a few honest words for its last state; it never draws."""

from __future__ import annotations

import numpy as np

from backprop_anim.common import counted, number_text
from backprop_anim.story.measures import n_right
from backprop_anim.training import Recording

__all__ = ["verdict"]

MOST_LABELS = 3
"""So many labels are told one by one."""

LEAST_PLAIN, MOST_PLAIN = 1e-4, 1e6

ALL_ALIKE = 1e-9
"""Targets that spread by no larger share of their size are one number."""

POOR = 0.5
"""Where answers are typically off by more than this share of the targets' own spread, the fit is poor."""


def verdict(recording: Recording) -> str:
    """Return what the last state came to; nothing for a run that diverged, which has a card for it."""
    if recording.diverged_at is not None:
        return ""
    experiment = recording.experiment
    dataset = experiment.dataset
    if dataset.kind == "classes":
        said = f"{int(n_right(recording)[-1]):,} of {counted(dataset.n_samples, 'sample')} right"
        return said + _of_held_out(recording)
    if experiment.has_labels:
        return _labels_right(recording)
    aim = experiment.shown_targets()
    gaps = experiment.answers(recording.parameters[-1], dataset.shown_inputs) - aim
    spread = float(np.sqrt(((aim - aim.mean(axis=0)) ** 2).sum(axis=1).mean()))
    typical = float(np.sqrt((gaps**2).sum(axis=1).mean()))
    if typical > POOR * spread and spread > ALL_ALIKE * float(np.abs(aim).max()):
        return f"A poor fit still: typically off by {_short(typical)}, where the targets spread by {_short(spread)}"
    if dataset.kind == "curve":
        return f"Largest distance from the curve {_short(float(np.sqrt((gaps**2).sum(axis=1)).max()))}"
    what = "the targets" if dataset.truth is None else "the observations"
    return f"Typical distance from {what} {_short(typical)}"


def _short(value: float) -> str:
    """Return a number with two digits, as people write it where it is not too long."""
    if LEAST_PLAIN <= value < MOST_PLAIN:
        return f"{float(f'{value:.2g}'):,g}"
    return number_text(value, 0, tiny=True)


def _of_held_out(recording: Recording) -> str:
    """Return how many of the samples that are held out are right, behind a comma; nothing where there are none."""
    held_out, shares = recording.experiment.dataset.held_out, recording.test_accuracies
    if held_out is None or shares is None:
        return ""
    n = held_out.n_samples
    return f", and {round(float(shares[-1]) * n):,} of {n:,} that were held out"


def _labels_right(recording: Recording) -> str:
    """Return for how many samples each label is right, or where they are many for how many answers of all."""
    names, n = recording.experiment.dataset.output_names, recording.experiment.dataset.n_samples
    right = np.rint(recording.label_accuracies[-1] * n).astype(int).tolist()
    if len(names) != len(right) or len(right) > MOST_LABELS:
        return f"{sum(right):,} of {counted(n * len(right), 'answer')} right"
    return "Right: " + ", ".join(f"{name} {k:,} of {n:,}" for name, k in zip(names, right, strict=True))
