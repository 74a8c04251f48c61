"""How good a state is, as every view says it: its loss with so many decimals, and which samples are right."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array, decided_classes
from backprop_anim.training import Recording

__all__ = ["loss_decimals", "n_right", "right_samples"]


def loss_decimals(recording: Recording) -> int:
    """Return the decimals with which the least loss of the run still has two digits, 4 to 8."""
    finite = recording.snapshot_losses[np.isfinite(recording.snapshot_losses)]
    least = float(np.min(finite, initial=1.0))
    return min(8, max(4, math.ceil(-math.log10(max(least, 1e-8))) + 1))


def n_right(recording: Recording) -> Array:
    """Return how many samples each kept state puts into the right class, shape (S,)."""
    found: Array = np.rint(recording.snapshot_accuracies * recording.experiment.dataset.n_samples)
    return found


def right_samples(recording: Recording, parameters: Array) -> NDArray[np.bool_]:
    """Return which samples a state puts into the right class, shape (N,); empty where there are no classes."""
    dataset = recording.experiment.dataset
    if dataset.labels is None:
        return np.zeros(0, bool)
    found: NDArray[np.bool_] = (
        decided_classes(recording.experiment.network.outputs(parameters, dataset.inputs)) == dataset.labels
    )
    return found
