"""Font files of our own: every letter is a box of half an em, so that what is drawn with them can be told."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

JAPANESE = "神経回路学習白黒"


def write_font(path: Path, letters: str = JAPANESE + "abcdefgh", family: str = "Tiny", licence: int = 0) -> Path:
    """Write a font with these letters."""
    glyphs = {".notdef": None, "space": " ", **{f"u{ord(letter):X}": letter for letter in letters}}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(letter): name for name, letter in glyphs.items() if letter})
    builder.setupGlyf({name: TTGlyphPen(None).glyph() if name == "space" else _box() for name in glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(fsType=licence, sTypoAscender=800)
    builder.setupPost()
    builder.save(path)
    return path


def _box():  # type: ignore[no-untyped-def]
    pen = TTGlyphPen(None)
    for step, corner in enumerate([(50, 0), (50, 700), (450, 700), (450, 0)]):
        (pen.lineTo if step else pen.moveTo)(corner)
    pen.closePath()
    return pen.glyph()
