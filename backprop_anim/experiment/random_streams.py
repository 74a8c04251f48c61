"""The independent streams of random numbers of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["RandomStreams", "spawn_streams"]


class RandomStreams(NamedTuple):
    """One generator for each use, so that adding noise does not move the data."""

    task: np.random.Generator
    init: np.random.Generator
    batch: np.random.Generator
    noise: np.random.Generator
    test: np.random.Generator


def spawn_streams(seed: int) -> RandomStreams:
    """Return the streams of `seed`."""
    return RandomStreams(*np.random.default_rng(seed).spawn(5))
