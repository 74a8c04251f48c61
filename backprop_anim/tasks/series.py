"""Functions of one variable, with or without observation noise, for a network with one input and one output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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

__all__ = ["SeriesTask", "named_series", "series"]

Array = NDArray[np.float64]
SeriesFunction = Callable[[Array], Array]  # t (N,) in [0, 1] -> y (N,)

TURN = 2 * np.pi

series: dict[str, SeriesFunction] = {}
"""Every named series, in the order in which they are listed."""


def named_series(function: SeriesFunction) -> SeriesFunction:
    """Enter a function in `series` under its own name."""
    series[function.__name__] = function
    return function


@named_series
def bell(t: Array) -> Array:
    """Rise and fall like a wave of infections: exp(-(t - 1/2)² / 2σ²), σ = 0.15."""
    return np.exp(-(((t - 0.5) / 0.15) ** 2) / 2)


@named_series
def sine(t: Array) -> Array:
    """Swing once: sin 2πt."""
    return np.sin(TURN * t)


@named_series
def square(t: Array) -> Array:
    """Switch up and down twice: the sign of sin 4πt."""
    return np.where(np.sin(2 * TURN * t) >= 0, 1.0, -1.0)


@named_series
def sawtooth(t: Array) -> Array:
    """Climb twice from 0 to 1, falling at once in between."""
    return 2 * t - np.minimum(np.floor(2 * t), 1)  # the last tooth keeps its tip


@named_series
def step(t: Array) -> Array:
    """Jump from 0 to 1 halfway."""
    return np.heaviside(t - 0.5, 1.0)


@named_series
def damped(t: Array) -> Array:
    """Oscillate four times while dying away: exp(-4t) cos 8πt."""
    return np.exp(-4 * t) * np.cos(4 * TURN * t)


@named_series
def chirp(t: Array) -> Array:
    """Oscillate faster and faster: sin 2π(t + 3t²)."""
    return np.sin(TURN * (t + 3 * t**2))


@named_series
def sinc(t: Array) -> Array:
    """Ring around a peak in the middle: sin(x) / x for x from -4π to 4π."""
    return np.sinc(8 * (t - 0.5))


if TYPE_CHECKING:
    SeriesName: TypeAlias = str
else:
    SeriesName = Literal[*series]

_UNIT = (0.0, 1.0)
_Bound = Annotated[float, Ge(-1e6), Le(1e6)]


@tasks.register("series")
@dataclass(frozen=True)
class SeriesTask:
    """A function of one variable, as observed: from t (0 … 1) to y.

    Attributes
    ----------
    series : str, optional
        A named series; instead of `y`.
    y : str, optional
        A formula in t; instead of `series`.
    points : int
        The number of samples, evenly from one end to the other, both included.
    noise : float
        The standard deviation of the Gaussian noise on the observations, in the units of the targets
        (those of [0.1, 0.9] where `scale` is on).
    range : tuple of float
        The values of t at both ends: those that the formula is evaluated at, and that the axis shows.
    scale : bool
        Whether the noiseless targets are fitted into [0.1, 0.9].
    names : Names
        Other names for the input and the output.
    features : tuple
        What the network is given in place of t: formulas in t, and waves as ``{fourier: 4}``.
    test : float, optional
        The share of the samples that the network is tested on and not trained on.
    """

    series: SeriesName | None = None
    y: str | None = None
    points: Annotated[int, Ge(2), Le(100_000)] = 100
    noise: Annotated[float, Ge(0), Le(1e6)] = 0.0
    range: tuple[_Bound, _Bound] = _UNIT
    scale: bool = True
    names: Names = OWN_NAMES
    features: FeatureList = field(default=(), metadata={"quiet": True})
    test: TestShare = field(default=None, metadata={"quiet": True})

    @property
    def variables(self) -> dict[str, tuple[float, float] | None]:
        """What features call the inputs, and from where to where each goes."""
        return {"t": self.range}

    @property
    def n_samples(self) -> int:
        """The number of samples."""
        return self.points

    def build(self, rng: np.random.Generator) -> Dataset:
        """Make the samples.

        Raises
        ------
        TaskError
            If the options name no series or two, or the formula has no value somewhere.
        """
        self._check_options()
        fraction = np.linspace(0.0, 1.0, self.points)  # (N,)
        values = self._values(fraction)[:, np.newaxis]  # (N, 1)
        truth = scale_into_range(values) if self.scale else values
        dataset = Dataset(
            kind="series",
            inputs=fraction[:, np.newaxis],
            targets=truth + self.noise * rng.standard_normal(truth.shape),
            truth=truth,
            input_names=("t",),
            output_names=("y",),
            shown_range=self.range,
        )
        return renamed(dataset, self.names)

    def _check_options(self) -> None:
        if self.series is not None and self.series not in series:
            hint = did_you_mean(self.series, series)
            raise TaskError(f"unknown series '{self.series}'{hint}; known are {', '.join(series)}", "series")
        if self.series is None and self.y is None:
            raise TaskError(f"give series (one of {', '.join(series)}) or the formula y", "series")
        if self.series is not None and self.y is not None:
            raise TaskError("give either series or the formula y, not both", "series")
        if not self.range[0] < self.range[1]:
            raise TaskError(f"range must go up, not from {self.range[0]:g} to {self.range[1]:g}", "range")

    def _values(self, fraction: Array) -> Array:
        """Return the function at `fraction` of the range, shape (N,)."""
        if self.series is not None:
            return series[self.series](fraction)
        low, high = self.range
        return Formula(str(self.y), option="y")(low + (high - low) * fraction)
