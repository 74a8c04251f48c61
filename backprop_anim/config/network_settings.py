"""The network from the file's keys and the data set: its sizes, activations and first weights; it trains nothing."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any, NamedTuple

from backprop_anim.common import RecordingError
from backprop_anim.config.file_schema import FileKeys, NetworkKeys
from backprop_anim.config.plugin_factory import PluginFactory
from backprop_anim.config.problems import Problems
from backprop_anim.engine import Activation, FromFile, Initializer, Loss, Network, activations, losses, read_weights
from backprop_anim.tasks import Dataset

__all__ = ["Shape", "build_network", "check_initial_weights", "check_outputs", "given_activations", "shape_of"]

SOFTMAX = "softmax"


class Shape(NamedTuple):
    """The sizes that are written: all layers, or those between the ends."""

    hidden: tuple[int, ...]
    ends: tuple[int, int] | None

    @property
    def n_layers(self) -> int:
        """Layers after the input."""
        return len(self.hidden) + 1


def shape_of(keys: NetworkKeys, problems: Problems) -> Shape | None:
    """Return the written sizes; None where they are missing or wrong."""
    if keys.layers is not None and keys.hidden is not None:
        problems.add(("network", "hidden"), "layers and hidden say the same; give one of them", at_key=True)
        return None
    if keys.layers is not None:
        return Shape(keys.layers[1:-1], (keys.layers[0], keys.layers[-1]))
    if keys.hidden is not None:
        return Shape((keys.hidden,) if isinstance(keys.hidden, int) else keys.hidden, None)
    if problems.has_no_problem("network.layers", "network.hidden"):
        said = "is missing; give the size of each layer, such as [2, 8, 1] (or hidden, the sizes in between)"
        problems.add(("network", "layers"), said, at_key=True)
    return None


def given_activations(keys: NetworkKeys, shape: Shape | None, factory: PluginFactory) -> tuple[Activation, ...] | None:
    """Return the written activations, one a layer; None where none are written or one is wrong."""
    path, given = ("network", "activation"), keys.activation
    if given is None:
        return None
    if not isinstance(given, tuple):
        one = factory.make(activations, given, path)
        return (one,) * shape.n_layers if one is not None and shape is not None else None
    made = [factory.make(activations, each, (*path, place)) for place, each in enumerate(given)]
    if shape is not None and len(made) != shape.n_layers:
        factory.problems.add(
            path,
            f"has {_count(len(made), 'entry', 'entries')}; needed are {shape.n_layers}, "
            "one for each layer after the input",
        )
        return None
    return None if None in made else tuple(each for each in made if each is not None)


def build_network(
    keys: FileKeys,
    shape: Shape,
    given: tuple[Activation, ...] | None,
    loss: Loss | None,
    dataset: Dataset,
    problems: Problems,
) -> Network | None:
    """Return the network, what was not written chosen to suit the data set; None where it does not fit."""
    wants_softmax = (loss is not None and loss.output == SOFTMAX) or (
        given is not None and activations.name_of(given[-1]) == SOFTMAX
    )
    n_out = _fitting_width(dataset, wants_softmax) if shape.ends is None else shape.ends[1]
    sizes = (dataset.n_inputs if shape.ends is None else shape.ends[0], *shape.hidden, n_out)
    _check_ends(sizes, dataset, problems)
    if given is None:
        given = _default_activations(shape, _output_for(loss, dataset, n_out))
    _check_softmax(given, sizes, keys.network.activation, problems)
    return Network(sizes, given, keys.network.bias)


def _fitting_width(dataset: Dataset, wants_softmax: bool) -> int:
    widths = dataset.output_widths
    return next((width for width in widths if width > 1), widths[0]) if wants_softmax else widths[0]


def _check_ends(sizes: tuple[int, ...], dataset: Dataset, problems: Problems) -> None:
    if sizes[0] != dataset.n_inputs:
        names = f" ({', '.join(dataset.input_names)})" if dataset.input_names else ""
        problems.add(
            ("network", "layers", 0),
            f"the first layer has {sizes[0]:,}; the task has {_count(dataset.n_inputs, 'input', 'inputs')}{names}",
        )
    if sizes[-1] not in dataset.output_widths:
        allowed = " or ".join(f"{width:,}" for width in dataset.output_widths)
        problems.add(
            ("network", "layers", len(sizes) - 1),
            f"the last layer has {sizes[-1]:,}; the task needs {allowed} {_what_outputs(dataset)}",
        )


def _what_outputs(dataset: Dataset) -> str:
    if dataset.kind == "classes":
        return f"for {_count(len(dataset.class_names), 'class', 'classes')}"
    plural = "outputs" if dataset.output_widths[0] > 1 else "output"
    return plural + (f" ({', '.join(dataset.output_names)})" if dataset.output_names else "")


def _output_for(loss: Loss | None, dataset: Dataset, n_out: int) -> str:
    """Return the name of an output activation that suits the loss and the targets."""
    if loss is not None and loss.output is not None:
        return loss.output
    if dataset.kind == "classes":
        return SOFTMAX if n_out > 1 else "sigmoid"
    low, high = (dataset.targets.min(), dataset.targets.max()) if dataset.targets.size else (0, 1)
    return "sigmoid" if dataset.kind == "curve" and low >= 0 and high <= 1 else "linear"


def _default_activations(shape: Shape, output: str) -> tuple[Activation, ...]:
    return (*(activations["tanh"]() for _ in shape.hidden), activations[output]())


def _check_softmax(given: tuple[Activation, ...], sizes: tuple[int, ...], written: Any, problems: Problems) -> None:
    for place, activation in enumerate(given):
        path = ("network", "activation", place) if isinstance(written, tuple) else ("network", "activation")
        name = activations.name_of(activation)
        if activation.output_only and place < len(given) - 1:
            said = f"{name} may stand in the last layer only; give a list with one for each layer after the input"
            problems.add(path, said)
        elif name == SOFTMAX and sizes[-1] == 1:
            problems.add(path, "softmax over one output is always 1; use sigmoid, or two outputs")


def check_outputs(network: Network, loss: Loss, dataset: Dataset, written: Any, problems: Problems) -> None:
    """Note a loss that does not go with the output or the data, and targets that the output never reaches."""
    last = network.activations[-1]
    output = activations.name_of(last)
    if loss.output is not None and loss.output != output:
        wanted = [activations.name_of(each) for each in network.activations[:-1]] + [loss.output]
        problems.add(
            ("training", "loss"),
            f"{losses.name_of(loss)} needs a {loss.output} output, and the last layer is {output}; "
            f"write activation: [{', '.join(wanted)}], or another loss",
        )
    if loss.needs_classes and dataset.kind != "classes":
        problems.add(
            ("training", "loss"), f"{losses.name_of(loss)} is for classes, and this task is a {dataset.kind}; use mse"
        )
    low, high = last.bounds
    targets = dataset.for_outputs(network.sizes[-1])
    if targets.size and (targets.min() < low - 1e-9 or targets.max() > high + 1e-9):
        path = ("network", "activation", len(network.activations) - 1)
        problems.add(
            path if isinstance(written, tuple) else path[:2],
            f"{output} gives values from {low:g} to {high:g} only, and the targets run from "
            f"{targets.min():.4g} to {targets.max():.4g}; use linear in the last layer, or scale the targets",
        )


def check_initial_weights(init: Initializer, network: Network, problems: Problems) -> None:
    """Note a file of weights that is missing or does not fit the network."""
    if isinstance(init, FromFile):
        try:
            read_weights(FilePath(init.file), network.layout)
        except RecordingError as error:
            problems.add(("network", "init", "file"), str(error))


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
