"""Rows that stand sorted by class: batches taken in their order would see one class at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backprop_anim.config.file_schema import TrainingKeys
from backprop_anim.engine import Cyclic, batch_orders
from backprop_anim.experiment import Training
from backprop_anim.tasks import Dataset

__all__ = ["mind_sorted_rows"]


def mind_sorted_rows(training: Training, keys: TrainingKeys, dataset: Dataset) -> tuple[Training, Dataset]:
    """Return the training with shuffled batches where the rows of a file are sorted and no order is written.

    A written order stays, and the data set's notes say what it means.
    """
    is_file = bool(dataset.input_columns)
    takes_parts = training.batch is not None and training.batch < dataset.n_samples
    if not is_file or not takes_parts or not isinstance(training.order, Cyclic) or not _is_sorted(dataset):
        return training, dataset
    if "order" in keys.model_fields_set:
        said = "the rows are sorted by class, and cyclic batches see one class at a time; order: shuffled mixes them"
        return training, replace(dataset, notes=(*dataset.notes, said))
    said = "the rows are sorted by class, so batches are shuffled (order: shuffled)"
    return replace(training, order=batch_orders["shuffled"]()), replace(dataset, notes=(*dataset.notes, said))


def _is_sorted(dataset: Dataset) -> bool:
    """Return whether each class stands in one piece, of two rows and more on average."""
    if dataset.labels is None:
        return False
    n_pieces = 1 + int(np.count_nonzero(np.diff(dataset.labels)))
    return n_pieces == len(np.unique(dataset.labels)) and dataset.n_samples >= 2 * n_pieces
