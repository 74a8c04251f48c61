"""Features: formulas in the inputs as the file has them, waves from end to end, and what cannot be read or computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.experiment import spawn_streams
from backprop_anim.tasks import Dataset, Features, Task, TaskError, build_dataset, tasks
from backprop_anim.tasks.features import Fourier

ROWS = tuple((float(k), 200.0 + 3 * k**2, "pqr"[k % 3], 0.5 * k - 1, 5.0 * k) for k in range(12))
COLUMNS = ("a", "body mass", "kind", "größe", "y")
TABLE: dict[str, Any] = {"columns": COLUMNS, "rows": ROWS, "targets": "y", "normalize": "none"}


def made(kind: str, **options: Any) -> Dataset:
    make: Any = tasks[kind]
    task: Task = make(**options)
    streams = spawn_streams(3)
    return build_dataset(task, streams.task, streams.test)


def features(dataset: Dataset) -> Features:
    assert dataset.features is not None
    return dataset.features


def test_points_are_given_as_formulas_in_x1_and_x2() -> None:
    plain = made("points", shape="moons")
    found = made("points", shape="moons", features=("x1", "x2^2", "x1*x2", "sin(x1) + e"))
    x1, x2 = plain.inputs.T
    np.testing.assert_allclose(found.inputs.T, [x1, x2**2, x1 * x2, np.sin(x1) + np.e], rtol=1e-15)
    np.testing.assert_array_equal(found.shown_inputs, plain.inputs)
    assert (found.n_inputs, found.n_given) == (2, 4)
    assert found.given_names == ("x₁", "x₂²", "x₁·x₂", "sin(x₁) + e")


def test_names_that_are_shown_are_not_those_of_formulas() -> None:
    found = made("points", shape="fruit", features=("x1^2", "x2"))
    assert found.given_names == ("sweetness²", "redness")
    with pytest.raises(TaskError, match=r"unknown name 'sweetness'.*known are x1, x2, pi") as caught:
        made("points", shape="fruit", features=("sweetness",))
    assert caught.value.option == "features"


def test_t_is_that_of_the_formulas_of_a_curve_and_a_series() -> None:
    found = made("series", y="sin(t)", range=(2.0, 6.0), points=5, features=("t", "t^2"))
    np.testing.assert_allclose(found.inputs, [[t, t**2] for t in (2, 3, 4, 5, 6)])
    assert found.shown_range is None
    np.testing.assert_allclose(found.shown_inputs[:, 0], [2, 3, 4, 5, 6])
    round_ = made("curve", x="cos(t)", y="sin(t)", points=4, features=("cos(t)", "sin(t)"))
    np.testing.assert_allclose(round_.inputs, [[1, 0], [0, 1], [-1, 0], [0, -1]], atol=1e-15)
    heart = made("curve", curve="heart", points=4, features=("t",))
    np.testing.assert_allclose(heart.inputs[:, 0], [0, 0.25, 0.5, 0.75])


def test_waves_go_from_end_to_end_of_the_range() -> None:
    found = made("curve", curve="heart", points=10, features=(Fourier(2),))
    t = np.arange(10) / 10  # the end is left out, so waves meet their beginning there
    waves = [np.sin(2 * np.pi * t), np.cos(2 * np.pi * t), np.sin(4 * np.pi * t), np.cos(4 * np.pi * t)]
    np.testing.assert_allclose(found.inputs.T, waves, atol=1e-15)
    assert found.given_names == ("sin 2πt", "cos 2πt", "sin 4πt", "cos 4πt")


def test_waves_of_a_table_are_those_of_its_training_rows() -> None:
    found = made("table", **TABLE, inputs=("a", "body mass"), features=(Fourier(1), "a"), test=0.3)
    a, mass = found.shown_inputs.T
    both = [(column - column.min()) / (column.max() - column.min()) for column in (a, mass)]
    wanted = [wave(2 * np.pi * x) for x in both for wave in (np.sin, np.cos)]
    np.testing.assert_allclose(found.inputs.T, [*wanted, a], atol=1e-12)
    assert found.held_out is not None
    np.testing.assert_allclose(found.held_out.inputs, features(found)(found.held_out.shown_inputs))


def test_odd_names_stand_in_backquotes_and_letters_may_be_any() -> None:
    found = made("table", **TABLE, features=("`body mass`/a^0", "größe*2", "`größe` + `a`"))
    a, mass, size = found.shown_inputs.T
    np.testing.assert_allclose(found.inputs.T, [mass, 2 * size, size + a])
    assert found.input_names == ("a", "body mass", "größe"), "only the columns that formulas name are read"
    assert found.given_names == ("body mass/a⁰", "größe·2", "größe + a")


def test_the_name_of_a_column_of_words_stands_for_all_of_them() -> None:
    found = made("table", **TABLE, features=("kind", "a^2"))
    np.testing.assert_array_equal(found.inputs, [[*np.eye(3)[k % 3], k**2] for k in range(12)])
    assert found.given_names == ("p", "q", "r", "a²")


def test_features_are_what_is_normalized() -> None:
    found = made("table", **{**TABLE, "normalize": "auto"}, features=("a", "a^2"))
    np.testing.assert_allclose(found.inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.inputs.std(axis=0), 1)
    np.testing.assert_array_equal(found.shown_inputs[:, 0], np.arange(12))
    np.testing.assert_allclose(found.to_inputs(found.shown_inputs), found.inputs)
    small = made("table", **{**TABLE, "normalize": "auto"}, features=("body mass".join("``") + "/1000",))
    assert small.input_units is None, "what is above 10 in the file is below it in the feature"


def test_a_column_that_no_formula_names_may_have_gaps() -> None:
    rows = tuple((*row[:3], "" if k == 4 else row[3], row[4]) for k, row in enumerate(ROWS))
    assert made("table", **{**TABLE, "rows": rows}, features=("a", "a^3")).n_samples == 12


def test_the_text_of_a_formula_is_never_a_column() -> None:
    rows = tuple((float(k), 99.0, float(k)) for k in range(4))
    found = made("table", columns=("x", "x^2", "y"), rows=rows, targets="y", features=("x^2",), normalize="none")
    np.testing.assert_array_equal(found.inputs[:, 0], [0, 1, 4, 9])


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("points", ("log(x1)",), "'log(x1)' is undefined at x1 = -"),
        ("points", ("1/(x1 - x1)",), "divides by zero"),
        ("points", ("x3",), "unknown name 'x3'"),
        ("points", ("`x1",), "is never closed"),
        ("points", ("",), "the formula is empty"),
        ("points", ("__0__ + x1",), "unknown name '__0__'"),
        ("points", ("x1(2)",), "'x1' is not a function"),
        ("table", ("y",), "unknown name 'y'"),
        ("table", ("kind + 1",), "'kind' is not|unknown name 'kind'"),
        ("points", (Fourier(64), "x1") * 20, "at most 4,096"),
    ],
)
def test_what_cannot_be_a_feature_is_said(kind: str, given: tuple[Any, ...], said: str) -> None:
    options: dict[str, Any] = TABLE if kind == "table" else {}
    with pytest.raises(TaskError) as caught:
        made(kind, **options, features=given)
    assert any(part in str(caught.value) for part in said.split("|")), str(caught.value)
    assert caught.value.option == "features"


def test_a_feature_is_nan_where_it_has_no_value_unless_it_is_asked_strictly() -> None:
    found = Features(("x",), ("log x",), ("log(x)",))
    np.testing.assert_array_equal(found(np.array([[-1.0], [1.0]]))[:, 0], [np.nan, 0])
    with pytest.raises(TaskError, match="undefined at x = -1"):
        found.checked(np.array([[-1.0], [1.0]]))


def test_built_in_tasks_without_features_are_as_they_were() -> None:
    for kind, options in {"curve": {"curve": "heart"}, "series": {"series": "sine"}, "points": {}}.items():
        assert made(kind, **options).features is None


def test_a_test_file_has_the_same_features(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,1\n2,4\n3,9\n")
    (tmp_path / "b.csv").write_text("x,y\n10,100\n")
    files = {"file": str(tmp_path / "a.csv"), "test_file": str(tmp_path / "b.csv")}
    found = made("table", **files, targets="y", features=("x^2",), normalize="none")
    assert found.held_out is not None
    assert (found.inputs[:, 0].tolist(), found.held_out.inputs.tolist()) == ([1, 4, 9], [[100]])
