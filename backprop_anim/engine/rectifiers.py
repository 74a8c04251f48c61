"""The rectifier and its smooth and leaky kin: activations that let through what is above zero.

Like all activations they hold options, never data, and write into arrays that the caller owns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from backprop_anim.engine.activations import Elementwise, activations
from backprop_anim.engine.types import Array

__all__: list[str] = []


@activations.register("relu")
@dataclass(frozen=True)
class ReLU(Elementwise):
    """max(0, z), with slope 0 at 0 (Nair and Hinton, 2010)."""

    bounds: ClassVar[tuple[float, float]] = (0.0, math.inf)
    corners: ClassVar[tuple[float, ...]] = (0.0,)

    def value(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.0, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.greater(z, 0.0, out=out)


@activations.register("leaky_relu")
@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """max(z, slope·z): relu that never goes silent (Maas et al., 2013)."""

    slope: Annotated[float, Ge(0), Lt(1)] = 0.01
    corners: ClassVar[tuple[float, ...]] = (0.0,)

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
    corners: ClassVar[tuple[float, ...]] = (0.0,)

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


@activations.register("selu")
@dataclass(frozen=True)
class SELU(Elementwise):
    """elu scaled so that activations keep mean 0 and variance 1 from layer to layer, with lecun weights.

    References
    ----------
    Klambauer et al. (2017), "Self-normalizing neural networks", equation 2; the two constants are from appendix A1.
    """

    ALPHA: ClassVar[float] = 1.6732632423543772848170429916717
    SCALE: ClassVar[float] = 1.0507009873554804934193349852946
    corners: ClassVar[tuple[float, ...]] = (0.0,)

    def value(self, z: Array, out: Array) -> None:
        np.minimum(z, 0.0, out=out)
        np.expm1(out, out)
        np.multiply(out, self.ALPHA, out)
        np.copyto(out, z, where=z > 0)
        np.multiply(out, self.SCALE, out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.minimum(z, 0.0, out=out)
        np.exp(out, out)
        np.multiply(out, self.ALPHA, out)
        np.copyto(out, 1.0, where=z > 0)
        np.multiply(out, self.SCALE, out)


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


@activations.register("swish")
@dataclass(frozen=True)
class Swish(Elementwise):
    """z·sigmoid(z), a smooth relu that dips below 0 first; also called silu (Ramachandran et al., 2017)."""

    def value(self, z: Array, out: Array) -> None:
        np.negative(z, out)
        np.exp(out, out)
        np.add(out, 1.0, out)
        np.divide(z, out, out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        gate = 1 / (1 + np.exp(-z))
        np.multiply(gate, 1 + z * (1 - gate), out)


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
