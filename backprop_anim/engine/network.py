"""A network's shape and activations, and its outputs for given parameters; it never learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine.activations import Activation
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array, Rows

__all__ = ["Network", "decided_classes"]

MAX_BLOCK_NUMBERS = 2_000_000
"""Forward passes of many snapshots are cut into blocks of about this many numbers."""

MAX_BLOCK_PARAMETERS = 1_000_000
"""And into blocks of about this many parameters."""


@dataclass(frozen=True)
class Network:
    """A feed-forward network without its parameters.

    Attributes
    ----------
    sizes : tuple of int
        Neurons of each layer, the input first.
    activations : tuple of Activation
        One for each layer after the input.
    bias : bool
    frozen : tuple of str
        The arrays (W1, b1, …) that training holds still.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    bias: bool = True
    frozen: tuple[str, ...] = ()

    @cached_property
    def layout(self) -> Layout:
        """Where the parameters lie in the flat vector."""
        return Layout(self.sizes, self.bias)

    @cached_property
    def is_frozen(self) -> NDArray[np.bool_]:
        """Which parameters training holds still, shape (P,)."""
        return np.array([name in self.frozen for name in self.layout.names])[self.layout.owner]

    def layers(self, parameters: Array, inputs: Array) -> list[Array]:
        """Return the activations of every layer, the input first.

        Parameters
        ----------
        parameters : ndarray, shape (..., P)
            One state of the network, or many.
        inputs : ndarray, shape (N, n_in) or (..., N, n_in)
            Samples as rows; leading axes go with those of `parameters`.

        Returns
        -------
        list of ndarray, shape (..., N, n)
        """
        return [np.swapaxes(a, -1, -2) for _, a in self._passes(parameters, inputs)]

    def pre_activations(self, parameters: Array, inputs: Array) -> Array:
        """Return z of the last layer, shape (..., N, n_out): the logits of a classifier."""
        *_, (z, _) = self._passes(parameters, inputs)
        return np.swapaxes(z, -1, -2)

    def outputs(self, parameters: Rows, inputs: Array) -> Array:
        """Return the network's answers, shape (..., N, n_out), in blocks where the states are many."""
        if len(parameters.shape) == 1:
            return self._last(parameters[:], inputs)
        per_state = max(inputs.shape[-2] * max(self.sizes), 1)
        rows = max(1, min(MAX_BLOCK_NUMBERS // per_state, MAX_BLOCK_PARAMETERS // self.layout.n_parameters))
        parts = [
            self._last(parameters[start : start + rows], inputs if inputs.ndim == 2 else inputs[start : start + rows])
            for start in range(0, len(parameters), rows)
        ]
        return np.concatenate(parts)

    def _last(self, parameters: Array, inputs: Array) -> Array:
        *_, (_, a) = self._passes(parameters, inputs)
        return np.swapaxes(a, -1, -2)

    def _passes(self, parameters: Array, inputs: Array) -> Iterator[tuple[Array, Array]]:
        """Yield z and a of every layer, (..., n, N); for the input both are the samples."""
        a = np.swapaxes(np.asarray(inputs, dtype=np.float64), -1, -2)
        yield a, a
        for block, activation in zip(self.layout.blocks(parameters), self.activations, strict=True):
            with np.errstate(over="ignore"):  # never around a yield: it would hold for the caller too
                z = block[..., :-1] @ a + block[..., -1:] if self.bias else block @ a
                a = np.empty_like(z)
                activation.value(z, a)
            yield z, a


def decided_classes(outputs: Array) -> NDArray[np.int64]:
    """Return the class that outputs are for, shape (…) of (…, n_out): the largest's, or of one output 1 from 0.5 on."""
    several = outputs.shape[-1] > 1
    return np.asarray(outputs.argmax(axis=-1) if several else outputs[..., 0] >= 0.5, np.int64)
