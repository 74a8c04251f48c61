"""`video.font`: the letters of a file or of an installed family, and what is said where there are none."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.font_manager import fontManager
from small_runs import recording
from tiny_font import JAPANESE, write_font

from backprop_anim.drawing.chosen_font import chosen_family, chosen_file, font_problem
from backprop_anim.drawing.fonts import FALLBACK, FAMILY, FontSet
from backprop_anim.drawing.formulas import measure_words, mixed_font
from backprop_anim.drawing.text_bitmaps import rasterize_text
from backprop_anim.experiment import FontChoice
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.timeline import timeline

BUNDLED = Path(mpl.get_data_path()) / "fonts" / "ttf"


@pytest.fixture
def tiny(tmp_path: Path) -> FontChoice:
    write_font(tmp_path / "tiny.ttf")
    return FontChoice(file="tiny.ttf").found_from(tmp_path)


def ink(text: str, choice: FontChoice | None, weight: str = "regular") -> tuple[int, float]:
    """How wide a line is, and how much of the box about its ink is black."""
    bitmap = rasterize_text(text, FontSet(text, choice).properties(72, weight), 72)
    black = bitmap.opacity > 127
    rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
    return bitmap.width, float(black[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean())


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_text_has_the_letters_of_the_file(weight: str, tiny: FontChoice, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        width, share = ink("abcdef", tiny, weight)
    assert width == pytest.approx(6 * 36, abs=1)
    assert share == pytest.approx((6 * 0.4) / (6 * 0.5 - 0.1), abs=0.03), "no boxes side by side"
    assert not caplog.records
    assert ink("abcdef", None, weight)[1] < 0.6


def test_what_the_file_lacks_comes_from_the_films_own_letters(tiny: FontChoice) -> None:
    fonts = FontSet("abc xyz 123", tiny)
    assert (fonts.families[1:], fonts.missing, fonts.notes) == ((FAMILY, FALLBACK), "", ())
    xyz = [rasterize_text("xyz", found.properties(40), 72).opacity for found in (fonts, FontSet())]
    np.testing.assert_array_equal(*xyz)


def test_words_beside_a_formula_have_the_letters_too(tiny: FontChoice) -> None:
    from matplotlib.backends.backend_agg import RendererAgg

    words = r"学習 abc $x_1^2$ 白黒"
    properties = FontSet(words, tiny).properties(20)
    with_formula, formula, plain = (
        measure_words(RendererAgg(8, 8, 72), each, properties)[0] for each in (words, "$x_1^2$", "学習 abc  白黒")
    )
    assert with_formula == pytest.approx(formula + plain, abs=4)


def test_words_beside_a_formula_are_in_the_first_font_that_has_them(
    tiny: FontChoice, caplog: pytest.LogCaptureFixture
) -> None:
    properties = FontSet("", tiny).properties(20)
    for words, family in (("abc 学習", chosen_family(tiny)), ("xyz xyz abc", FAMILY), ("", chosen_family(tiny))):
        assert mixed_font(f"{words} $x_学$", properties).get_family() == [family]
    with caplog.at_level(logging.WARNING):
        rasterize_text("xyz 学習 $x_1$", properties, 72)
    assert not caplog.records, "what is missing is told in a note"


def test_a_family_keeps_its_italics() -> None:
    choice = FontChoice(family="DejaVu Serif")
    found = fontManager.findfont(FontSet("", choice).properties(12, italic=True))
    assert Path(str(found)).name == "DejaVuSerif-Italic.ttf"


@pytest.mark.parametrize("name", ["DejaVu Serif", "dejavu serif", " DEJAVU SERIF "])
def test_a_family_is_found_however_it_is_spelled(name: str) -> None:
    choice = FontChoice(family=name)
    assert font_problem(choice) is None
    assert [chosen_file(choice, weight).name for weight in (400, 700)] == ["DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"]
    assert ink("ii", choice)[0] != ink("ii", None)[0]


def test_a_file_comes_before_an_installed_family_of_its_name(tmp_path: Path) -> None:
    choice = FontChoice(file=str(write_font(tmp_path / "mine.ttf", family="DejaVu Sans")))
    assert ink("abcdef", choice)[0] == pytest.approx(6 * 36, abs=1)
    assert ink("abcdef", FontChoice(family="DejaVu Sans"))[0] != pytest.approx(6 * 36, abs=1)


def test_a_family_that_was_installed_lately_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from backprop_anim.drawing import chosen_font

    path = write_font(tmp_path / "new.ttf", family="Brand New")
    monkeypatch.setattr(fontManager, "ttflist", list(fontManager.ttflist))
    monkeypatch.setattr(chosen_font, "findSystemFonts", lambda: [str(path), str(tmp_path / "gone.ttf")])
    chosen_font._add_new_fonts.cache_clear()
    assert font_problem(FontChoice(family="brand new")) is None
    chosen_font._add_new_fonts.cache_clear()


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (FontChoice(family="DejaVu Sanz"), "no family 'DejaVu Sanz' is installed (did you mean DejaVu Sans"),
        (FontChoice(family="Quux Grotesk XYZ"), "no family 'Quux Grotesk XYZ' is installed; allowed are a .ttf"),
        (FontChoice(file="tinny.ttf"), "there is no file tinny.ttf in"),
        (FontChoice(file="tinny.ttf"), "(did you mean tiny.ttf?); allowed are a .ttf, .otf or .ttc file"),
        (FontChoice(file="broken.ttf"), "broken.ttf cannot be read as a font; allowed are"),
        (FontChoice(file="text.txt"), "text.txt cannot be read as a font"),
    ],
)
def test_what_is_no_font_is_told_with_what_is_near(
    choice: FontChoice, words: str, tiny: FontChoice, tmp_path: Path
) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "text.txt").write_bytes((tmp_path / "tiny.ttf").read_bytes())
    found = choice.found_from(tmp_path)
    assert words in str(font_problem(found))
    fonts = FontSet("abc", found)  # a recording from elsewhere is drawn all the same
    assert fonts.families == (FAMILY, FALLBACK)
    assert fonts.notes == (f"the film has its own letters: {font_problem(found)}",)


def test_one_note_tells_all_that_is_missing(monkeypatch: pytest.MonkeyPatch, tiny: FontChoice) -> None:
    own = [font for font in fontManager.ttflist if str(font.fname).startswith(str(BUNDLED)) or font.name == FAMILY]
    monkeypatch.setattr(fontManager, "ttflist", own)
    run = recording("heart")
    for choice in (None, tiny):
        titled = replace(run.experiment.with_video(font=choice), title=f"{JAPANESE} a")
        chosen = replace(run, experiment=titled)
        moments = timeline(titled.video, chosen)
        canvas = Canvas(chosen, moments)
        canvas.draw(moments[-1])
        if choice is None:
            (note,) = canvas.notes
            assert note.startswith(f"no installed font has {''.join(sorted(JAPANESE))} (8 characters), so boxes")
            assert "video.font: FILE.ttf" in note
        else:
            assert canvas.notes == []


def test_many_missing_characters_are_not_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backprop_anim.drawing.fonts._installed", list)
    (note,) = FontSet("".join(map(chr, range(0x5000, 0x5030)))).notes
    assert "… (48 characters)" in note


def test_all_of_a_choice_has_a_name_of_its_own(tiny: FontChoice) -> None:
    assert chosen_family(tiny) == chosen_family(tiny)
    assert sum(font.name == chosen_family(tiny) for font in fontManager.ttflist) == 2  # regular and bold
