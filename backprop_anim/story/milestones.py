"""What is worth a word in a run: the loss has halved, nine of ten are right; it never draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backprop_anim.experiment import Caption
from backprop_anim.training import Recording

__all__ = ["SECONDS", "milestones"]

SHARE = 0.9
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
    found = [
        Caption(int(recording.steps[row]), f"{start} {word} {recording.steps[row]:,} {what}", SECONDS)
        for (row, what), start in zip(reached, ("By", "From"), strict=False)
        if row
    ]
    return sorted(found, key=lambda caption: caption.step)


def _first_lasting(so: NDArray[np.bool_], n_lasting: int) -> int | None:
    """Return the first place from which on a thing is so for a while, or to the end."""
    for start in np.flatnonzero(so).tolist():
        if so[start : start + max(1, n_lasting)].all():
            return int(start)
    return None
