"""Other names for inputs, outputs and classes; a name never passes from one class to another without a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import Dataset, Names, TaskError

__all__ = ["named_classes", "renamed"]

Labels = NDArray[np.int64]
GivenNames = tuple[str, ...] | Mapping[str | int, str]


def renamed(dataset: Dataset, names: Names, are_words: bool = False) -> Dataset:
    """Return `dataset` with the names that were given in place of the task's own.

    Parameters
    ----------
    dataset : Dataset
    names : Names
    are_words : bool
        Whether the data name their classes themselves.

    Raises
    ------
    TaskError
        If there are more or fewer names than inputs, outputs or classes, or it is not clear which class is meant.
    """
    outputs = dataset.output_names
    if dataset.labels is not None:
        own = dataset.class_names
        labels, classes = named_classes(dataset.labels, own, names.classes, are_words)
        n_columns = dataset.targets.shape[1]
        targets = labels[:, np.newaxis].astype(np.float64) if n_columns == 1 else np.eye(len(classes))[labels]
        outputs = {own: classes, own[1:]: classes[1:]}.get(outputs, outputs)
        dataset = replace(dataset, labels=labels, targets=targets, class_names=classes)
    elif names.classes:
        raise TaskError("names.classes: the targets of this task are numbers, not classes", option="names")
    return replace(
        dataset,
        input_names=_given_or_own(names.inputs, dataset.input_names, "inputs"),
        output_names=_given_or_own(names.outputs, outputs, "outputs"),
    )


def _given_or_own(given: tuple[str, ...], own: tuple[str, ...], what: str) -> tuple[str, ...]:
    if given and len(given) != len(own):
        has = f"{len(own)} ({', '.join(own)})" if own else "none"
        raise TaskError(f"names.{what} has {len(given)}, the data has {has}", option="names")
    return given or own


def named_classes(
    labels: Labels, own: Sequence[str], given: GivenNames, are_words: bool
) -> tuple[Labels, tuple[str, ...]]:
    """Return the labels and the names of the classes as ``names.classes`` wants them.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        The class of each sample, a position in `own`.
    own : sequence of str
        What the data call the classes.
    given : tuple of str or mapping
        The words of the data in another order; or other names, by the data's own; or, where the data have no words,
        other names in the data's order. Empty for none.
    are_words : bool
        Whether the data name their classes themselves: then a list can only say in which order they stand.

    Raises
    ------
    TaskError
        If a name could belong to more than one class.
    """
    if not given:
        return labels, tuple(own)
    if isinstance(given, Mapping):
        return labels, _renamed(own, {str(key): name for key, name in given.items()})
    listed = ", ".join(own)
    if len(set(given)) < len(given):
        raise TaskError("names.classes holds one name twice", option="names")
    if set(given) == set(own) and (are_words or given == tuple(own)):
        place = np.array([given.index(word) for word in own], dtype=np.int64)
        return place[labels], given
    if are_words:
        raise TaskError(
            f"names.classes as a list gives the order of the classes and holds just their words ({listed}); "
            f"for other names give a mapping, such as {{{own[0]}: …}}",
            option="names",
        )
    if set(given) & set(own):
        raise TaskError(
            f"names.classes takes the task's own names ({listed}) for others of its classes; give a mapping, "
            f"such as {{{own[0]}: …}}",
            option="names",
        )
    if len(given) != len(own):
        raise TaskError(f"names.classes has {len(given)}, the data has {len(own)} ({listed})", option="names")
    return labels, given


def _renamed(own: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    unknown = [word for word in names if word not in own]
    if unknown:
        raise TaskError(f"names.classes: there is no class {unknown[0]!r}; there are {', '.join(own)}", option="names")
    found = tuple(names.get(word, word) for word in own)
    if len(set(found)) < len(found):
        raise TaskError("names.classes gives two classes one name", option="names")
    return found
