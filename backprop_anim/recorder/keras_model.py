"""A model of Keras 3 as a line of layers; Keras is imported already by its user, on whatever backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import UsageError
from backprop_anim.recorder.keras_words import activation_of
from backprop_anim.recorder.layer_line import RECORDABLE, Activated, Dense, Part, Scaled, normalizing
from backprop_anim.tasks import GivenUnits

__all__ = ["leading_units", "model_parts"]

PASSING = {
    "InputLayer",
    "Dropout",
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "Flatten",
    "ActivityRegularization",
}
"""Layers that an evaluated network passes through."""

OPTION_LAYERS = {"ReLU", "LeakyReLU", "ELU", "Softmax", "Activation"}


def model_parts(model: Any, n_inputs: int) -> list[Part]:
    """Return what a model does, in its order.

    Raises
    ------
    UsageError
        Naming the first layer that is not recorded.
    """
    parts: list[Part] = []
    for layer in _line(model):
        parts += _parts(layer, parts, n_inputs)
    return parts


def leading_units(parts: list[Part]) -> tuple[GivenUnits | None, list[Part]]:
    """Return fixed scales of the inputs as units, and the parts behind them; None where there is no such scale."""
    first = parts[0] if parts else None
    if not isinstance(first, Scaled) or first.is_learned:
        return None, parts
    scale, shift = first.scale_and_shift()
    if not (np.isfinite(scale) & (scale > 0)).all():
        return None, parts
    zero = -shift / scale
    return GivenUnits(tuple(zero.tolist()), tuple((1 / scale).tolist())), parts[1:]


def _line(model: Any) -> Iterator[Any]:
    """Yield the layers of a model, of models in it too, each of which takes what the one before gives."""
    kind = type(model).__name__
    if kind not in ("Sequential", "Functional"):
        raise UsageError(f"{model.name} is a {kind} of your own, whose layers cannot be followed: make it a Sequential")
    before: Any = None
    for layer in model.layers:
        name = type(layer).__name__
        if kind == "Functional" and before is not None and _source(layer) is not before:
            raise UsageError(f"{layer.name} ({name}) takes more than what the layer before gives; {RECORDABLE}")
        before = layer
        if name in ("Sequential", "Functional"):
            yield from _line(layer)
        else:
            yield layer


def _source(layer: Any) -> Any:
    """Return the layer whose output a layer of a functional model takes; None where it is not one."""
    taken = layer.input
    history = getattr(taken, "_keras_history", None)
    return None if history is None else history.operation


def _parts(layer: Any, before: list[Part], n_inputs: int) -> list[Part]:
    kind, name = type(layer).__name__, f"{layer.name} ({type(layer).__name__})"
    if kind in PASSING:
        return []
    if kind == "Dense":
        return [_dense(name, layer), *_activated(name, layer.activation)]
    if kind in OPTION_LAYERS:
        found = activation_of(layer)
        if found is None:
            raise UsageError(f"{name} cannot be recorded; {RECORDABLE}")
        return [] if found == "linear" else [Activated(name, found)]
    if kind == "BatchNormalization":
        return [_batch_norm(name, layer)]
    if kind in ("Rescaling", "Normalization"):
        width = next((part.weights().shape[0] for part in reversed(before) if isinstance(part, Dense)), n_inputs)
        return [Scaled(name, _fixed(layer, kind, width), is_learned=False)]
    raise UsageError(f"{name} cannot be recorded; {RECORDABLE}")


def _activated(name: str, activation: Any) -> list[Part]:
    found = activation_of(activation)
    if found is None:
        word = getattr(activation, "__name__", activation)
        raise UsageError(f"{name} has the activation {word}, which cannot be recorded")
    return [] if found == "linear" else [Activated(name, found)]


def _numbers(variable: Any) -> NDArray[Any]:
    found: NDArray[Any] = np.asarray(variable.numpy())
    if found.dtype not in (np.float32, np.float64):
        raise UsageError(f"{variable.path} is of {found.dtype}; recorded are float32 and float64")
    return found


def _dense(name: str, layer: Any) -> Dense:
    biases = (lambda: _numbers(layer.bias)) if layer.use_bias else None
    still = not layer.trainable
    return Dense(name, lambda: _numbers(layer.kernel).T, biases, (still, still))


def _batch_norm(name: str, layer: Any) -> Scaled:
    def scale_and_shift() -> tuple[NDArray[Any], NDArray[Any]]:
        mean, variance = _numbers(layer.moving_mean), _numbers(layer.moving_variance)
        factor, added = _numbers(layer.gamma) if layer.scale else None, _numbers(layer.beta) if layer.center else None
        return normalizing(mean, variance, layer.epsilon, factor, added)

    return Scaled(name, scale_and_shift)


def _fixed(layer: Any, kind: str, width: int) -> Callable[[], tuple[NDArray[Any], NDArray[Any]]]:
    """Return what reads a scale that no training changes, as wide as what it scales."""

    def scale_and_shift() -> tuple[NDArray[Any], NDArray[Any]]:
        if kind == "Rescaling":
            scale, shift = np.asarray(layer.scale, np.float64), np.asarray(layer.offset, np.float64)
        else:
            mean, variance = (np.asarray(_plain(one), np.float64).ravel() for one in (layer.mean, layer.variance))
            scale = 1 / np.maximum(np.sqrt(variance), 1e-7)
            shift = -mean * scale
            if layer.invert:
                scale, shift = 1 / scale, mean
        return np.broadcast_to(scale.ravel(), width), np.broadcast_to(shift.ravel(), width)

    return scale_and_shift


def _plain(value: Any) -> Any:
    """Return a tensor of any backend as NumPy has it."""
    for method in ("detach", "cpu", "numpy"):
        value = getattr(value, method)() if hasattr(value, method) else value
    return value
