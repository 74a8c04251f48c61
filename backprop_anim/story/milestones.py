"""What is worth a word in a run: the loss has halved, nine of ten are right; it never draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backprop_anim.experiment import Caption
from backprop_anim.training import Recording

__all__ = ["SECONDS", "milestones"]

SHARE = 0.9

RISEN, NEAR, LASTING = 1.2, 1.05, 0.1
"""A loss has turned upward where it ends so many times its least, and for so much of the states at least."""

SECONDS = 2.5
"""How long a milestone is said."""


def milestones(recording: Recording, n_lasting: int = 1) -> list[Caption]:
    """Return captions for what the run reached, in the order of its states.

    Parameters
    ----------
    recording : Recording
    n_lasting : int
        For how many states a thing has to last, so that it is true while it is said; to the end counts as well.
    """
    losses = recording.snapshot_losses
    reached = [(_first_lasting(losses <= losses[0] / 2, n_lasting), "the loss had halved")]
    if recording.experiment.dataset.kind == "classes":
        row = _first_lasting(recording.snapshot_accuracies >= SHARE, recording.n_snapshots)
        reached.append((row, f"on at least {SHARE:.0%} were right"))
    word = recording.experiment.step_word
    turn = _turn(recording)
    found = [
        Caption(int(recording.steps[row]), f"{start} {word} {recording.steps[row]:,} {what}", SECONDS)
        for (row, what), start in zip(reached, ("By", "From"), strict=False)
        if row
    ]
    if turn is not None:
        when = f"From {word} {recording.steps[turn]:,} on" if turn else "From the start"
        said = f"{when} the loss over held-out data rose: overfitting"
        found.append(Caption(int(recording.steps[turn]), said, SECONDS))
    return sorted(found, key=lambda caption: caption.step)


def _turn(recording: Recording) -> int | None:
    """Return the last state at which the loss over what is held out is near its least; None for none worth a word."""
    losses = recording.test_losses
    if losses is None or not np.isfinite(losses).all():
        return None
    last = int(np.flatnonzero(losses <= NEAR * losses.min())[-1])
    is_lasting = len(losses) - 1 - last >= LASTING * len(losses)
    return last if is_lasting and losses[-1] > RISEN * losses.min() else None


def _first_lasting(so: NDArray[np.bool_], n_lasting: int) -> int | None:
    """Return the first place from which on a thing is so for a while, or to the end."""
    for start in np.flatnonzero(so).tolist():
        if so[start : start + max(1, n_lasting)].all():
            return int(start)
    return None
