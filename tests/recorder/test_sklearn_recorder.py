"""scikit-learn: what record_fit trains is what fit trains, to the last bit, and its film is in the user's units."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plain_training import half_circles

from backprop_anim import record_fit
from backprop_anim.common.errors import UsageError
from backprop_anim.config import read_experiment
from backprop_anim.training import train

sklearn = pytest.importorskip("sklearn", reason="scikit-learn is not installed (the extra frameworks)")
base, decomposition, neural_network, pipeline, preprocessing = (
    pytest.importorskip(f"sklearn.{name}")
    for name in ("base", "decomposition", "neural_network", "pipeline", "preprocessing")
)
Classifier, Regressor = neural_network.MLPClassifier, neural_network.MLPRegressor

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")]

X, Y = half_circles(60)
THREE = Y + (X[:, 0] > 1)
FIRST = {"hidden_layer_sizes": (5,), "random_state": 3, "max_iter": 12}

ESTIMATORS: dict[str, tuple[Any, Any]] = {
    "adam": (Classifier(**FIRST), Y),
    "three classes": (Classifier(**FIRST, activation="tanh", batch_size=16), THREE),
    "words": (Classifier(**FIRST), np.array(["no", "yes"])[Y]),
    "labels": (Classifier(**FIRST), np.column_stack([Y, X[:, 0] > 1]).astype(int)),
    "sgd": (Classifier(**FIRST, solver="sgd", learning_rate="adaptive", learning_rate_init=0.1), Y),
    "plain sgd": (Classifier(**FIRST, solver="sgd", momentum=0.0, activation="logistic"), Y),
    "early stopping": (Classifier(**FIRST | {"max_iter": 300}, early_stopping=True, learning_rate_init=0.1), Y),
    "numbers": (Regressor(**FIRST, activation="identity"), X[:, 0] * X[:, 1]),
    "scaled": (pipeline.make_pipeline(preprocessing.StandardScaler(), Classifier(**FIRST)), Y),
    "twice scaled": (
        pipeline.make_pipeline(preprocessing.RobustScaler(), preprocessing.MinMaxScaler(), Classifier(**FIRST)),
        Y,
    ),
}


def network_of(estimator: Any) -> Any:
    return estimator[-1] if hasattr(estimator, "steps") else estimator


@pytest.mark.parametrize("word", ESTIMATORS)
def test_the_fit_is_its_own_to_the_last_bit(word: str) -> None:
    estimator, y = ESTIMATORS[word]
    other, estimator = base.clone(estimator).fit(X, y), base.clone(estimator)
    recorder = record_fit(estimator, X, y)
    ours, theirs = network_of(estimator), network_of(other)
    for one, another in zip(ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_, strict=True):
        assert one.tolist() == another.tolist()
    assert ours.loss_curve_ == theirs.loss_curve_
    weights = recorder.weights()
    for layer, (w, b) in enumerate(zip(ours.coefs_, ours.intercepts_, strict=True), start=1):
        assert weights[f"W{layer}"].tolist() == w.T.tolist()
        assert weights[f"b{layer}"].tolist() == b.tolist()
    assert "_backprop" not in vars(ours)
    if word != "early stopping":
        batches = 4 if word == "three classes" else 1
        assert recorder.recording.steps[-1] == ours.n_iter_ * batches


def test_early_stopping_ends_where_it_went_back_to() -> None:
    estimator, y = ESTIMATORS["early stopping"]
    estimator = base.clone(estimator)
    recorder = record_fit(estimator, X, y)
    assert recorder.recording.steps[-1] < estimator.n_iter_
    assert recorder.notes == [
        f"early stopping took the weights of step {recorder.recording.steps[-1]} back; what came after it is not shown"
    ]


def test_what_early_stopping_looks_at_is_held_out() -> None:
    estimator, y = ESTIMATORS["early stopping"]
    far = 1000 + 50 * X
    scaled = pipeline.make_pipeline(preprocessing.StandardScaler(), base.clone(estimator))
    recorder = record_fit(scaled, far, y)
    dataset = recorder.recording.experiment.dataset
    assert dataset.held_out is not None
    assert (dataset.n_samples, dataset.held_out.n_samples) == (54, 6)
    assert recorder.recording.test_accuracies is not None
    assert recorder.recording.test_accuracies[-1] == scaled[-1].best_validation_score_
    assert sorted(map(tuple, np.vstack([dataset.shown_inputs, dataset.held_out.shown_inputs]).tolist())) == sorted(
        map(tuple, far.tolist())
    )


def test_axes_are_in_the_units_of_the_user() -> None:
    far = 1000 + 50 * X
    estimator = pipeline.make_pipeline(preprocessing.StandardScaler(), Classifier(**FIRST))
    recorder = record_fit(estimator, far, np.array(["no", "yes"])[Y])
    dataset = recorder.recording.experiment.dataset
    assert dataset.shown_inputs.tolist() == far.tolist()
    assert np.abs(dataset.inputs.mean(axis=0)).max() < 1e-9
    assert dataset.class_names == ("no", "yes")
    theirs = estimator.predict_proba(far)[:, 1:]
    assert np.abs(recorder.predict(far).outputs - theirs).max() < 1e-9


def test_held_out_samples_and_other_labels() -> None:
    x, y = half_circles(20, seed=8)
    recorder = record_fit(Classifier(**FIRST), X, Y * 4 + 3, x_test=x, y_test=y * 4 + 3, name="held")
    assert recorder.recording.experiment.dataset.class_names == ("3", "7")
    assert recorder.recording.test_accuracies is not None
    with pytest.raises(UsageError, match="y_test holds the class 4, which the estimator was not trained on"):
        record_fit(Classifier(**FIRST), X, Y * 4 + 3, x_test=x, y_test=y + 4)


def test_a_run_is_made_of_it(tmp_path: Path) -> None:
    film = record_fit(Classifier(**FIRST), X, Y, name="fitted").film(tmp_path, formats=["png"], size="320x180")
    assert film.film.is_file()


@pytest.mark.parametrize(
    ("estimator", "said"),
    [
        (Classifier(solver="lbfgs"), "the solver lbfgs makes no steps that can be seen"),
        (preprocessing.StandardScaler(), "StandardScaler is no network; recorded are MLPClassifier and MLPRegressor"),
        (pipeline.make_pipeline(decomposition.PCA(), Classifier()), r"PCA in a pipeline .* record_fit\(network, t"),
        (pipeline.make_pipeline(preprocessing.MinMaxScaler(clip=True), Classifier(**FIRST)), "a scaler that clips"),
        ("estimator", "record_fit takes an estimator of scikit-learn, not a str"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_said(estimator: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        record_fit(estimator, X, Y)


def test_our_engine_has_the_losses_of_scikit_learn() -> None:
    """From the same first weights, over 200 full batches of plain gradient descent: equal to 1e-16."""
    y = X[:, 0] * X[:, 1]
    theirs = Regressor(
        hidden_layer_sizes=(6,),
        activation="tanh",
        solver="sgd",
        momentum=0.0,
        learning_rate_init=0.1,
        alpha=0.0,
        batch_size=len(X),
        shuffle=False,
        max_iter=200,
        n_iter_no_change=1000,
        random_state=0,
    )
    first = record_fit(theirs, X, y, count=2, keep=[0]).weights(0)
    rows = [[*map(float, pair), float(value)] for pair, value in zip(X, y, strict=True)]
    given = {name: array.tolist() for name, array in first.items()}
    text = f"""\
task: {{kind: table, rows: {rows}, columns: [a, b, c], targets: c, normalize: none}}
network: {{hidden: [6], activation: tanh, init: {{kind: given, {", ".join(f"{k}: {v}" for k, v in given.items())}}}}}
training: {{steps: 200, loss: {{kind: mse, half: true}}, learning_rate: 0.1}}
"""
    ours = train(read_experiment(text, label="it", name="it", folder=Path()))
    assert len(theirs.loss_curve_) == 200
    assert np.abs(ours.losses - theirs.loss_curve_).max() < 1e-16


def test_no_warning_of_ours_comes_from_an_ordinary_fit() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        record_fit(Classifier(**FIRST), X, Y)
    assert {one.category.__name__ for one in caught} <= {"ConvergenceWarning"}
