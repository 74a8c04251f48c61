"""Hand-derived gradients held against central differences; it never trains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine.backprop import Backprop
from backprop_anim.engine.losses import Loss
from backprop_anim.engine.network import Network
from backprop_anim.engine.penalty import Penalty
from backprop_anim.engine.types import Array

__all__ = ["TOLERANCE", "ArrayCheck", "GradientCheck", "check_gradients"]

TOLERANCE = 1e-6
"""A larger relative error than this means that a derivative is wrong."""

WIDTH = 1e-4
"""The step h of the differences, for a parameter of size 1."""


@dataclass(frozen=True)
class ArrayCheck:
    """The worst disagreement in one array of parameters.

    Attributes
    ----------
    name : str
        W1, b1, W2, …
    shape : tuple of int
    worst : float
        Largest |analytic - numeric| / max(|analytic|, |numeric|), where gradients below 1e-4 of the array's largest
        count as that size: under it a difference quotient is rounding noise.
    analytic, numeric : float
        The two values at the worst place.
    """

    name: str
    shape: tuple[int, ...]
    worst: float
    analytic: float
    numeric: float

    @property
    def passed(self) -> bool:
        """Whether the two agree to within `TOLERANCE`."""
        return self.worst <= TOLERANCE


@dataclass(frozen=True)
class GradientCheck:
    """The outcome for a whole network.

    Attributes
    ----------
    arrays : tuple of ArrayCheck
        In the order of the layers.
    n_samples : int
        How many samples were used.
    n_left_out : int
        Samples that sit on the corner of a relu, of the absolute error or the like, where there is no derivative to
        compare with.
    """

    arrays: tuple[ArrayCheck, ...]
    n_samples: int
    n_left_out: int

    @property
    def passed(self) -> bool:
        """Whether there was something to compare, and all of it agreed."""
        return self.n_samples > 0 and all(array.passed for array in self.arrays)


@np.errstate(over="ignore")
def check_gradients(
    network: Network, loss: Loss, parameters: Array, inputs: Array, targets: Array, penalty: Penalty | None = None
) -> GradientCheck:
    """Compare every parameter's gradient with a central difference of the loss.

    Parameters
    ----------
    network : Network
    loss : Loss
    parameters : ndarray, shape (P,)
    inputs, targets : ndarray, shape (N, n_in) and (N, n_out)
    penalty : Penalty, optional
        What the weights cost besides; that of |w| has no derivative at 0, and is left out there.

    References
    ----------
    Press et al. (2007), *Numerical Recipes*, section 5.7; the central difference here is the five-point one,
    whose error falls with h⁴.
    """
    smooth = _away_from_corners(network, loss, parameters, inputs, targets)
    x, y = inputs[smooth].T, targets[smooth].T
    state = parameters.copy()
    backprop = Backprop(network, loss, state, x.shape[1])
    backprop.forward(x)
    if x.shape[1]:
        backprop.backward(y)
    analytic = backprop.gradient.copy()
    numeric = np.zeros_like(analytic)
    for index, h in _nudges(parameters) if x.shape[1] else ():
        values = []
        for multiple in (1, -1, 2, -2):
            state[index] = parameters[index] + multiple * h
            backprop.forward()
            values.append(backprop.loss_value(y))
        state[index] = parameters[index]
        numeric[index] = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h)
    layout = network.layout
    if penalty:
        analytic += penalty.gradient(layout, parameters)
        numeric += _penalty_slopes(penalty, network, parameters)
    pairs = zip(layout.arrays(analytic).items(), layout.arrays(numeric).values(), strict=True)
    arrays = tuple(_worst(name, ours, theirs) for (name, ours), theirs in pairs)
    return GradientCheck(arrays, int(smooth.sum()), int((~smooth).sum()))


def _penalty_slopes(penalty: Penalty, network: Network, parameters: Array) -> Array:
    """Return the central differences of the penalty, which is a parabola on either side of 0, shape (P,)."""
    found = penalty.gradient(network.layout, parameters)
    state = parameters.copy()
    for index, h in _nudges(parameters):
        if abs(parameters[index]) <= h:
            continue
        values = []
        for side in (1, -1):
            state[index] = parameters[index] + side * h
            values.append(float(penalty.value(network.layout, state)))
        state[index] = parameters[index]
        found[index] = (values[0] - values[1]) / (2 * h)
    return found


def _nudges(parameters: Array) -> Iterator[tuple[int, float]]:
    """Yield each parameter's position and the step h that suits its size."""
    for index, value in enumerate(parameters):
        yield index, WIDTH * max(1.0, abs(float(value)))


def _away_from_corners(
    network: Network, loss: Loss, parameters: Array, inputs: Array, targets: Array
) -> NDArray[np.bool_]:
    """Return which samples stay on one side of every corner under all nudges, shape (N,)."""
    corners = [(layer, at) for layer, activation in enumerate(network.activations) for at in activation.corners]
    smooth = np.ones(len(inputs), dtype=np.bool_)
    if not corners and not loss.corners:
        return smooth
    state = parameters.copy()
    backprop = Backprop(network, loss, state, len(inputs))

    def sides() -> NDArray[np.bool_]:
        errors = backprop.a[-1] - targets.T
        return np.concatenate(
            [*(backprop.z[layer] > at for layer, at in corners), *(errors > at for at in loss.corners)]
        )

    backprop.forward(inputs.T)
    before = sides()
    for index, h in _nudges(parameters):
        for multiple in (-2, 2):
            state[index] = parameters[index] + multiple * h
            backprop.forward()
            smooth &= (sides() == before).all(axis=0)
        state[index] = parameters[index]
    return smooth


def _worst(name: str, analytic: Array, numeric: Array) -> ArrayCheck:
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    error = np.abs(analytic - numeric) / np.maximum(size, max(1e-4 * float(size.max()), 1e-9))
    at = np.unravel_index(int(np.argmax(error)), error.shape)
    return ArrayCheck(name, analytic.shape, float(error[at]), float(analytic[at]), float(numeric[at]))
