"""A network as others write it, a line of layers, scales and activations, and as ours: [W | b] and an activation each.

What only scales (a batch normalization as evaluated) becomes part of the layer beside it, which is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import UsageError
from backprop_anim.engine import Activation, Layout, Network
from backprop_anim.recorder.recorded_experiment import NetworkWords

__all__ = ["Activated", "Dense", "LayerLine", "Part", "Scaled", "normalizing"]

Numbers: TypeAlias = NDArray[np.floating[Any]]

RECORDABLE = (
    "what can be recorded is a line of linear (dense) layers with activations; of a larger model record its last "
    "layers from there on, with what comes before as the inputs: record(model.head, features, y)"
)


@dataclass(frozen=True)
class Dense:
    """A layer of weights.

    Attributes
    ----------
    name : str
    weights : callable
        Returns W, (n_out, n_in), as it is now.
    biases : callable or None
        Returns b, (n_out,), as it is now.
    is_frozen : tuple of bool
        Whether the training holds W, and b, still.
    """

    name: str
    weights: Callable[[], Numbers]
    biases: Callable[[], Numbers] | None
    is_frozen: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class Scaled:
    """A factor and a sum for each number.

    Attributes
    ----------
    name : str
    scale_and_shift : callable
        Returns both as they are now, each of shape (n,).
    is_learned : bool
        Whether they change while the network is trained.
    """

    name: str
    scale_and_shift: Callable[[], tuple[Numbers, Numbers]]
    is_learned: bool = True


@dataclass(frozen=True)
class Activated:
    """An activation in the words of a file."""

    name: str
    words: Any


Part = Dense | Scaled | Activated


@dataclass
class _Layer:
    dense: Dense
    before: list[Scaled] = field(default_factory=list)
    after: list[Scaled] = field(default_factory=list)
    activation: Any = None


def normalizing(mean: Numbers, variance: Numbers, epsilon: float, factor: Any, added: Any) -> tuple[Numbers, Numbers]:
    """Return the scale and the shift of a batch normalization as evaluated; None for no factor, or nothing added."""
    scale = 1 / np.sqrt(variance.astype(np.float64) + epsilon)
    scale = scale if factor is None else scale * factor
    shift = -mean * scale
    return scale, shift if added is None else shift + added


class LayerLine:
    """Reads the parameters of a line of parts as one vector.

    Parameters
    ----------
    parts : sequence of Part
        In the order in which they act.

    Attributes
    ----------
    network : NetworkWords
    notes : list of str
        What was folded into what.

    Raises
    ------
    UsageError
        If they make no network of ours.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._layers = _layers(parts)
        matrices = [layer.dense.weights() for layer in self._layers]
        for layer, matrix in zip(self._layers, matrices, strict=True):
            if matrix.ndim != 2 or not matrix.size:
                raise UsageError(
                    f"{layer.dense.name} has weights of the shape {matrix.shape}: it is empty, or no matrix"
                )
        sizes = (matrices[0].shape[1], *(matrix.shape[0] for matrix in matrices))
        for layer, matrix, before in zip(self._layers, matrices, sizes, strict=False):
            if matrix.shape[1] != before:
                raise UsageError(f"{layer.dense.name} takes {matrix.shape[1]} numbers, and is given {before}")
        bias = any(layer.dense.biases is not None or layer.before or layer.after for layer in self._layers)
        self.dtype = matrices[0].dtype
        self._layout = Layout(sizes, bias)
        self._is_folded = any(layer.before or layer.after for layer in self._layers)
        words = [layer.activation or "linear" for layer in self._layers]
        self.network = NetworkWords(sizes, words, bias, self._frozen(bias))
        folded = [scaled.name for layer in self._layers for scaled in (*layer.before, *layer.after)]
        self.notes = [f"{name}, as evaluated, is part of the layer beside it" for name in folded]

    def with_output(self, activation: str) -> NetworkWords:
        """Return the network with another activation of its last layer."""
        words = [*self.network.activations[:-1], activation]
        return NetworkWords(self.network.sizes, words, self.network.bias, self.network.frozen)

    def read(self) -> Numbers:
        """Return all parameters as they are now, shape (P,): as quickly as can be, in an order of its own."""
        if self._is_folded:
            return self._read_folded()
        arrays = [layer.dense.weights() for layer in self._layers]
        vectors = [
            np.zeros(len(w), w.dtype) if (b := layer.dense.biases) is None else b()
            for layer, w in zip(self._layers, arrays, strict=True)
        ]
        pieces = [piece for pair in zip(arrays, vectors, strict=True) for piece in (pair[0].ravel(), pair[1])]
        return np.concatenate(pieces if self.network.bias else pieces[::2])

    def arranged(self, read: Numbers) -> NDArray[np.float64]:
        """Return what `read` gave, shape (..., P), as our engine has it."""
        if self._is_folded:
            return np.asarray(read, np.float64)
        found, start = np.empty(read.shape), 0
        for view in self._layout.arrays(found).values():
            size = math.prod(view.shape[read.ndim - 1 :])
            view[...] = read[..., start : start + size].reshape(view.shape)
            start += size
        return found

    def answers(self, read: Numbers, inputs: Numbers, activations: Sequence[Activation]) -> Numbers:
        """Return what the network answers, shape (n_out, N), to inputs of shape (n_in, N), in the precision of `read`.

        It is asked at every state that is kept, so the parameters are used where they stand.
        """
        if self._is_folded:
            return (
                Network(self.network.sizes, tuple(activations))
                .outputs(self.arranged(read), np.asarray(inputs.T, np.float64))
                .T
            )
        a, start = inputs, 0
        for (n_in, n_out), activation in zip(self._layout.connections, activations, strict=True):
            z = read[start : start + n_in * n_out].reshape(n_out, n_in) @ a
            start += n_in * n_out
            if self.network.bias:
                z += read[start : start + n_out, np.newaxis]
                start += n_out
            a = np.empty_like(z)
            activation.value(z, a)  # type: ignore[arg-type]  # float32 as well
        return a

    def _read_folded(self) -> Numbers:
        vector = np.zeros(self._layout.n_parameters)
        for layer, block in zip(self._layers, self._layout.blocks(vector), strict=True):
            block[:, :-1], block[:, -1] = _folded(layer)
        return vector

    def _frozen(self, bias: bool) -> tuple[str, ...]:
        found = []
        for number, layer in enumerate(self._layers, start=1):
            still, still_biases = layer.dense.is_frozen
            found += [f"W{number}"] if still else []
            found += (
                [f"b{number}"] if bias and (still_biases or layer.dense.biases is None) and not layer.before else []
            )
        return () if len(found) == len(self._layout.names) else tuple(found)


def _layers(parts: Sequence[Part]) -> list[_Layer]:
    layers: list[_Layer] = []
    waiting: list[Scaled] = []
    for part in parts:
        last = layers[-1] if layers else None
        if isinstance(part, Dense):
            layers.append(_Layer(part, waiting))
            waiting = []
        elif isinstance(part, Scaled):
            if last is None or last.activation is not None or waiting:
                waiting.append(part)
            else:
                last.after.append(part)
        elif last is None:
            raise UsageError(f"{part.name} acts on the inputs, before any layer of weights; {RECORDABLE}")
        elif last.activation is not None or waiting:
            said = "comes after another activation, or after a scale that comes after one"
            raise UsageError(f"{part.name} {said}; {RECORDABLE}")
        else:
            last.activation = part.words
    if not layers:
        raise UsageError(f"the model has no linear (dense) layer; {RECORDABLE}")
    if waiting:
        raise UsageError(f"{waiting[0].name} comes after the last activation and changes the answers; {RECORDABLE}")
    return layers


def _folded(layer: _Layer) -> tuple[Numbers, Numbers]:
    """Return weights and biases with the scales beside them: W (s·a + t) + b, and then s' z + t'."""
    matrix = layer.dense.weights().astype(np.float64)
    vector = np.zeros(len(matrix)) if layer.dense.biases is None else layer.dense.biases().astype(np.float64)
    for scaled in reversed(layer.before):
        scale, shift = scaled.scale_and_shift()
        vector = vector + matrix @ shift
        matrix = matrix * scale
    for scaled in layer.after:
        scale, shift = scaled.scale_and_shift()
        matrix = matrix * scale[:, np.newaxis]
        vector = vector * scale + shift
    return matrix, vector
