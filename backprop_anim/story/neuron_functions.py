"""What every neuron of a network answers along its inputs, and on which scale that is shown; it never draws."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.training import Recording

__all__ = ["GRID", "NeuronFunctions"]

GRID = 20
"""Places along either of two inputs."""

SAMPLED_STATES, SAMPLED_INPUTS = 64, 64
MOST_NUMBERS = 1_000_000
"""Parameters that are asked at once."""

"""Scales come from about so many states of the run and so many inputs."""

EVERY = slice(None)

MARGIN = 0.04
"""What two inputs are shown beyond the data on each side, as a share of their range."""


class NeuronFunctions:
    """The answers of all neurons, layer by layer from the inputs, over the range of one or two inputs.

    Parameters
    ----------
    recording : Recording
    """

    def __init__(self, recording: Recording) -> None:
        self._recording, self._network = recording, recording.experiment.network
        self._dataset = dataset = recording.experiment.dataset
        inputs = dataset.plain_inputs
        low, high = inputs.min(axis=0), inputs.max(axis=0)
        margin = MARGIN * (high - low) if len(low) == 2 else np.zeros_like(low)
        self.low, self.high = low - margin, np.maximum(high + margin, low - margin + 1e-9)
        self.is_wanted = len(low) in (1, 2)

    @cached_property
    def ranges(self) -> list[tuple[float, float]]:
        """For each layer the least and the greatest answer that is shown: its bounds, or what the run comes to."""
        inputs = self._recording.experiment.dataset.inputs
        rows = np.unique(np.linspace(0, self._recording.n_snapshots - 1, SAMPLED_STATES).astype(int))
        some = inputs[:: max(1, len(inputs) // SAMPLED_INPUTS)]
        with np.errstate(over="ignore", invalid="ignore"):
            at_once = max(1, MOST_NUMBERS // self._network.layout.n_parameters)
            blocks = [rows[start : start + at_once] for start in range(0, len(rows), at_once)]
            parts = [self._network.layers(self._recording.parameters[block], some) for block in blocks]
            layers = [np.concatenate(layer) for layer in zip(*parts, strict=True)]
        found = [(float(inputs.min()), float(inputs.max()))]
        for layer, activation in zip(layers[1:], self._network.activations, strict=True):
            seen = layer[np.isfinite(layer)] if np.isfinite(layer).any() else np.zeros(1)
            low, high = np.quantile(seen, [0.005, 0.995])
            low, high = (
                bound if np.isfinite(bound) else value
                for bound, value in zip(activation.bounds, (low, high), strict=True)
            )
            found.append((float(low), float(max(high, low + 1e-9))))
        return [(low, max(high, low + 1e-9)) for low, high in found]

    def signed(self, answers: NDArray[np.floating], layer: int) -> Array:
        """Return answers of a layer from -1 to 1: from the middle of its range where that has two ends, else from 0.

        The middle of a sigmoid's range is where its neuron says neither yes nor no, z = 0.
        """
        if layer == 0 and self._dataset.features is not None:
            return 2 * self.shares(answers, layer) - 1
        low, high = self.ranges[layer]
        bounds = self._network.activations[layer - 1].bounds if layer else (low, high)
        middle = (low + high) / 2 if np.isfinite(bounds).all() and not (layer == 0 and low < 0 < high) else 0.0
        half = max(abs(high - middle), abs(low - middle))
        return np.clip((np.asarray(answers, dtype=np.float64) - middle) / half, -1, 1)

    def shares(self, answers: NDArray[np.floating], layer: int, units: NDArray[np.intp] | slice = EVERY) -> Array:
        """Return answers of a layer from 0, the least that is shown, to 1, the greatest.

        Parameters
        ----------
        answers : ndarray, shape (n,) or (states, n, ...)
        layer : int
        units : ndarray of int or slice
            Which of the layer's they are.
        """
        low: Array | float
        high: Array | float
        low, high = self.ranges[layer]
        if layer == 0 and self._dataset.features is not None:  # each has a scale of its own
            trailing = (1,) * max(0, answers.ndim - 2)
            low, high = (bound[units].reshape(-1, *trailing) for bound in self._feature_ranges)
        return np.clip((np.asarray(answers, dtype=np.float64) - low) / (high - low), 0, 1)

    @cached_property
    def _feature_ranges(self) -> tuple[Array, Array]:
        low, high = self._dataset.inputs.min(axis=0), self._dataset.inputs.max(axis=0)
        return low, np.maximum(high, low + 1e-9)

    def of_classes(self, answers: NDArray[np.floating]) -> Array:
        """Return how much of its class's colour belongs to each output of a classifier: all at 1, none at chance.

        The only output of two classes has -1 where the first one is certain.
        """
        n = self._network.sizes[-1]
        chance = 1 / max(n, 2)
        shares = (np.asarray(answers, dtype=np.float64) - chance) / (1 - chance)
        return np.clip(shares, -1 if n == 1 else 0, 1)

    def along(self, states: Array, n_places: int) -> list[NDArray[np.float32]]:
        """Return each layer's answers along the single input, (states, n, places)."""
        way = np.linspace(self.low, self.high, n_places)
        return self._answers(states, way)

    def over(self, states: Array) -> list[NDArray[np.float32]]:
        """Return each layer's answers over both inputs, (states, n, GRID, GRID), the second rising along the rows."""
        x, y = (np.linspace(low, high, GRID) for low, high in zip(self.low, self.high, strict=True))
        grid = np.column_stack([part.ravel() for part in np.meshgrid(x, y)])
        return [layer.reshape(*layer.shape[:-1], GRID, GRID) for layer in self._answers(states, grid)]

    def _answers(self, states: Array, places: Array) -> list[NDArray[np.float32]]:
        if self._dataset.features is not None:
            places = self._dataset.to_inputs(places)
        with np.errstate(over="ignore", invalid="ignore"):  # a run on its way out of the numbers
            layers = self._network.layers(states, places)
            layers[0] = np.broadcast_to(layers[0], (len(states), *layers[0].shape[-2:]))
            return [np.swapaxes(layer, -1, -2).astype(np.float32) for layer in layers]
