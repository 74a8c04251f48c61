"""Where each weight and bias of a network lies in the one flat vector that holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine.types import Array

__all__ = ["Layout"]

S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True)
class Layout:
    """The shapes of a network's parameters.

    Layer by layer, the vector holds the rows of the block [W | b]: with a row of ones under the activations,
    one product gives W a + b. Everything else follows from views of that block.

    Attributes
    ----------
    sizes : tuple of int
        Neurons of each layer, the input first.
    bias : bool
        Whether the layers have biases.
    """

    sizes: tuple[int, ...]
    bias: bool = True

    @property
    def connections(self) -> tuple[tuple[int, int], ...]:
        """(n_in, n_out) of each layer of weights."""
        return tuple(pairwise(self.sizes))

    @cached_property
    def n_parameters(self) -> int:
        """The length P of the vector."""
        return sum(n_out * (n_in + self.bias) for n_in, n_out in self.connections)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays, W1, b1, W2, b2, …; noise draws one number for each, in this order."""
        kinds = "Wb" if self.bias else "W"
        return tuple(f"{kind}{layer}" for layer in range(1, len(self.sizes)) for kind in kinds)

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """For each parameter the position of its array in `names`, shape (P,)."""
        owners = np.empty(self.n_parameters, dtype=np.intp)
        for position, view in enumerate(self._views(owners).values()):
            view[...] = position
        return owners

    @cached_property
    def is_weight(self) -> NDArray[np.bool_]:
        """Which parameters are weights, and no biases, shape (P,)."""
        weights = [name.startswith("W") for name in self.names]
        return np.array(weights, np.bool_)[self.owner]

    def blocks(self, vector: Array) -> tuple[Array, ...]:
        """Return the view [W | b] of each layer, shape (..., n_out, n_in + 1), or W alone without biases."""
        return self._blocks(vector)

    def arrays(self, vector: Array) -> dict[str, Array]:
        """Return views by name: W of shape (..., n_out, n_in) and b of shape (..., n_out)."""
        return self._views(vector)

    def pack(self, arrays: Mapping[str, Array]) -> Array:
        """Return a new flat vector, shape (P,), with the given arrays in their places."""
        vector = np.empty(self.n_parameters)
        for name, view in self._views(vector).items():
            view[...] = arrays[name]
        return vector

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each array by name."""
        return {name: view.shape for name, view in self._views(np.empty(self.n_parameters)).items()}

    def _blocks(self, vector: NDArray[S]) -> tuple[NDArray[S], ...]:
        found, start = [], 0
        for n_in, n_out in self.connections:
            stop = start + n_out * (n_in + self.bias)
            found.append(vector[..., start:stop].reshape(*vector.shape[:-1], n_out, n_in + self.bias))
            start = stop
        return tuple(found)

    def _views(self, vector: NDArray[S]) -> dict[str, NDArray[S]]:
        views = {}
        for layer, block in enumerate(self._blocks(vector), start=1):
            views[f"W{layer}"] = block[..., :-1] if self.bias else block
            if self.bias:
                views[f"b{layer}"] = block[..., -1]
        return views
