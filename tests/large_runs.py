"""Runs that are large beside a budget of 1 MB, trained once for all tests, each with its twin that kept everything."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from helpers import experiment

from backprop_anim.experiment import UNBOUNDED, ChosenSnapshots, Experiment
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

BUDGET = 1_000_000
STEPS = 150
TEXT = f"""\
task: {{kind: points, shape: moons, points: 20}}
network: {{hidden: [60, 60]}}
training: {{steps: {STEPS}, aggression: 0.2}}
snapshots: {{budget: 1MB}}
video: {{formats: mp4, size: 640x360}}
"""
KINDS = {
    "full": (),
    "noisy batches": ("training.batch=7", "training.order=shuffled", "training.noise=0.3"),
    "one sample": ("training.batch=1", "training.weight_decay=0.01"),
    "adam": ("training.optimizer=adam", "training.aggression=0.003", "training.batch=7", "training.noise=0.2"),
    "linear": ("snapshots.schedule=linear", "network.freeze=[b1]"),
    "told": ("video.slow_motion=[{step: 3, seconds: 3}]", "training.optimizer=momentum"),
}


@cache
def large_experiment(kind: str = "full", *settings: str) -> Experiment:
    return experiment(TEXT, *KINDS[kind], *settings)


@cache
def large(kind: str = "full") -> Recording:
    return train(large_experiment(kind))


@cache
def whole(kind: str = "full") -> Recording:
    """The same states of the same run, all in double precision."""
    given = large_experiment(kind)
    steps = ChosenSnapshots(tuple(large(kind).steps.tolist()))
    found = train(replace(given, snapshots=steps, kept_steps=(), snapshot_budget=UNBOUNDED))
    return replace(found, experiment=given)
