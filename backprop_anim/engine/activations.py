"""Activation functions and their derivatives; they hold options, never data.

Adding one is one registered class here. Arrays have shape (..., n, N): neurons by samples, with any number of
leading axes (the snapshots of a run, for example). Every method writes into an array that the caller owns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from backprop_anim.common import Registry
from backprop_anim.engine.types import Array

__all__ = ["Activation", "Elementwise", "activations"]


class Activation(Protocol):
    """A layer's non-linearity, a = f(z).

    Attributes
    ----------
    output_only : bool
        Whether it may stand in the last layer alone.
    bounds : tuple of float
        The least and the greatest value of a.
    kinked : bool
        Whether f has a corner at z = 0, where a difference quotient says nothing about the derivative.
    """

    output_only: ClassVar[bool]
    bounds: ClassVar[tuple[float, float]]
    kinked: ClassVar[bool]

    def value(self, z: Array, out: Array) -> None:
        """Write f(z) into `out`, (..., n, N) -> (..., n, N)."""
        ...

    def backward(self, z: Array, a: Array, delta: Array, scratch: Array) -> None:
        """Turn dL/da, in `delta`, into dL/dz in place, (n, N); `scratch` has the same shape and may be overwritten."""
        ...


activations: Registry[Activation] = Registry("activation")
"""Every activation, by the word that stands in ``network.activation``."""


class Elementwise:
    """An activation that acts on each neuron alone, so that dL/dz = dL/da · f'(z)."""

    output_only: ClassVar[bool] = False
    bounds: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    kinked: ClassVar[bool] = False

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        """Write f'(z) into `out`, given z and a = f(z), (n, N)."""
        raise NotImplementedError

    def backward(self, z: Array, a: Array, delta: Array, scratch: Array) -> None:
        """Multiply `delta` by f'(z) in place."""
        self.derivative(z, a, scratch)
        np.multiply(delta, scratch, delta)


@activations.register("sigmoid")
@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """1 / (1 + exp(-z)), between 0 and 1."""

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def value(self, z: Array, out: Array) -> None:
        # Far below zero exp(-z) overflows to inf and the quotient is the right 0; callers silence the warning once.
        np.negative(z, out)
        np.exp(out, out)
        np.add(out, 1.0, out)
        np.divide(1.0, out, out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.subtract(1.0, a, out)
        np.multiply(out, a, out)


@activations.register("tanh")
@dataclass(frozen=True)
class Tanh(Elementwise):
    """Hyperbolic tangent, between -1 and 1."""

    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    def value(self, z: Array, out: Array) -> None:
        np.tanh(z, out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.multiply(a, a, out)
        np.subtract(1.0, out, out)


@activations.register("relu")
@dataclass(frozen=True)
class ReLU(Elementwise):
    """max(0, z), with slope 0 at 0 (Nair and Hinton, 2010)."""

    bounds: ClassVar[tuple[float, float]] = (0.0, math.inf)
    kinked: ClassVar[bool] = True

    def value(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.0, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.greater(z, 0.0, out=out)


@activations.register("leaky_relu")
@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """max(z, slope·z): relu that never goes silent (Maas et al., 2013)."""

    slope: Annotated[float, Ge(0), Lt(1)] = 0.01
    kinked: ClassVar[bool] = True

    def value(self, z: Array, out: Array) -> None:
        np.multiply(z, self.slope, out)
        np.maximum(out, z, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.greater(z, 0.0, out=out)
        np.maximum(out, self.slope, out=out)


@activations.register("elu")
@dataclass(frozen=True)
class ELU(Elementwise):
    """z above 0, alpha·(exp(z) - 1) below: smooth, down to -alpha (Clevert et al., 2015)."""

    alpha: Annotated[float, Gt(0), Le(100)] = 1.0
    kinked: ClassVar[bool] = True

    def value(self, z: Array, out: Array) -> None:
        np.minimum(z, 0.0, out=out)
        np.expm1(out, out)
        np.multiply(out, self.alpha, out)
        np.copyto(out, z, where=z > 0)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.minimum(z, 0.0, out=out)
        np.exp(out, out)
        np.multiply(out, self.alpha, out)
        np.copyto(out, 1.0, where=z > 0)


@activations.register("gelu")
@dataclass(frozen=True)
class GELU(Elementwise):
    """z·(1 + tanh(√(2/π)·(z + 0.044715·z³)))/2, a smooth relu.

    References
    ----------
    Hendrycks and Gimpel (2016), "Gaussian error linear units", the tanh form of section 2.
    """

    ROOT: ClassVar[float] = math.sqrt(2 / math.pi)
    CUBIC: ClassVar[float] = 0.044715

    def _tanh(self, z: Array) -> Array:
        bend: Array = np.tanh(self.ROOT * z * (1 + self.CUBIC * z * z))
        return bend

    def value(self, z: Array, out: Array) -> None:
        np.multiply(0.5 * z, 1 + self._tanh(z), out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        bend = self._tanh(z)
        inner_slope = self.ROOT * (1 + 3 * self.CUBIC * z * z)
        np.multiply(0.5 * z * (1 - bend * bend), inner_slope, out)
        np.add(out, 0.5 * (1 + bend), out)


@activations.register("softplus")
@dataclass(frozen=True)
class Softplus(Elementwise):
    """log(1 + exp(z)), a smooth relu that is never 0 (Dugas et al., 2000)."""

    bounds: ClassVar[tuple[float, float]] = (0.0, math.inf)

    def value(self, z: Array, out: Array) -> None:
        np.logaddexp(0.0, z, out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.multiply(z, -1.0, out)
        np.exp(out, out)
        np.add(out, 1.0, out)
        np.divide(1.0, out, out)


@activations.register("sine")
@dataclass(frozen=True)
class Sine(Elementwise):
    """sin(frequency·z), for wavy targets (Sitzmann et al., 2020)."""

    frequency: Annotated[float, Gt(0), Le(1000)] = 1.0
    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    def value(self, z: Array, out: Array) -> None:
        np.multiply(z, self.frequency, out)
        np.sin(out, out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.multiply(z, self.frequency, out)
        np.cos(out, out)
        np.multiply(out, self.frequency, out)


@activations.register("linear")
@dataclass(frozen=True)
class Linear(Elementwise):
    """z itself, for outputs without bounds."""

    def value(self, z: Array, out: Array) -> None:
        np.copyto(out, z)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        out.fill(1.0)

    def backward(self, z: Array, a: Array, delta: Array, scratch: Array) -> None:
        """Leave `delta` as it is."""


@activations.register("softmax")
@dataclass(frozen=True)
class Softmax:
    """exp(z) / sum of exp(z): probabilities of classes, for the output layer."""

    output_only: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    kinked: ClassVar[bool] = False

    def value(self, z: Array, out: Array) -> None:
        # The largest z is taken off first: the quotient is the same and nothing overflows.
        np.subtract(z, z.max(axis=-2, keepdims=True), out)
        np.exp(out, out)
        np.divide(out, out.sum(axis=-2, keepdims=True), out)

    def backward(self, z: Array, a: Array, delta: Array, scratch: Array) -> None:
        """Apply the transposed Jacobian, dL/dz = a · (dL/da - Σ a·dL/da), in place."""
        np.multiply(a, delta, scratch)
        np.subtract(delta, scratch.sum(axis=0), delta)
        np.multiply(delta, a, delta)
