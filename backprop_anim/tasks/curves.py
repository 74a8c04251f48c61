"""Closed and open curves in the plane, drawn by a network with one input and two outputs; never their pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import OWN_NAMES, Dataset, Names, TaskError, tasks
from backprop_anim.tasks.features import FeatureList
from backprop_anim.tasks.formula import Formula
from backprop_anim.tasks.held_out import TestShare
from backprop_anim.tasks.naming import renamed
from backprop_anim.tasks.scaling import scale_into_range
from backprop_anim.tasks.svg_curve import drawn_curve

__all__ = ["CurveTask", "NamedCurve", "curves", "named_curve"]

Array = NDArray[np.float64]
Coordinates = tuple[Array, Array]

TURN = 2 * np.pi


@dataclass(frozen=True)
class NamedCurve:
    """A curve with a name: its coordinates at fractions of its length in t, and how they are scaled."""

    coordinates: Callable[[Array], Coordinates]  # (N,) in [0, 1) -> x (N,), y (N,)
    scaled: Callable[[Array], Array]  # (N, 2) -> (N, 2)


curves: dict[str, NamedCurve] = {}
"""Every named curve, in the order in which they are listed."""


def named_curve(
    scaled: Callable[[Array], Array] = scale_into_range,
) -> Callable[[Callable[[Array], Coordinates]], Callable[[Array], Coordinates]]:
    """Return a decorator that enters a function in `curves` under its own name."""

    def enter(coordinates: Callable[[Array], Coordinates]) -> Callable[[Array], Coordinates]:
        curves[coordinates.__name__] = NamedCurve(coordinates, scaled)
        return coordinates

    return enter


def _heart_scaled(values: Array) -> Array:
    """Scale the heart as its text does: the square from -20 to 20 becomes the unit square."""
    return (values / 20 + 1) / 2


def _polar(radius: Array, angle: Array) -> Coordinates:
    return radius * np.cos(angle), radius * np.sin(angle)


@named_curve(scaled=_heart_scaled)
def heart(fraction: Array) -> Coordinates:
    """Draw x = 16 sin³ θ, y = 13 cos θ - 5 cos 2θ - 2 cos 3θ - cos 4θ (Prishchepo, 2026)."""
    theta = TURN * fraction
    y = 13 * np.cos(theta) - 5 * np.cos(2 * theta) - 2 * np.cos(3 * theta) - np.cos(4 * theta)
    return 16 * np.sin(theta) ** 3, y


@named_curve()
def circle(fraction: Array) -> Coordinates:
    """Draw x = cos θ, y = sin θ."""
    return _polar(np.ones_like(fraction), TURN * fraction)


@named_curve()
def infinity(fraction: Array) -> Coordinates:
    """Draw Bernoulli's lemniscate: x = cos θ / (1 + sin² θ), y = sin θ cos θ / (1 + sin² θ)."""
    theta = TURN * fraction
    x = np.cos(theta) / (1 + np.sin(theta) ** 2)
    return x, x * np.sin(theta)


@named_curve()
def rose(fraction: Array) -> Coordinates:
    """Draw Grandi's rose of five petals: r = cos 5θ; half a turn draws each petal once, and the first one points up."""
    theta = TURN / 2 * fraction
    return _polar(np.cos(5 * theta), theta + np.pi / 2)


@named_curve()
def spiral(fraction: Array) -> Coordinates:
    """Draw Archimedes' spiral, whose radius grows evenly, over two and a half turns."""
    return _polar(0.05 + 0.95 * fraction, 2.5 * TURN * fraction)


@named_curve()
def star(fraction: Array) -> Coordinates:
    """Draw the outline of a five-pointed star, at even speed along its ten equal edges."""
    corner = np.arange(11)
    golden = (1 + np.sqrt(5)) / 2
    radius = np.where(corner % 2 == 0, 1.0, golden**-2)  # where the edges of a pentagram cross
    x, y = _polar(radius, np.pi / 2 + TURN * corner / 10)
    return np.interp(10 * fraction, corner, x), np.interp(10 * fraction, corner, y)


@named_curve()
def trefoil(fraction: Array) -> Coordinates:
    """Draw the trefoil knot seen from above: x = sin θ + 2 sin 2θ, y = cos θ - 2 cos 2θ."""
    theta = TURN * fraction
    return np.sin(theta) + 2 * np.sin(2 * theta), np.cos(theta) - 2 * np.cos(2 * theta)


@named_curve()
def butterfly(fraction: Array) -> Coordinates:
    """Draw the one-turn core of Fay's butterfly (1989): r = exp(sin θ) - 2 cos 4θ."""
    theta = TURN * fraction
    return _polar(np.exp(np.sin(theta)) - 2 * np.cos(4 * theta), theta)


@named_curve()
def fish(fraction: Array) -> Coordinates:
    """Draw the fish curve: x = cos θ - sin² θ / √2, y = sin θ cos θ, swimming to the left."""
    theta = TURN * fraction
    return np.sin(theta) ** 2 / np.sqrt(2) - np.cos(theta), np.cos(theta) * np.sin(theta)


@named_curve()
def flower(fraction: Array) -> Coordinates:
    """Draw a smooth flower of six petals: r = 1 + cos 6θ / 3."""
    theta = TURN * fraction
    return _polar(1 + np.cos(6 * theta) / 3, theta + np.pi / 2)


@named_curve()
def lissajous(fraction: Array) -> Coordinates:
    """Draw Lissajous' figure 3:2: x = sin(3θ + π/2), y = sin 2θ."""
    theta = TURN * fraction
    return np.sin(3 * theta + np.pi / 2), np.sin(2 * theta)


if TYPE_CHECKING:
    CurveName: TypeAlias = str
else:
    CurveName = Literal[*curves]

_WHOLE_TURN = (0.0, float(TURN))
_Bound = Annotated[float, Ge(-1e6), Le(1e6)]


@tasks.register("curve")
@dataclass(frozen=True)
class CurveTask:
    """A curve in the plane: from how far along it is (0 … 1) to its x and y.

    Attributes
    ----------
    curve : str, optional
        A named curve; instead of `file`, or `x` and `y`.
    file : str, optional
        An SVG whose longest path is the curve, sampled at equal distances along it; instead of `curve`.
    x, y : str, optional
        Formulas in t; instead of `curve`.
    points : int
        The number of samples, at t = k / points of the way, k = 0 … points-1 (the end is left out).
    range : tuple of float
        The values of t at which the formulas begin and end.
    scale : bool
        Whether the curve is fitted into [0.1, 0.9], keeping its aspect; the heart has its own scale.
    names : Names
        Other names for the input and the outputs.
    features : tuple
        What the network is given in place of t: formulas in t, and waves as ``{fourier: 4}``.
    test : float, optional
        The share of the samples that the network is tested on and not trained on.
    """

    curve: CurveName | None = None
    file: str | None = None
    x: str | None = None
    y: str | None = None
    points: Annotated[int, Ge(2), Le(100_000)] = 100
    range: tuple[_Bound, _Bound] = _WHOLE_TURN
    scale: bool = True
    names: Names = OWN_NAMES
    features: FeatureList = field(default=(), metadata={"quiet": True})
    test: TestShare = field(default=None, metadata={"quiet": True})

    @property
    def variables(self) -> dict[str, tuple[float, float] | None]:
        """What features call the inputs, and from where to where each goes."""
        return {"t": (0.0, 1.0) if self.x is None else self.range}

    @property
    def n_samples(self) -> int:
        """The number of samples."""
        return self.points

    def build(self, rng: np.random.Generator) -> Dataset:
        """Make the samples; nothing about them is random.

        Raises
        ------
        TaskError
            If the options name no curve or two, or a formula has no value somewhere.
        """
        self._check_options()
        fraction = np.arange(self.points) / self.points  # (N,)
        targets, notes = self._targets(fraction)
        dataset = Dataset(
            kind="curve",
            inputs=fraction[:, np.newaxis],
            targets=targets,
            input_names=("t",),
            output_names=("x", "y"),
            shown_range=self.range if self.x is not None else None,
            notes=notes,
        )
        return renamed(dataset, self.names)

    def _check_options(self) -> None:
        if self.curve is not None and self.curve not in curves:
            known = ", ".join(curves)
            raise TaskError(
                f"unknown curve '{self.curve}'{did_you_mean(self.curve, curves)}; known are {known}", "curve"
            )
        formulas = self.x is not None or self.y is not None
        ways = [*(way for way in ("curve", "file") if getattr(self, way) is not None), *["formulas"] * formulas]
        if not ways:
            raise TaskError(f"give curve (one of {', '.join(curves)}), file or the formulas x and y", "curve")
        if len(ways) > 1:
            raise TaskError("give either curve, file or the formulas x and y, not both", ways[0])
        if (self.x is None) != (self.y is None):
            missing, given = ("x", "y") if self.x is None else ("y", "x")
            raise TaskError(f"{given} is given without {missing}; a curve needs both formulas", given)
        self._check_range()

    def _check_range(self) -> None:
        if self.x is None and self.range != _WHOLE_TURN:
            said = "a drawing has no range" if self.file else "a named curve has its own range"
            raise TaskError(f"{said}; range belongs to the formulas x and y", "range")
        if not self.range[0] < self.range[1]:
            raise TaskError(f"range must go up, not from {self.range[0]:g} to {self.range[1]:g}", "range")

    def _targets(self, fraction: Array) -> tuple[Array, tuple[str, ...]]:
        """Return the points of the curve, and what a user should know of them."""
        if self.file is not None:
            values, notes = drawn_curve(Path(self.file), fraction)
            return scale_into_range(values) if self.scale else values, notes
        return self._formula_targets(fraction) if self.curve is None else self._named_targets(fraction), ()

    def _named_targets(self, fraction: Array) -> Array:
        curve = curves[str(self.curve)]
        values = np.column_stack(curve.coordinates(fraction))  # (N, 2)
        return curve.scaled(values) if self.scale else values

    def _formula_targets(self, fraction: Array) -> Array:
        low, high = self.range
        t = low + (high - low) * fraction  # (N,)
        formulas = Formula(str(self.x), option="x"), Formula(str(self.y), option="y")
        values = np.column_stack([formula(t) for formula in formulas])  # (N, 2)
        return scale_into_range(values) if self.scale else values
