"""Numbers for readers are short and never endless; numbers in files come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_anim.common import counted, number_in_file, number_text


@pytest.mark.parametrize(
    ("value", "decimals", "tiny", "text"),
    [
        (0.423582, 6, True, "0.423582"),
        (850388559090.65, 6, False, "8.5·10¹¹"),
        (4.9e305, 6, False, "4.9·10³⁰⁵"),
        (3e-9, 6, False, "0.000000"),
        (3e-9, 6, True, "3.0·10⁻⁹"),
        (0.0, 6, True, "0.000000"),
        (float("inf"), 3, False, "∞"),
        (float("nan"), 3, False, "∞"),
    ],
)
def test_numbers_for_readers(value: float, decimals: int, tiny: bool, text: str) -> None:
    assert number_text(value, decimals, tiny) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_in_files_come_back_and_those_for_readers_stay_short(value: float) -> None:
    assert float(number_in_file(value)) == value
    assert len(number_text(value, tiny=True)) <= 15


def test_counts_agree_with_their_nouns() -> None:
    assert counted(1, "sample") == "1 sample"
    assert counted(20000, "step") == "20,000 steps"
    assert counted(0, "entry", "entries") == "0 entries"
