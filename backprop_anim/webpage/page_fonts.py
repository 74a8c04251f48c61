"""The film's typeface for a page: only the letters that it may write, as data that need no request."""

from __future__ import annotations

import base64
import io
import string
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import font_source_sans_pro

__all__ = ["font_faces"]

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
    letters = {c for c in texts if not unicodedata.category(c).startswith("C")} & _letters()
    wanted = "".join(sorted(set(ALWAYS) | letters))
    return "\n".join(
        f'@font-face{{font-family:"Film";font-weight:{weight};font-display:block;'
        f"src:url(data:font/woff;base64,{_subset(style, wanted)}) format('woff')}}"
        for weight, style in WEIGHTS.items()
    )


@cache
def _letters() -> frozenset[str]:
    """Return the characters that the typeface has."""
    from fontTools.ttLib import TTFont

    with TTFont(_path("Regular"), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _path(style: str) -> Path:
    return Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{style}.ttf"


@lru_cache(maxsize=8)
def _subset(style: str, wanted: str) -> str:
    """Return a font with just these characters, as WOFF in base64."""
    from fontTools import subset

    options = subset.Options()
    options.flavor, options.layout_features, options.desubroutinize = "woff", ["kern", "tnum", "lnum", "mark"], True
    options.notdef_outline, options.hinting, options.name_IDs = True, False, [0, 1, 2]
    found = io.BytesIO()
    with subset.load_font(str(_path(style)), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=wanted)
        subsetter.subset(font)
        subset.save_font(font, found, options)
    return base64.b64encode(found.getvalue()).decode("ascii")
