"""Activation functions and their derivatives; they hold options, never data.

Adding one is one registered class here; relu and its kin are in `rectifiers.py`. Arrays have shape (..., n, N):
neurons by samples, with any number of leading axes (the snapshots of a run, for example). Every method writes into an
array that the caller owns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

import numpy as np
from annotated_types import Gt, Le

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
    corners : tuple of float
        Where f or f' has a corner, at which a difference quotient says nothing about the derivative.
    """

    output_only: ClassVar[bool]
    bounds: ClassVar[tuple[float, float]]
    corners: ClassVar[tuple[float, ...]]

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
    corners: ClassVar[tuple[float, ...]] = ()

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


@activations.register("hard_tanh")
@dataclass(frozen=True)
class HardTanh(Elementwise):
    """z held between -1 and 1, a tanh of three straight lines (Collobert, 2004)."""

    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    corners: ClassVar[tuple[float, ...]] = (-1.0, 1.0)

    def value(self, z: Array, out: Array) -> None:
        np.clip(z, -1.0, 1.0, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.less(np.abs(z), 1.0, out=out)


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
    corners: ClassVar[tuple[float, ...]] = ()

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
