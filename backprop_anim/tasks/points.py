"""Labelled points in the plane for a network that tells classes apart; never the boundary that it finds."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import OWN_NAMES, Dataset, Names, TaskError, tasks
from backprop_anim.tasks.features import FeatureList
from backprop_anim.tasks.held_out import TestShare
from backprop_anim.tasks.naming import renamed

__all__ = ["PointsTask", "Shape", "named_shape", "shapes"]

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Draw = Callable[[Labels, int, np.random.Generator], Array]
"""Places points: labels (N,), number of classes and randomness -> coordinates (N, 2), before noise."""


@dataclass(frozen=True)
class Shape:
    """An arrangement of classes in the plane, about as wide as [-1, 1], and what it is without options.

    Attributes
    ----------
    place : callable
        Places points of given labels.
    points, noise : int, float
        What the options of the same names are by default.
    most_classes : int
        How many classes it can have.
    input_names, class_names : tuple of str
    """

    place: Draw
    points: int = 100
    noise: float = 0.0
    most_classes: int = 2
    input_names: tuple[str, str] = ("x1", "x2")
    class_names: tuple[str, ...] = tuple(string.ascii_uppercase[:10])


shapes: dict[str, Shape] = {}
"""Every shape, in the order in which they are listed."""


def named_shape(
    *,
    points: int = 100,
    noise: float = 0.0,
    most_classes: int = 2,
    input_names: tuple[str, str] = ("x1", "x2"),
    class_names: tuple[str, ...] = tuple(string.ascii_uppercase[:10]),
) -> Callable[[Draw], Draw]:
    """Return a decorator that enters a function in `shapes` under its own name."""

    def enter(place: Draw) -> Draw:
        shapes[place.__name__] = Shape(place, points, noise, most_classes, input_names, class_names)
        return place

    return enter


def _around(centre: Array, radius: Array, angle: Array) -> Array:
    """Return the points at polar coordinates around `centre`, shape (N, 2)."""
    return centre + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _evenly(labels: Labels) -> Array:
    """Return for each point its place within its class, evenly from 0 to 1, shape (N,)."""
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = labels == label
        place[members] = np.linspace(0.0, 1.0, members.sum())
    return place


LEMONS = (
    (0.12, 0.22),
    (0.18, 0.38),
    (0.24, 0.15),
    (0.27, 0.31),
    (0.33, 0.24),
    (0.10, 0.10),
    (0.36, 0.40),
    (0.20, 0.05),
)
STRAWBERRIES = (
    (0.64, 0.72), (0.71, 0.86), (0.78, 0.65), (0.84, 0.80), (0.69, 0.58), (0.90, 0.92), (0.76, 0.76), (0.87, 0.68),
)  # fmt: skip


@named_shape(points=16, input_names=("sweetness", "redness"), class_names=("lemon", "strawberry"))
def fruit(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """Sour yellow lemons and sweet red strawberries: sixteen set points, or others around the same centres."""
    baskets = np.array([LEMONS, STRAWBERRIES])  # (2, 8, 2)
    if len(labels) == baskets.shape[0] * baskets.shape[1]:
        return np.array(baskets.transpose(1, 0, 2).reshape(-1, 2))  # a lemon, a strawberry, a lemon, …
    centres: Array = baskets.mean(axis=1)  # (2, 2)
    return np.clip(rng.normal(centres[labels], 0.1), 0.0, 1.0)


@named_shape(noise=0.08)
def moons(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """Two half circles, each reaching into the other."""
    centre = np.where(labels == 0, -1.0, 1.0)[:, np.newaxis] * [0.33, 0.165]
    return _around(centre, np.full(len(labels), 0.66), np.pi * (_evenly(labels) + labels))


@named_shape(noise=0.06)
def circles(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """Draw a small circle inside a large one."""
    return _around(np.zeros(2), np.where(labels == 0, 0.4, 0.9), 2 * np.pi * rng.random(len(labels)))


@named_shape(points=200, noise=0.02, most_classes=10)
def spirals(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """One arm for each class, wound around the same centre."""
    radius = 0.08 + 0.9 * _evenly(labels)
    turns = 1.25 if n_classes == 2 else 0.75
    return _around(np.zeros(2), radius, 2 * np.pi * (turns * radius + labels / n_classes))


@named_shape(noise=0.13, most_classes=10)
def blobs(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """Scatter a round cloud for each class, their centres evenly on a circle; noise is the width of a cloud."""
    angle = 2 * np.pi * labels / n_classes + np.pi / 4
    return _around(np.zeros(2), np.full(len(labels), 0.7), angle)


@named_shape()
def xor(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """Four quarters of a square, of which opposite ones are one class."""
    right = rng.random(len(labels)) < 0.5
    above = right ^ (labels == 1)
    signs = np.where(np.column_stack([right, above]), 1.0, -1.0)
    return signs * rng.uniform(0.08, 1.0, size=signs.shape)


@named_shape()
def linear(labels: Labels, n_classes: int, rng: np.random.Generator) -> Array:
    """Two sides of a slanted line, with a gap between them: what a single neuron can tell apart."""
    across = np.where(labels == 0, -1.0, 1.0) * rng.uniform(0.08, 0.8, len(labels))
    along = rng.uniform(-0.9, 0.9, len(labels))
    normal = np.array([np.cos(np.pi / 3), np.sin(np.pi / 3)])
    return np.outer(across, normal) + np.outer(along, [normal[1], -normal[0]])


if TYPE_CHECKING:
    ShapeName: TypeAlias = str
else:
    ShapeName = Literal[*shapes]


@tasks.register("points")
@dataclass(frozen=True)
class PointsTask:
    """Labelled points in the plane: from x1 and x2 to the class.

    Attributes
    ----------
    shape : str
        How the classes lie.
    points : int, optional
        The number of samples, class by class in turn; what suits the shape where it is not given.
    noise : float, optional
        The standard deviation of the Gaussian noise on both coordinates; what suits the shape where it is not given.
    classes : int
        The number of classes; blobs and spirals can have more than two.
    names : Names
        Other names for the inputs, the outputs and the classes.
    features : tuple
        What the network is given in place of x1 and x2: formulas in them, and waves as ``{fourier: 4}``.
    test : float, optional
        The share of the samples that the network is tested on and not trained on.
    """

    shape: ShapeName = "moons"
    points: Annotated[int, Ge(2), Le(100_000)] | None = None
    noise: Annotated[float, Ge(0), Le(10)] | None = None
    classes: Annotated[int, Ge(2), Le(10)] = 2
    names: Names = OWN_NAMES
    features: FeatureList = field(default=(), metadata={"quiet": True})
    test: TestShare = field(default=None, metadata={"quiet": True})

    @property
    def variables(self) -> dict[str, tuple[float, float] | None]:
        """What features call the inputs, and from where to where each goes."""
        return {"x1": None, "x2": None}

    @property
    def n_samples(self) -> int | None:
        """The number of samples."""
        return shapes[self.shape].points if self.points is None and self.shape in shapes else self.points

    def build(self, rng: np.random.Generator) -> Dataset:
        """Make the samples.

        Raises
        ------
        TaskError
            If the shape is unknown, or cannot have that many classes.
        """
        shape = self._checked_shape()
        n_samples = shape.points if self.points is None else self.points
        noise = shape.noise if self.noise is None else self.noise
        labels = np.arange(n_samples) % self.classes  # a cyclic walk through the samples meets the classes in turn
        places = shape.place(labels, self.classes, rng)  # (N, 2)
        class_names = shape.class_names[: self.classes]
        two = self.classes == 2
        dataset = Dataset(
            kind="classes",
            inputs=places + noise * rng.standard_normal(places.shape),
            targets=labels[:, np.newaxis].astype(np.float64) if two else np.eye(self.classes)[labels],
            labels=labels,
            input_names=shape.input_names,
            output_names=class_names[1:] if two else class_names,
            class_names=class_names,
        )
        return renamed(dataset, self.names)

    def _checked_shape(self) -> Shape:
        if self.shape not in shapes:
            hint = did_you_mean(self.shape, shapes)
            raise TaskError(f"unknown shape '{self.shape}'{hint}; known are {', '.join(shapes)}", "shape")
        shape = shapes[self.shape]
        if self.classes > shape.most_classes:
            more = ", ".join(name for name in shapes if shapes[name].most_classes >= self.classes)
            message = f"{self.shape} has {shape.most_classes} classes, not {self.classes}"
            raise TaskError(f"{message}; {more} can have as many", "classes")
        if self.points is not None and self.points < self.classes:
            raise TaskError(f"{self.points} points are too few for {self.classes} classes", "points")
        return shape
