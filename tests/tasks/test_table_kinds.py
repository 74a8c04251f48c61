"""What columns become: words, dates, gaps, and the choice of inputs where nobody names them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from table_helpers import build, refused

from backprop_anim.tasks import Column, DataSource
from backprop_anim.tasks.input_columns import InputColumn


def table(columns: str, *rows: tuple[Any, ...]) -> dict[str, Any]:
    return {"columns": tuple(columns.split()), "rows": rows}


# --- inputs -----------------------------------------------------------------------------------------------------------


def test_words_become_a_column_each_with_the_word_as_its_name() -> None:
    found = build(
        **table("city size y", ("Rome", 1, 2.5), ("Oslo", 5, 3), ("Rome", 3, 4)), targets="y", normalize="none"
    )
    assert found.input_names == ("Oslo", "Rome", "size")
    np.testing.assert_array_equal(found.inputs, [[0, 1, 1], [1, 0, 5], [0, 1, 3]])
    assert found.input_columns == (InputColumn("city", "words", ("Oslo", "Rome")), InputColumn("size", "numbers"))


def test_a_word_of_two_columns_is_named_with_its_column() -> None:
    rows = (("yes", "no", 1), ("no", "yes", 2), ("no", "no", 3))
    found = build(**table("a b y", *rows), targets="y")
    assert found.input_names == ("a: no", "a: yes", "b: no", "b: yes")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((5, 5, 5, 5), "all its cells are alike"),
        (("w", "w", "w", "w"), "all its cells are alike"),
        (("a", "b", "c", "d"), "holds 4 different words"),
        ((0.5, "x", 0.5, 2), "some of its cells are numbers and others are not"),
        (("", "", "", 2, 3), "60% of its cells are missing"),
        ((1, 2, 3, 4), "it only counts the rows"),
        (("", "NA", "?", "-"), "it is empty"),
    ],
)
def test_what_cannot_serve_is_left_out_with_its_reason(cells: tuple[Any, ...], said: str) -> None:
    rows = [(cell, k * 0.5, k) for k, cell in enumerate(cells)]
    found = build(**table("odd good y", *rows), targets="y", missing="drop")
    assert found.input_names == ("good",)
    assert [note for note in found.notes if said in note and "'odd'" in note]


def test_what_was_asked_for_is_refused_instead() -> None:
    rows = [(cell, k) for k, cell in enumerate(("a", "b", "c", "d"))]
    assert "4 different words" in str(refused(**table("odd y", *rows), inputs="odd", targets="y"))
    assert "no column can serve" in str(refused(**table("odd y", *rows), targets="y"))


def test_what_drops_to_a_constant_is_left_out() -> None:
    rows = [("a", 1.5, 1), ("a", 2.5, 2), ("b", "", 3), ("a", 7, 9)]
    found = build(**table("kind x y", *rows), targets="y", missing="drop")
    assert found.input_names == ("x",)
    assert "in the rows that are kept all its cells are alike" in " ".join(found.notes)


# --- gaps -------------------------------------------------------------------------------------------------------------

GAPS = table("x c y", ("", "a", 1), (2, "b", "NA"), (4, "?", 3), (6, "b", 5), (9, "a", 7), (8, "b", 7))


def test_gaps_are_counted_by_column_in_one_go() -> None:
    said = str(refused(**GAPS, inputs=("x", "c"), targets="y"))
    assert said.startswith(
        "3 of 6 rows lack values: 1 cell in 'x' (row 1), 1 cell in 'c' (row 3), 1 cell in 'y' (row 2)"
    )
    assert "--set task.missing=drop" in said


def test_dropping_leaves_whole_rows() -> None:
    found = build(**GAPS, inputs=("x", "c"), targets="y", missing="drop", normalize="none")
    np.testing.assert_array_equal(found.inputs[:, 0], [6, 9, 8])
    assert "3 rows with missing values left out, 3 kept" in " ".join(found.notes)


def test_the_mean_fills_numbers_and_the_commonest_word_words() -> None:
    found = build(**GAPS, inputs=("x", "c"), targets="y", missing="mean", normalize="none")
    np.testing.assert_array_equal(found.inputs[:, 0], [(4 + 6 + 9 + 8) / 4, 4, 6, 9, 8])
    np.testing.assert_array_equal(found.inputs[:, 2], [0, 0, 1, 0, 1])
    np.testing.assert_array_equal(found.targets[:, 0], [1, 3, 5, 7, 7])
    assert "1 row without a target left out" in " ".join(found.notes)


def test_nothing_is_left() -> None:
    assert "no row is left" in str(refused(**table("x y", ("", 1), (2, "")), inputs="x", targets="y", missing="drop"))


# --- classes ----------------------------------------------------------------------------------------------------------


def test_spellings_of_one_word_are_one_class_with_a_note() -> None:
    rows = [(k, word) for k, word in enumerate(("up", "Up ", "UP", "up", "down"))]
    found = build(**table("x y", *rows), inputs="x", targets="y")
    assert found.class_names == ("down", "up")
    assert "UP, Up, up are taken for one: up" in " ".join(found.notes)


def test_numbers_that_cannot_be_read_are_not_classes() -> None:
    rows = [(k, f"{k}px") for k in range(60)]
    assert "'0px' is not a number, and there are too many" in str(
        refused(**table("x y", *rows), inputs="x", targets="y")
    )


def test_a_class_of_one_row_is_worth_a_word() -> None:
    found = build(**table("x y", (1, "a"), (2, "b"), (3, "b")), inputs="x", targets="y")
    assert "class a has one row" in found.notes


def test_a_missing_class_is_none() -> None:
    rows = [(1, "a"), (2, "b"), (3, "NA")]
    found = build(**table("x y", *rows), inputs="x", targets="y", missing="drop")
    assert found.class_names == ("a", "b")


# --- columns of new rows ----------------------------------------------------------------------------------------------


def cells(*given: Any) -> Column:
    return Column("c", given, range(1, len(given) + 1), DataSource("row", "row", "row"))


def test_cells_of_new_rows_become_inputs() -> None:
    words = InputColumn("c", "words", ("Oslo", "Rome"))
    np.testing.assert_array_equal(words.encoded(cells("ROME", " oslo")), [[0, 1], [1, 0]])
    np.testing.assert_array_equal(InputColumn("c", "dates").encoded(cells("1970-01-03")), [[2]])
    np.testing.assert_array_equal(InputColumn("c", "true or false").encoded(cells("true", "FALSE")), [[1], [0]])
    np.testing.assert_array_equal(InputColumn("c", "true or false").encoded(cells(1, 0)), [[1], [0]])
    with pytest.raises(ValueError, match="none of the words that it held: Oslo, Rome"):
        words.encoded(cells("Paris"))
    with pytest.raises(ValueError, match="held dates, and this is words"):
        InputColumn("c", "dates").encoded(cells("soon"))
    with pytest.raises(ValueError, match="the cell is empty"):
        words.encoded(cells("NA"))


def test_two_names_alike_matter_only_where_they_are_used(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,a,x,y\n1,2,3,4\n3,5,8,2\n")
    assert build(file=str(path), inputs="x", targets="y").n_samples == 2
    assert build(file=str(path), targets="y").input_names == ("x",)
    assert "two columns are named 'a'" in str(refused(file=str(path), inputs="a", targets="y"))
