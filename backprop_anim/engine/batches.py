"""Which samples each step sees; they never see what the samples hold.

Adding an order is one registered class here. A stream gives the batches of a run one after another, and its
state can be stored and set again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Registry

__all__ = ["BatchOrder", "BatchStream", "batch_orders"]

Indices = NDArray[np.intp]


class BatchOrder(Protocol):
    """An order in which samples are taken."""

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        """Return the next samples to hand out, a stretch of any length above 0; batches are cut off its front."""
        ...


batch_orders: Registry[BatchOrder] = Registry("order")
"""Every order, by the word that stands behind ``training.order``."""


@batch_orders.register("cyclic")
@dataclass(frozen=True)
class Cyclic:
    """The samples in the order of the data, over and over."""

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        return np.arange(n_samples)


@batch_orders.register("shuffled")
@dataclass(frozen=True)
class Shuffled:
    """Every sample once an epoch, in a new order each time."""

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        return rng.permutation(n_samples)


@batch_orders.register("random")
@dataclass(frozen=True)
class Random:
    """Each sample drawn at random, whatever came before."""

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        return rng.integers(n_samples, size=n_samples)


class BatchStream:
    """The batches of a run, one after another, all of one size.

    Parameters
    ----------
    order : BatchOrder
    n_samples : int
    size : int
        Samples in a batch. A batch may straddle two epochs, so that no batch is smaller than the others.
    rng : numpy.random.Generator
    """

    def __init__(self, order: BatchOrder, n_samples: int, size: int, rng: np.random.Generator) -> None:
        self.order, self.n_samples, self.size, self.rng = order, n_samples, size, rng
        self.waiting: Indices = np.empty(0, dtype=np.intp)
        self.position = 0

    def take(self) -> Indices:
        """Return the samples of the next batch, shape (size,)."""
        while self.position + self.size > len(self.waiting):
            more = self.order.refill(self.n_samples, self.rng)
            self.waiting = np.concatenate([self.waiting[self.position :], more])
            self.position = 0
        start, self.position = self.position, self.position + self.size
        return self.waiting[start : self.position]
