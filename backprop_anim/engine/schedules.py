"""How the aggression changes over a run, as a factor for every step; they never see a gradient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Protocol

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from backprop_anim.common import Registry
from backprop_anim.engine.types import Array

__all__ = ["LearningRateSchedule", "learning_rate_schedules"]


class LearningRateSchedule(Protocol):
    """The factor by which the aggression is scaled, step by step."""

    def factors(self, n_steps: int) -> Array:
        """Return the factor of each step, shape (n_steps,); the greatest is about 1."""
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


@learning_rate_schedules.register("exponential")
@dataclass(frozen=True)
class ExponentialDecay:
    """From 1 down to `final`, by the same factor at every step."""

    final: Annotated[float, Gt(0), Le(1)] = 0.05

    def factors(self, n_steps: int) -> Array:
        return np.power(self.final, _progress(n_steps))


@learning_rate_schedules.register("one_cycle")
@dataclass(frozen=True)
class OneCycle:
    """From 1/25 up to 1 over the first `rise` of the run and down to nearly 0, along half waves of a cosine.

    References
    ----------
    Smith and Topin (2019), "Super-convergence", with the cosines and the ends that PyTorch's OneCycleLR has.
    """

    rise: Annotated[float, Gt(0), Lt(1)] = 0.3

    def factors(self, n_steps: int) -> Array:
        peak, step = self.rise * n_steps - 1, np.arange(n_steps)
        up = np.clip(step / peak, 0.0, 1.0) if peak > 0 else np.ones(n_steps)
        down = np.clip((step - peak) / (n_steps - 1 - peak), 0.0, 1.0)
        rising = 1 + (1 / 25 - 1) * (1 + np.cos(np.pi * up)) / 2
        falling = 1 / 250_000 + (1 - 1 / 250_000) * (1 + np.cos(np.pi * down)) / 2
        return np.where(step <= peak, rising, falling)


@learning_rate_schedules.register("warmup")
@dataclass(frozen=True)
class Warmup:
    """From `start` up to 1 in a straight line over the first `steps`; the rest of the run follows another schedule.

    References
    ----------
    PyTorch's SequentialLR of a LinearLR, whose start_factor and total_iters these are, and `then`, which begins where
    the rise ends; Goyal et al. (2017), "Accurate, large minibatch SGD", section 2.2, for why.
    """

    steps: Annotated[int, Ge(1), Le(1_000_000_000)] = 100
    start: Annotated[float, Gt(0), Le(1)] = 1 / 3
    then: LearningRateSchedule = field(default_factory=Constant, metadata={"part": learning_rate_schedules})

    def factors(self, n_steps: int) -> Array:
        rise = np.arange(min(self.steps, n_steps)) / self.steps
        rest = self.then.factors(n_steps - len(rise)) if n_steps > len(rise) else np.empty(0)
        return np.concatenate([self.start + (1 - self.start) * rise, rest])
