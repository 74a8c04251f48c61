"""The independent streams of random numbers of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

__all__ = ["RandomStreams", "Seeds", "spawn_streams"]


class RandomStreams(NamedTuple):
    """One generator for each use, so that adding noise does not move the data."""

    task: np.random.Generator
    init: np.random.Generator
    batch: np.random.Generator
    noise: np.random.Generator
    test: np.random.Generator


@dataclass(frozen=True)
class Seeds:
    """The seeds of the data, of the first weights and of the training where they are not the run's own.

    Attributes
    ----------
    task, init, training : int or None
        None for that of the run.
    """

    task: int | None = None
    init: int | None = None
    training: int | None = None


ALL_THE_SAME = Seeds()


def spawn_streams(seed: int, apart: Seeds = ALL_THE_SAME) -> RandomStreams:
    """Return the streams of `seed`, and in place of some those of other seeds."""
    seeds = {seed if given is None else given for given in (apart.task, apart.init, apart.training)}
    known = {each: RandomStreams(*np.random.default_rng(each).spawn(5)) for each in seeds}
    task, init, training = (known[seed if each is None else each] for each in (apart.task, apart.init, apart.training))
    return RandomStreams(task.task, init.init, training.batch, training.noise, task.test)
