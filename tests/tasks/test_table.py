from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_anim.tasks import Dataset, TaskError, table_reading
from backprop_anim.tasks.table import TableTask

DATA = Path(__file__).parents[2] / "configs/data"
Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> str:
        path = tmp_path / "data.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return written


def build(**options: Any) -> Dataset:
    return TableTask(**options).build(np.random.default_rng(0))


def refused(**options: Any) -> TaskError:
    with pytest.raises(TaskError) as caught:
        build(**options)
    return caught.value


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
        (("--5", "²", "-"), None, [1, 2, 0], ("-", "--5", "²")),
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
        (("a", " "), "row 2, column 'y': the cell is empty"),
        (("a", "nan"), "row 2, column 'y': 'nan' is not a class"),
        ((1e300, 1), "is not a class"),
    ],
)
def test_what_cannot_be_classes(cells: tuple[Any, ...], words: str) -> None:
    rows = tuple((0, cell) for cell in cells)
    assert words in str(refused(rows=rows, columns=("x", "y"), inputs="x", targets="y", classes=True))


def test_words_are_no_numbers_where_classes_are_denied() -> None:
    error = refused(rows=((0, "a"), (1, "b")), columns=("x", "y"), inputs="x", targets="y", classes=False)
    assert "row 1, column 'y': 'a' is not a number" in str(error)


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "x,y\n1,2\n3,4\n",
        "x,y\r\n1,2\r\n3,4\r\n",
        "x,y\r1,2\r3,4",
        "\ufeffx,y\n1,2\n3,4",
        "x , y\n 1, 2 \n\n3,\t4\n\n",
        '"x","y"\n"1","2"\n3,4e0\n',
        "y,other,x\n2,text,1\n4,,3\n",
    ],
)
def test_files_as_people_write_them(write: Write, content: str) -> None:
    dataset = build(file=write(content), inputs="x", targets="y")
    np.testing.assert_array_equal(dataset.inputs, [[1], [3]])
    np.testing.assert_array_equal(dataset.targets, [[2], [4]])


@pytest.mark.parametrize(
    ("content", "words", "option"),
    [
        ("x,z\n1,2", "there is no column 'y'; there are x, z", "targets"),
        ("x,Y_obs\n1,2", "there is no column 'y'", "targets"),
        ("xx,y\n1,2", "there is no column 'x' (did you mean 'xx'?); there are xx, y", "inputs"),
        ("x;y\n1;2", "separated by semicolons; commas are needed", "inputs"),
        ("x\ty\n1\t2", "separated by tabs", "inputs"),
        ("x,y\n1,2\n3,four", "line 3, column 'y': 'four' is not a number", "file"),
        ("x,y\n\n1,2\n\n\n3,four", "line 6, column 'y'", "file"),
        ('x,y,z\n1,2,"two\nlines"\n3,four,', "line 4, column 'y'", "file"),
        ("x,y\n,2", "line 2, column 'x': the cell is empty; it needs a number", "file"),
        ("x,y\n1,nan", "line 2, column 'y': 'nan' is not a finite number", "file"),
        ("x,y\n1,-inf", "'-inf' is not a finite number", "file"),
        ("x,y\n1,1e999", "'1e999' is not a finite number", "file"),
        ("x,y\n1_000,1", "'1_000' is not a number", "file"),
        ("x,y\n１,1", "'１' is not a number", "file"),
        ('x,y\n"1,5",1', "'1,5' is not a number", "file"),
        ("x,y\n1,2\n1,2,3", "line 3 has 3 cells; the columns are 2: x, y", "file"),
        ("x,y\n1,2\n1", "line 3 has 1 cell; the columns are 2", "file"),
        ("x,y,x\n1,2,3", "two columns are named 'x'", "file"),
        ("", "the file is empty", "file"),
        ("\n\n", "the file is empty", "file"),
        ("x,y\n", "column names but no rows", "file"),
        ("x,y\n1,\0", "line 2 holds a null character", "file"),
        ('x,y\n1,"2', "line 2: unexpected end of data", "file"),
        ('x,y\n1,"2"3', "line 2: ", "file"),
        (b"x,y\n1,\xff", "not a text file in UTF-8", "file"),
        ("x,y\n1,2".encode("utf-16"), "not a text file in UTF-8", "file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file in UTF-8", "file"),
        ("x,y\n1," + "9" * 200_000, "line 2: field larger than field limit", "file"),
        ("x,y\n1," + "a" * 100, "'" + "a" * 39 + "…' is not a number", "file"),
        ("x" * 1_000_001, "line 1 has more than 1,000,000 characters", "file"),
    ],
    ids=lambda value: str(value)[:30].encode("unicode_escape").decode(),
)
def test_slips_in_a_file_are_named_with_their_place(
    write: Write, content: str | bytes, words: str, option: str
) -> None:
    error = refused(file=write(content), inputs="x", targets="y", classes=False)
    assert words in str(error)
    assert error.option == option


def test_a_missing_file(tmp_path: Path) -> None:
    error = refused(file=str(tmp_path / "none.csv"), inputs="x", targets="y")
    assert "none.csv does not exist" in str(error)
    assert error.option == "file"


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_what_cannot_be_a_file_name(name: str) -> None:
    assert "cannot be read" in str(refused(file=name, inputs="x", targets="y"))


def test_what_is_not_a_file(tmp_path: Path) -> None:
    assert "is not a file" in str(refused(file=str(tmp_path), inputs="x", targets="y"))
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in str(refused(file=str(tmp_path / "pipe"), inputs="x", targets="y"))


def test_a_file_beyond_the_size_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(table_reading.MAX_BYTES + 1)  # sparse: takes no room
    assert "at most 50,000,000" in str(refused(file=str(path), inputs="x", targets="y"))


@pytest.mark.parametrize(("limit", "words"), [("MAX_ROWS", "more than 10 rows"), ("MAX_CELLS", "more than 10 cells")])
def test_too_many_rows_or_cells(write: Write, monkeypatch: pytest.MonkeyPatch, limit: str, words: str) -> None:
    monkeypatch.setattr(table_reading, limit, 10)
    assert words in str(refused(file=write("x,y\n" + "1,2\n" * 11), inputs="x", targets="y"))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**53), 2**53)), min_size=1))
def test_numbers_come_back_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, rows: Any) -> None:
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    path.write_text("x,y\n" + "".join(f"{x!r},{y}\n" for x, y in rows))
    dataset = build(file=str(path), inputs="x", targets="y")
    np.testing.assert_array_equal(np.hstack([dataset.inputs, dataset.targets]), np.array(rows, dtype=np.float64))


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_cell_is_a_number_a_class_or_an_error(tmp_path_factory: pytest.TempPathFactory, cell: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([["x", "y"], ["1", cell], ["2", "other"]])
    path.write_bytes(lines.getvalue().encode("utf-8", "surrogatepass"))
    try:
        dataset = build(file=str(path), inputs="x", targets="y")
    except TaskError:
        return
    assert dataset.class_names == tuple(sorted([cell.strip(), "other"]))


# --- options ----------------------------------------------------------------------------------------------------------

PLAIN: dict[str, Any] = {"rows": ((1, 2), (3, 4)), "columns": ("x", "y"), "inputs": "x", "targets": "y"}


@pytest.mark.parametrize(
    ("change", "option", "words"),
    [
        ({"rows": None, "columns": ()}, "file", "either file or rows"),
        ({"file": "a.csv"}, "file", "not both"),
        ({"rows": None, "file": "a.csv"}, "columns", "belongs to rows"),
        ({"inputs": ()}, "inputs", "at least one column"),
        ({"targets": ("y", "y")}, "targets", "named twice"),
        ({"truth": ("x", "y")}, "truth", "truth names 2 columns; targets names 1"),
        ({"truth": "z"}, "truth", "no column 'z'"),
        ({"truth": "x", "classes": True}, "truth", "no truth"),
        ({"rows": ()}, "rows", "no rows"),
        ({"columns": ()}, "columns", "columns named"),
        ({"columns": ("x", "x")}, "columns", "two columns are named 'x'"),
        ({"rows": ((1, 2), (3,))}, "rows", "row 2 has 1 cell"),
        ({"rows": ({"x": 1, "y": 2},)}, "columns", "name their columns themselves"),
        ({"rows": ({"x": 1, "y": 2}, {"x": 1, "z": 2}), "columns": ()}, "rows", "row 2 names x, z; row 1 names x, y"),
        ({"rows": ({"x": 1, "y": 2}, (1, 2)), "columns": ()}, "rows", "row 2 is not written as row 1"),
        ({"rows": ((1, "a"), (3, 4))}, "rows", "row 1, column 'y': 'a' is not a number"),
        ({"rows": ((1, True), (3, 4))}, "rows", "'true' is not a number"),
        ({"rows": ((1, 10**400), (3, 4))}, "rows", "is not a finite number"),
        ({"inputs": ("x", "z")}, "inputs", "no column 'z'"),
        ({"targets": ("x", "y"), "classes": True, "curve": True}, "curve", "not classes"),
    ],
)
def test_options_that_do_not_go_together(change: dict[str, Any], option: str, words: str) -> None:
    error = refused(**{**PLAIN, **change})
    assert words in str(error)
    assert error.option == option
