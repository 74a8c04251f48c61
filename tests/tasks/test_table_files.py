"""CSV files are read as people write them, and a slip in one is named with its place."""

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
from table_helpers import build, refused

from backprop_anim.tasks import TaskError, table_reading

Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> str:
        path = tmp_path / "data.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return written


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
        ("x,y\n1,2\n3,four", "line 3, column 'y': 'four' is not a number", "file"),
        ("x,y\n\n1,2\n\n\n3,four", "line 6, column 'y'", "file"),
        ('x,y,z\n1,2,"two\nlines"\n3,four,', "line 4, column 'y'", "file"),
        ("x,y\n,2", "1 of 1 row lacks values: 1 cell in 'x' (line 2); --set task.missing=drop", "file"),
        ("x,y\n1,nan", "1 of 1 row lacks values: 1 cell in 'y' (line 2)", "file"),
        ("x,y\n1,-inf", "'-inf' is not a finite number", "file"),
        ("x,y\n1,1e999", "'1e999' is not a finite number", "file"),
        ("x,y\n1_000,1", "'1_000' is not a number", "file"),
        ("x,y\n１,1", "'１' is not a number", "file"),
        ('x,y\n"1,5",1\n2.5,1', "'1,5' is not a number", "file"),
        ("x,y\n1,2\n1,2,3", "line 3 has 3 cells; the columns are 2: x, y", "file"),
        ("x,y\n1,2\n1", "line 3 has 1 cell; the columns are 2", "file"),
        ("x,y,x\n1,2,3", "two columns are named 'x'", "file"),
        ("", "the file is empty", "file"),
        ("\n\n", "the file is empty", "file"),
        ("x,y\n", "column names but no rows", "file"),
        ("x,y\n1,\0", "holds null characters; this is not a text file", "file"),
        ('x,y\n1,"2', "line 2: a quote is opened there", "file"),
        ('x,y\n1,"2"3', "line 2: ", "file"),
        (b"x,y\n1,\xff", "'ÿ' is not a number", "file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file", "file"),
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
    assert "at most 100,000,000" in str(refused(file=str(path), inputs="x", targets="y"))


@pytest.mark.parametrize(("limit", "words"), [("MAX_ROWS", "more than 10 rows"), ("MAX_CELLS", "more than 10 cells")])
def test_too_many_rows_or_cells(write: Write, monkeypatch: pytest.MonkeyPatch, limit: str, words: str) -> None:
    monkeypatch.setattr(table_reading, limit, 10)
    assert words in str(refused(file=write("x,y\n" + "1,2\n" * 11), inputs="x", targets="y"))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**53), 2**53)), min_size=1))
def test_numbers_come_back_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, rows: Any) -> None:
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    path.write_text("x,y\n" + "".join(f"{x!r},{y}\n" for x, y in rows))
    dataset = build(file=str(path), inputs="x", targets="y", normalize="none")
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
