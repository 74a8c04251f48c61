"""Whether a run has learned enough to end before its last step; it looks now and then and never trains."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from backprop_anim.engine import Array, Backprop
from backprop_anim.experiment import Experiment

__all__ = ["EarlyStop"]


class EarlyStop:
    """Looks at the losses once an epoch, or after many steps where each sees all data.

    Parameters
    ----------
    experiment : Experiment
    parameters : ndarray, shape (P,)
        Those that are trained, in place.
    loss_over_all : callable
        Returns the present loss over all training data.

    Attributes
    ----------
    out_of_patience : bool
        Whether the loss over what is held out was not better for too long.
    """

    def __init__(self, experiment: Experiment, parameters: Array, loss_over_all: Callable[[], float]) -> None:
        self._stop, self._loss_over_all = experiment.training.stop, loss_over_all
        self._between = experiment.training.steps_between_looks(experiment.dataset.n_samples)
        self.out_of_patience = False
        self._best, self._best_step = math.inf, 0
        held_out = experiment.dataset.held_out
        if self._stop is None or self._stop.patience is None or held_out is None:
            return
        self._targets = np.ascontiguousarray(held_out.for_outputs(experiment.network.sizes[-1]).T)
        self._pass = Backprop(experiment.network, experiment.training.loss, parameters, held_out.n_samples)
        self._pass.a[0][...] = held_out.inputs.T

    def is_due(self, step: int) -> bool:
        """Return whether the run may end before the update at `step`: asked before every one."""
        stop = self._stop
        if stop is None or step == 0 or step % self._between:
            return False
        if stop.patience is not None:
            self._pass.forward()
            loss = self._pass.loss_value(self._targets)
            if loss < self._best:
                self._best, self._best_step = loss, step
            self.out_of_patience = step - self._best_step >= stop.patience
        is_small = stop.loss is not None and self._loss_over_all() <= stop.loss
        return is_small or self.out_of_patience

    def state(self) -> dict[str, Any]:
        """Return what the next looks depend on, for JSON."""
        return {"best_loss": self._best if math.isfinite(self._best) else None, "best_step": self._best_step}

    def restore(self, words: Mapping[str, Any]) -> None:
        """Go back to what `state` returned."""
        given = words.get("best_loss")
        self._best = math.inf if given is None else float(given)
        self._best_step = int(words.get("best_step", 0))
