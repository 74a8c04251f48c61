"""The features of a table: which columns they name, and what its inputs are called in formulas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import Dataset
from backprop_anim.tasks.features import FeatureList, features_of, named_variables, with_features
from backprop_anim.tasks.input_columns import InputColumn
from backprop_anim.tasks.raw_table import RawTable
from backprop_anim.tasks.table_column import Column

__all__ = ["columns_of_features", "with_table_features"]


def columns_of_features(given: FeatureList, table: RawTable, others: Sequence[str]) -> list[Column]:
    """Return the columns that formulas name; none where a feature takes all there are, or nothing names one.

    Parameters
    ----------
    given : sequence of str or Fourier
    table : RawTable
    others : sequence of str
        The columns that serve for something else.

    Raises
    ------
    TaskError
        If a formula cannot be read, or names no column.
    """
    names = [name for name in dict.fromkeys(table.names) if name not in others]
    return [table.column(name, "features") for name in named_variables(given, names)] if given else []


def with_table_features(
    dataset: Dataset, given: FeatureList, held: Sequence[InputColumn], trained: NDArray[np.int64]
) -> Dataset:
    """Return `dataset` with features as its inputs.

    A column of words has a variable for each word, and its own name stands for all of them.

    Parameters
    ----------
    dataset : Dataset
        In the units of the file.
    given : sequence of str or Fourier
    held : sequence of InputColumn
        The columns that became the inputs.
    trained : ndarray of int
        The samples that the network is trained on, from which ranges come.

    Raises
    ------
    TaskError
        If a formula cannot be read, or has no value for a sample.
    """
    variables: list[str] = []
    groups: dict[str, list[int]] = {}
    for column in held:
        if column.kind == "words":
            groups[column.name] = list(range(len(variables), len(variables) + column.width))
        variables += [f"{column.name}: {word}" for word in column.words] or [column.name]
    some = dataset.inputs[trained]
    spans = list(zip(some.min(axis=0).tolist(), some.max(axis=0).tolist(), strict=True))
    return with_features(dataset, features_of(given, variables, dataset.input_names, spans, groups))
