"""Axes of days: dates where days, months and years begin, few enough to be read."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_anim.drawing.date_scale import date_scale


def day(text: str) -> float:
    return float(np.datetime64(text, "D").astype(int))


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2023-03-01", "2023-03-05", ("2023-03-01", "2023-03-02", "2023-03-03", "2023-03-04", "2023-03-05")),
        ("2023-01-01", "2023-12-31", ("2023-01", "2023-04", "2023-07", "2023-10")),
        ("2000-01-01", "2010-03-01", ("2000", "2002", "2004", "2006", "2008", "2010")[:6]),
        ("1800-06-01", "2020-01-01", ("1850", "1900", "1950", "2000")),
    ],
)
def test_dates_stand_where_they_begin(first: str, last: str, labels: tuple[str, ...]) -> None:
    scale = date_scale(day(first), day(last), n_ticks=6 if len(labels) == 6 else 5)
    assert scale.labels == labels
    assert scale.ticks == tuple(day(label) for label in labels)


@pytest.mark.parametrize("days", [2.5, 9, 30, 75, 200, 500, 3000, 40_000, 400_000])
def test_there_are_a_few_and_none_outside(days: float) -> None:
    scale = date_scale(10_000.4, 10_000.4 + days, pad=0.02)
    assert 1 <= len(scale.ticks) <= 5
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert len(set(scale.labels)) == len(scale.labels)


def test_within_a_day_numbers_say_more() -> None:
    assert "-" not in "".join(date_scale(0.0, 1.0).labels)
