"""The network from the file's keys and the data set: its sizes, activations and first weights; it trains nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath
from typing import NamedTuple

import numpy as np

from backprop_anim.common import RecordingError, did_you_mean
from backprop_anim.config.file_schema import FileKeys, NetworkKeys
from backprop_anim.config.message_text import format_value, join_words
from backprop_anim.config.plugin_factory import PluginFactory
from backprop_anim.config.problems import Problems
from backprop_anim.config.yaml_nodes import Path
from backprop_anim.engine import (
    Activation,
    FromFile,
    Given,
    Initializer,
    Loss,
    Network,
    activations,
    losses,
    read_weights,
)
from backprop_anim.tasks import Dataset

__all__ = [
    "GivenActivations",
    "Shape",
    "build_network",
    "check_initial_weights",
    "check_outputs",
    "given_activations",
    "shape_of",
    "takes_yes_no",
]

SOFTMAX = "softmax"


class Shape(NamedTuple):
    """The sizes that are written: all layers, or those between the ends."""

    hidden: tuple[int, ...]
    ends: tuple[int, int] | None

    @property
    def n_layers(self) -> int:
        """Layers after the input."""
        return len(self.hidden) + 1


class GivenActivations(NamedTuple):
    """The activations that are written; None where they are not, or are wrong.

    `word` is that of the hidden layers where it stands for all of them.
    """

    hidden: tuple[Activation, ...] | None
    output: Activation | None
    word: Activation | None = None


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


def given_activations(keys: NetworkKeys, shape: Shape | None, factory: PluginFactory) -> GivenActivations:
    """Return the written activations: one word is for the hidden layers, a list for them or for all after the input."""
    output = None if keys.output is None else factory.make(activations, keys.output, ("network", "output"))
    if keys.activation is None or shape is None:
        return GivenActivations(None, output)
    if isinstance(keys.activation, tuple):
        return _listed_activations(keys.activation, len(shape.hidden), output, factory)
    path = ("network", "activation")
    one = factory.make(activations, keys.activation, path)
    if shape.hidden or one is None:
        return GivenActivations(None if one is None else (one,) * len(shape.hidden), output, one)
    if output is not None:
        said = "there are no hidden layers, and output names the last layer's; give one of them"
        factory.problems.add(path, said)
    return GivenActivations((), one)


def _listed_activations(
    given: tuple[object, ...], n_hidden: int, output: Activation | None, factory: PluginFactory
) -> GivenActivations:
    path, problems = ("network", "activation"), factory.problems
    made = [factory.make(activations, each, (*path, place)) for place, each in enumerate(given)]
    listed = tuple(each for each in made if each is not None)
    if len(listed) == len(made) == n_hidden:
        return GivenActivations(listed, output)
    if len(listed) == len(made) == n_hidden + 1:
        if output is not None:
            said = "the list in activation names the output's too; give it once"
            problems.add(("network", "output"), said, at_key=True)
        return GivenActivations(listed[:-1], listed[-1])
    if len(listed) == len(made):
        entries = f"has {_count(len(listed), 'entry', 'entries')}; needed are {n_hidden}, one for each hidden layer, "
        problems.add(path, f"{entries}or {n_hidden + 1}, the output's with them")
    return GivenActivations(None, output)


def build_network(
    keys: FileKeys, shape: Shape, given: GivenActivations, loss: Loss | None, dataset: Dataset, problems: Problems
) -> Network | None:
    """Return the network, what was not written chosen to suit the data set; None where it does not fit."""
    wants_softmax = SOFTMAX in (
        None if loss is None else loss.output,
        None if given.output is None else activations.name_of(given.output),
    )
    n_out = _fitting_width(dataset, wants_softmax) if shape.ends is None else shape.ends[1]
    sizes = (dataset.n_given if shape.ends is None else shape.ends[0], *shape.hidden, n_out)
    _check_ends(sizes, dataset, problems)
    hidden = tuple(activations["tanh"]() for _ in shape.hidden) if given.hidden is None else given.hidden
    output = given.output or activations[_output_for(given, loss, dataset, n_out)]()
    _check_softmax((*hidden, output), sizes, keys.network, problems)
    network = Network(sizes, (*hidden, output), keys.network.bias)
    return replace(network, frozen=_frozen(keys.network, network, problems))


def _frozen(keys: NetworkKeys, network: Network, problems: Problems) -> tuple[str, ...]:
    """Return the arrays that training holds still, in the network's order."""
    names, path = network.layout.names, ("network", "freeze")
    for place, name in enumerate(keys.freeze):
        if name not in names:
            said = f"there is no array {format_value(name).removeprefix('the text ')}{did_you_mean(name, names)}"
            problems.add((*path, place), f"{said}; this network has {join_words(names, 'and')}")
    if set(keys.freeze) >= set(names):
        problems.add(path, "names every array: nothing is left to train")
    return tuple(name for name in names if name in keys.freeze)


def _fitting_width(dataset: Dataset, wants_softmax: bool) -> int:
    widths = dataset.output_widths
    return next((width for width in widths if width > 1), widths[0]) if wants_softmax else widths[0]


def _check_ends(sizes: tuple[int, ...], dataset: Dataset, problems: Problems) -> None:
    if sizes[0] != dataset.n_given:
        names = f" ({', '.join(dataset.given_names)})" if dataset.given_names else ""
        what = ("input", "inputs") if dataset.features is None else ("feature", "features")
        problems.add(
            ("network", "layers", 0),
            f"the first layer has {sizes[0]:,}; the task has {_count(dataset.n_given, *what)}{names}",
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


def _output_for(given: GivenActivations, loss: Loss | None, dataset: Dataset, n_out: int) -> str:
    """Return the name of an output activation that suits the loss and the targets.

    ``sigmoid`` as the only word means all layers where that can be meant: the textbooks' networks.
    """
    if loss is not None and loss.output is not None:
        return loss.output
    only_sigmoid = given.word is not None and activations.name_of(given.word) == "sigmoid"
    if dataset.kind == "classes":
        return "sigmoid" if n_out == 1 or (only_sigmoid and loss is not None) else SOFTMAX
    low, high = (dataset.targets.min(), dataset.targets.max()) if dataset.targets.size else (0, 1)
    is_usual = only_sigmoid or (given.hidden is None and dataset.kind == "curve")
    return "sigmoid" if is_usual and low >= 0 and high <= 1 else "linear"


def _check_softmax(
    found: tuple[Activation, ...], sizes: tuple[int, ...], keys: NetworkKeys, problems: Problems
) -> None:
    for place, activation in enumerate(found):
        path, name = _written_at(keys, place, len(found)), activations.name_of(activation)
        if activation.output_only and place < len(found) - 1:
            problems.add(path, f"{name} may stand in the last layer only; write it as output: {name}")
            return
        if name == SOFTMAX and sizes[-1] == 1:
            problems.add(path, "softmax over one output is always 1; use sigmoid, or two outputs")


def _written_at(keys: NetworkKeys, place: int, n_layers: int) -> Path:
    """Return the place of a layer's activation in the file."""
    if place == n_layers - 1 and keys.output is not None:
        return ("network", "output")
    is_listed = isinstance(keys.activation, tuple) and place < len(keys.activation)
    return ("network", "activation", place) if is_listed else ("network", "activation")


def check_outputs(network: Network, loss: Loss, dataset: Dataset, keys: NetworkKeys, problems: Problems) -> None:
    """Note a loss that does not go with the output or the data, and targets that the output never reaches."""
    last = network.activations[-1]
    output = activations.name_of(last)
    if loss.output is not None and loss.output != output:
        problems.add(
            ("training", "loss"),
            f"{losses.name_of(loss)} needs a {loss.output} output, and the last layer is {output}; "
            f"write network.output: {loss.output}, or another loss",
        )
    if loss.needs_classes and dataset.kind != "classes" and not (takes_yes_no(loss) and _is_yes_no(dataset)):
        also = " or targets of 0 and 1" if takes_yes_no(loss) else ""
        said = f"{losses.name_of(loss)} is for classes{also}, and this task is a {dataset.kind}; use mse"
        problems.add(("training", "loss"), said)
    low, high = last.bounds
    targets = dataset.for_outputs(network.sizes[-1])
    if targets.size and (targets.min() < low - 1e-9 or targets.max() > high + 1e-9):
        problems.add(
            _written_at(keys, len(network.activations) - 1, len(network.activations)),
            f"{output} gives values from {low:g} to {high:g} only, and the targets run from "
            f"{targets.min():.4g} to {targets.max():.4g}; write network.output: linear, or scale the targets",
        )


def takes_yes_no(loss: Loss) -> bool:
    """Return whether every output of a loss for classes is taken by itself, so that each may be a label of its own."""
    return loss.needs_classes and loss.output is not None and not activations[loss.output].output_only


def _is_yes_no(dataset: Dataset) -> bool:
    return bool(np.isin(dataset.targets, (0.0, 1.0)).all())


def check_initial_weights(init: Initializer, network: Network, problems: Problems) -> None:
    """Note weights that are missing or do not fit the network."""
    if isinstance(init, Given) and (wrong := init.problem(network.layout)):
        name, said = wrong
        problems.add(("network", "init", name), said if name in init.arrays else f"{name} {said}", at_key=True)
    if isinstance(init, FromFile):
        try:
            read_weights(FilePath(init.file), network.layout)
        except RecordingError as error:
            problems.add(("network", "init", "file"), str(error))


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
