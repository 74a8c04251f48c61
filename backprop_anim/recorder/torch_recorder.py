"""Records a training in PyTorch: every step of an optimizer is seen, and nothing in the user's loop changes."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from types import TracebackType
from typing import Any, Self, Unpack
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import RecordingError, UsageError
from backprop_anim.recorder.agreement import CHECKED, LossComparison, require_same_outputs, tolerance_of
from backprop_anim.recorder.layer_line import LayerLine
from backprop_anim.recorder.output_words import output_of
from backprop_anim.recorder.recorded_experiment import Origin, needs_classes
from backprop_anim.recorder.recorder_options import RecorderOptions
from backprop_anim.recorder.shown_recorder import ShownRecorder
from backprop_anim.recorder.torch_model import model_parts, numbers_of
from backprop_anim.recorder.torch_words import loss_words, rule_words

__all__ = ["TorchRecorder", "record"]

_recorded: WeakSet[Any] = WeakSet()
"""The models that are being recorded."""


class TorchRecorder(ShownRecorder):
    """Records while a ``with`` block runs; made by `record`."""

    def __init__(
        self, model: Any, x: Any, y: Any, loss: Any, optimizer: Any, activations: Any, options: RecorderOptions
    ) -> None:
        super().__init__(x, y, options)
        torch = _torch_of(model)
        words, own = loss_words(loss)
        needs_classes(words)
        self._line = LayerLine(model_parts(model, activations))
        last = self._line.network.activations[-1]
        self._output = output_of(words, own, last)
        if words == "cross_entropy" and last == "softmax":
            self._note("the model ends in softmax; PyTorch's cross_entropy takes logits: together it acts twice")
        self._model, self._loss = model, loss
        if optimizer is not None and not _steps(optimizer, model):
            raise UsageError("the optimizer holds none of the model's parameters: its steps would change nothing here")
        version = ".".join(str(torch.__version__).split("+")[0].split(".")[:2])
        self._origin = Origin(f"torch {version}", words, rule_words(optimizer))
        self._n_steps, self._due = 0, 0
        self._losses = LossComparison(self._note)
        self._hook: Any = None
        self._loads: Any = None
        self._first: NDArray[Any] | None = None
        self.notes += self._line.notes

    def __enter__(self) -> Self:
        if self._hook is not None or self._experiment is not None:
            raise UsageError("this recorder has recorded already: make another one with record(…)")
        if self._model in _recorded:
            raise UsageError("this model is being recorded already; one recorder at a time")
        self._begin(self._line.with_output(self._output.activation), self._origin, self._line)
        self._look()
        self._first = self._line.read()
        self._check("before the first step")
        _recorded.add(self._model)
        self._hook, self._loads = self._hooked(), self._model.register_load_state_dict_post_hook(self._loaded)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._hook.remove()
        self._loads.remove()
        self._hook = None
        _recorded.discard(self._model)
        self._look(last=True)
        if self._n_steps == 0 and error is None:
            moved = self._first is not None and not np.array_equal(self._first, self._line.read())
            said = "no optimizer of PyTorch made a step, though the parameters changed: call capture() after each step"
            warnings.warn(
                said if moved else "no step was taken while it was recorded: there is one state", stacklevel=2
            )
        try:
            self._check("after the last step")
        except RecordingError as found:
            if error is None:
                raise
            warnings.warn(str(found), stacklevel=2)

    def capture(self, loss: float | None = None) -> None:
        """Take a step that no optimizer of PyTorch's makes: the model is as it is now."""
        if self._hook is None:
            raise UsageError("capture is for the inside of the with block")
        self._step()

    _how_to_begin = "it is made in a with block: with record(…) as recording"

    def _loaded(self, *_: Any) -> None:
        """Take weights that are loaded anew, as those of the best epoch are, for a step: the model is as it is now."""
        self._step()
        self.notes.append(f"weights were loaded after step {self._n_steps - 1:,}, which is shown as a step")

    def _hooked(self) -> Any:
        """Let every step of an optimizer be seen that holds parameters of the model, whichever it is by then."""
        known: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()

        def stepped(optimizer: Any, *_: Any) -> None:
            if optimizer not in known:
                known[optimizer] = _steps(optimizer, self._model)
            if known[optimizer]:
                self._step()

        return import_module("torch.optim.optimizer").register_optimizer_step_post_hook(stepped)

    def _step(self) -> None:
        self._n_steps += 1
        if self._n_steps >= self._due:
            self._look()
        if self._is_preview_due(self._n_steps):
            self._look(last=True)
            self._show_preview()

    def _look(self, *, last: bool = False) -> None:
        self._see(self._n_steps, self._line.read(), last=last)
        self._due = self._next_due()

    def _check(self, when: str) -> None:
        """Compare what the model answers with the network that was read of it, and its loss with ours."""
        experiment = self._experiment
        parameters = self._line.arranged(self._line.read())
        if experiment is None or not np.isfinite(parameters).all():
            return
        answers, loss = self._answers()
        theirs = self._output.of_answers(answers)
        require_same_outputs(
            experiment, parameters, theirs, when, tolerance_of(self._line.dtype), experiment.training.trained_by
        )
        if loss is not None:
            self._losses.compare(experiment, parameters, loss, when)

    def _answers(self) -> tuple[NDArray[Any], float | None]:
        """Return what the model answers to the first samples, evaluated, and its loss over all of them."""
        torch, model = sys.modules["torch"], self._model
        modes = [(module, module.training) for module in model.modules()]
        weight = next(iter(model.parameters()))
        x = torch.tensor(self.samples.arrays["x"]).to(weight)
        model.eval()
        try:
            with torch.no_grad():
                some = model(x[:CHECKED])
                loss = None if isinstance(self._loss, (str, Mapping)) else self._loss_of(model(x))
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise UsageError(f"the model does not take the data: {error}") from None
        finally:
            for module, was in modes:
                module.training = was
        return numbers_of(some), loss

    def _loss_of(self, answers: Any) -> float:
        torch = sys.modules["torch"]
        y = torch.tensor(self.samples.arrays["y"]).to(answers.device)
        if y.is_floating_point():
            y = y.to(answers.dtype)
        return float(self._loss(answers, y))


def record(
    model: Any,
    x: Any,
    y: Any,
    *,
    loss: Any,
    optimizer: Any = None,
    activations: Any = None,
    **options: Unpack[RecorderOptions],
) -> TorchRecorder:
    """Return a recorder of a training in PyTorch, for a ``with`` block around the loop.

    Parameters
    ----------
    model : torch.nn.Module
        A line of linear layers with activations; dropout is shown as evaluated, batch normalization as a part of the
        layer beside it.
    x, y : array_like or Tensor
        The samples, as the model is given them.
    loss : str, mapping, Module or function
        In the words of an experiment file, or as PyTorch has it: ``nn.CrossEntropyLoss()``.
    optimizer : torch.optim.Optimizer, optional
        By whose rule the page would go on. Each step of any optimizer that holds parameters of the model is one.
    activations : sequence of str, optional
        Of the linear layers in the order of the model, where what is between them cannot be traced.
    **options
        As `RecorderOptions` says.

    Raises
    ------
    UsageError
        If the model, the data or an option cannot be recorded; it says what can.
    """
    return TorchRecorder(model, x, y, loss, optimizer, activations, options)


def _torch_of(model: Any) -> Any:
    """Return PyTorch, which whoever has such a model has imported."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        return torch
    kind = type(model)
    if kind.__module__.partition(".")[0] in ("keras", "tensorflow", "tf_keras"):
        raise UsageError("record is for PyTorch; with Keras: model.fit(…, callbacks=[RecorderCallback(x, y)])")
    if kind.__module__.partition(".")[0] == "sklearn":
        raise UsageError("record is for PyTorch; with scikit-learn: record_fit(estimator, X, y)")
    raise UsageError(f"record takes a model of PyTorch (torch.nn.Module), not a {kind.__name__}")


def _steps(optimizer: Any, model: Any) -> bool:
    """Return whether an optimizer holds parameters of a model."""
    ours = {id(parameter) for parameter in model.parameters()}
    return any(id(one) in ours for group in optimizer.param_groups for one in group["params"])
