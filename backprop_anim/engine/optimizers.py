"""Rules that turn a gradient into an update; their memory belongs to the caller.

Adding one is one registered class here. All act on whole flat vectors of the network's P parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from backprop_anim.common import Registry
from backprop_anim.engine.types import Array

__all__ = ["Optimizer", "optimizers"]


class Optimizer(Protocol):
    """How a step is made from a gradient.

    Attributes
    ----------
    n_memory : int
        How many vectors of P numbers the rule carries from step to step; they start as zeros.
    """

    n_memory: ClassVar[int]

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        """Write the update Δp, (P,), into `out` and bring `memory`, (n_memory, P), up to date.

        `step` counts from 1; `rate` is the aggression of this step; `parameters`, (P,), is the state that the update
        leaves, to be read alone.
        """
        ...


optimizers: Registry[Optimizer] = Registry("optimizer")
"""Every optimizer, by the word that stands behind ``training.optimizer``."""


@optimizers.register("sgd")
@dataclass(frozen=True)
class GradientDescent:
    """The plain rule: Δp = -aggression · gradient."""

    n_memory: ClassVar[int] = 0

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        np.multiply(gradient, -rate, out)


@optimizers.register("momentum")
@dataclass(frozen=True)
class Momentum:
    """Gradient descent with inertia: v ← momentum·v + gradient, Δp = -aggression · v (Polyak, 1964)."""

    momentum: Annotated[float, Ge(0), Lt(1)] = 0.9
    nesterov: bool = False
    n_memory: ClassVar[int] = 1

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        velocity = memory[0]
        np.multiply(velocity, self.momentum, velocity)
        np.add(velocity, gradient, velocity)
        if self.nesterov:
            np.multiply(velocity, -rate * self.momentum, out)
            out -= rate * gradient
        else:
            np.multiply(velocity, -rate, out)


@optimizers.register("nesterov")
@dataclass(frozen=True)
class Nesterov:
    """Inertia that looks ahead: v ← momentum·v + gradient, Δp = -aggression · (gradient + momentum·v).

    References
    ----------
    Nesterov (1983), "A method for solving the convex programming problem with convergence rate O(1/k²)", in the form of
    Sutskever et al. (2013) that PyTorch's SGD has.
    """

    momentum: Annotated[float, Ge(0), Lt(1)] = 0.9
    n_memory: ClassVar[int] = 1

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        Momentum(self.momentum, nesterov=True).update(gradient, rate, step, memory, parameters, out)


@optimizers.register("adagrad")
@dataclass(frozen=True)
class AdaGrad:
    """Each parameter's step is scaled by the root of the sum of its squared gradients (Duchi et al., 2011)."""

    epsilon: Annotated[float, Gt(0), Le(1)] = 1e-10
    n_memory: ClassVar[int] = 1

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        squares = memory[0]
        np.multiply(gradient, gradient, out)
        np.add(squares, out, squares)
        np.sqrt(squares, out)
        np.add(out, self.epsilon, out)
        np.divide(gradient, out, out)
        np.multiply(out, -rate, out)


@optimizers.register("rmsprop")
@dataclass(frozen=True)
class RMSProp:
    """Each parameter's step is scaled by the root of its mean squared gradient (Tieleman and Hinton, 2012)."""

    decay: Annotated[float, Ge(0), Lt(1)] = 0.99
    epsilon: Annotated[float, Gt(0), Le(1)] = 1e-8
    n_memory: ClassVar[int] = 1

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        mean_square = memory[0]
        np.multiply(mean_square, self.decay, mean_square)
        np.multiply(gradient, gradient, out)
        np.multiply(out, 1 - self.decay, out)
        np.add(mean_square, out, mean_square)
        np.sqrt(mean_square, out)
        np.add(out, self.epsilon, out)
        np.divide(gradient, out, out)
        np.multiply(out, -rate, out)


@optimizers.register("adam")
@dataclass(frozen=True)
class Adam:
    """Running mean of the gradient over the root of its running mean square, both bias-corrected.

    References
    ----------
    Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1.
    """

    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0), Le(1)] = 1e-8
    n_memory: ClassVar[int] = 2

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        mean, mean_square = memory
        np.multiply(mean, self.beta1, mean)
        np.multiply(gradient, 1 - self.beta1, out)
        np.add(mean, out, mean)
        np.multiply(mean_square, self.beta2, mean_square)
        np.multiply(gradient, gradient, out)
        np.multiply(out, 1 - self.beta2, out)
        np.add(mean_square, out, mean_square)
        np.multiply(mean_square, 1 / (1 - self.beta2**step), out)
        np.sqrt(out, out)
        np.add(out, self.epsilon, out)
        np.divide(mean, out, out)
        np.multiply(out, -rate / (1 - self.beta1**step), out)


@optimizers.register("adamw")
@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, and besides all weights and biases shrink by aggression · weight_decay of themselves.

    References
    ----------
    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", algorithm 2, in PyTorch's form: the decay is
    scaled by the aggression, and acts on every parameter.
    """

    weight_decay: Annotated[float, Ge(0), Le(100)] = 0.01

    def update(self, gradient: Array, rate: float, step: int, memory: Array, parameters: Array, out: Array) -> None:
        super().update(gradient, rate, step, memory, parameters, out)
        out -= rate * self.weight_decay * parameters
