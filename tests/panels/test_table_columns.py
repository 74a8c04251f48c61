"""Columns of the table: one format for a column's numbers, dates as dates, long words cut alike."""

from __future__ import annotations

import numpy as np
import pytest
from panel_checks import rows_of, still_words
from table_films import drawn

from backprop_anim.drawing import column_decimals, column_number
from backprop_anim.engine import Array
from backprop_anim.tasks import date_text

TRAINING = "network: {hidden: [3]}\ntraining: {steps: 5}\n"
PRICES = f"""\
task: {{kind: table, columns: [day, price], targets: [price],
  rows: [['2024-03-01', 399081.5], ['2024-03-02', 1300000], ['2024-03-04', 96.6], ['2024-03-09', 21.25]]}}
{TRAINING}"""
ALIKE = "Definitely would recommend to all of my friends in"
OPINIONS = f"""\
task: {{kind: table, columns: [size, opinion], targets: [opinion],
  rows: [[1, {ALIKE} May], [2, {ALIKE} June], [3, no], [4, {ALIKE} May]]}}
{TRAINING}"""


def test_numbers_of_a_column_look_alike_and_days_are_dates() -> None:
    shown = drawn(PRICES, "video.panels=[[table]]")
    words = still_words(shown)
    assert {"399,082", "1,300,000", "97", "21"} <= set(words)
    assert {"2024-03-01", "2024-03-09"} <= set(words)
    shown.draw(-1)
    (predicted, *_), *_ = ([part.content for part in line.parts] for line in rows_of(shown, "table")[0].lines)
    assert predicted.replace(",", "").lstrip("−").isdigit()


def test_long_words_are_cut_alike_in_every_column_where_they_differ() -> None:
    shown = drawn(OPINIONS, "video.panels=[[table], [loss]]", "video.size=832x832")
    words = still_words(shown)
    (may,), (june,) = ({word for word in words if word.endswith(end)} for end in ("May", "June"))
    assert may.startswith("Def")
    assert june.startswith("Def")
    assert "…" in may
    shown.draw(-1)
    rows = [[part.content for part in line.parts] for line in rows_of(shown, "table")[0].lines]
    assert {row[0].rstrip(" ×✓") for row in rows} <= {may, june, "no"}


@pytest.mark.parametrize(
    ("values", "most", "decimals"),
    [([0.5, 0.25], 3, 3), ([123.456], 3, 2), ([99999.0], 3, 0), ([1e9, 0.1], 6, 0), ([float("inf"), 1.0], 2, 2)],
)
def test_a_column_has_as_many_decimals_as_its_largest_number_has_room_for(
    values: list[float], most: int, decimals: int
) -> None:
    column: Array = np.array(values)
    assert column_decimals(column, most) == decimals


def test_only_what_is_beyond_all_bounds_has_an_exponent() -> None:
    assert [column_number(value, 0) for value in (-1234567.0, 0.2, -0.2, 1e15)] == ["−1,234,567", "0", "0", "1.0e15"]
    assert column_number(-12.345, 2) == "−12.35"


def test_a_moment_within_a_day_has_its_time() -> None:
    assert (date_text(19783.0), date_text(19783.5)) == ("2024-03-01", "2024-03-01 12:00")
