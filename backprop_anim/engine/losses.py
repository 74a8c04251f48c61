"""Losses and their gradients at the network's output; they hold options, never data.

Adding one is one registered class here. Arrays have shape (n_out, N): outputs by samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

from backprop_anim.common import Registry
from backprop_anim.engine.loss_telling import LossTelling
from backprop_anim.engine.types import Array

__all__ = ["Loss", "losses"]


class Loss(Protocol):
    """How wrong the outputs are, as one number.

    Attributes
    ----------
    output : str or None
        The only output activation that the loss goes with. Such a loss is computed from the pre-activation z,
        which is stable where a probability rounds to 0 or 1, and its gradient is dL/dz rather than dL/da.
    needs_classes : bool
        Whether the targets must be classes; where each output of the loss is sure of itself alone, as a sigmoid is,
        several columns of 0 and 1 are as good.
    label : str
        What an axis calls it.
    corners : tuple of float
        The errors a - y at which the slope of the loss has no derivative, or jumps.
    """

    output: ClassVar[str | None]
    needs_classes: ClassVar[bool]

    @property
    def label(self) -> str: ...

    @property
    def corners(self) -> tuple[float, ...]: ...

    def value(self, z: Array, a: Array, y: Array) -> float:
        """Return the loss over all samples of the batch."""
        ...

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        """Write dL/da (dL/dz where `output` is set) into `out` and return the loss."""
        ...

    def tell(self, a: float, y: float) -> LossTelling:
        """Return how formulas write what an output with this answer and target adds to the loss of one sample."""
        ...


losses: Registry[Loss] = Registry("loss")
"""Every loss, by the word that stands behind ``training.loss``."""


def _squares(difference: Array) -> float:
    """Return the sum of the squares of all entries."""
    return float(np.vdot(difference, difference))


def _tell_square(half: bool) -> LossTelling:
    if half:
        return LossTelling("½({a} − {y})^2", "{a} − {y}", lambda a, y: (a - y) ** 2 / 2)
    return LossTelling("({a} − {y})^2", "2({a} − {y})", lambda a, y: (a - y) ** 2)


@losses.register("mse")
@dataclass(frozen=True)
class MeanSquaredError:
    """Mean over samples of the squared error summed over outputs; with half: true, one half of it."""

    half: bool = field(default=False, metadata={"quiet": True})
    output: ClassVar[str | None] = None
    needs_classes: ClassVar[bool] = False
    corners: ClassVar[tuple[float, ...]] = ()

    @property
    def label(self) -> str:
        return "Half mean squared error" if self.half else "Mean squared error"

    def value(self, z: Array, a: Array, y: Array) -> float:
        difference = a - y
        loss = float(_squares(difference) / a.shape[1])
        return loss / 2 if self.half else loss

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        np.subtract(a, y, out)
        loss: float = _squares(out) / a.shape[1]
        np.multiply(out, (1 if self.half else 2) / a.shape[1], out)
        return loss / 2 if self.half else loss

    def tell(self, a: float, y: float) -> LossTelling:
        return _tell_square(self.half)


@losses.register("sse")
@dataclass(frozen=True)
class SumSquaredError:
    """Squared error summed over samples and outputs; with half: true, one half of it."""

    half: bool = field(default=False, metadata={"quiet": True})
    output: ClassVar[str | None] = None
    needs_classes: ClassVar[bool] = False
    corners: ClassVar[tuple[float, ...]] = ()

    @property
    def label(self) -> str:
        return "Half sum of squared errors" if self.half else "Sum of squared errors"

    def value(self, z: Array, a: Array, y: Array) -> float:
        loss = _squares(a - y)
        return loss / 2 if self.half else loss

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        np.subtract(a, y, out)
        loss = _squares(out)
        if not self.half:
            np.multiply(out, 2.0, out)
        return loss / 2 if self.half else loss

    def tell(self, a: float, y: float) -> LossTelling:
        return _tell_square(self.half)


def _log(value: float) -> float:
    return math.log(max(value, 1e-300))


@losses.register("cross_entropy")
@dataclass(frozen=True)
class CrossEntropy:
    """Mean over samples of -log of the probability given to the right class (softmax output).

    References
    ----------
    Bishop (2006), *Pattern Recognition and Machine Learning*, section 4.3.4: with a softmax, dL/dz = (a - y) / N.
    """

    output: ClassVar[str | None] = "softmax"
    needs_classes: ClassVar[bool] = True
    label: ClassVar[str] = "Cross-entropy"
    corners: ClassVar[tuple[float, ...]] = ()

    def value(self, z: Array, a: Array, y: Array) -> float:
        shifted = z - z.max(axis=0)
        log_probability = shifted - np.log(np.exp(shifted).sum(axis=0))
        # + 0.0 turns the -0.0 of a perfect answer into 0.
        return float(-np.vdot(y, log_probability) / z.shape[1] + 0.0)

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        np.subtract(a, y, out)
        np.divide(out, a.shape[1], out)
        return self.value(z, a, y)

    def tell(self, a: float, y: float) -> LossTelling:
        if y == 0:
            return LossTelling("", "{a} − {y}", lambda a, y: 0.0)
        return LossTelling(r"−\log {a}", "{a} − {y}", lambda a, y: -_log(a))


@losses.register("binary_cross_entropy")
@dataclass(frozen=True)
class BinaryCrossEntropy:
    """Mean over samples of -log of the probability given to the right answer, yes or no (sigmoid output).

    The loss of one output is log(1 + exp(z)) - y·z, written so that neither term overflows.

    References
    ----------
    Bishop (2006), *Pattern Recognition and Machine Learning*, section 4.3.2: with a sigmoid, dL/dz = (a - y) / N.
    """

    output: ClassVar[str | None] = "sigmoid"
    needs_classes: ClassVar[bool] = True
    label: ClassVar[str] = "Binary cross-entropy"
    corners: ClassVar[tuple[float, ...]] = ()

    def value(self, z: Array, a: Array, y: Array) -> float:
        return float(np.sum(np.logaddexp(0.0, z) - y * z) / z.shape[1])

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        np.subtract(a, y, out)
        np.divide(out, a.shape[1], out)
        return self.value(z, a, y)

    def tell(self, a: float, y: float) -> LossTelling:
        any_output = {"value_of_any": r"−\log {p}", "words": "p is the probability of the right answer, yes or no"}
        if y >= 0.5:
            return LossTelling(r"−\log {a}", "{a} − {y}", lambda a, y: -_log(a), **any_output)
        return LossTelling(r"−\log (1 − {a})", "{a} − {y}", lambda a, y: -_log(1 - a), **any_output)
