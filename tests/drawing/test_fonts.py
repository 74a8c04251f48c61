"""The same letters on every machine, and a word about those that are nowhere."""

from __future__ import annotations

import warnings
from pathlib import Path

import font_source_sans_pro
import matplotlib as mpl
import pytest
from matplotlib.font_manager import fontManager
from small_runs import film

from backprop_anim.drawing import fonts
from backprop_anim.drawing.fonts import FALLBACK, FAMILY, STYLES, WEIGHTS, FontSet

NOWHERE = "\U0001fae8"  # a face of 2022
NEITHER = "\U0001fae9"  # another, of 2024
BUNDLED = Path(mpl.get_data_path()) / "fonts" / "ttf"


@pytest.fixture
def only_bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without other fonts than matplotlib's own and ours."""
    own = (str(BUNDLED), str(font_source_sans_pro.font_directory))
    FontSet()
    kept = [font for font in fontManager.ttflist if str(font.fname).startswith(own)]
    assert kept
    monkeypatch.setattr(fontManager, "ttflist", kept)


def test_source_sans_is_registered_in_every_weight() -> None:
    fonts = FontSet()
    files = {Path(font.fname).name for font in fontManager.ttflist if font.name == FAMILY}
    assert {f"SourceSansPro-{style}.ttf" for style in STYLES} <= files
    for weight, style in zip(WEIGHTS, ("Regular", "Bold"), strict=True):
        assert Path(str(fontManager.findfont(fonts.properties(12, weight)))).name == f"SourceSansPro-{style}.ttf"
    assert Path(str(fontManager.findfont(fonts.properties(12, italic=True)))).name == "SourceSansPro-It.ttf"


def test_registering_twice_adds_nothing() -> None:
    FontSet()
    before = len(fontManager.ttflist)
    FontSet("again")
    assert len(fontManager.ttflist) == before


@pytest.mark.parametrize(
    "text", ["Backpropagation 1 → 2", "αβγδη Δw ∂L/∂W σ′ ŷ", "x₁ x² ⁻¹ ≈ ≤ ∞ · × −", "naïve façade Łódź"]
)
def test_what_the_films_need_is_there(text: str) -> None:
    fonts = FontSet(text)
    assert fonts.missing == ""
    assert fonts.families == (FAMILY, FALLBACK)


def test_a_character_that_another_installed_font_has_is_taken_from_it(only_bundled: None) -> None:
    letter = "\u1d8d"  # STIX, which comes with matplotlib, has it; our two families do not
    fonts = FontSet(f"a {letter}")
    assert fonts.missing == ""
    assert fonts.families == (FAMILY, FALLBACK, "STIXGeneral")


def test_a_character_that_no_font_has_is_missing(only_bundled: None) -> None:
    assert FontSet(f"{NOWHERE}b{NOWHERE}{NEITHER}").missing == "".join(sorted({NOWHERE, NEITHER}))


def test_the_font_of_boxes_for_everything_does_not_count(only_bundled: None) -> None:
    names = {name for _, name in fonts._installed()}
    assert "STIXGeneral" in names
    assert not any(name.startswith("Last Resort") for name in names)


def test_invisible_characters_are_not_missed() -> None:
    assert FontSet("a\u200db\u00ad\n\t").missing == ""


def test_a_broken_font_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert fonts._characters(str(tmp_path / "broken.ttf")) == frozenset()
    assert fonts._characters(str(tmp_path / "gone.ttf")) == frozenset()


@pytest.mark.usefixtures("only_bundled")
def test_the_film_is_drawn_without_it_and_says_so() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = film("heart", f"title=Love {NOWHERE}", f"subtitle={NOWHERE}")
        shown.draw(0)
        shown.draw(-1)
    (note,) = shown.canvas.notes
    assert note.startswith(f"no installed font has {NOWHERE} (1 character), so boxes stand for it; video.font")


def test_a_film_with_usual_letters_has_no_notes() -> None:
    assert film("heart").canvas.notes == []
