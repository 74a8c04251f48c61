"""What large weights cost beside the loss of the data: weight decay and l1; it never sees a sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array

__all__ = ["Penalty"]


@dataclass(frozen=True)
class Penalty:
    """weight_decay/2 · Σw² + l1 · Σ|w| over all weights; biases are free.

    It is false where it costs nothing.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 7.1.
    """

    weight_decay: float = 0.0
    l1: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.weight_decay or self.l1)

    def value(self, layout: Layout, parameters: Array) -> Array:
        """Return what the weights of one state or of many, shape (..., P), cost, shape (...)."""
        weights = np.where(layout.is_weight, parameters, 0.0)
        squares, sizes = np.sum(weights * weights, axis=-1), np.sum(np.abs(weights), axis=-1)
        cost: Array = self.weight_decay / 2 * squares + self.l1 * sizes
        return cost

    def gradient(self, layout: Layout, parameters: Array) -> Array:
        """Return its gradient, shape (..., P); that of |w| at 0 is 0."""
        weights = np.where(layout.is_weight, parameters, 0.0)
        slope: Array = self.weight_decay * weights + self.l1 * np.sign(weights)
        return slope
