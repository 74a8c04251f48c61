"""The letters of a film: the user's choice, Source Sans Pro from its package, and others for what these lack."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import font_source_sans_pro
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font

from backprop_anim.common import counted
from backprop_anim.drawing.chosen_font import chosen_family, font_problem
from backprop_anim.experiment import FontChoice

__all__ = ["FAMILY", "FontSet", "family_for"]

MOST_NAMED = 20

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
    choice : FontChoice, optional
        The letters that come first.

    Attributes
    ----------
    families : tuple of str
        In the order in which they are tried for each character.
    missing : str
        Characters that no installed font has.
    notes : tuple of str
        What a user should know of the letters.
    """

    def __init__(self, texts: str = "", choice: FontChoice | None = None) -> None:
        _register()
        problem = None if choice is None else font_problem(choice)
        self.families: tuple[str, ...] = (FAMILY, FALLBACK)
        if choice is not None and problem is None:
            self.families = (chosen_family(choice), *self.families)
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
        said = [f"the film has its own letters: {problem}"] if problem else []
        self.notes = (*said, *_missing_letters(self.missing))

    def properties(self, size: float, weight: str = "regular", italic: bool = False) -> FontProperties:
        """Return matplotlib's description of a font; `size` in points."""
        return FontProperties(
            family=list(self.families), size=size, weight=WEIGHTS[weight], style="italic" if italic else "normal"
        )


def _missing_letters(missing: str) -> list[str]:
    """Return the one note on characters that no font has; nothing where there are none."""
    if not missing:
        return []
    named = "".join(missing[:MOST_NAMED]) + ("…" if len(missing) > MOST_NAMED else "")
    said = f"no installed font has {named} ({counted(len(missing), 'character')}), so boxes stand for"
    return [f"{said} {'it' if len(missing) == 1 else 'them'}; video.font: FILE.ttf, or a family, brings letters"]


def family_for(words: str, families: Sequence[str]) -> str:
    """Return the first family that has most of these characters: what stands beside a formula has one font alone."""
    wanted = {letter for letter in words if not letter.isspace()}
    return max(families, key=lambda family: len(wanted & _characters(_path_of(family))))


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
