"""Losses that one far sample moves less than it moves the mean squared error; they hold options, never data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Le

from backprop_anim.engine.loss_telling import LossTelling
from backprop_anim.engine.losses import losses
from backprop_anim.engine.types import Array

__all__: list[str] = []


@losses.register("mae")
@dataclass(frozen=True)
class MeanAbsoluteError:
    """Mean over samples of the absolute error summed over outputs; its slope at an error of 0 is 0.

    References
    ----------
    Bishop (2006), *Pattern Recognition and Machine Learning*, section 1.5.5: the Minkowski loss with q = 1.
    """

    output: ClassVar[str | None] = None
    needs_classes: ClassVar[bool] = False
    label: ClassVar[str] = "Mean absolute error"
    corners: ClassVar[tuple[float, ...]] = (0.0,)

    def value(self, z: Array, a: Array, y: Array) -> float:
        return float(np.abs(a - y).sum() / a.shape[1])

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        np.subtract(a, y, out)
        loss = float(np.abs(out).sum() / a.shape[1])
        np.sign(out, out)
        np.divide(out, a.shape[1], out)
        return loss

    def tell(self, a: float, y: float) -> LossTelling:
        return LossTelling("|{a} − {y}|", r"\mathrm{{sign}}({a} − {y})", lambda a, y: abs(a - y))


@losses.register("huber")
@dataclass(frozen=True)
class Huber:
    """Half the squared error up to an error of delta, a straight line beyond; mean over samples, summed over outputs.

    References
    ----------
    Huber (1964), "Robust estimation of a location parameter", in the form of PyTorch's HuberLoss:
    e²/2 where |e| ≤ delta, else delta · (|e| - delta/2).
    """

    delta: Annotated[float, Gt(0), Le(1e6)] = 1.0
    output: ClassVar[str | None] = None
    needs_classes: ClassVar[bool] = False
    label: ClassVar[str] = "Huber loss"

    @property
    def corners(self) -> tuple[float, ...]:
        return (-self.delta, self.delta)

    def value(self, z: Array, a: Array, y: Array) -> float:
        error = np.abs(a - y)
        inside = np.minimum(error, self.delta)
        return float(np.sum(inside * (error - inside / 2)) / a.shape[1])

    def gradient(self, z: Array, a: Array, y: Array, out: Array) -> float:
        np.subtract(a, y, out)
        np.clip(out, -self.delta, self.delta, out)
        np.divide(out, a.shape[1], out)
        return self.value(z, a, y)

    def tell(self, a: float, y: float) -> LossTelling:
        delta, half = f"{self.delta:g}", f"{self.delta / 2:g}"
        names = {"value_of_any": "h({a} − {y})", "slope_of_any": "h′({a} − {y})"}
        words = f"h is half the square up to an error of {delta}, and a line beyond; h′ is its slope"
        if abs(a - y) <= self.delta:
            return LossTelling("½({a} − {y})^2", "{a} − {y}", lambda a, y: (a - y) ** 2 / 2, **names, words=words)
        times = rf"{delta} \cdot " if self.delta != 1 else ""
        value, slope = rf"{times}(|{{a}} − {{y}}| − {half})", rf"{times}\mathrm{{{{sign}}}}({{a}} − {{y}})"
        return LossTelling(value, slope, lambda a, y: self.delta * (abs(a - y) - self.delta / 2), **names, words=words)
