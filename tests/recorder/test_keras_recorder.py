"""Keras 3, on the backend that is set: what a callback records is the model's own, and what cannot be is refused."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plain_training import half_circles

from backprop_anim import RecorderCallback
from backprop_anim.common.errors import RecordingError, UsageError

if "KERAS_BACKEND" not in os.environ:
    os.environ["KERAS_BACKEND"] = "torch" if find_spec("torch") else "jax"
keras = pytest.importorskip("keras", reason="Keras is not installed (the extra frameworks)")
layers = keras.layers

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

X, Y = half_circles(40)
X = X.astype(np.float32)


def fitted(model: Any, y: Any = Y, loss: Any = "sparse_categorical_crossentropy", **options: Any) -> RecorderCallback:
    """Train a model for two epochs of three batches and return what was recorded."""
    fit = {key: options.pop(key) for key in ("validation_data", "epochs") if key in options}
    model.compile(optimizer=options.pop("optimizer", "sgd"), loss=loss)
    recorder = RecorderCallback(options.pop("x", X), y, **options)
    model.fit(X, y, batch_size=16, verbose=0, callbacks=[recorder], shuffle=False, **({"epochs": 2} | fit))
    return recorder


def dense(*sizes: tuple[int, str | None]) -> Any:
    return keras.Sequential([keras.Input((2,)), *(layers.Dense(n, activation=word) for n, word in sizes)])


def test_every_state_is_that_of_the_model_after_so_many_batches() -> None:
    told: list[list[Any]] = []

    class Teller(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_begin(self, logs: Any = None) -> None:
            told.append([one.numpy().copy() for one in self.model.weights])

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            told.append([one.numpy().copy() for one in self.model.weights])

    model = dense((4, "tanh"), (2, "softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    recorder = RecorderCallback(X, Y)
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0, callbacks=[Teller(), recorder])
    recording = recorder.recording
    assert recording.steps.tolist() == list(range(7))
    for row, (w1, b1, w2, b2) in enumerate(told):
        arrays = recording.experiment.network.layout.arrays(recording.parameters[row])
        for name, one in {"W1": w1.T, "b1": b1, "W2": w2.T, "b2": b2}.items():
            assert arrays[name].tolist() == one.tolist()
    assert recording.experiment.training.by.startswith("keras 3")
    assert type(recording.experiment.training.optimizer).__name__ == "Adam"
    loss = model.evaluate(X, Y, verbose=0)
    assert recording.snapshot_losses[-1] == pytest.approx(loss, rel=1e-4)


def normalized() -> Any:
    first = layers.Normalization()
    first.adapt(X)
    return keras.Sequential([first, layers.Dense(3, "relu"), layers.Dense(2, "softmax")])


def in_a_line() -> Any:
    given = keras.Input((2,))
    inside = keras.Sequential([layers.Dense(3), layers.BatchNormalization(), layers.LeakyReLU(negative_slope=0.1)])
    return keras.Model(given, layers.Dense(2, activation="softmax")(layers.Dropout(0.2)(inside(given))))


def rescaled() -> Any:
    return keras.Sequential([layers.Rescaling(0.5, 1.0), layers.Dense(3, "selu"), layers.Dense(2, "softmax")])


def by_layers() -> Any:
    first = [layers.Dense(3), layers.ReLU(), layers.Dense(3, use_bias=False), layers.ELU()]
    return keras.Sequential([*first, layers.Dense(2), layers.Softmax()])


MODELS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "scaled": (rescaled, ["SELU", "Softmax"]),
    "normalized": (normalized, ["ReLU", "Softmax"]),
    "functional": (in_a_line, ["LeakyReLU", "Softmax"]),
    "layers": (by_layers, ["ReLU", "ELU", "Softmax"]),
}


@pytest.mark.parametrize("word", MODELS)
def test_a_line_of_layers_is_read(word: str) -> None:
    make, names = MODELS[word]
    model = make()
    recorder = fitted(model)
    assert [type(one).__name__ for one in recorder.recording.experiment.network.activations] == names
    theirs = model.predict(X, verbose=0)
    assert np.abs(recorder.predict(X).outputs - theirs).max() < 1e-5


def test_scales_of_the_inputs_are_units_and_the_weights_are_the_models_own() -> None:
    model = normalized()
    recorder = fitted(model)
    dataset = recorder.recording.experiment.dataset
    assert dataset.input_units is not None
    assert dataset.shown_inputs == pytest.approx(X)
    assert np.abs(dataset.inputs.mean(axis=0)).max() < 1e-5
    assert recorder.weights()["W1"].tolist() == model.layers[1].kernel.numpy().T.tolist()


def test_logits_are_made_probabilities() -> None:
    recorder = fitted(dense((3, "tanh"), (2, None)), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert type(recorder.recording.experiment.network.activations[-1]).__name__ == "Softmax"
    with pytest.raises(UsageError, match="cross_entropy needs a softmax output"):
        fitted(dense((3, "tanh"), (2, None)))


@pytest.mark.parametrize("loss", ["mse", "mae", keras.losses.Huber(0.2), keras.losses.MeanSquaredError()])
def test_losses_of_numbers(loss: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        recorder = fitted(dense((3, "tanh"), (1, None)), X[:, 0] * X[:, 1], loss)
    assert recorder.recording.experiment.dataset.kind == "regression"


def test_what_is_validated_on_is_held_out() -> None:
    x, y = half_circles(12, seed=5)
    recorder = fitted(dense((3, "tanh"), (2, "softmax")), validation_data=(x, y))
    assert recorder.recording.test_losses is not None
    held_out = recorder.recording.experiment.dataset.held_out
    assert held_out is not None
    assert held_out.inputs == pytest.approx(x, abs=1e-6)


def test_a_second_fit_goes_on() -> None:
    model = dense((3, "tanh"), (2, "softmax"))
    recorder = fitted(model)
    model.fit(X, Y, batch_size=16, epochs=1, verbose=0, callbacks=[recorder])
    assert recorder.recording.steps.tolist() == list(range(10))


def with_skip() -> Any:
    given = keras.Input((2,))
    hidden = layers.Dense(2)(given)
    return keras.Model(given, layers.Dense(2, activation="softmax")(layers.Add()([given, hidden])))


class Own(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.inside = layers.Dense(2, activation="softmax")

    def call(self, x: Any) -> Any:
        return self.inside(x)


@pytest.mark.parametrize(
    ("make", "options", "said"),
    [
        (with_skip, {}, r"\(Add\) takes more than what the layer before gives"),
        (Own, {}, "is a Own of your own, whose layers cannot be followed: make it a Sequential"),
        (lambda: dense((3, "gelu"), (2, "softmax")), {}, "has the activation gelu, which cannot be recorded"),
        (lambda: keras.Sequential([layers.Reshape((2, 1)), layers.Flatten()]), {}, r"\(Reshape\) cannot be recorded"),
        (lambda: dense((2, "softmax")), {"loss": "kl_divergence", "y": np.eye(2)[Y]}, "kl_divergence is not known"),
        (lambda: dense((2, "softmax")), {"x": X[:, :1]}, "the first layer has 2; the task has 1 input"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_said(make: Callable[[], Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        fitted(make(), **options)


def test_a_run_is_made_of_it(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nothing was recorded yet: model\.fit"):
        _ = RecorderCallback(X, Y).recording
    film = fitted(dense((3, "tanh"), (2, "softmax")), name="keras").film(tmp_path, formats=["png"], size="320x180")
    assert film.film.is_file()


@pytest.mark.parametrize("first", [True, False], ids=["before the recorder", "after it"])
def test_early_stopping_ends_where_it_went_back_to(first: bool) -> None:
    keras.utils.set_random_seed(0)
    x, y = half_circles(30, seed=7)
    model = dense((12, "tanh"), (2, "softmax"))
    model.compile(keras.optimizers.SGD(3.0), loss="sparse_categorical_crossentropy")
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    recorder = RecorderCallback(X, Y)
    callbacks = [stop, recorder] if first else [recorder, stop]
    model.fit(X, Y, validation_data=(x, y), epochs=60, verbose=0, batch_size=16, callbacks=callbacks)
    assert recorder.weights()["W1"].tolist() == model.layers[0].kernel.numpy().T.tolist()
    assert recorder.recording.steps[-1] == 3 * (stop.best_epoch + 1)
    assert any("early stopping took the weights of step" in note for note in recorder.notes)


def test_a_share_that_fit_splits_off_is_held_out_and_not_trained_on() -> None:
    model = dense((3, "tanh"), (2, "softmax"))
    model.compile("sgd", "sparse_categorical_crossentropy")
    recorder = RecorderCallback(X, Y)
    model.fit(X, Y, validation_split=0.25, epochs=2, verbose=0, callbacks=[recorder])
    dataset = recorder.recording.experiment.dataset
    assert dataset.inputs == pytest.approx(X[:30])
    assert dataset.held_out is not None
    assert dataset.held_out.inputs == pytest.approx(X[30:])


def test_a_recorder_is_for_one_model() -> None:
    recorder = fitted(dense((3, "tanh"), (2, "softmax")))
    other = dense((3, "tanh"), (2, "softmax"))
    other.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(UsageError, match="this recorder has recorded another model"):
        other.fit(X, Y, epochs=1, verbose=0, callbacks=[recorder])


def test_a_fit_that_is_stopped_keeps_its_last_state() -> None:
    class Stop(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                raise KeyboardInterrupt

    model = dense((3, "tanh"), (2, "softmax"))
    model.compile("sgd", "sparse_categorical_crossentropy")
    recorder = RecorderCallback(X, Y, count=2)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=4, epochs=2, verbose=0, callbacks=[recorder, Stop()])
    assert recorder.recording.steps[-1] == 3
    assert recorder.weights()["W1"].tolist() == model.layers[0].kernel.numpy().T.tolist()
