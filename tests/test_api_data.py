"""Arrays and data frames handed over from Python: they are learned as a file with the same values would be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim import load_experiment, train
from backprop_anim.common.errors import ExperimentError, UsageError

NETWORK: dict[str, Any] = {"network": {"hidden": [4]}, "training": {"steps": 20}}
RNG = np.random.default_rng(0)
X, NUMBERS, LABELS = RNG.normal(size=(24, 2)), RNG.normal(size=24), np.arange(24) % 3
FRACTION = RNG.normal(size=(24, 2))


@pytest.mark.parametrize(
    ("y", "kind", "classes"),
    [
        (NUMBERS, "regression", ()),
        (FRACTION, "regression", ()),
        (LABELS, "classes", ("0", "1", "2")),
        (LABELS + 4, "classes", ("4", "5", "6")),
        (np.array(["a", "b", "c"])[LABELS], "classes", ("a", "b", "c")),
        (LABELS > 0, "classes", ("0", "1")),
        (np.arange(24), "regression", ()),
        (LABELS.astype(float), "regression", ()),
        (list(LABELS), "classes", ("0", "1", "2")),
    ],
)
def test_the_answers_say_what_they_are(y: Any, kind: str, classes: tuple[str, ...]) -> None:
    dataset = load_experiment(NETWORK, data=(X, y)).dataset
    assert (dataset.kind, dataset.class_names) == (kind, classes)
    assert dataset.inputs.tolist() == X.tolist()


def test_a_task_says_the_rest_and_overrides_change_it() -> None:
    said = NETWORK | {"task": {"test": 0.25, "normalize": "standard", "classes": False}}
    experiment = load_experiment(said, data=(X, LABELS))
    assert experiment.dataset.kind == "regression"
    assert experiment.dataset.held_out is not None
    assert experiment.dataset.held_out.n_samples == 6
    assert experiment.dataset.input_units is not None
    whole = load_experiment(said, {"task.normalize": "none"}, data=(X, LABELS))
    assert whole.dataset.input_units is None


def test_a_known_experiment_learns_other_data() -> None:
    experiment = load_experiment("xor", {"training.steps": 30, "network": {"hidden": [3]}}, data=(X, LABELS > 0))
    assert experiment.dataset.n_samples == 24
    assert experiment.network.sizes == (2, 3, 1)


def test_held_out_samples_are_handed_over_too() -> None:
    experiment = load_experiment(NETWORK, data=(X, NUMBERS, X[:5], NUMBERS[:5]))
    assert experiment.dataset.held_out is not None
    assert experiment.dataset.held_out.inputs.tolist() == X[:5].tolist()


def test_a_run_of_them_stands_alone(tmp_path: Path) -> None:
    run = train(load_experiment(NETWORK | {"name": "mine"}, data=(X, LABELS)))
    run.film(tmp_path, formats=["png"], size="320x180")
    again = load_experiment(tmp_path / "mine" / "experiment.yaml")
    assert again.dataset.inputs.tolist() == X.tolist()
    assert train(again).parameters.tolist() == run.parameters.tolist()


def frames() -> Any:
    return pytest.importorskip("pandas", reason="pandas is not installed")


def test_a_data_frame_is_read_as_a_file_with_its_cells_would_be(tmp_path: Path) -> None:
    pandas = frames()
    frame = pandas.DataFrame(
        {
            "size": NUMBERS,
            "kind": np.array(["cat", "dog"])[LABELS % 2],
            "seen": pandas.date_range("2024-01-01", periods=24),
            "answer": np.array(["no", "yes"])[LABELS // 2],
        }
    )
    frame.to_csv(tmp_path / "frame.csv", index=False)
    task = {"task": {"kind": "table", "file": str(tmp_path / "frame.csv"), "targets": "answer"}}
    of_file = load_experiment(NETWORK | task).dataset
    given = load_experiment(NETWORK, data=(frame[["size", "kind", "seen"]], frame["answer"])).dataset
    assert given.input_names == of_file.input_names
    assert given.inputs.tolist() == of_file.inputs.tolist()
    assert given.class_names == of_file.class_names
    assert given.output_names == of_file.output_names


def test_gaps_of_a_data_frame_are_gaps() -> None:
    pandas = frames()
    frame = pandas.DataFrame({"a": [1.0, np.nan, 3.0, 4.0], "b": [0.1, 0.2, 0.3, 0.4]})
    with pytest.raises(ExperimentError, match="1 cell in 'a'"):
        load_experiment(NETWORK, data=(frame, pandas.Series([1.5, 2.0, 3.0, 4.0], name="c")))
    dropped = NETWORK | {"task": {"missing": "drop"}}
    experiment = load_experiment(dropped, data=(frame, pandas.Series([1.5, 2.0, 3.0, 4.0], name="c")))
    assert experiment.dataset.n_samples == 3
    assert experiment.dataset.output_names == ("c",)


def test_a_data_frame_may_hold_what_is_held_out() -> None:
    pandas = frames()
    frame = pandas.DataFrame(X, columns=["a", "b"])
    experiment = load_experiment(NETWORK, data=(frame[:20], LABELS[:20], frame[20:], LABELS[20:]))
    assert experiment.dataset.kind == "classes"
    assert experiment.dataset.held_out is not None
    assert experiment.dataset.held_out.n_samples == 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((X,), r"data is a pair \(X, y\), or \(X, y, X_test, y_test\)"),
        (X, r"data is a pair \(X, y\)"),
        ((X, LABELS[:5]), "data: x has 24 rows and y 5"),
        ((X.T, LABELS), "it looks transposed: a row is a sample"),
        ((np.where(X > 1, np.nan, X), LABELS), "data: x holds numbers that are not finite"),
        ((X + 1j, LABELS), "x holds complex128, not numbers"),
    ],
)
def test_what_is_no_data_is_said(data: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        load_experiment(NETWORK, data=data)


def test_data_and_a_file_are_one_too_many() -> None:
    with pytest.raises(UsageError, match=r"data and task\.file both say what is learned"):
        load_experiment(NETWORK | {"task": {"file": "a.csv"}}, data=(X, LABELS))
