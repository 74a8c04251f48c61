"""Columns become inputs, targets and classes as the options say, and options that clash are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from table_helpers import build, refused

DATA = Path(__file__).parents[2] / "configs/data"


# --- the data sets that come along ------------------------------------------------------------------------------------


def test_epidemic_data_and_weights_give_the_published_first_loss() -> None:
    dataset = build(file=str(DATA / "epidemic.csv"), inputs="t", targets="y_obs", truth="y_true")
    assert (dataset.kind, dataset.n_samples) == ("series", 60)
    assert dataset.truth is not None
    assert not np.array_equal(dataset.truth, dataset.targets)
    with np.load(DATA / "epidemic-weights.npz", allow_pickle=False) as weights:
        hidden = np.tanh(dataset.inputs @ weights["W1"].T + weights["b1"])
        outputs = hidden @ weights["W2"].T + weights["b2"]
    assert np.mean((outputs - dataset.targets) ** 2) == pytest.approx(0.42358219306998612, rel=1e-14)


def test_xor_rows_and_weights_give_the_published_first_loss() -> None:
    rows = ((0, 0, 1, 0), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 0))
    dataset = build(rows=rows, columns=("x1", "x2", "x3", "y"), inputs=("x1", "x2", "x3"), targets="y")
    with np.load(DATA / "xor-weights.npz", allow_pickle=False) as weights:
        hidden = 1 / (1 + np.exp(-dataset.inputs @ weights["W1"].T))
        outputs = 1 / (1 + np.exp(-hidden @ weights["W2"].T))
    assert np.sum((outputs - dataset.targets) ** 2) == pytest.approx(1.4358854672385899, rel=1e-14)


# --- what columns become ----------------------------------------------------------------------------------------------


def test_one_input_and_one_target_are_a_series() -> None:
    dataset = build(rows=({"a": 1, "b": 2.5}, {"a": 2, "b": 3}), inputs="a", targets="b")
    assert dataset.kind == "series"
    np.testing.assert_array_equal(dataset.inputs, [[1], [2]])
    np.testing.assert_array_equal(dataset.targets, [[2.5], [3]])
    assert (dataset.input_names, dataset.output_names) == (("a",), ("b",))
    assert dataset.truth is None


def test_columns_come_in_the_order_that_was_asked_for() -> None:
    dataset = build(rows=((1, 2, 3), (4, 5, 6)), columns=("a", "b", "c"), inputs=("c", "a"), targets="b")
    assert dataset.kind == "regression"
    np.testing.assert_array_equal(dataset.inputs, [[3, 1], [6, 4]])


def test_two_targets_are_a_curve_only_when_asked() -> None:
    options: dict[str, Any] = {"rows": ((0, 1, 2), (1, 2, 3)), "columns": ("t", "x", "y"), "inputs": "t"}
    assert build(**options, targets=("x", "y")).kind == "regression"
    assert build(**options, targets=("x", "y"), curve=True).kind == "curve"
    assert refused(**options, targets="x", curve=True).option == "curve"


def test_a_column_may_be_input_and_target() -> None:
    dataset = build(rows=((0, 1), (1, 0)), columns=("a", "b"), inputs=("a", "b"), targets=("a", "b"))
    np.testing.assert_array_equal(dataset.inputs, dataset.targets)


@pytest.mark.parametrize(
    ("cells", "classes", "labels", "names"),
    [
        (("no", "yes", "no"), None, [0, 1, 0], ("no", "yes")),
        (("b", "a", "c"), None, [1, 0, 2], ("a", "b", "c")),
        ((1, 0, 1), True, [1, 0, 1], ("0", "1")),
        ((10, 9, -1), True, [2, 1, 0], ("-1", "9", "10")),  # as numbers, not as words
        (("1.0", 1, "0"), True, [1, 1, 0], ("0", "1")),
        ((True, False, True), None, [1, 0, 1], ("false", "true")),
        (("--5", "²", "~"), None, [0, 2, 1], ("--5", "~", "²")),
        ((1, 2, "other"), True, [0, 1, 2], ("1", "2", "other")),
    ],
)
def test_classes(cells: tuple[Any, ...], classes: bool | None, labels: list[int], names: tuple[str, ...]) -> None:
    rows = tuple({"x": number, "y": cell} for number, cell in enumerate(cells))
    dataset = build(rows=rows, inputs="x", targets="y", classes=classes)
    assert dataset.kind == "classes"
    assert dataset.labels is not None
    assert dataset.labels.tolist() == labels
    assert dataset.class_names == names
    expected = np.array(labels)[:, None] if len(names) == 2 else np.eye(len(names))[labels]
    np.testing.assert_array_equal(dataset.targets, expected)


@pytest.mark.parametrize("width", [2, 3])
def test_one_hot_columns(width: int) -> None:
    names = tuple("abc"[:width])
    rows = tuple((number, *row) for number, row in enumerate(np.eye(width).tolist()))
    dataset = build(rows=rows, columns=("x", *names), inputs="x", targets=names, classes=True)
    assert dataset.class_names == names
    assert dataset.labels is not None
    assert dataset.labels.tolist() == list(range(width))
    np.testing.assert_array_equal(dataset.for_outputs(width), np.eye(width))
    error = refused(rows=((0, 1, 1), (1, 0, 1)), columns=("x", "a", "b"), inputs="x", targets=("a", "b"), classes=True)
    assert "row 1, column 'a'" in str(error)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((0.5, 1), "row 1, column 'y': '0.5' is not a class"),
        ((1, 1), "column 'y' holds 1 class; from 2 to 100"),
        (tuple(range(101)), "column 'y' holds 101 classes; from 2 to 100"),
        (("a", " "), "1 of 2 rows lacks values: 1 cell in 'y' (row 2)"),
        (("a", "nan"), "1 of 2 rows lacks values: 1 cell in 'y' (row 2)"),
        ((1e300, 1), "is not a class"),
    ],
)
def test_what_cannot_be_classes(cells: tuple[Any, ...], words: str) -> None:
    rows = tuple((0, cell) for cell in cells)
    assert words in str(refused(rows=rows, columns=("x", "y"), inputs="x", targets="y", classes=True))


def test_words_are_no_numbers_where_classes_are_denied() -> None:
    error = refused(rows=((0, "a"), (1, "b")), columns=("x", "y"), inputs="x", targets="y", classes=False)
    assert "row 1, column 'y': 'a' is not a number" in str(error)


# --- options ----------------------------------------------------------------------------------------------------------

PLANE = {"rows": ((1, 2, 0), (3, 0, 1)), "columns": ("t", "x", "y"), "inputs": "t", "targets": ("x", "y")}
PLAIN: dict[str, Any] = {"rows": ((1, 2), (3, 4)), "columns": ("x", "y"), "inputs": "x", "targets": "y"}


@pytest.mark.parametrize(
    ("change", "option", "words"),
    [
        ({"rows": None, "columns": ()}, "file", "either file or rows"),
        ({"file": "a.csv"}, "file", "not both"),
        ({"targets": ()}, "targets", "at least one column"),
        ({"targets": ("y", "y")}, "targets", "named twice"),
        ({"inputs": ("x", "y")}, "inputs", "column 'y' is an input and a target"),
        ({"truth": ("x", "y")}, "truth", "truth names 2 columns; targets names 1"),
        ({"truth": "z"}, "truth", "no column 'z'"),
        ({"truth": "x", "classes": True}, "truth", "no truth"),
        ({"rows": ()}, "rows", "no rows"),
        ({"columns": ()}, "columns", "columns named"),
        ({"columns": ("x", "x"), "targets": "x"}, "columns", "two columns are named 'x'"),
        ({"rows": ((1, 2), (3,))}, "rows", "row 2 has 1 cell"),
        ({"rows": ({"x": 1, "y": 2},)}, "columns", "name their columns themselves"),
        ({"rows": ({"x": 1, "y": 2}, {"x": 1, "z": 2}), "columns": ()}, "rows", "row 2 names x, z; row 1 names x, y"),
        ({"rows": ({"x": 1, "y": 2}, (1, 2)), "columns": ()}, "rows", "row 2 is not written as row 1"),
        ({"rows": ((1, "a"), (3, 4))}, "rows", "row 1, column 'y': 'a' is not a number"),
        ({"rows": ((1, True), (3, 4))}, "rows", "'true' is not a number"),
        ({"rows": ((1, 10**400), (3, 4))}, "rows", "is not a finite number"),
        ({"inputs": ("x", "z")}, "inputs", "no column 'z'"),
        ({**PLANE, "classes": True, "curve": True}, "curve", "not classes"),
    ],
)
def test_options_that_do_not_go_together(change: dict[str, Any], option: str, words: str) -> None:
    error = refused(**{**PLAIN, **change})
    assert words in str(error)
    assert error.option == option
