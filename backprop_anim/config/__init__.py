"""YAML to a checked `Experiment`, with the place of every mistake; after it nothing reads YAML."""

from __future__ import annotations

from backprop_anim.config.load import experiment_from_mapping, load_experiment, read_experiment, revise

__all__ = ["experiment_from_mapping", "load_experiment", "read_experiment", "revise"]
