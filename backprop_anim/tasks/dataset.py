"""What a task hands to the engine and to the panels: samples, names and ranges; never how they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Registry
from backprop_anim.tasks.units import Units

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from backprop_anim.tasks.features import Features
    from backprop_anim.tasks.input_columns import InputColumn

__all__ = [
    "OWN_NAMES",
    "Dataset",
    "DatasetKind",
    "Names",
    "Task",
    "TaskError",
    "file_options",
    "files_of",
    "pixel_middles",
    "tasks",
]

DatasetKind = Literal["curve", "series", "classes", "regression"]


class TaskError(ValueError):
    """A task whose options cannot be made into samples.

    Parameters
    ----------
    message : str
        What is wrong and what is allowed.
    option : str, optional
        The option of the task that is at fault.
    """

    def __init__(self, message: str, option: str | None = None) -> None:
        self.option = option
        super().__init__(message)


@dataclass(frozen=True)
class Names:
    """What the film calls the inputs, the outputs and the classes; empty means the task's own names.

    Attributes
    ----------
    inputs, outputs : tuple of str
        In the order of the columns.
    classes : tuple of str or mapping
        Where the data name their classes: these words in the order that is wanted, or other names by these words.
        Where they do not: names in the task's order, or by the task's own.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    classes: tuple[str, ...] | Mapping[str | int, str] = ()


OWN_NAMES = Names()
"""The default of every task's option `names`."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples with what a viewer needs to read them.

    Attributes
    ----------
    kind : {"curve", "series", "classes", "regression"}
        A curve has one input and two outputs that are drawn against each other; a series has one input
        and one output that is drawn against it; classes have labels; a regression is anything else.
    inputs : ndarray, shape (N, n_given)
        What the network is given: the inputs themselves, or their features.
    targets : ndarray, shape (N, n_out)
        What the network should answer. For classes: the label as 0 or 1 (two classes) in one column, or one-hot;
        `for_outputs` gives the form that fits a network.
    labels : ndarray of int, shape (N,), optional
        The class of each sample.
    truth : ndarray, shape (N, n_out), optional
        The targets without observation noise, in the order of `inputs` and in the units of the file.
    input_names, output_names, class_names : tuple of str
    shown_range : tuple of float, optional
        For a one-dimensional input: what the ends of the data, as a user would read them on the axis, are called,
        where the network's input is a fraction of that range.
    file_inputs, file_targets : ndarray, optional
        Inputs, (N, n_in), and targets, (N, n_out), as a user knows them, where `inputs` and `targets` are not the same.
    input_units, target_units : Units, optional
        How the numbers of the file, or their features, became `inputs` and `targets`, where they are not the same.
    features : Features, optional
        What the network is given in place of the inputs.
    input_columns : tuple of InputColumn
        The columns of a file that became the inputs, in their order; empty where there is no such file.
    picture_size : tuple of int, optional
        The columns and rows of the picture whose pixels the samples are.
    held_out : Dataset, optional
        Samples of the same kind that the network is tested on and never trained on.
    n_left_out : int
        Rows of a file that were left out for their missing values.
    notes : tuple of str
        What a user should know of how the samples were made.
    """

    kind: DatasetKind
    inputs: NDArray[np.float64]
    targets: NDArray[np.float64]
    labels: NDArray[np.int64] | None = None
    truth: NDArray[np.float64] | None = None
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    shown_range: tuple[float, float] | None = field(default=None)
    file_inputs: NDArray[np.float64] | None = None
    file_targets: NDArray[np.float64] | None = None
    input_units: Units | None = None
    target_units: Units | None = None
    features: Features | None = None
    input_columns: tuple[InputColumn, ...] = ()
    picture_size: tuple[int, int] | None = None
    held_out: Dataset | None = None
    n_left_out: int = 0
    notes: tuple[str, ...] = ()

    @property
    def pixels(self) -> NDArray[np.int64]:
        """The pixel that each sample of a picture is, counted row by row from the top, shape (N,)."""
        columns, rows = self.picture_size or (1, 1)
        x, y = self.shown_inputs.T * max(columns, rows)
        column, row = np.rint((x + columns - 1) / 2), np.rint((rows - 1 - y) / 2)
        found: NDArray[np.int64] = (row * columns + column).astype(np.int64)
        return found

    @property
    def shown_inputs(self) -> NDArray[np.float64]:
        """The inputs as a user knows them: in the units of the file."""
        return self.inputs if self.file_inputs is None else self.file_inputs

    @property
    def shown_targets(self) -> NDArray[np.float64]:
        """The targets as a user knows them: in the units of the file."""
        return self.targets if self.file_targets is None else self.file_targets

    @property
    def date_inputs(self) -> tuple[int, ...]:
        """Which inputs are days since the start of 1970."""
        starts = np.cumsum([0, *(column.width for column in self.input_columns)])
        return tuple(
            int(start) for start, column in zip(starts, self.input_columns, strict=False) if column.kind == "dates"
        )

    def shown_for_outputs(self, n_out: int) -> NDArray[np.float64]:
        """Return the targets for a network with `n_out` outputs, shape (N, n_out), in the units of the file."""
        return self.for_outputs(n_out) if self.file_targets is None else self.file_targets

    def to_inputs(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return inputs in the units of the file, shape (..., n_in), as the network is given them: (..., n_given).

        They are nan where a feature has no value.
        """
        values = values if self.features is None else self.features(values)
        return values if self.input_units is None else self.input_units.to_trained(values)

    def to_answers(self, outputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a network answers, shape (..., n_out), in the units of the file."""
        return outputs if self.target_units is None else self.target_units.to_file(outputs)

    def to_outputs(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return answers in the units of the file, shape (..., n_out), as a network is trained to give them."""
        return values if self.target_units is None else self.target_units.to_trained(values)

    @property
    def known_labels(self) -> NDArray[np.int64]:
        """The class of each sample of a task of classes, which always has them, shape (N,)."""
        if self.labels is None:
            raise ValueError("these samples have no classes")
        return self.labels

    @property
    def n_samples(self) -> int:
        """The number of samples N."""
        return len(self.inputs)

    def some_samples(self, most: int) -> NDArray[np.int64]:
        """Return evenly chosen samples, at most so many, in rising order."""
        return np.linspace(0, self.n_samples - 1, min(self.n_samples, most)).astype(np.int64)

    @property
    def plain_inputs(self) -> NDArray[np.float64]:
        """The inputs through which planes and ranges are laid: as trained, or with features in the file's units."""
        return self.inputs if self.features is None else self.shown_inputs

    @property
    def n_inputs(self) -> int:
        """The number of inputs n_in, as a user knows them."""
        return int(self.shown_inputs.shape[1])

    @property
    def n_given(self) -> int:
        """How many numbers the network is given: its inputs, or their features."""
        return int(self.inputs.shape[1])

    @property
    def given_names(self) -> tuple[str, ...]:
        """What the numbers that the network is given are called; empty for no names."""
        return self.input_names if self.features is None else self.features.names

    @property
    def output_widths(self) -> tuple[int, ...]:
        """The sizes that a network's last layer may have, the usual one first."""
        if self.kind != "classes":
            return (self.targets.shape[1],)
        n_classes = len(self.class_names)
        return (1, 2) if n_classes == 2 else (n_classes,)

    def names_of_outputs(self, n_out: int) -> tuple[str, ...]:
        """Return the names of a network's `n_out` outputs, the classes where each has one; empty for none."""
        names = self.class_names if len(self.class_names) == n_out else self.output_names
        return names if len(names) == n_out else ()

    def for_outputs(self, n_out: int) -> NDArray[np.float64]:
        """Return the targets for a network with `n_out` outputs, shape (N, n_out)."""
        if self.labels is None or self.targets.shape[1] == n_out:
            return self.targets
        if n_out == 1:
            return self.labels[:, np.newaxis].astype(np.float64)
        return np.eye(n_out, dtype=np.float64)[self.labels]


class Task(Protocol):
    """A family of data sets: a frozen dataclass whose fields are its options."""

    @property
    def names(self) -> Names: ...

    @property
    def n_samples(self) -> int | None:
        """How many samples `build` will make, known before anything is allocated; None where a file decides."""
        ...

    def build(self, rng: np.random.Generator) -> Dataset:
        """Make the samples.

        Raises
        ------
        TaskError
            If the options do not give a data set.
        """
        ...


def pixel_middles(columns: int, rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the x of a picture's columns and the y of its rows from the top; the longer side goes from -1 to 1."""
    longer = max(columns, rows)
    return (2 * np.arange(columns) + 1 - columns) / longer, (rows - 1 - 2 * np.arange(rows)) / longer


tasks: Registry[Task] = Registry("task")
"""Every kind of task, by the word that stands behind ``task.kind``."""


def files_of(task: Task | DataclassInstance) -> dict[str, Path]:
    """Return the files that a task reads, by the option that names each.

    An option that names a file is a field ``file``, or one with ``metadata={"file": True}``; its value is the path
    as text, or None. ``dataclasses.replace(task, **{option: new_path})`` points the task elsewhere.
    """
    return {name: Path(path) for name in file_options(type(task)) if (path := getattr(task, name)) is not None}


def file_options(cls: type) -> list[str]:
    """Return the options of a plug-in that name a file."""
    options: tuple[Field[Any], ...] = fields(cls)
    return [option.name for option in options if option.name == "file" or option.metadata.get("file")]
