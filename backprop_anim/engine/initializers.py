"""How the first weights are drawn, or read from a file; they never see a sample.

Adding one is one registered class here. W has shape (n_out, n_in), b has shape (n_out,).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
from annotated_types import Ge, Gt, Le

from backprop_anim.common import Registry
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.types import Array
from backprop_anim.engine.weights import read_weights

__all__ = ["BiasInit", "FromFile", "Given", "Initializer", "initializers"]

BiasInit = Literal["zeros", "same"]
"""Bias weights start at zero, or are drawn like the weights of their layer."""

Rows: TypeAlias = tuple[tuple[float, ...] | float, ...]
"""An array as it is written down: a list of rows, or of numbers."""

Draw = Callable[[tuple[int, ...]], Array]


class Initializer(Protocol):
    """The first state of a network."""

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        """Return the first parameters as one flat vector, shape (P,)."""
        ...


initializers: Registry[Initializer] = Registry("initializer")
"""Every initializer, by the word that stands behind ``network.init.kind``."""


def _fill(layout: Layout, bias: BiasInit, draw_for: Callable[[int, int], Draw]) -> Array:
    """Draw layer by layer, W before b; `draw_for` is given n_in and n_out."""
    arrays: dict[str, Array] = {}
    for layer, (n_in, n_out) in enumerate(layout.connections, start=1):
        draw = draw_for(n_in, n_out)
        arrays[f"W{layer}"] = draw((n_out, n_in))
        if layout.bias:
            arrays[f"b{layer}"] = draw((n_out,)) if bias == "same" else np.zeros(n_out)
    return layout.pack(arrays)


@initializers.register("normal")
@dataclass(frozen=True)
class Normal:
    """Normal with mean 0 and standard deviation `scale`."""

    scale: Annotated[float, Gt(0), Le(1000)] = 0.5
    bias: BiasInit = "zeros"

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return _fill(layout, self.bias, lambda _in, _out: lambda shape: self.scale * rng.standard_normal(shape))


@initializers.register("uniform")
@dataclass(frozen=True)
class Uniform:
    """Uniform between `low` and `high`."""

    low: Annotated[float, Ge(-1000), Le(1000)] = -0.5
    high: Annotated[float, Ge(-1000), Le(1000)] = 0.5
    bias: BiasInit = "zeros"

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"low is {self.low:g} and high is {self.high:g}; low may not be above high")

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return _fill(layout, self.bias, lambda _in, _out: lambda shape: rng.uniform(self.low, self.high, shape))


@initializers.register("xavier")
@dataclass(frozen=True)
class Xavier:
    """Normal · √(2 / (n_in + n_out)), for sigmoid and tanh (Glorot and Bengio, 2010)."""

    bias: BiasInit = "zeros"

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        def draw_for(n_in: int, n_out: int) -> Draw:
            return lambda shape: math.sqrt(2 / (n_in + n_out)) * rng.standard_normal(shape)

        return _fill(layout, self.bias, draw_for)


@initializers.register("he")
@dataclass(frozen=True)
class He:
    """Normal · √(2 / n_in), for relu and its kin (He et al., 2015)."""

    bias: BiasInit = "zeros"

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return _fill(layout, self.bias, lambda n_in, _: lambda shape: math.sqrt(2 / n_in) * rng.standard_normal(shape))


@initializers.register("lecun")
@dataclass(frozen=True)
class LeCun:
    """Normal · √(1 / n_in), for selu and tanh (LeCun et al., 1998)."""

    bias: BiasInit = "zeros"

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return _fill(layout, self.bias, lambda n_in, _: lambda shape: math.sqrt(1 / n_in) * rng.standard_normal(shape))


@initializers.register("orthogonal")
@dataclass(frozen=True)
class Orthogonal:
    """Rows, or columns where there are fewer, at right angles and of length `gain`; biases are zeros.

    References
    ----------
    Saxe, McClelland and Ganguli (2014), "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks". The signs of R's diagonal go into Q, so that all directions are equally likely: Mezzadri (2007), "How to
    generate random matrices from the classical compact groups".
    """

    gain: Annotated[float, Gt(0), Le(1000)] = 1.0

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        def turned(shape: tuple[int, ...]) -> Array:
            drawn = rng.standard_normal((max(shape), min(shape)))
            q, r = np.linalg.qr(drawn)
            q *= np.where(np.diag(r) < 0, -1.0, 1.0)
            rows: Array = self.gain * (q if shape[0] >= shape[1] else q.T)
            return rows

        return _fill(layout, "zeros", lambda _in, _out: turned)


@initializers.register("zeros")
@dataclass(frozen=True)
class Zeros:
    """All zero: shows why symmetry has to be broken."""

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return np.zeros(layout.n_parameters)


@initializers.register("given")
@dataclass(frozen=True)
class Given:
    """Weights written down: W1, b1, W2, b2, …, rows of numbers of shape (n_out, n_in) and lists of n_out numbers."""

    arrays: Mapping[str, Rows]
    collects: ClassVar[str] = "arrays"
    """The field that holds all that is written beside the kind: how many arrays there are depends on the network."""

    def problem(self, layout: Layout) -> tuple[str, str] | None:
        """Return the first array that does not fit a network, and why, or None."""
        shapes = layout.shapes()
        for name, shape in shapes.items():
            if name not in self.arrays:
                return name, f"is missing; needed are {', '.join(shapes)}"
            if (has := _shape_of(self.arrays[name])) != shape:
                return name, f"has {_shape_text(has)}; the network needs {_shape_text(shape)}"
        extra = next((name for name in self.arrays if name not in shapes), None)
        return (extra, f"belongs to no layer; needed are {', '.join(shapes)}") if extra else None

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return layout.pack({name: np.array(rows, np.float64) for name, rows in self.arrays.items()})


def _shape_of(rows: Rows) -> tuple[int, ...] | None:
    """Return the shape of rows of one length, or of a list; None where they differ."""
    lengths = {len(row) if isinstance(row, tuple) else -1 for row in rows}
    if lengths <= {-1}:
        return (len(rows),)
    return (len(rows), lengths.pop()) if len(lengths) == 1 else None


def _shape_text(shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return "rows of different lengths"
    if len(shape) == 1:
        return f"{shape[0]} number{'s' if shape[0] != 1 else ''}"
    return f"{shape[0]} row{'s' if shape[0] != 1 else ''} of {shape[1]}"


@initializers.register("file")
@dataclass(frozen=True)
class FromFile:
    """Given weights: .npz or .safetensors with W1, b1, W2, … or 0.weight, 0.bias, …, W of shape (n_out, n_in)."""

    file: str

    def sample(self, layout: Layout, rng: np.random.Generator) -> Array:
        return read_weights(Path(self.file), layout)
