"""From a network that others train to an experiment: its shape, its loss and its samples in the words of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backprop_anim.common import IN_MEMORY, ExperimentError, Registry, UsageError, did_you_mean
from backprop_anim.config import experiment_from_mapping
from backprop_anim.engine import activations, losses
from backprop_anim.experiment import Experiment
from backprop_anim.recorder.given_samples import GivenSamples
from backprop_anim.tasks import ArrayTask

__all__ = ["NetworkWords", "Origin", "needs_classes", "recorded_experiment", "with_subtitle"]

Words = Mapping[str, Any]


@dataclass(frozen=True)
class NetworkWords:
    """A network in the words of a file.

    Attributes
    ----------
    sizes : tuple of int
        Neurons of each layer, the input first.
    activations : str, or tuple of str or mapping
        One for the hidden layers, or one for each layer after the input.
    bias : bool
    frozen : tuple of str
        The arrays that are held still.
    """

    sizes: tuple[int, ...]
    activations: Any
    bias: bool = True
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Who trained, and with what.

    Attributes
    ----------
    by : str
        Such as ``torch 2.13``.
    loss : str or mapping
        In the words of a file.
    rule : mapping
        The keys of ``training`` that say what our engine would do from the same start, as far as that is known.
    """

    by: str
    loss: Any
    rule: Words = field(default_factory=dict)


def needs_classes(loss: Any) -> bool:
    """Return whether the targets of a loss are classes.

    Raises
    ------
    UsageError
        If there is no such loss.
    """
    return bool(losses[_known(losses, loss)].needs_classes)


def _known(registry: Registry[Any], part: Any) -> str:
    """Return the word of a part, a word alone or a mapping with its kind."""
    word = str(part.get("kind") if isinstance(part, Mapping) else part)
    if word not in registry:
        similar = did_you_mean(word, registry)
        raise UsageError(f"there is no {registry.noun} {word!r}{similar}; allowed are {', '.join(registry)}")
    return word


def recorded_experiment(name: str, network: NetworkWords, samples: GivenSamples, origin: Origin) -> Experiment:
    """Return the experiment of a run that others train; how long it is going to be nobody knows yet.

    Raises
    ------
    UsageError
        If samples, network and loss do not go together.
    """
    several = isinstance(network.activations, (list, tuple))
    for one in network.activations if several else [network.activations]:
        _known(activations, one)
    n_out = network.sizes[-1]
    many = samples.arrays["y"].ndim > 1 and samples.arrays["y"].shape[1] > 1
    word = origin.loss.get("kind") if isinstance(origin.loss, Mapping) else origin.loss
    are_labels = word == "binary_cross_entropy" and many  # each output answers a question of its own
    are_classes = (needs_classes(origin.loss) and not are_labels) or bool(samples.names.classes)
    task, dataset = samples.task_and_dataset(are_classes, n_out)
    mapping = {
        "name": name,
        "title": name[:1].upper() + name[1:].replace("_", " "),
        "task": _task_words(task),
        "network": {
            "layers": network.sizes,
            "activation": network.activations,
            "bias": network.bias,
            "init": {"kind": "file", "file": IN_MEMORY},
            **({"freeze": network.frozen} if network.frozen else {}),
        },
        "training": {"kind": "recorded", "by": origin.by, "steps": 1, "loss": origin.loss, **origin.rule},
    }
    try:
        return with_subtitle(experiment_from_mapping(mapping, dataset))
    except ExperimentError as error:
        raise UsageError(
            "; ".join(f"{'.'.join(map(str, one.path))}: {one.message}" for one in error.problems)
        ) from None


def with_subtitle(experiment: Experiment) -> Experiment:
    """Return the experiment with a line that says who trained what, unless it has one."""
    sizes = " → ".join(map(str, experiment.network.sizes))
    return replace(experiment, subtitle=experiment.subtitle or f"{sizes}, trained by {experiment.training.trained_by}")


def _task_words(task: ArrayTask) -> dict[str, Any]:
    units = task.normalize
    return {
        "kind": "arrays",
        "file": task.file,
        "classes": task.classes,
        "normalize": units if isinstance(units, str) else {"shift": units.shift, "scale": units.scale},
        "curve": task.curve,
        "names": {"inputs": task.names.inputs, "outputs": task.names.outputs, "classes": task.names.classes},
    }
