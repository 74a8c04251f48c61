"""Samples whose order is not one to train in: rows sorted by class, the rows of a picture."""

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

    A batch in their order would see one class at a time, or one strip of a picture. A written order stays, and the data
    set's notes say what it means.
    """
    is_picture = dataset.picture_size is not None
    is_file = is_picture or bool(dataset.input_columns)
    takes_parts = training.batch is not None and training.batch < dataset.n_samples
    if (
        not is_file
        or not takes_parts
        or not isinstance(training.order, Cyclic)
        or not (is_picture or _is_sorted(dataset))
    ):
        return training, dataset
    why = "the pixels stand row by row" if is_picture else "the rows are sorted by class"
    if "order" in keys.model_fields_set:
        sees = "a strip of the picture" if is_picture else "one class"
        said = f"{why}, and cyclic batches see {sees} at a time; order: shuffled mixes them"
        return training, replace(dataset, notes=(*dataset.notes, said))
    said = f"{why}, so batches are shuffled (order: shuffled)"
    return replace(training, order=batch_orders["shuffled"]()), replace(dataset, notes=(*dataset.notes, said))


def _is_sorted(dataset: Dataset) -> bool:
    """Return whether each class stands in one piece, of two rows and more on average."""
    if dataset.labels is None:
        return False
    n_pieces = 1 + int(np.count_nonzero(np.diff(dataset.labels)))
    return n_pieces == len(np.unique(dataset.labels)) and dataset.n_samples >= 2 * n_pieces
