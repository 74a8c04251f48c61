"""The samples that a user hands over with a model: arrays, tensors and data frames become one data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.api import as_array, column_names
from backprop_anim.common import IN_MEMORY, UsageError
from backprop_anim.tasks import ArrayTask, Dataset, GivenUnits, Names, TaskError, check_samples

__all__ = ["GivenSamples"]

NAMED = ("inputs", "outputs", "classes")


@dataclass(frozen=True)
class GivenSamples:
    """What a network is trained on, as it was given, and what is known of it.

    Attributes
    ----------
    arrays : mapping of str to ndarray
        x and y, and x_test and y_test where they were given.
    names : Names
    units : GivenUnits or None
        How inputs and targets become what the network is given and answers.
    """

    arrays: Mapping[str, NDArray[Any]]
    names: Names = field(default_factory=Names)
    units: GivenUnits | None = None

    @classmethod
    def of(cls, x: Any, y: Any, x_test: Any, y_test: Any, names: Mapping[str, Sequence[str]] | None) -> GivenSamples:
        """Return the samples of what a user gave.

        Raises
        ------
        UsageError
            If it is something else than numbers, words or classes.
        """
        if (x_test is None) != (y_test is None):
            raise UsageError("x_test and y_test go together; one of them is missing")
        given = {"x": x, "y": y} | ({} if x_test is None else {"x_test": x_test, "y_test": y_test})
        arrays = {name: as_array(value, name) for name, value in given.items()}
        try:
            for ending in ("", "_test") if x_test is not None else ("",):
                check_samples(arrays, f"x{ending}", f"y{ending}")
        except TaskError as error:
            raise UsageError(str(error)) from None
        unknown = set(names or {}) - set(NAMED)
        if unknown:
            raise UsageError(f"names has no {min(unknown)!r}; allowed are {', '.join(NAMED)}")
        named: dict[str, Any] = {key: tuple(map(str, words)) for key, words in (names or {}).items()}
        if "inputs" not in named and (columns := column_names(x)):
            named["inputs"] = columns
        if "outputs" not in named and (columns := column_names(y)):
            named["outputs"] = columns
        return cls(arrays, Names(**named))

    @property
    def n_inputs(self) -> int:
        """How many numbers a sample has."""
        x = self.arrays["x"]
        return int(np.prod(x.shape[1:], dtype=np.int64))

    def with_classes(self, n_out: int) -> GivenSamples:
        """Return the samples with a name for each class that a network of `n_out` outputs tells apart."""
        n_classes = max(n_out, 2)
        words = [name for name in ("y", "y_test") if name in self.arrays and self.arrays[name].dtype.kind == "U"]
        names = self.names.classes
        if words:
            found = tuple(np.unique(np.concatenate([self.arrays[name].ravel() for name in words])).tolist())
            order = names if isinstance(names, tuple) and set(names) >= set(found) else found
            arrays = dict(self.arrays)
            for name in words:
                arrays[name] = np.array([order.index(word) for word in arrays[name].ravel().tolist()])
            return replace(self, arrays=arrays, names=replace(self.names, classes=order)).with_classes(n_out)
        if not names:
            names = tuple(map(str, range(n_classes)))
        if len(names) != n_classes:
            raise UsageError(
                f"names.classes has {len(names)} ({', '.join(map(str, names))}); the network tells {n_classes} apart"
            )
        for name in ("y", "y_test"):
            self._check_labels(name, n_classes)
        return replace(self, names=replace(self.names, classes=names, outputs=()))

    def _check_labels(self, name: str, n_classes: int) -> None:
        y = self.arrays.get(name)
        if y is None or (y.ndim == 2 and y.shape[1] > 1):
            return
        if y.size and np.isfinite(y).all() and (y.min() < 0 or y.max() >= n_classes):
            odd = y.min() if y.min() < 0 else y.max()
            raise UsageError(f"{name} holds class {odd:g}; the network tells {n_classes} apart, 0 to {n_classes - 1}")

    def task_and_dataset(self, are_classes: bool, n_out: int) -> tuple[ArrayTask, Dataset]:
        """Return the samples as a task and as its data set.

        Raises
        ------
        UsageError
            If they do not go together.
        """
        given = self.with_classes(n_out) if are_classes else self
        outputs = given.arrays["y"]
        width = int(np.prod(outputs.shape[1:], dtype=np.int64))
        task = ArrayTask(
            IN_MEMORY,
            classes=are_classes,
            normalize=given.units or "none",
            curve=not are_classes and self.n_inputs == 1 and width == 2,
            names=given.names,
        )
        try:
            return task, task.build_from(given.arrays)
        except TaskError as error:
            raise UsageError(str(error)) from None
