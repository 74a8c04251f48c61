"""Records what scikit-learn's networks learn: ``fit`` itself runs, and each of its updates is seen."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import UsageError
from backprop_anim.recorder.agreement import CHECKED, require_same_outputs, tolerance_of
from backprop_anim.recorder.layer_line import Activated, Dense, LayerLine, Part
from backprop_anim.recorder.output_words import Output
from backprop_anim.recorder.recorded_experiment import Origin, recorded_experiment
from backprop_anim.recorder.recorder_options import RecorderOptions
from backprop_anim.recorder.shown_recorder import ShownRecorder
from backprop_anim.tasks import GivenUnits

__all__ = ["FitRecorder", "record_fit"]

NETWORKS = ("MLPClassifier", "MLPRegressor")
SCALERS = ("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler")
ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}


class FitRecorder(ShownRecorder):
    """Records one ``fit``; made by `record_fit`."""

    _how_to_begin = "record_fit(estimator, X, y) makes it"

    def __init__(self, estimator: Any, x: Any, y: Any, options: RecorderOptions) -> None:
        super().__init__(x, y, options)
        self._estimator, self._scalers, self._network = _parts_of(estimator)
        self._given = (x, y)
        self._n_steps = 0
        self._line: LayerLine | None = None
        self._best: tuple[int, NDArray[Any]] | None = None
        self._held_out: NDArray[Any] | None = None
        self._origin = Origin("", "mse")

    def fit(self) -> None:
        """Run the estimator's own fit."""
        with self._watched():
            self._estimator.fit(*self._given)
        if self._line is None:
            raise UsageError("fit made no update: there is nothing to record")
        line = self._line
        self._see(self._n_steps, line.read(), last=True)
        if self._network.early_stopping and self._best is not None:
            self._return_to_best()
        if self._held_out is not None and "x_test" not in self.samples.arrays:
            self._hold_out(self._held_out)
        self._check()

    def _hold_out(self, rows: NDArray[Any]) -> None:
        """Take the samples that early stopping looked at, which it trained none on, for those that are held out."""
        given, wanted = np.asarray(self._as_the_network_is_given()), {row.tobytes() for row in rows}
        is_held = np.array([row.tobytes() in wanted for row in given.astype(rows.dtype)])
        if is_held.sum() != len(rows) or self._line is None:
            self.notes.append("early stopping held out samples that are like others: all are shown as trained on")
            return
        arrays = {name: array[~is_held] for name, array in self.samples.arrays.items()}
        arrays |= {f"{name}_test": array[is_held] for name, array in self.samples.arrays.items()}
        self.samples = replace(self.samples, arrays=arrays)
        network = self._line.with_output(ACTIVATIONS[self._network.out_activation_])
        self._experiment, self._made = recorded_experiment(self.name, network, self.samples, self._origin), None

    def _as_the_network_is_given(self) -> Any:
        """Return all samples as the scalers leave them."""
        return self._estimator[:-1].transform(self._given[0]) if self._scalers else self._given[0]

    def _return_to_best(self) -> None:
        """End where early stopping went back to: the estimator has the weights of its best epoch."""
        step, vector = self._best or (0, np.empty(0))
        if step < self._n_steps:
            self._go_back(step, vector)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Let the network tell of each update before it makes it, and of each epoch that was its best."""
        network = self._network
        backprop, count = network._backprop, network._update_no_improvement_count

        def seen_backprop(*args: Any, **kwargs: Any) -> Any:
            if self._line is None:
                self._take_network()
            if self._n_steps >= self._next_due():
                self._look()
            self._n_steps += 1
            return backprop(*args, **kwargs)

        def seen_count(*args: Any, **kwargs: Any) -> Any:
            before = getattr(network, "best_validation_score_", None)
            found = count(*args, **kwargs)
            if network.early_stopping and self._held_out is None and len(args) > 1:
                self._held_out = np.asarray(args[1])
            if network.early_stopping and network.best_validation_score_ != before and self._line is not None:
                self._best = self._n_steps, self._line.read()
            return found

        network._backprop, network._update_no_improvement_count = seen_backprop, seen_count
        try:
            yield
        finally:
            del network._backprop, network._update_no_improvement_count

    def _look(self) -> None:
        if self._line is not None:
            self._see(self._n_steps, self._line.read())
        if self._is_preview_due(self._n_steps):
            self._show_preview()

    def _take_network(self) -> None:
        """Take the network with its first weights: now the scalers before it have seen the data."""
        network, kind = self._network, type(self._network).__name__
        self.samples = replace(self.samples, units=_units(self._scalers, self.samples.n_inputs))
        if kind == "MLPClassifier":
            self.samples = _with_labels(self.samples, network)
        self._line = LayerLine(_line_of(network))
        output = ACTIVATIONS[network.out_activation_]
        version = ".".join(sys.modules["sklearn"].__version__.split(".")[:2])
        self._origin = Origin(f"scikit-learn {version}", _loss(network, kind), _rule(network))
        self.notes += self._line.notes
        self._all_samples = self._begin(self._line.with_output(output), self._origin, self._line).dataset

    def _check(self) -> None:
        """Compare what the estimator answers with the network that was read of it."""
        experiment, line, network = self._experiment, self._line, self._network
        if experiment is None or line is None or self.diverged_at is not None:
            return
        experiment = replace(experiment, dataset=self._all_samples)
        some = np.asarray(self._as_the_network_is_given())[:CHECKED]
        theirs = network.predict(some) if type(network).__name__ == "MLPRegressor" else network.predict_proba(some)
        theirs = Output("linear").of_answers(np.asarray(theirs))
        if network.out_activation_ == "logistic" and network.n_outputs_ == 1:
            theirs = theirs[:, 1:]
        parameters = line.arranged(line.read())
        tolerance = tolerance_of(line.dtype)
        require_same_outputs(
            experiment, parameters, theirs, "after the last step", tolerance, experiment.training.trained_by
        )


def record_fit(estimator: Any, x: Any, y: Any, **options: Unpack[RecorderOptions]) -> FitRecorder:
    """Fit an estimator of scikit-learn as its own ``fit`` does, and return what it learned, step by step.

    Parameters
    ----------
    estimator : MLPClassifier, MLPRegressor or Pipeline
        A pipeline of scalers before such a network: what is drawn is in the units of `x`. A step is an update, of a
        batch. It is fitted afterwards.
    x, y : array_like or data frame
        The samples.
    **options
        As `RecorderOptions` says.

    Raises
    ------
    UsageError
        If the estimator, the data or an option cannot be recorded; it says what can.
    """
    recorder = FitRecorder(estimator, x, y, options)
    recorder.fit()
    return recorder


def _parts_of(estimator: Any) -> tuple[Any, list[Any], Any]:
    """Return the estimator, the scalers in it, and its network."""
    kind = type(estimator).__name__
    if type(estimator).__module__.partition(".")[0] != "sklearn":
        raise UsageError(f"record_fit takes an estimator of scikit-learn, not a {kind}")
    if kind == "Pipeline":
        scalers = [one for _, one in estimator.steps[:-1] if one not in (None, "passthrough")]
        for scaler in scalers:
            if type(scaler).__name__ not in SCALERS:
                raise UsageError(
                    f"{type(scaler).__name__} in a pipeline cannot be recorded; the scalers {', '.join(SCALERS)} can. "
                    "Fit the network on what it gives: record_fit(network, transformed, y)"
                )
        network = estimator.steps[-1][1]
    else:
        scalers, network = [], estimator
    if type(network).__name__ not in NETWORKS:
        raise UsageError(f"{type(network).__name__} is no network; recorded are {' and '.join(NETWORKS)}")
    if network.solver == "lbfgs":
        raise UsageError("the solver lbfgs makes no steps that can be seen; recorded are solver='adam' and 'sgd'")
    if getattr(network, "loss", "") == "poisson":
        raise UsageError("the loss poisson is not known; recorded is squared_error")
    return estimator, scalers, network


def _line_of(network: Any) -> list[Part]:
    parts: list[Part] = []
    last = len(network.coefs_) - 1
    for layer in range(len(network.coefs_)):
        name = f"layer {layer + 1}"
        parts.append(
            Dense(name, lambda k=layer: network.coefs_[k].T, lambda k=layer: network.intercepts_[k])  # type: ignore[misc]
        )
        word = ACTIVATIONS[network.activation]
        if layer < last and word != "linear":
            parts.append(Activated(name, word))
    return parts


def _units(scalers: list[Any], n_inputs: int) -> GivenUnits | None:
    """Return what scalers do to each input, from what they make of 0 and of 1."""
    if not scalers:
        return None
    ends = np.vstack([np.zeros(n_inputs), np.ones(n_inputs)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that an array has no names of columns
        for scaler in scalers:
            if getattr(scaler, "clip", False):
                raise UsageError("a scaler that clips cannot be recorded: beyond its range it is another function")
            ends = np.asarray(scaler.transform(ends))
    scale = 1 / (ends[1] - ends[0])
    return GivenUnits(tuple((-ends[0] * scale).tolist()), tuple(scale.tolist()))


def _with_labels(samples: Any, network: Any) -> Any:
    """Return the samples with the positions of their classes, and what the classes are called."""
    if samples.arrays["y"].ndim > 1 and samples.arrays["y"].shape[1] > 1:
        return samples
    classes = np.asarray(network.classes_)
    arrays = dict(samples.arrays)
    for name in ("y", "y_test"):
        if name in arrays:
            given = arrays[name].ravel()
            if unknown := set(given.tolist()) - set(classes.tolist()):
                raise UsageError(f"{name} holds the class {min(unknown)}, which the estimator was not trained on")
            arrays[name] = np.searchsorted(classes, given)
    names = samples.names.classes or tuple(map(str, classes.tolist()))
    return replace(samples, arrays=arrays, names=replace(samples.names, classes=names))


def _loss(network: Any, kind: str) -> Any:
    if kind == "MLPRegressor":
        return {"kind": "mse", "half": True}
    return "cross_entropy" if network.out_activation_ == "softmax" else "binary_cross_entropy"


def _rule(network: Any) -> dict[str, Any]:
    """Return what our engine would do in place of the solver."""
    rate = {"learning_rate": float(network.learning_rate_init)}
    if network.solver == "adam":
        words = {"kind": "adam", "beta1": float(network.beta_1), "beta2": float(network.beta_2)}
        return {"optimizer": words | {"epsilon": float(network.epsilon)}, **rate}
    word = "nesterov" if network.nesterovs_momentum else "momentum"
    momentum = float(network.momentum)
    return {"optimizer": {"kind": word, "momentum": momentum} if momentum else "sgd", **rate}
