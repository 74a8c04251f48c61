"""The plane of two coordinates on which a network is asked, as a section through all of its inputs; it never asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from backprop_anim.common import did_you_mean

if TYPE_CHECKING:
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.tasks import Dataset

__all__ = ["PlaneSection", "SectionInputs", "has_two_measured", "input_names", "plane_section", "section_problem"]

SectionInputs = Literal["auto", "pca"] | tuple[str, str]


@dataclass(frozen=True, eq=False)
class PlaneSection:
    """A plane through the space of inputs.

    Attributes
    ----------
    names : tuple of str
        What both coordinates are called; empty for no name.
    said : tuple of str
        Which plane it is, in words that grow shorter; empty where it is all there is.
    columns : tuple of int, optional
        The two inputs that are the coordinates, in the units of the file; otherwise coordinates are those of `along`.
    base : ndarray, shape (n_in,)
        A place of the plane: in the units of the file where there are columns or features, otherwise as the network is
        trained.
    along : ndarray, shape (2, n_in)
        What one unit of each coordinate adds to the inputs as the network is trained; with features, to the inputs.
    across : ndarray, shape (2, n_in), optional
        What one unit of each input adds to the coordinates, where that is not `along`.
    """

    names: tuple[str, str]
    said: tuple[str, ...]
    columns: tuple[int, int] | None
    base: Array
    along: Array
    across: Array | None = None

    def places(self, dataset: Dataset) -> Array:
        """Return the two coordinates of every sample, (N, 2)."""
        if self.columns is not None:
            return dataset.shown_inputs[:, self.columns]
        found: Array = (dataset.plain_inputs - self.base) @ (self.along if self.across is None else self.across).T
        return found

    def in_file(self, dataset: Dataset) -> tuple[Array, Array, Array]:
        """Return `base`, `along` and `across` for inputs in the units of the file."""
        units = dataset.input_units if dataset.features is None else None
        scale = np.ones(dataset.n_inputs) if units is None else units.scale
        base = self.base if units is None or self.columns is not None else units.to_file(self.base)
        across = self.along if self.across is None else self.across
        return base, self.along * scale, across / scale

    def places_of_all(self, experiments: Sequence[Experiment]) -> Array:
        """Return the coordinates of the samples of several runs, of those that are held out too, (all, 2)."""
        found = [self.places(each.dataset) for each in experiments]
        found += [self.places(each.dataset.held_out) for each in experiments if each.dataset.held_out is not None]
        return np.concatenate(found)

    def are_days(self, dataset: Dataset) -> tuple[bool, bool]:
        """Return which coordinates are days since the start of 1970."""
        first, second = self.columns or (-1, -1)
        return first in dataset.date_inputs, second in dataset.date_inputs

    def inputs_at(self, dataset: Dataset, place: Array) -> Array:
        """Return what the network is given at places of the plane, (..., 2) -> (..., n_given)."""
        if self.columns is None:
            found: Array = self.base + place @ self.along
            return found if dataset.features is None else dataset.to_inputs(found)
        point = np.broadcast_to(self.base, (*place.shape[:-1], len(self.base))).copy()
        point[..., list(self.columns)] = place
        return dataset.to_inputs(point)


def section_problem(dataset: Dataset, wanted: SectionInputs) -> str | None:
    """Return why there is no such plane, or None where there is."""
    if dataset.n_inputs < 2:
        return f"it needs two inputs for its axes, and this task has {dataset.n_inputs}"
    if isinstance(wanted, str):
        return None
    names = input_names(dataset)
    for name in wanted:
        if name not in names:
            return f"no input is called {name!r}{did_you_mean(name, names) or '; they are ' + ', '.join(names)}"
    return f"its axes need two inputs, and both are {wanted[0]!r}" if wanted[0] == wanted[1] else None


def plane_section(dataset: Dataset, wanted: SectionInputs) -> PlaneSection:
    """Return the plane that an option asks for; with ``auto`` that of the two inputs that part the classes best."""
    if wanted == "pca":
        return _principal_plane(dataset)
    names, n_others = input_names(dataset), dataset.n_inputs - 2
    if isinstance(wanted, tuple):
        columns, chosen = (names.index(wanted[0]), names.index(wanted[1])), False
    else:
        columns, chosen = _telling_columns(dataset) if n_others else (0, 1), n_others > 0
    along = np.zeros((2, dataset.n_inputs))
    # With features the way from a place of the plane to what the network is given is not straight.
    straight = dataset.input_units if dataset.features is None else None
    scale = np.ones(dataset.n_inputs) if straight is None else straight.scale
    along[[0, 1], columns] = 1 / scale[list(columns)]
    given = (*dataset.input_names, *[""] * dataset.n_inputs)
    shown = given[columns[0]], given[columns[1]]
    return PlaneSection(shown, _said(n_others, chosen), columns, dataset.shown_inputs.mean(axis=0), along)


def input_names(dataset: Dataset) -> tuple[str, ...]:
    """Return what the inputs are called: their own names, or x1, x2 and so on."""
    return dataset.input_names or tuple(f"x{k + 1}" for k in range(dataset.n_inputs))


def has_two_measured(dataset: Dataset) -> bool:
    """Return whether two inputs have more than two values each, so that a plane of both is no list of four cases."""
    return int(np.sum(_is_measured(dataset))) >= 2


def _said(n_others: int, chosen: bool) -> tuple[str, ...]:
    if n_others == 0:
        return ()
    all_others = "the other input at its mean" if n_others == 1 else f"the other {n_others} inputs at their means"
    others = all_others.replace(" inputs", "").replace(" input", "")
    plain = (f"The colours are for {all_others}", f"Colours are for {others}", "Others at their means")
    if not chosen:
        return plain
    best = "The two inputs that part the classes best"
    return (
        f"{best}; the colours are for {all_others}",
        f"{best}; colours are for {others}",
        f"Best two inputs; colours are for {others}",
        *plain[1:],
    )


def _principal_plane(dataset: Dataset) -> PlaneSection:
    """Return the plane in which the inputs, as the network is trained, vary most."""
    inputs = dataset.plain_inputs
    mean = inputs.mean(axis=0)
    # Features are no plane, and inputs in the units of the file are not to be compared: each by its deviation.
    scale = np.ones_like(mean) if dataset.features is None else np.maximum(inputs.std(axis=0), 1e-300)
    _, sizes, directions = np.linalg.svd((inputs - mean) / scale, full_matrices=False)
    # A direction and its opposite are the same: the largest part of each points upwards.
    along = np.zeros((2, dataset.n_inputs))
    along[: len(directions[:2])] = directions[:2]
    largest = np.abs(along).argmax(axis=1)
    along *= np.where(along[[0, 1], largest] < 0, -1.0, 1.0)[:, np.newaxis]
    shares = np.zeros(2)
    shares[: len(sizes[:2])] = sizes[:2] ** 2 / max(float(np.sum(sizes**2)), 1e-300)
    first, second = (f"component {k + 1} ({100 * share:.0f} %)" for k, share in enumerate(shares))
    plane = "The plane in which the inputs vary most"
    said = (
        f"{plane}, with its shares of the variance; the colours are for places in it",
        f"{plane}; the colours are for places in it",
        "Principal components; colours for their plane",
        "Principal components",
    )
    across = None if dataset.features is None else along / scale
    return PlaneSection((first, second), said, None, mean, along * scale, across)


def _telling_columns(dataset: Dataset) -> tuple[int, int]:
    """Return the two inputs by which the classes differ most, in their order; those of two values come last."""
    measured, ratios = _is_measured(dataset), _separations(dataset)
    order = sorted(range(dataset.n_inputs), key=lambda k: (not measured[k], -ratios[k], k))
    first, second = sorted(order[:2])
    return first, second


def _is_measured(dataset: Dataset) -> Sequence[bool]:
    return [len(np.unique(column)) > 2 for column in dataset.shown_inputs.T]


def _separations(dataset: Dataset) -> Array:
    """Return for each input the variance between the classes over that within them."""
    inputs = dataset.plain_inputs - dataset.plain_inputs.mean(axis=0)
    if dataset.labels is None:
        return np.zeros(inputs.shape[1])
    means = np.zeros_like(inputs)
    for label in np.unique(dataset.labels):
        members = dataset.labels == label
        means[members] = inputs[members].mean(axis=0)
    between, within = (means**2).mean(axis=0), ((inputs - means) ** 2).mean(axis=0)
    found: Array = between / np.maximum(within, 1e-12 * np.maximum(between + within, 1e-300))
    return found
