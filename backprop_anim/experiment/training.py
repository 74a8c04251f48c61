"""How the network of an experiment learns: its loss, its steps, its batches, and when it has learned enough."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import BatchOrder, LearningRateSchedule, Loss, Optimizer, Penalty

__all__ = ["Stop", "Training"]

SHOWN = {"torch": "PyTorch", "keras": "Keras"}
"""Programs whose names are written otherwise than their packages."""

FULL_BATCH_LOOK = 100
"""Where every step sees all data, the loss is looked at once in so many steps."""


@dataclass(frozen=True)
class Stop:
    """When a run has learned enough to end before its last step.

    Attributes
    ----------
    loss : float or None
        The loss over all data at which it ends, or below.
    patience : int or None
        The steps without a better loss over what is held out after which it ends.
    """

    loss: float | None = None
    patience: int | None = None


@dataclass(frozen=True)
class Training:
    """How the network learns.

    Attributes
    ----------
    steps : int
        Updates of the parameters.
    loss : Loss
    optimizer : Optimizer
    aggression : float
        The learning rate.
    schedule : LearningRateSchedule
        Scales the aggression over the run.
    noise : float
        Each array's gradient is multiplied by 1 + noise·z, z standard normal, drawn anew for every array and step.
    batch : int or None
        Samples a step; None means all of them.
    order : BatchOrder
    rate_word : str
        What the file calls the aggression, for messages.
    straddles : bool
        Whether a batch may belong to two passes over the data, as in recordings of earlier versions.
    penalty : Penalty
        What large weights cost beside the loss; training lowers the sum of both.
    stop : Stop or None
    by : str
        Who trained, where it was not this program: the run was recorded. Then the rest is what this program would do
        from the same start, `batch` is None, and losses are known over all data alone.
    stride : int
        How many steps lie between two states that others captured, 0 for no fixed number; what is added to a state is
        what all of them added.
    """

    steps: int
    loss: Loss
    optimizer: Optimizer
    aggression: float
    schedule: LearningRateSchedule
    noise: float
    batch: int | None
    order: BatchOrder
    rate_word: str = field(default="learning_rate", compare=False)
    straddles: bool = False
    penalty: Penalty = field(default_factory=Penalty)
    stop: Stop | None = None
    by: str = ""
    stride: int = 1

    @property
    def trained_by(self) -> str:
        """Who trained, as a viewer knows it."""
        word, space, rest = self.by.partition(" ")
        return f"{SHOWN.get(word, word)}{space}{rest}"

    @property
    def told_as(self) -> str:
        """What is told as one step: one, or several of a run whose states were captured less often."""
        return {0: "several steps", 1: "one step"}.get(self.stride, f"{self.stride:,} steps")

    def steps_of(self, epochs: int, n_samples: int) -> int:
        """Return how many steps so many passes over the data take."""
        return epochs if self.batch is None else epochs * -(-n_samples // self.batch)

    def steps_between_looks(self, n_samples: int) -> int:
        """Return after how many steps it is looked whether the run may end: an epoch, or many of one step each."""
        return FULL_BATCH_LOOK if self.batch is None else self.steps_of(1, n_samples)

    def epochs_of(self, steps: NDArray[np.int64], n_samples: int) -> NDArray[np.float64]:
        """Return how often the data were seen after so many steps, fractions included."""
        if self.batch is None:
            return steps.astype(np.float64)
        if self.straddles or not self.order.has_passes:
            return np.asarray(steps * (self.batch / n_samples), np.float64)
        whole, more = np.divmod(steps, self.steps_of(1, n_samples))
        return np.asarray(whole + np.minimum(more * self.batch, n_samples) / n_samples, np.float64)
