"""The four independent streams of random numbers of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Streams", "streams"]


class Streams(NamedTuple):
    """One generator for each use, so that adding noise does not move the data."""

    task: np.random.Generator
    init: np.random.Generator
    batch: np.random.Generator
    noise: np.random.Generator


def streams(seed: int) -> Streams:
    """Return the streams of `seed`."""
    return Streams(*np.random.default_rng(seed).spawn(4))
