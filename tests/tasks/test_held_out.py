"""Samples that are held out: by class, by the seed alone, and without a trace in means and units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_anim.experiment import spawn_streams
from backprop_anim.tasks import Dataset, Task, TaskError, build_dataset, tasks

ROWS = tuple((float(k), "ab"[k % 4 == 0], "" if k == 6 else 20.0 + k) for k in range(40))
TABLE: dict[str, Any] = {"columns": ("x", "kind", "size"), "rows": ROWS, "missing": "mean"}
LEAST: dict[str, dict[str, Any]] = {
    "curve": {"curve": "circle", "points": 20},
    "series": {"series": "sine", "points": 20, "noise": 0.1},
    "points": {"shape": "moons", "points": 20},
    "table": {**TABLE, "inputs": ("x", "size"), "targets": "kind"},
}


def made(kind: str, seed: int = 1, **options: Any) -> Dataset:
    make: Any = tasks[kind]
    task: Task = make(**{**LEAST[kind], **options})
    streams = spawn_streams(seed)
    return build_dataset(task, streams.task, streams.test)


def held_out(dataset: Dataset) -> Dataset:
    assert dataset.held_out is not None
    return dataset.held_out


@pytest.mark.parametrize("kind", sorted(LEAST))
def test_every_kind_of_task_is_parted_and_nothing_is_lost(kind: str) -> None:
    whole, found = made(kind, normalize="none") if kind == "table" else made(kind), made(kind, test=0.25)
    tested = held_out(found)
    assert found.n_samples + tested.n_samples == whole.n_samples
    assert tested.n_samples == whole.n_samples // 4
    both = np.concatenate([found.shown_targets, tested.shown_targets])
    order = np.lexsort(both.T)
    np.testing.assert_array_equal(both[order], whole.shown_targets[np.lexsort(whole.shown_targets.T)])
    assert whole.held_out is None


def test_the_share_is_of_each_class() -> None:
    found = made("table", test=0.25)
    assert np.bincount(found.labels).tolist() == [22, 8]  # type: ignore[arg-type]
    assert np.bincount(held_out(found).labels).tolist() == [8, 2]  # type: ignore[arg-type]


def test_only_the_seed_decides_and_the_samples_stay() -> None:
    first, again, other = made("points", test=0.3), made("points", test=0.3), made("points", 2, test=0.3)
    np.testing.assert_array_equal(first.inputs, again.inputs)
    whole, rows = made("points").inputs.tolist(), first.inputs.tolist()
    assert rows == [row for row in whole if row in rows], "in their order, as they were without it"
    assert first.inputs.shape == other.inputs.shape
    assert rows != other.inputs.tolist()


def test_means_and_units_do_not_see_what_is_held_out() -> None:
    found = made("table", test=0.25, normalize="standard")
    np.testing.assert_allclose(found.inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.inputs.std(axis=0), 1)
    assert abs(held_out(found).inputs.mean(axis=0)).max() > 1e-3
    every = np.concatenate([found.shown_inputs, held_out(found).shown_inputs])
    filled = float(every[every[:, 0] == 6, 1][0])
    known = found.shown_inputs[found.shown_inputs[:, 0] != 6, 1]
    assert filled == pytest.approx(known.mean())


@pytest.mark.parametrize(
    ("rows", "share", "said"),
    [
        ((("a", 1.0), ("a", 2.0), ("b", 3.0)), 0.5, "class b has one sample"),
        ((("a", 1.0), ("a", 2.0), ("b", 3.0), ("b", 4.0)), 0.01, "leaves 4 to train on and 0 to test on"),
        ((("a", 1.0), ("a", 2.0), ("b", 3.0), ("b", 4.0)), 0.99, "leaves 0 to train on and 4 to test on"),
    ],
)
def test_a_share_that_leaves_nothing_is_refused(rows: Any, share: float, said: str) -> None:
    with pytest.raises(TaskError, match=said) as caught:
        made("table", rows=rows, columns=("y", "x"), inputs="x", targets="y", test=share)
    assert caught.value.option == "test"


def in_files(tmp_path: Path, own: str, other: str, **options: Any) -> Dataset:
    (tmp_path / "own.csv").write_text(own)
    (tmp_path / "other.csv").write_text(other)
    make: Any = tasks["table"]
    files = {"file": str(tmp_path / "own.csv"), "test_file": str(tmp_path / "other.csv")}
    streams = spawn_streams(1)
    return build_dataset(make(**{**files, "targets": "y", **options}), streams.task, streams.test)


OWN, OTHER = "x,c,y\n100,a,1\n200,b,2\n300,a,4\n", "y,more,c,x\n3,?,b,250\n8,?,a,900\n"


def test_another_file_is_what_is_held_out(tmp_path: Path) -> None:
    found = in_files(tmp_path, OWN, OTHER)
    np.testing.assert_array_equal(found.shown_inputs, [[100, 1, 0], [200, 0, 1], [300, 1, 0]])
    np.testing.assert_array_equal(held_out(found).shown_inputs, [[250, 0, 1], [900, 1, 0]])
    np.testing.assert_array_equal(held_out(found).shown_targets, [[3], [8]])
    np.testing.assert_allclose(found.inputs.mean(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("other", "options", "said"),
    [
        ("x,c\n1,a\n", {}, "other.csv: there is no column 'y'"),
        ("", {}, "other.csv: the file is empty"),
        (OTHER, {"test": 0.3}, "both say what is held out"),
        (OTHER.replace("250", "?").replace("900", ""), {"missing": "drop"}, "no row is left to test on"),
        (OTHER.replace("900", "many"), {"inputs": "x"}, "line 3 of other.csv, column 'x': 'many' is not a number"),
    ],
)
def test_what_another_file_cannot_be(tmp_path: Path, other: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(TaskError) as caught:
        in_files(tmp_path, OWN, other, **options)
    assert said in str(caught.value)
