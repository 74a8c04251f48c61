"""Whether what was read of a model is that model: its outputs and its loss against those of our network."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import RecordingError
from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment
from backprop_anim.training import loss_over_all

__all__ = ["CHECKED", "LossComparison", "LossesGiven", "require_same_outputs", "tolerance_of"]

CHECKED = 64
"""So many samples are sent through a model to compare its answers."""

ENOUGH = 3
"""So many losses are compared before a constant factor between theirs and ours is believed."""

LOSS_TOLERANCE = 1e-3

FAR = 2.0
"""The loss of a batch is seldom so many times that of all samples."""

SURE = 1e-6

SINGLE, DOUBLE = 2e-4, 1e-8
"""How far outputs may lie apart, relative to their size, where the model computes in single and double precision."""


def tolerance_of(dtype: np.dtype[Any]) -> float:
    """Return how far apart outputs may lie for numbers of a type."""
    return DOUBLE if dtype == np.float64 else SINGLE


def require_same_outputs(
    experiment: Experiment, parameters: Array, theirs: NDArray[np.float64], when: str, tolerance: float, by: str
) -> None:
    """Refuse a model that answers something else than the network that was read of it.

    Parameters
    ----------
    experiment : Experiment
    parameters : ndarray, shape (P,)
    theirs : ndarray, shape (N, n_out)
        What the model answers to the first N samples, with the output's activation.
    when : str
        Of which state it is, in words.
    tolerance : float
    by : str
        Whose model it is.

    Raises
    ------
    RecordingError
        Saying for which sample it is another answer.
    """
    ours = experiment.network.outputs(parameters, experiment.dataset.inputs[: len(theirs)])
    if theirs.shape != ours.shape:
        raise RecordingError(
            f"the model answers with the shape {theirs.shape}; the network that was read, {ours.shape}"
        )
    apart = np.abs(ours - theirs)
    bound = tolerance * max(1.0, float(np.abs(theirs).max(initial=0.0)))
    if not (apart <= bound).all():
        row, column = np.unravel_index(int(np.nan_to_num(apart, nan=np.inf).argmax()), apart.shape)
        raise RecordingError(
            f"{when}, {by} answers {theirs[row, column]:.6g} to sample {row} where the network that was read of it "
            f"answers {ours[row, column]:.6g}: it does more than its layers and activations say (another function "
            "in forward, dropout or normalization that is active), and what would be drawn is not it"
        )


class LossComparison:
    """A model's loss over all samples beside ours, at the first state and at the last.

    A factor that stays is another mean or sum, and is said once; a loss that is another each time is another loss.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._factor: float | None = None

    def compare(self, experiment: Experiment, parameters: Array, theirs: float, when: str) -> None:
        """Say where a model's loss is not the one that is shown."""
        ours, label = loss_over_all(experiment, parameters), experiment.training.loss.label.lower()
        if abs(theirs - ours) <= LOSS_TOLERANCE * max(abs(ours), SINGLE):
            return
        if theirs < ours < FAR * theirs and _is_sure(experiment, parameters):
            return
        factor = theirs / ours if ours else math.inf
        if self._factor is not None and abs(factor - self._factor) <= LOSS_TOLERANCE * abs(self._factor):
            return
        is_first, self._factor = self._factor is None, factor
        is_a_mean = "theirs is another mean or sum" if is_first else "theirs is another loss"
        self._say(
            f"the {label} that is shown is {ours:.6g}; {when} your loss over all samples is {theirs:.6g}, "
            f"{factor:.4g} times it: {is_a_mean}"
        )


def _is_sure(experiment: Experiment, parameters: Array) -> bool:
    """Return whether a probability is so small that frameworks raise it before they take its logarithm."""
    if not experiment.training.loss.needs_classes:
        return False
    answers = experiment.network.outputs(parameters, experiment.dataset.inputs)
    return bool(min(answers.min(), 1 - answers.max()) < SURE)


class LossesGiven:
    """The losses that a training says it has, beside ours; those of batches may lie around them.

    A constant factor is another mean or sum; a last loss that is far from ours is another loss, or of other data.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._said_by = say
        self._factors: list[float] = []
        self._last: tuple[Experiment, Array, float] | None = None
        self._is_said = False

    def compare(self, experiment: Experiment, parameters: Array, theirs: float) -> None:
        """Take the loss of a state; the first few are compared at once."""
        self._last = experiment, parameters, theirs
        if len(self._factors) >= ENOUGH:
            return
        factor = self._factor()
        self._factors += [] if factor is None else [factor]
        if len(self._factors) < ENOUGH:
            return
        factors = np.array(self._factors)
        mean = float(factors.mean())
        if np.ptp(factors) <= LOSS_TOLERANCE * abs(mean) and abs(mean - 1) > LOSS_TOLERANCE:
            label = experiment.training.loss.label.lower()
            self._say(
                f"the losses that were given are {mean:.4g} times the {label} over all samples, which is shown: theirs "
                "is another mean (over outputs too, or a sum, or a half)"
            )

    def compare_last(self) -> None:
        """Say where the last loss is so far from ours that no batch explains it."""
        factor = None if self._is_said else self._factor()
        if factor is None or self._last is None or 1 / FAR < factor < FAR:
            return
        experiment, parameters, theirs = self._last
        names = experiment.dataset.class_names
        order = f", the classes in another order than {', '.join(names)}" if names else ""
        self._say(
            f"the last loss that was given is {theirs:.6g}, and the {experiment.training.loss.label.lower()} of its "
            f"state is {loss_over_all(experiment, parameters):.6g}: is it another loss or activation{order}, or other "
            "data (scaled, perhaps)?"
        )

    def _factor(self) -> float | None:
        if self._last is None:
            return None
        experiment, parameters, theirs = self._last
        ours = loss_over_all(experiment, parameters)
        if ours <= 0 or theirs <= 0 or not math.isfinite(theirs / ours):
            return None
        return theirs / ours

    def _say(self, said: str) -> None:
        self._is_said = True
        self._said_by(said)
