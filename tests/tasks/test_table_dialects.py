"""Files as programs of all kinds write them: separators, marks in numbers, encodings, headers, comments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from table_helpers import build, refused

from backprop_anim.tasks.table_cells import NumberMarks, found_marks
from backprop_anim.tasks.table_dialect import ReadOptions
from backprop_anim.tasks.table_reading import file_table

Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> str:
        path = tmp_path / "data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def raw(**options: Any) -> Any:
    return build(**{"inputs": "x", "targets": "y", "normalize": "none", **options})


PLAIN = "x,y\n1,2.5\n3,4.5\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PLAIN, ""),
        (PLAIN.replace(",", ";"), "columns parted by semicolons"),
        (PLAIN.replace(",", "\t"), "columns parted by tabs"),
        (PLAIN.replace(",", "|"), "columns parted by bars"),
        ("x  y\n 1  2.5\n 3 4.5\n", "columns parted by spaces"),
        ("x;y\n1;2,5\n3;4,5\n", "decimal comma (2,5)"),
        ('x,y\n1,"2,5"\n3,"4,5"\n', "decimal comma (2,5)"),
        (PLAIN.encode("utf-16"), "UTF-16"),
        (PLAIN.encode("utf-16-le"), "UTF-16"),
        (PLAIN.encode("utf-8-sig"), ""),
        ("# exported\n# 2024\n" + PLAIN, ""),
        ("#x,y\n1,2.5\n3,4.5\n", ""),
        ("x,y,,\n1,2.5,,\n3,4.5,,\n,,,\n", ""),
        ("\n\nx,y\n\n1,2.5\n\n3,4.5\n\n", ""),
        ("x,y\r\n1,2.5\r\n3,4.5\r\n", ""),
        ('"x","y"\n 1 , 2.5\n 3 ,4.5', ""),
    ],
)
def test_how_a_file_is_written_is_found_and_said(write: Write, content: str | bytes, said: str) -> None:
    found = raw(file=write(content))
    np.testing.assert_array_equal(np.hstack([found.inputs, found.targets]), [[1, 2.5], [3, 4.5]])
    notes = " ".join(found.notes)
    assert said in notes
    assert bool(said) == bool(notes)


def test_a_text_of_windows_keeps_its_letters(write: Write) -> None:
    found = build(file=write("größe,art\n1,süß\n2,bitter\n".encode("cp1252")), inputs="größe", targets="art")
    assert found.class_names == ("bitter", "süß")
    assert "Windows-1252" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("€1010", "€2,020"), (1010, 2020)),
        (("1,234", "2,345,678"), (1234, 2345678)),
        (("12 %", "3.5%"), (12, 3.5)),
        (("1.234,5", "2,25"), (1234.5, 2.25)),
        (("1 234", "12\u00a0345"), (1234, 12345)),
        (("1'234.5", "7"), (1234.5, 7)),
        (("-5", "\u22126"), (-5, -6)),
        (("(5)", "6"), (-5, 6)),
        (("$1,000.50", "$2"), (1000.5, 2)),
        (("12 EUR", "CHF 13"), (12, 13)),
        (("1e3", "+2.5E-1"), (1000, 0.25)),
        (("True", "false"), (1, 0)),
        (("1970-01-02", "1970-01-03"), (1, 2)),
        (("1970-01-02 12:00", "1970-01-03 00:00"), (1.5, 2)),
        (("02.01.1970", "31.01.1970"), (1, 30)),
        (("01/02/1970", "01/31/1970"), (1, 30)),
        (("Jan 2 1970", "Jan 3 1970"), (1, 2)),
    ],
)
def test_what_counts_as_a_number(cells: tuple[str, str], values: tuple[float, float], write: Write) -> None:
    rows = "".join(f'"{cell}",{k}\n' for k, cell in enumerate(cells))
    np.testing.assert_array_equal(raw(file=write("x,y\n" + rows)).inputs[:, 0], values)


@pytest.mark.parametrize("cell", ["--5", "(5", "1_000", "1,23,4", "12px", "1 2", "$", "5€€", "1e", "０"])
def test_what_does_not(cell: str) -> None:
    assert NumberMarks(".", ",").value(cell) is None


@pytest.mark.parametrize(
    ("texts", "separator", "decimal"),
    [
        (("1,5", "2"), ",", ","),
        (("1,234",), ",", "."),
        (("1,234",), ";", ","),
        (("0,125",), ",", ","),
        (("1,234", "0.5"), ";", "."),
        (("1.234.567",), ";", ","),
        (("1.234", "2,5"), ";", ","),
        (("1.5", "2,5"), ";", "."),
        (("word", "a,b"), ",", "."),
    ],
)
def test_which_mark_is_the_decimal(texts: tuple[str, ...], separator: str, decimal: str) -> None:
    assert found_marks(texts, separator)[0].decimal == decimal


@pytest.mark.parametrize(
    ("options", "content"),
    [
        (ReadOptions(separator=" "), "x y\n1 2.5\n3 4.5\n"),
        (ReadOptions(decimal=","), 'x,y\n1,"2,500"\n3,"4,5"\n'),
        (ReadOptions(thousands="."), "x;y\n1;2,5\n3;4,5\n"),
        (ReadOptions(encoding="utf-16"), PLAIN.encode("utf-16")),
        (ReadOptions(header=True), PLAIN),
        (ReadOptions(comment="%"), "% a\nx,y\n1,2.5\n%\n3,4.5\n"),
    ],
)
def test_what_is_said_is_not_guessed(write: Write, options: ReadOptions, content: str | bytes) -> None:
    found = raw(file=write(content), read=options)
    np.testing.assert_array_equal(np.hstack([found.inputs, found.targets]), [[1, 2.5], [3, 4.5]])


def test_without_a_header_columns_are_numbered_or_named(write: Write) -> None:
    content = "5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n"
    found = build(file=write(content), targets="column 3")
    assert found.input_names == ("column 1", "column 2")
    assert found.n_samples == 3
    assert "no header" in " ".join(found.notes)
    named = build(file=write(content), columns=("a", "b", "kind"), targets="kind")
    assert named.input_names == ("a", "b")
    error = refused(file=write(content), columns=("a", "b"), targets="b")
    assert "columns names 2; the file has 3" in str(error)


@pytest.mark.parametrize("head", ["country,2019,2020", "a,b,c", "name,x1,x2"])
def test_a_header_is_told_from_rows(write: Write, head: str) -> None:
    found = build(file=write(f"{head}\nA,1,2\nB,3,4\nA,5,7\n"), targets=head.split(",")[2])
    assert found.n_samples == 3


@pytest.mark.parametrize(
    ("content", "option", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "file", "not a text file"),
        ("x,y\n1,2\n", "read", "there is no encoding 'klingon'"),
    ],
)
def test_what_is_no_text(write: Write, content: str | bytes, option: str, words: str) -> None:
    read = ReadOptions(encoding="klingon") if option == "read" else ReadOptions()
    error = refused(file=write(content), inputs="x", targets="y", read=read)
    assert words in str(error)
    assert error.option == option


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("name,1,2", "a,5,6\nb,6,7\na,7,8\nb,7,9\n"),
        ("2019,2020,2021,region", "5,6,7,north\n6,7,8,south\n5,7,8,north\n5,7,9,south\n"),
        ("a,b,k,2020,1", "5,6,x,8,9\n5,6,y,8,8\n4,6,x,7,9\n"),
    ],
)
def test_numbers_may_be_among_the_names(write: Write, head: str, rows: str) -> None:
    assert file_table(Path(write(f"{head}\n{rows}")), ReadOptions(), (), ()).names == tuple(head.split(","))


def test_words_that_come_again_are_no_names(write: Write) -> None:
    table = file_table(Path(write("5,6,north\n6,7,south\n5,7,north\n5,8,south\n")), ReadOptions(), (), ())
    assert table.names == ("column 1", "column 2", "column 3")


def test_a_quote_that_is_never_closed_is_said(write: Write) -> None:
    said = str(refused(file=write('x,y\n1,"2\n3,4\n'), inputs="x", targets="y"))
    assert "a quote is opened there and never closed" in said


def test_a_first_line_of_another_length_is_named(write: Write) -> None:
    path = write("3,2,malignant\n1,2,3,0\n2,3,4,1\n3,4,5,0\n")
    said = str(refused(file=path, inputs="x", targets="y"))
    assert "line 1 has 3 cells, and the lines below have 4: take it out" in said


def test_a_number_among_repeated_ones_is_no_name_though_it_is_asked_for(write: Write) -> None:
    path = write("0,0,5,0\n0,1,4,1\n0,0,6,1\n")
    said = str(refused(file=path, inputs="column 2", targets="5"))
    assert "there is no column '5'" in said


def test_moments_with_slashes_are_days(write: Write) -> None:
    path = write("x,y\n2010/01/01 00:00,1\n2010/01/01 12:00,2\n2010/01/03 00:00,4\n")
    found = raw(file=path)
    assert found.date_inputs == (0,)
    np.testing.assert_allclose(np.diff(found.shown_inputs[:, 0]), [0.5, 1.5])


def test_an_address_of_the_web_is_no_file() -> None:
    error = refused(file="https://example.org/a.csv", inputs="x", targets="y")
    assert "download it" in str(error)
