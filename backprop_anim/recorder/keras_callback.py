"""Records a training in Keras: a callback that sees every batch; no subclass, so that Keras is not needed here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from backprop_anim.api import as_array
from backprop_anim.common import UsageError
from backprop_anim.recorder.agreement import CHECKED, LossComparison, require_same_outputs, tolerance_of
from backprop_anim.recorder.keras_model import leading_units, model_parts
from backprop_anim.recorder.keras_words import loss_words, rule_words
from backprop_anim.recorder.layer_line import LayerLine
from backprop_anim.recorder.output_words import Output, output_of
from backprop_anim.recorder.recorded_experiment import Origin, recorded_experiment
from backprop_anim.recorder.recorder_options import RecorderOptions
from backprop_anim.recorder.shown_recorder import ShownRecorder

__all__ = ["RecorderCallback"]

Logs = Mapping[str, Any] | None


class RecorderCallback(ShownRecorder):
    """Records what ``model.fit(…, callbacks=[RecorderCallback(x, y)])`` trains; the loss is the compiled one.

    Parameters
    ----------
    x, y : array_like
        The samples, as the model is given them.
    **options
        As `RecorderOptions` says.

    Raises
    ------
    UsageError
        If an option or the data cannot be taken; when training begins, if the model cannot be recorded.
    """

    params: Any = None
    _how_to_begin = "model.fit(…, callbacks=[this]) makes it"

    def __init__(self, x: Any, y: Any, **options: Unpack[RecorderOptions]) -> None:
        super().__init__(x, y, options)
        self.model: Any = None
        self._line: LayerLine | None = None
        self._output, self._origin = Output("linear"), Origin("", "mse")
        self._n_before = self._n_steps = 0
        self._is_ended = False
        self._epoch_ends: dict[bytes, int] = {}
        self._losses = LossComparison(self._note)

    def set_params(self, params: Any) -> None:
        """Keras says how long it is going to train, which nobody needs to know here."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Keras says which model it trains; a recorder is for one."""
        if self._line is not None and model is not self.model:
            raise UsageError("this recorder has recorded another model: make another one with RecorderCallback(x, y)")
        self.model = model

    def on_train_begin(self, logs: Logs = None) -> None:
        """Take the model and its first state; a second ``fit`` goes on where the first one ended."""
        self._is_ended = False
        if self._line is None:
            self._take_model()
            self._look()
            self._check("before the first step")

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Take the state after a batch, if one is due."""
        self._n_steps = self._n_before + batch + 1
        if self._n_steps >= self._next_due():
            self._look()
        if self._is_preview_due(self._n_steps):
            self._look(last=True)
            self._show_preview()

    def on_test_end(self, logs: Logs = None) -> None:
        """Take the samples that ``fit`` validates on for those that are held out, unless others were given."""
        iterator = getattr(self.model, "_eval_epoch_iterator", None)
        inside = getattr(getattr(iterator, "data_adapter", None), "_inputs", None)
        if self._line is None or "x_test" in self.samples.arrays or not isinstance(inside, tuple) or len(inside) < 2:
            return
        held_out = {"x_test": as_array(inside[0], "x_test"), "y_test": as_array(inside[1], "y_test")}
        given = dict(self.samples.arrays)
        n_last = len(held_out["x_test"])
        if n_last < len(given["x"]) and np.array_equal(given["x"][-n_last:], held_out["x_test"]):
            given |= {name: given[name][:-n_last] for name in ("x", "y")}  # validation_split takes them from the end
        self.samples = replace(self.samples, arrays={**given, **held_out})
        network = self._line.with_output(self._output.activation)
        self._experiment = recorded_experiment(self.name, network, self.samples, self._origin)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Count batches anew, and remember the state as one that early stopping may go back to."""
        self._n_before = self._n_steps
        if self._line is not None:
            self._synchronize()
            self._epoch_ends[_mark_of(self._line.read())] = self._n_steps

    def on_train_end(self, logs: Logs = None) -> None:
        """Take the last state."""
        self._is_ended = True
        self._look(last=True)
        self._check("after the last step")

    def _compare_last(self) -> None:
        """End where early stopping took weights back to when nobody saw it, or where ``fit`` was interrupted."""
        if self._line is None or self._states is None:
            return
        if not self._is_ended:
            self._look(last=True)
        vector = self._line.read()
        step = self._epoch_ends.get(_mark_of(vector), self._n_steps)
        if step < self._n_steps:
            self._go_back(step, vector)
            self._n_steps = self._n_before = step

    def __getattr__(self, name: str) -> Any:
        """Do nothing at the moments of a training that nobody looks at here."""
        if name.startswith("on_"):
            return _do_nothing
        raise AttributeError(f"RecorderCallback has no attribute {name!r}")

    def _take_model(self) -> None:
        loss, takes_logits = loss_words(self.model.loss)
        units, parts = leading_units(model_parts(self.model, self.samples.n_inputs))
        self.samples = replace(self.samples, units=units)
        self._line = LayerLine(parts)
        self.notes += self._line.notes
        if self.model.losses:
            self._note("what large weights cost (a regularizer) is part of what Keras minimizes, and not of this loss")
        last = self._line.network.activations[-1]
        own = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}.get(str(loss), "") if takes_logits else ""
        self._output = output_of(loss, own, last) if takes_logits else Output(last)
        self._origin = Origin(f"keras {_version()}", loss, rule_words(self.model.optimizer))
        self._begin(self._line.with_output(self._output.activation), self._origin, self._line)

    def _look(self, *, last: bool = False) -> None:
        if self._line is not None:
            self._synchronize()
            self._see(self._n_steps, self._line.read(), last=last)

    def _synchronize(self) -> None:
        """On JAX the weights stand in the model only when they are asked for."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()

    def _check(self, when: str) -> None:
        """Compare what the model answers with the network that was read of it, and its loss with ours."""
        experiment = self._experiment
        if experiment is None or self._line is None:
            return
        parameters = self._line.arranged(self._line.read())
        if not np.isfinite(parameters).all():
            return
        some = self.model(self.samples.arrays["x"][:CHECKED], training=False)
        theirs = self._output.of_answers(as_array(some, "the model's answers"))
        require_same_outputs(
            experiment, parameters, theirs, when, tolerance_of(self._line.dtype), experiment.training.trained_by
        )
        self._losses.compare(experiment, parameters, self._loss_over_all(), when)

    def _loss_over_all(self) -> float:
        """Return the model's own loss over all samples."""
        loss = self.model.loss
        if isinstance(loss, str):
            loss = import_module("keras").losses.get(loss)
        answers = self.model(self.samples.arrays["x"], training=False)
        y = self.samples.arrays["y"]
        y = y[:, np.newaxis] if y.ndim == 1 and as_array(answers, "answers").shape[1:] == (1,) else y
        return float(np.mean(as_array(loss(y, answers), "the loss")))


def _mark_of(vector: NDArray[Any]) -> bytes:
    """Return a mark by which a state is known again."""
    return hashlib.blake2b(vector.tobytes()).digest()


def _do_nothing(*_: Any, **__: Any) -> None:
    """Take no part in a moment of the training."""


def _version() -> str:
    """Return Keras' version and backend, as ``3.15 (jax)``."""
    keras = import_module("keras")
    return f"{'.'.join(keras.__version__.split('.')[:2])} ({keras.backend.backend()})"
