"""A model of PyTorch as a line of layers, found by tracing what it does; PyTorch is imported already by its user."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import UsageError
from backprop_anim.recorder.layer_line import RECORDABLE, Activated, Dense, Part, Scaled, normalizing
from backprop_anim.recorder.torch_words import activation_of_function, activation_of_module

__all__ = ["model_parts", "numbers_of"]

PASSING = {"Dropout", "AlphaDropout", "FeatureAlphaDropout", "Dropout1d", "Flatten", "Identity"}
"""Modules that an evaluated network passes through."""

PASSING_FUNCTIONS = {
    "flatten",
    "dropout",
    "view",
    "reshape",
    "squeeze",
    "contiguous",
    "float",
    "double",
    "alpha_dropout",
}

PRECISIONS = ("torch.float32", "torch.float64")


def model_parts(model: Any, activations: Any = None) -> list[Part]:
    """Return what a model does, in its order.

    Parameters
    ----------
    model : torch.nn.Module
    activations : sequence, optional
        The activations of its linear layers, where what it does between them cannot be traced.

    Raises
    ------
    UsageError
        Naming the first thing that is not recorded.
    """
    _check_parameters(model)
    if activations is not None:
        return _parts_by_list(model, list(activations))
    torch = sys.modules["torch"]
    if type(model).__module__.startswith("torch.nn.") and not isinstance(model, torch.nn.Sequential):
        model = torch.nn.Sequential(model)  # what is one layer itself is not looked into
    parts: list[Part] = []
    for node in _chain(model):
        part = _part(node, model)
        parts += [] if part is None else [part]
    return parts


def numbers_of(tensor: Any) -> NDArray[Any]:
    """Return the numbers of a tensor, which may lie on another device."""
    found: NDArray[Any] = tensor.detach().cpu().numpy()
    return found


def _check_parameters(model: Any) -> None:
    seen: dict[int, str] = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if id(parameter) in seen:
            raise UsageError(
                f"{name} and {seen[id(parameter)]} are one parameter; shared parameters cannot be recorded"
            )
        seen[id(parameter)] = name
        if str(parameter.device) == "meta":
            raise UsageError(f"{name} lies on the device meta, which holds no numbers")
        if str(parameter.dtype) not in PRECISIONS:
            raise UsageError(f"{name} is of {parameter.dtype}; recorded are float32 and float64 (model.float())")
    if not seen:
        raise UsageError(f"the model has no parameters; {RECORDABLE}")


def _parts_by_list(model: Any, activations: list[Any]) -> list[Part]:
    torch = sys.modules["torch"]
    layers = [(name, one) for name, one in model.named_modules() if isinstance(one, torch.nn.Linear)]
    if len(activations) not in (len(layers), len(layers) - 1):
        raise UsageError(f"activations has {len(activations)} words; the model has {len(layers)} linear layers")
    parts: list[Part] = []
    for place, (name, module) in enumerate(layers):
        parts.append(_dense(name or "the layer", module))
        if place < len(activations) and activations[place] != "linear":
            parts.append(Activated(f"activations[{place}]", activations[place]))
    return parts


def _chain(model: Any) -> Iterator[Any]:
    """Yield the nodes of what a model does, each of which takes what the one before gives."""
    try:
        graph = import_module("torch.fx").Tracer().trace(model)
    except Exception as error:  # noqa: BLE001 - a forward that cannot be traced raises whatever it likes
        raise UsageError(
            f"what {type(model).__name__} does cannot be followed ({error}); say which activations its linear layers "
            'have: record(…, activations=["tanh", "linear"])'
        ) from None
    before: Any = None
    for node in graph.nodes:
        if node.op == "placeholder":
            if before is not None:
                raise UsageError(f"the model takes several inputs ({node.target}); {RECORDABLE}")
            before = node
        elif node.op == "output":
            if node.all_input_nodes != [before]:
                raise UsageError(f"the model gives several outputs; {RECORDABLE}")
        else:
            if node.all_input_nodes != [before]:
                taken = ", ".join(map(str, node.all_input_nodes))
                raise UsageError(f"{node.name} takes {taken}: what skips layers is not recorded; {RECORDABLE}")
            before = node
            yield node


def _part(node: Any, model: Any) -> Part | None:
    if node.op == "call_module":
        return _part_of_module(str(node.target), model.get_submodule(node.target))
    word = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))
    if word in PASSING_FUNCTIONS:
        return None
    found = activation_of_function(word, node.args, node.kwargs)
    if found is None:
        raise UsageError(f"{word} (in forward) cannot be recorded; {RECORDABLE}")
    return Activated(word, found)


def _part_of_module(name: str, module: Any) -> Part | None:
    kind = type(module).__name__
    if kind in PASSING:
        return None
    if kind in ("Linear", "NonDynamicallyQuantizableLinear"):
        return _dense(name, module)
    if kind == "BatchNorm1d":
        return _batch_norm(name, module)
    try:
        found = activation_of_module(module)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    if found is None:
        raise UsageError(f"{name} ({kind}) cannot be recorded; {RECORDABLE}")
    return Activated(f"{name} ({kind})", found)


class _Reader:
    """Reads one parameter of a module: where it lies in this machine's memory, without a detour."""

    def __init__(self, module: Any, name: str) -> None:
        self._parameters, self._name = module._parameters, name  # past the module's own lookup, which takes long
        self._at, self._seen = -1, np.empty(0)

    def __call__(self) -> NDArray[Any]:
        tensor = self._parameters[self._name]
        if tensor.device.type != "cpu":
            return numbers_of(tensor)
        at = tensor.data_ptr()
        if at != self._at:
            self._at, self._seen = at, numbers_of(tensor)
        return self._seen


def _dense(name: str, module: Any) -> Dense:
    if "weight" not in module._parameters:
        said = "has weights that are worked out from others (pruning, or a parametrization)"
        raise UsageError(f"{name} (Linear) {said}; recorded are plain ones: make them permanent (remove) first")
    biases = None if module.bias is None else _Reader(module, "bias")
    frozen = (not module.weight.requires_grad, module.bias is not None and not module.bias.requires_grad)
    return Dense(f"{name} (Linear)", _Reader(module, "weight"), biases, frozen)


def _batch_norm(name: str, module: Any) -> Scaled:
    if module.running_mean is None:
        raise UsageError(f"{name} (BatchNorm1d) keeps no running mean: how it is evaluated depends on the batch")

    def scale_and_shift() -> tuple[NDArray[Any], NDArray[Any]]:
        mean, variance = numbers_of(module.running_mean), numbers_of(module.running_var)
        own = [None if one is None else numbers_of(one) for one in (module.weight, module.bias)]
        return normalizing(mean, variance, module.eps, *own)

    return Scaled(f"{name} (BatchNorm1d)", scale_and_shift)
