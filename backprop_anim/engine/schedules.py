"""How the aggression changes over a run, as a factor for every step; they never see a gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np
from annotated_types import Ge, Gt, Le

from backprop_anim.common import Registry
from backprop_anim.engine.types import Array

__all__ = ["LearningRateSchedule", "learning_rate_schedules"]


class LearningRateSchedule(Protocol):
    """The factor by which the aggression is scaled, step by step."""

    def factors(self, n_steps: int) -> Array:
        """Return the factor of each step, shape (n_steps,); the first is 1."""
        ...


learning_rate_schedules: Registry[LearningRateSchedule] = Registry("schedule")
"""Every schedule, by the word that stands behind ``training.schedule``."""


def _progress(n_steps: int) -> Array:
    """Return 0 for the first step up to 1 for the last, shape (n_steps,)."""
    return np.linspace(0.0, 1.0, n_steps)


@learning_rate_schedules.register("constant")
@dataclass(frozen=True)
class Constant:
    """The same aggression from the first step to the last."""

    def factors(self, n_steps: int) -> Array:
        return np.ones(n_steps)


@learning_rate_schedules.register("step")
@dataclass(frozen=True)
class StepDecay:
    """Multiplied by `factor` after every `every` steps."""

    every: Annotated[int, Ge(1), Le(1_000_000_000)] = 1000
    factor: Annotated[float, Gt(0), Le(1)] = 0.5

    def factors(self, n_steps: int) -> Array:
        return np.power(self.factor, np.arange(n_steps) // self.every)


@learning_rate_schedules.register("linear")
@dataclass(frozen=True)
class LinearDecay:
    """From 1 down to `final` in a straight line."""

    final: Annotated[float, Ge(0), Le(1)] = 0.05

    def factors(self, n_steps: int) -> Array:
        return 1 + (self.final - 1) * _progress(n_steps)


@learning_rate_schedules.register("cosine")
@dataclass(frozen=True)
class CosineDecay:
    """From 1 down to `final` along half a cosine wave (Loshchilov and Hutter, 2017)."""

    final: Annotated[float, Ge(0), Le(1)] = 0.05

    def factors(self, n_steps: int) -> Array:
        return self.final + (1 - self.final) * (1 + np.cos(np.pi * _progress(n_steps))) / 2
