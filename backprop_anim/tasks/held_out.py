"""Samples that a network is tested on and never trained on: which they are, and a data set without them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from annotated_types import Gt, Lt
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import Dataset, TaskError

__all__ = ["Holdout", "TestShare", "without_rows"]

TestShare = Annotated[float, Gt(0), Lt(1)] | None
"""Of a task's option ``test``: the share of the samples that is held out."""

PER_SAMPLE = ("inputs", "targets", "labels", "truth", "file_inputs", "file_targets")
"""The parts of a data set that have a row for each sample."""


@dataclass(frozen=True)
class Holdout:
    """How samples are held out.

    Attributes
    ----------
    share : float
        Of all samples; of each class alike.
    rng : Generator
    """

    share: float
    rng: np.random.Generator

    def rows(self, n_samples: int, labels: NDArray[np.int64] | None, names: tuple[str, ...] = ()) -> NDArray[np.int64]:
        """Draw the samples that are held out, in rising order.

        Parameters
        ----------
        n_samples : int
        labels : ndarray of int, shape (N,), or None
        names : tuple of str
            Of the classes, for messages.

        Raises
        ------
        TaskError
            If none would be left to train on, or to test on.
        """
        groups = [np.arange(n_samples)] if labels is None else [np.flatnonzero(labels == k) for k in np.unique(labels)]
        for group in groups:
            if labels is not None and len(group) == 1:
                name = names[int(labels[group[0]])] if names else str(int(labels[group[0]]))
                raise TaskError(
                    f"class {name} has one sample, which cannot be trained on and tested on: "
                    "take its row out, or leave test out",
                    "test",
                )
        counts = _shared_out(self.share, [len(group) for group in groups])
        drawn = [self.rng.permutation(group)[:count] for group, count in zip(groups, counts, strict=True)]
        rows: NDArray[np.int64] = np.sort(np.concatenate(drawn))
        left = n_samples - len(rows)
        if not len(rows) or not left:
            raise TaskError(
                f"a share of {self.share:g} of {n_samples:,} samples leaves {left:,} to train on and "
                f"{len(rows):,} to test on",
                "test",
            )
        return rows


def _shared_out(share: float, sizes: list[int]) -> list[int]:
    """Return how many of each group make up a share of all: what is left over goes to the largest remainders."""
    quotas = share * np.array(sizes)
    counts = np.floor(quotas).astype(int)
    missing = int(np.floor(quotas.sum() + 0.5)) - int(counts.sum())
    counts[np.argsort(counts - quotas, kind="stable")[:missing]] += 1
    return [int(count) for count in counts]


def without_rows(dataset: Dataset, rows: NDArray[np.int64]) -> Dataset:
    """Return `dataset` with some of its samples held out."""
    kept = np.setdiff1d(np.arange(dataset.n_samples), rows)

    def only(chosen: NDArray[np.int64]) -> dict[str, Any]:
        parts = {name: getattr(dataset, name) for name in PER_SAMPLE}
        return {name: part[chosen] for name, part in parts.items() if part is not None}

    return replace(dataset, **only(kept), held_out=replace(dataset, **only(rows), notes=()))
