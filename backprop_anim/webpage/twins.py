"""Which parts of the engine have a twin in the page's own engine; those of other packages may have none."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from backprop_anim.common import Registry
from backprop_anim.engine import activations, batch_orders, learning_rate_schedules, losses, optimizers
from backprop_anim.experiment import Experiment
from backprop_anim.webpage.bundle import WEB

__all__ = ["missing_twins"]


@cache
def _names(module: str) -> frozenset[str]:
    """Return the words that a module of the page's engine registers."""
    text = (WEB / "engine" / f"{module}.js").read_text(encoding="utf-8")
    return frozenset(re.findall(r"\.register\(\s*\"(\w+)\"", text))


def missing_twins(experiment: Experiment) -> list[str]:
    """Return what of an experiment a page cannot work with, such as ``the activation spike``."""
    training = experiment.training
    used: list[tuple[Registry[Any], str, Any]] = [
        *((activations, "activations", each) for each in dict.fromkeys(experiment.network.activations)),
        (losses, "losses", training.loss),
        (optimizers, "optimizers", training.optimizer),
        (learning_rate_schedules, "schedules", training.schedule),
        (batch_orders, "batches", training.order),
    ]
    return [
        f"the {registry.noun} {registry.name_of(part)}"
        for registry, module, part in used
        if registry.name_of(part) not in _names(module)
    ]
