"""Films of panels for tables: what regressions and classes of several inputs look like."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from small_runs import SMALL, DrawnFilm

from backprop_anim.config import read_experiment
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

NETWORK = "network: {hidden: [5]}\ntraining: {steps: 60, optimizer: adam, aggression: 0.05}\n"


def table(columns: Sequence[str], values: NDArray[np.float64], targets: str, network: str = NETWORK) -> str:
    """The text of an experiment over rows of numbers."""
    rows = ", ".join(f"[{', '.join(f'{value:.6g}' for value in row)}]" for row in values)
    return f"task: {{kind: table, columns: [{', '.join(columns)}], rows: [{rows}], targets: {targets}}}\n{network}"


@cache
def plane_text(n: int = 40, network: str = NETWORK) -> str:
    """Heights over places in metres, which a network learns in other units."""
    east, north = np.random.default_rng(3).uniform([0, 100], [400, 300], (n, 2)).T
    return table(
        ["east", "north", "height"], np.column_stack([east, north, 600 + east - 2 * north]), "[height]", network
    )


@cache
def prices_text(n: int = 30, network: str = NETWORK) -> str:
    """Prices by three sizes."""
    sizes = np.random.default_rng(4).uniform(0, 10, (n, 3))
    price = 1000 + sizes @ [30, 20, -40]
    return table(["a", "b", "c", "price", "weight"], np.column_stack([sizes, price, price / 7]), "[price]", network)


@cache
def kinds_text(network: str = NETWORK) -> str:
    """Three kinds by two inputs that tell them, one that does not and one of 0 and 1."""
    rng = np.random.default_rng(5)
    kinds = np.repeat([0, 1, 2], 12)
    spread = rng.normal(0, 0.4, (36, 2)) + np.column_stack([kinds * 20, (kinds == 1) * 3])
    rows = np.column_stack([rng.normal(0, 1, 36), spread, kinds == 2])
    said = ", ".join(
        f"[{', '.join(f'{value:.6g}' for value in row)}, {'abc'[kind]}]" for row, kind in zip(rows, kinds, strict=True)
    )
    return (
        f"task: {{kind: table, columns: [noise, long, wide, flag, kind], rows: [{said}], targets: [kind]}}\n{network}"
    )


def made(text: str, *settings: str) -> Experiment:
    return read_experiment(text, label="t.yaml", name="t", folder=Path("nowhere"), overrides=[*SMALL, *settings])


@lru_cache(maxsize=24)  # a canvas takes some megabytes
def drawn(text: str, *settings: str) -> DrawnFilm:
    """The canvas of a run."""
    recording = train(made(text, "snapshots.count=6", *settings))
    moments = timeline(recording.experiment.video, recording)
    return DrawnFilm(Canvas(recording, moments), moments, recording)


def rgb(color: str) -> NDArray[np.float64]:
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
