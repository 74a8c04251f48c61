"""Formulas between dollars in a user's words are set as mathematics; all other dollars stay dollars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from small_runs import film, texts

from backprop_anim.drawing.changing_text import tokens_of
from backprop_anim.drawing.fonts import FontSet
from backprop_anim.drawing.formulas import (
    FormulaText,
    as_mathtext,
    as_plain,
    has_formula,
    measure_words,
    unset_formulas,
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("learning $y = x^2$ in steps", True),
        ("$x_1$", True),
        ("from $1 to $2", False),
        (r"for \$5 and \$6", False),
        ("$ x$ or $x $", False),
        ("", False),
        ("$", False),
        ("$$", False),
        (r"$\frac{1$", False),
        (r"$\nosuchword$", False),
    ],
)
def test_a_formula_stands_between_dollars_without_blanks(words: str, found: bool) -> None:
    assert has_formula(words) == found


def test_what_cannot_be_set_is_told_and_stays_text_beside_what_can() -> None:
    words = r"$x_1$ but $\frac{1$"
    assert unset_formulas(words) == [r"$\frac{1$"]
    assert has_formula(words)
    assert as_mathtext(words) == r"$x_1$ but \$\frac{1\$"
    shown = film("heart", f"title='{words}'")
    assert shown.canvas.notes == [r"$\frac{1$ cannot be set as a formula: it stays text"]


def test_a_dollar_is_a_dollar() -> None:
    assert as_mathtext(r"\$5 for $x$ at $3") == r"\$5 for $x$ at \$3"
    shown = film("heart", r"title='It costs \$5'")
    assert "It costs $5" in texts(shown.canvas)
    assert not shown.canvas.notes


def test_a_formula_in_the_title_is_set_and_narrower_than_its_source() -> None:
    shown = film("heart", r"title='$\alpha_1$'")
    assert any(isinstance(artist, FormulaText) for artist in shown.canvas.figure.get_children())
    ruler, font = RendererAgg(8, 8, 72), FontSet().properties(20)
    assert 0 < measure_words(ruler, r"$\alpha_1$", font)[0] < measure_words(ruler, "alpha", font)[0]


def test_a_caption_is_set_like_a_formula() -> None:
    def foot(caption: str) -> np.ndarray:
        shown = film("heart", "video.captions=[{step: 0, text: '" + caption + "', seconds: 9}]")
        frame = next(moment.frame for moment in shown.moments if moment.caption_opacity == 1)
        return shown.draw(frame)[-40:].copy()

    assert not np.array_equal(foot("$x$"), foot("x"))  # italic
    np.testing.assert_array_equal(foot(r"\$3"), foot("$3"))


@given(st.text(alphabet="ab1$\\_^{} "))
def test_no_words_make_it_fail_and_none_are_lost(words: str) -> None:
    ruler, font = RendererAgg(8, 8, 72), FontSet().properties(20)
    assert measure_words(ruler, words, font)[0] >= 0
    drawn = "".join(tokens_of(words)).replace(r"\$", "$")
    assert drawn.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")) == words.replace(r"\$", "$")


@pytest.mark.parametrize(
    ("word", "drawn"), [("x1", "x₁"), ("h12", "h₁₂"), ("x", "x"), ("price2", "price2"), ("↑ x2", "↑ x₂")]
)
def test_a_letter_and_its_number_are_a_variable_with_an_index_everywhere(word: str, drawn: str) -> None:
    assert as_plain(word) == drawn
    assert "".join(tokens_of(word)) == drawn
