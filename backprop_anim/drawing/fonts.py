"""The letters of a film: Source Sans Pro from its package, and other installed fonts for what it lacks."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import font_source_sans_pro
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font

__all__ = ["FAMILY", "FontSet"]

FAMILY = "Source Sans Pro"
FALLBACK = "DejaVu Sans"  # comes with matplotlib
STYLES = ("Regular", "Bold", "It")
WEIGHTS = {"regular": 400, "bold": 700}
INVISIBLE = ("Cc", "Cf", "Cs")
"""Control, format and surrogate characters: nothing of them is drawn. (Python may not know a new letter: Cn.)"""


@cache
def _register() -> None:
    """Make the font known to matplotlib, once."""
    for style in STYLES:
        fontManager.addfont(Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{style}.ttf")


class FontSet:
    """The fonts for the texts of one film.

    Parameters
    ----------
    texts : str
        All that may be written; characters that the font lacks are looked for in the installed fonts.

    Attributes
    ----------
    families : tuple of str
        In the order in which they are tried for each character.
    missing : str
        Characters that no installed font has.
    """

    def __init__(self, texts: str = "") -> None:
        _register()
        self.families: tuple[str, ...] = (FAMILY, FALLBACK)
        wanted = {c for c in texts if unicodedata.category(c) not in INVISIBLE}
        for family in self.families:
            wanted -= _characters(_path_of(family))
        for path, family in _installed() if wanted else ():
            found = wanted & _characters(path)
            if found:
                self.families += (family,)
                wanted -= found
            if not wanted:
                break
        self.missing = "".join(sorted(wanted))

    def properties(self, size: float, weight: str = "regular", italic: bool = False) -> FontProperties:
        """Return matplotlib's description of a font; `size` in points."""
        return FontProperties(
            family=list(self.families), size=size, weight=WEIGHTS[weight], style="italic" if italic else "normal"
        )


def _path_of(family: str) -> str:
    return str(fontManager.findfont(FontProperties(family=family)))


def _installed() -> list[tuple[str, str]]:
    """Return the upright regular fonts that matplotlib found on this machine, in a fixed order."""
    upright = (font for font in fontManager.ttflist if font.style == "normal" and font.weight in (400, "normal"))
    # The "last resort" font draws a box for every character there is.
    return sorted((str(font.fname), str(font.name)) for font in upright if not font.name.startswith("Last Resort"))


@cache
def _characters(path: str) -> frozenset[str]:
    try:
        return frozenset(map(chr, FT2Font(path).get_charmap()))
    except (OSError, RuntimeError):  # a font file that went away, or that FreeType cannot read
        return frozenset()
