"""YAML to a checked `Experiment`, with the place of every mistake; after it nothing reads YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_anim.config.estimate import Estimate, estimate
from backprop_anim.config.load import experiment_from_mapping, load_experiment, read_experiment, revise

if TYPE_CHECKING:
    from backprop_anim.config.dump import dump_experiment
    from backprop_anim.config.schema import experiment_schema

__all__ = [
    "Estimate",
    "dump_experiment",
    "estimate",
    "experiment_from_mapping",
    "experiment_schema",
    "load_experiment",
    "read_experiment",
    "revise",
]


def __getattr__(name: str) -> Any:
    """Import what few commands need only when it is asked for."""
    if name == "dump_experiment":
        from backprop_anim.config.dump import dump_experiment

        return dump_experiment
    if name == "experiment_schema":
        from backprop_anim.config.schema import experiment_schema

        return experiment_schema
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
