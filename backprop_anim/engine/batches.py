"""Which samples each step sees; they never see what the samples hold.

Adding an order is one registered class here. A stream gives the batches of a run one after another, and its
state can be stored and set again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Registry

__all__ = ["BatchOrder", "BatchStream", "batch_orders"]

Indices = NDArray[np.intp]


class BatchOrder(Protocol):
    """An order in which samples are taken.

    Attributes
    ----------
    has_passes : bool
        Whether every sample comes once before any comes again: an epoch is then such a pass.
    """

    has_passes: ClassVar[bool] = True

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        """Return the next samples to hand out, a stretch of any length above 0; batches are cut off its front."""
        ...


batch_orders: Registry[BatchOrder] = Registry("order")
"""Every order, by the word that stands behind ``training.order``."""


@batch_orders.register("cyclic")
@dataclass(frozen=True)
class Cyclic:
    """The samples in the order of the data, over and over."""

    has_passes: ClassVar[bool] = True

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        return np.arange(n_samples)


@batch_orders.register("shuffled")
@dataclass(frozen=True)
class Shuffled:
    """Every sample once an epoch, in a new order each time."""

    has_passes: ClassVar[bool] = True

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        return rng.permutation(n_samples)


@batch_orders.register("random")
@dataclass(frozen=True)
class Random:
    """Each sample drawn at random, whatever came before."""

    has_passes: ClassVar[bool] = False

    def refill(self, n_samples: int, rng: np.random.Generator) -> Indices:
        return rng.integers(n_samples, size=n_samples)


class BatchStream:
    """The batches of a run, one after another.

    Parameters
    ----------
    order : BatchOrder
    n_samples : int
    size : int
        Samples in a batch.
    rng : numpy.random.Generator
    straddles : bool
        Whether a batch may belong to two passes, so that none is smaller than the others. Otherwise the last one of a
        pass is short where the size does not divide the samples.
    """

    def __init__(
        self, order: BatchOrder, n_samples: int, size: int, rng: np.random.Generator, straddles: bool = False
    ) -> None:
        self.order, self.n_samples, self.size, self.rng = order, n_samples, size, rng
        self.straddles = straddles or not order.has_passes
        self.waiting: Indices = np.empty(0, dtype=np.intp)
        self.position = 0

    def take(self) -> Indices:
        """Return the samples of the next batch, shape (size,) or less at the end of a pass."""
        if not self.straddles:
            if self.position >= len(self.waiting):
                self.waiting, self.position = self.order.refill(self.n_samples, self.rng), 0
            start, self.position = self.position, min(self.position + self.size, len(self.waiting))
            return self.waiting[start : self.position]
        while self.position + self.size > len(self.waiting):
            more = self.order.refill(self.n_samples, self.rng)
            self.waiting = np.concatenate([self.waiting[self.position :], more])
            self.position = 0
        start, self.position = self.position, self.position + self.size
        return self.waiting[start : self.position]
