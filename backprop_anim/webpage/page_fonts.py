"""The typefaces of a page: only the letters that it may write, as data that need no request."""

from __future__ import annotations

import base64
import io
import logging
import string
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import font_source_sans_pro

__all__ = ["font_faces", "own_faces"]

WEIGHTS = {400: "Regular", 700: "Bold"}

ALWAYS = (
    string.printable
    + "".join(map(chr, range(0xA0, 0x180)))
    + "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω"
    + "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻·×÷±−∂∑√∞≈≠≤≥→←↑↓′″–—‘’“”…†•‰⁄⋅"
)
"""What labels, numbers and formulas are made of, and the letters of most European languages."""


def font_faces(texts: str) -> str:
    """Return the style rules that define the typeface, with all that the page's own words and `texts` need."""
    letters = {c for c in texts if not unicodedata.category(c).startswith("C")} & _licensed_letters(_path("Regular"))[0]
    wanted = "".join(sorted(set(ALWAYS) | letters))
    return "\n".join(
        f'@font-face{{font-family:"Film";font-weight:{weight};font-display:block;'
        f"src:url(data:font/woff;base64,{_subset(_path(style), wanted)}) format('woff')}}"
        for weight, style in WEIGHTS.items()
    )


def own_faces(files: Mapping[int, Path], texts: str) -> tuple[str, list[str]]:
    """Return the rules that bring the letters of a user's font, by weight, and a note where its licence has none go.

    They are to stand after the film's own, before which a browser then takes them.
    """
    rules, characters = [], set(ALWAYS) | {c for c in texts if not unicodedata.category(c).startswith("C")}
    for weight, path in files.items():
        has, may_go = _licensed_letters(path)
        if not may_go:
            return "", [f"{path.name} does not allow a page to carry its letters: the page takes a reader's own"]
        if wanted := "".join(sorted(characters & has)):
            where = ",".join(f"U+{ord(letter):X}" for letter in wanted)
            rules.append(
                f'@font-face{{font-family:"Film";font-weight:{weight};font-display:block;unicode-range:{where};'
                f"src:url(data:font/woff;base64,{_subset(path, wanted)}) format('woff')}}"
            )
    return "\n".join(rules), []


@lru_cache(maxsize=8)
def _licensed_letters(path: Path) -> tuple[frozenset[str], bool]:
    """Return the characters of a font, and whether its licence bits let a part of it be embedded for good."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=0) as font:
        kind = font["OS/2"].fsType if "OS/2" in font else 0
        return frozenset(map(chr, font.getBestCmap() or ())), not kind & (RESTRICTED | PREVIEW | WHOLE_ONLY | BITMAPS)


RESTRICTED, PREVIEW, WHOLE_ONLY, BITMAPS = 0x2, 0x4, 0x100, 0x200
"""Bits of `fsType`: not to be embedded, only to be read and printed, only whole, only as pictures."""


def _path(style: str) -> Path:
    return Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{style}.ttf"


@lru_cache(maxsize=8)
def _subset(path: Path, wanted: str) -> str:
    """Return a font with just these characters, as WOFF in base64."""
    from fontTools import subset

    logging.getLogger(subset.__name__).setLevel(logging.ERROR)  # it warns of tables that no browser looks at
    options = subset.Options()
    options.flavor, options.layout_features, options.desubroutinize = "woff", ["kern", "tnum", "lnum", "mark"], True
    options.notdef_outline, options.hinting, options.name_IDs = True, False, [0, 1, 2]
    options.font_number = 0
    found = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=wanted)
        subsetter.subset(font)
        subset.save_font(font, found, options)
    return base64.b64encode(found.getvalue()).decode("ascii")
