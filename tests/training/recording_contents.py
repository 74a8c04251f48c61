"""Everything in a recording, as values that compare."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from backprop_anim.experiment.experiment import as_mapping
from backprop_anim.training import Recording

ARRAYS = ("steps", "parameters", "gradients", "updates", "samples", "losses")
SNAPSHOTS = {
    "linear": "{count: 9, schedule: linear}",
    "log": "{count: 9, schedule: log}",
    "power": "{count: 9, schedule: power}",
    "every": "{every: 4}",
    "steps": "{steps: [1, 2, 5]}",
    "motion": "{count: 9, schedule: motion}",
}
DATA = ("inputs", "targets", "labels", "truth")
SLOW = "video.slow_motion=[{step: 0}, {step: 17, sample: null}]"


def bits(array: Any) -> tuple[Any, ...] | None:
    return None if array is None else (array.dtype.str, array.shape, array.tobytes())


def plain(value: Any) -> Any:
    """Arrays as bits, and what holds arrays as what it holds."""
    if isinstance(value, np.ndarray):
        return bits(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def contents(recording: Recording) -> dict[str, Any]:
    """Everything in a recording, as values that compare."""
    return {
        "experiment": as_mapping(recording.experiment),
        "dataset": plain(recording.experiment.dataset),
        **{name: bits(getattr(recording, name)) for name in ARRAYS},
        "traces": [
            {key: bits(value) if isinstance(value, np.ndarray) else value for key, value in vars(trace).items()}
            for trace in recording.traces
        ],
    }


def same(first: Recording, second: Recording) -> bool:
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ARRAYS)
