"""What a comparison says of its runs in numbers: a row for each, and the table of them; it writes no file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_anim.batch.in_step import By, places_of
from backprop_anim.config import Variant
from backprop_anim.engine import losses
from backprop_anim.training import Recording

__all__ = ["MadeRun", "least_loss", "row_of", "table_text"]


@dataclass(frozen=True)
class MadeRun:
    """One run that was trained.

    Attributes
    ----------
    recording : Recording
    seconds : float
        How long that took.
    """

    recording: Recording
    seconds: float


def row_of(variant: Variant, run: MadeRun, by: By) -> dict[str, Any]:
    """Return what the table says of a run."""
    recording, experiment = run.recording, variant.experiment
    row: dict[str, Any] = {"run": experiment.name, "label": variant.label}
    row |= {key: value if isinstance(value, (int, float)) else str(value) for key, value in variant.settings.items()}
    shown = recording.snapshot_losses
    row |= {"loss": losses.name_of(experiment.training.loss)}
    row |= {"seed": experiment.seed, "steps": recording.n_steps, "initial_loss": float(shown[0])}
    if by == "epoch":
        row["epochs"] = float(places_of(experiment, np.array([recording.n_steps]), by)[0])
    row |= {"final_loss": None} if recording.diverged_at else {"final_loss": float(shown[-1])} | _quality(recording)
    return row | {"diverged_at": recording.diverged_at, "seconds": round(run.seconds, 3)}


def _quality(recording: Recording) -> dict[str, float]:
    """Return how good the last state is, in the measure of its task."""
    experiment = recording.experiment
    if experiment.dataset.kind == "classes":
        return recording.last_measures
    gaps = experiment.answers(recording.parameters[-1], experiment.dataset.shown_inputs) - experiment.shown_targets()
    return {"largest_distance": float(np.sqrt((gaps**2).sum(axis=1)).max())} | recording.last_measures


def least_loss(runs: Sequence[MadeRun]) -> float:
    """Return the least final loss; where every run diverged, the least that was kept last."""
    whole = [run for run in runs if run.recording.diverged_at is None]
    return min(float(run.recording.snapshot_losses[-1]) for run in whole or runs)


def table_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the text of a CSV file."""
    text = io.StringIO()
    keys = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(text, keys, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
