"""Samples in an .npz file: what arrays mean, that they come back from what a run writes, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backprop_anim.tasks import Dataset, GivenUnits, Names, TaskError, build_dataset
from backprop_anim.tasks.array_file import ArrayTask, rewritten, write_arrays

X = np.array([[0.5, 20.0], [1.5, 30.0], [2.5, 40.0], [3.5, 50.0]])
HALVES = np.array([0.5, 1.5, 2.0, 3.0])
WORDS = np.array(["no", "yes", "no", "yes"])


def built(folder: Path, options: dict[str, Any] | None = None, **arrays: NDArray[Any]) -> Dataset:
    np.savez(folder / "it.npz", **arrays)
    task = ArrayTask(str(folder / "it.npz"), **(options or {}))
    return build_dataset(task, np.random.default_rng(1), np.random.default_rng(2))


@pytest.mark.parametrize(
    ("y", "options", "kind", "classes"),
    [
        (HALVES, {}, "regression", ()),
        (np.array([0, 1, 0, 1]), {}, "classes", ("0", "1")),
        (np.array([3, 8, 3, 8]), {}, "classes", ("3", "8")),
        (np.array([3, 8, 3, 8]), {"classes": False}, "regression", ()),
        (np.array([0.0, 2.0, 1.0, 1.0]), {"classes": True}, "classes", ("0", "1", "2")),
        (WORDS, {}, "classes", ("no", "yes")),
        (np.array([True, False, True, True]), {}, "classes", ("0", "1")),
        (np.eye(3)[[0, 1, 0, 1]], {"classes": True}, "classes", ("0", "1", "2")),
        (np.array([0, 1, 0, 1]), {"names": Names(classes=("a", "b", "c"))}, "classes", ("a", "b", "c")),
        (HALVES[:, np.newaxis], {}, "regression", ()),
    ],
)
def test_the_type_of_y_says_what_it_means(
    tmp_path: Path, y: NDArray[Any], options: dict[str, Any], kind: str, classes: tuple[str, ...]
) -> None:
    dataset = built(tmp_path, options, x=X, y=y)
    assert (dataset.kind, dataset.class_names) == (kind, classes)


def test_one_number_in_and_out_is_a_series_and_pictures_are_rows(tmp_path: Path) -> None:
    assert built(tmp_path, x=HALVES, y=HALVES).kind == "series"
    assert built(tmp_path, x=np.zeros((4, 1, 2, 3)), y=HALVES).inputs.shape == (4, 6)
    curve = built(tmp_path, {"curve": True}, x=HALVES, y=np.column_stack([HALVES, HALVES]))
    assert curve.kind == "curve"


@pytest.mark.parametrize(
    "options", [{}, {"normalize": "standard"}, {"normalize": GivenUnits((1.0, 2.0), (3.0, 4.0))}, {"test": 0.5}]
)
@pytest.mark.parametrize("y", [HALVES, WORDS, np.array([5, 7, 5, 7])])
def test_what_a_run_writes_is_the_same_data_set(tmp_path: Path, options: dict[str, Any], y: NDArray[Any]) -> None:
    dataset = built(tmp_path, options, x=X, y=y)
    task = rewritten(ArrayTask("it.npz", **options), dataset, str(tmp_path / "again.npz"))
    write_arrays(dataset, tmp_path / "again.npz")
    again = task.build(np.random.default_rng(1))
    for one, other in [(dataset, again), (dataset.held_out, again.held_out)]:
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.inputs.tolist() == other.inputs.tolist()
            assert one.targets.tolist() == other.targets.tolist()
            assert one.class_names == other.class_names


def test_held_out_samples_do_not_decide_the_units(tmp_path: Path) -> None:
    dataset = built(tmp_path, x=X, y=HALVES, x_test=100 * X, y_test=HALVES)
    assert dataset.held_out is not None
    assert dataset.held_out.shown_inputs.tolist() == (100 * X).tolist()
    assert np.abs(dataset.inputs.mean(axis=0)).max() < 1e-12


@pytest.mark.parametrize(
    ("arrays", "options", "said"),
    [
        ({"x": X}, {}, "there is no array y; there are x"),
        ({"x": X, "y": HALVES[:3]}, {}, "x has 4 rows and y 3"),
        ({"x": X.T, "y": HALVES}, {}, "x has 2 rows and y 4; it looks transposed: a row is a sample"),
        ({"x": X + 1j, "y": HALVES}, {}, "x holds complex128, not numbers"),
        ({"x": WORDS, "y": HALVES}, {}, "x holds <U3, not numbers"),
        ({"x": np.where(X > 40, np.inf, X), "y": HALVES}, {}, "not finite, the first in row 3"),
        ({"x": X[:0], "y": HALVES[:0]}, {}, r"x has the shape \(0, 2\): there are no samples in it"),
        ({"x": X, "y": HALVES}, {"classes": True}, "y holds fractions, and no classes"),
        ({"x": X, "y": X}, {"classes": True}, "its rows are not one-hot"),
        ({"x": X, "y": WORDS}, {"classes": False}, "y holds words, which are classes"),
        ({"x": X, "y": np.zeros(4, int)}, {}, "y holds 1 different classes"),
        ({"x": X, "y": HALVES}, {"curve": True}, "a curve needs one input and two targets, and here are 2 and 1"),
        ({"x": X, "y": WORDS}, {"curve": True}, "the targets of a curve are numbers"),
        ({"x": X, "y": HALVES, "x_test": X[:, :1], "y_test": HALVES}, {}, r"x has the shape \(4, 2\) and x_test"),
        ({"x": X, "y": HALVES, "x_test": X, "y_test": HALVES}, {"test": 0.5}, "both say what is held out"),
    ],
)
def test_what_does_not_go_together_is_refused(
    tmp_path: Path, arrays: dict[str, NDArray[Any]], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(TaskError, match=said):
        built(tmp_path, options, **arrays)


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    task = ArrayTask(str(tmp_path / "it.npz"))
    with pytest.raises(TaskError, match="there is no file"):
        task.build(np.random.default_rng(1))
    (tmp_path / "it.npz").write_text("no arrays")
    with pytest.raises(TaskError, match=r"is no \.npz file of arrays"):
        task.build(np.random.default_rng(1))
    np.save(tmp_path / "one.npy", X)
    with pytest.raises(TaskError, match=r"holds one array; np\.savez"):
        replace(task, file=str(tmp_path / "one.npy")).build(np.random.default_rng(1))
    np.savez(tmp_path / "it.npz", x=np.array([{}, {}]), y=HALVES[:2])
    with pytest.raises(TaskError, match=r"is no \.npz file of arrays"):
        task.build(np.random.default_rng(1))
