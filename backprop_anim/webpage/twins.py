"""Which parts of the engine have a twin in the page's own; those of other packages bring theirs, or have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from backprop_anim.common import Registry
from backprop_anim.engine import (
    activations,
    batch_orders,
    initializers,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment import Experiment
from backprop_anim.webpage.bundle import WEB, Twin

__all__ = ["Twins", "twins_of"]

NEEDED = (activations, losses)
"""Without these nothing of a state can be worked out; without the others only training is not possible."""


@dataclass(frozen=True)
class Twins:
    """What the page's engine has of an experiment's parts.

    Attributes
    ----------
    brought : tuple of Twin
        The twins that parts of other packages bring.
    needed : tuple of str
        Parts without which there is no page, such as ``the activation spike``.
    to_train : tuple of str
        Parts without which the page plays, but cannot train.
    """

    brought: tuple[Twin, ...]
    needed: tuple[str, ...]
    to_train: tuple[str, ...]


def twins_of(experiment: Experiment) -> Twins:
    """Return the twins of the parts that an experiment uses.

    A part brings its twin as the class attribute ``page_twin``: the text of a JavaScript function from its options to
    the object that its kind is in ``webpage/web/engine``.
    """
    training = experiment.training
    used: list[tuple[Registry[Any], str, Any]] = [
        *((activations, "activations", each) for each in dict.fromkeys(experiment.network.activations)),
        (losses, "losses", training.loss),
        (optimizers, "optimizers", training.optimizer),
        (learning_rate_schedules, "schedules", training.schedule),
        (batch_orders, "batches", training.order),
        (initializers, "initializers", experiment.init),
    ]
    brought, needed, to_train = list[Twin](), list[str](), list[str]()
    used += [(registry, module, inner) for registry, module, part in used for inner in _parts_inside(registry, part)]
    for registry, module, part in used:
        word = registry.name_of(part)
        if word in _names(module) or (registry is initializers and word in ("file", "given")):
            continue
        if text := getattr(type(part), "page_twin", ""):
            brought.append(Twin(module, word, text))
            continue
        (needed if registry in NEEDED else to_train).append(f"the {registry.noun} {word}")
    return Twins(tuple(brought), tuple(needed), tuple(to_train))


def _parts_inside(registry: Registry[Any], part: Any) -> Iterator[Any]:
    """Yield the options of a part that are of its own kind, and theirs."""
    for option in fields(part):
        if option.metadata.get("part") is registry:
            inner = getattr(part, option.name)
            yield inner
            yield from _parts_inside(registry, inner)


@cache
def _names(module: str) -> frozenset[str]:
    """Return the words that a module of the page's engine registers."""
    text = (WEB / "engine" / f"{module}.js").read_text(encoding="utf-8")
    return frozenset(re.findall(r"\.register\(\s*\"(\w+)\"", text))
