"""What is worth a word in a run: the loss has halved, nine of ten are right; it never draws."""

from __future__ import annotations

import numpy as np

from backprop_anim.engine.types import Array
from backprop_anim.experiment import Caption
from backprop_anim.recording import Recording

__all__ = ["accuracies", "milestones"]

SHARE = 0.9
SECONDS = 2.5


def milestones(recording: Recording) -> list[Caption]:
    """Return captions for what the run reached, in the order of its states; a state is said to reach a thing first."""
    steps, losses = recording.steps, recording.snapshot_losses
    found = []
    halved = np.flatnonzero(losses <= losses[0] / 2)
    if halved.size:
        step = int(steps[halved[0]])
        found.append(Caption(step, f"Step {step:,}: the loss has halved", SECONDS))
    if recording.experiment.dataset.kind == "classes":
        right = np.flatnonzero(accuracies(recording) >= SHARE)
        if right.size and right[0] > 0:
            step = int(steps[right[0]])
            found.append(Caption(step, f"Step {step:,}: {SHARE:.0%} are told apart", SECONDS))
    return sorted(found, key=lambda caption: caption.step)


def accuracies(recording: Recording) -> Array:
    """Return the share of samples that each kept state puts into the right class, shape (S,)."""
    dataset, network = recording.experiment.dataset, recording.experiment.network
    outputs = network.outputs(recording.parameters, dataset.inputs)
    chosen = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs[..., 0] >= 0.5).astype(np.int64)
    share: Array = (chosen == dataset.labels).mean(axis=-1)
    return share
