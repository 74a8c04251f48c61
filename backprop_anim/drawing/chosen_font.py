"""A font file or an installed family that the user chose, made known to matplotlib; the film's own is not here."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontEntry, findSystemFonts, fontManager, weight_dict
from matplotlib.ft2font import FT2Font

from backprop_anim.experiment import FontChoice

__all__ = ["FONT_ENDINGS", "chosen_family", "chosen_file", "font_problem"]

FONT_ENDINGS = (".ttf", ".otf", ".ttc")
ALLOWED = f"allowed are a {', '.join(FONT_ENDINGS[:-1])} or {FONT_ENDINGS[-1]} file, or an installed family"
MAX_BYTES = 100_000_000
NEAR = 3
WEIGHTS, SLANTED = (400, 700), ("italic", "oblique")
OWN_NAME = "chosen "


def font_problem(choice: FontChoice) -> str | None:
    """Return why a film cannot have these letters, with what is nearest to them; None where it can."""
    if choice.family is not None:
        if _installed_name(choice.family) is not None:
            return None
        near = _nearest(choice.family, {font.name for font in fontManager.ttflist})
        return f"no family '{choice.family}' is installed{near}; {ALLOWED}"
    path = choice.place or Path(str(choice.file))
    if not path.is_file():
        there = [file.name for file in path.parent.glob("*") if file.suffix.lower() in FONT_ENDINGS]
        return f"there is no file {path.name} in {path.parent}{_nearest(path.name, there)}; {ALLOWED}"
    try:
        if path.suffix.lower() in FONT_ENDINGS and path.stat().st_size <= MAX_BYTES and FT2Font(path).get_charmap():
            return None
    except (OSError, RuntimeError):
        pass
    return f"{path.name} cannot be read as a font; {ALLOWED}"


def chosen_family(choice: FontChoice) -> str:
    """Return the name by which matplotlib finds the letters of a choice without a problem."""
    slanted = _nearest_file(choice.family, SLANTED, WEIGHTS[0]) if choice.family else None
    return _added(*(str(chosen_file(choice, weight)) for weight in WEIGHTS), italic=slanted and str(slanted))


def chosen_file(choice: FontChoice, weight: int) -> Path:
    """Return the upright font file of a choice without a problem in a weight, or in the nearest that it has."""
    if choice.family is None:
        return choice.place or Path(str(choice.file))
    found = _nearest_file(choice.family, ("normal",), weight) or _nearest_file(choice.family, SLANTED, weight)
    assert found is not None, "the family is installed"
    return found


def _nearest_file(family: str, styles: Sequence[str], weight: int) -> Path | None:
    """Return the file of a family that is nearest to a weight, of those with one of these styles."""
    name = _installed_name(family)
    fonts = [font for font in fontManager.ttflist if font.name == name and font.style in styles]

    def how_far(font: FontEntry) -> tuple[bool, int, str]:
        return font.stretch != "normal", abs(_number(font.weight) - weight), str(font.fname)

    return Path(min(fonts, key=how_far).fname) if fonts else None


def _number(weight: str | int) -> int:
    return weight_dict.get(weight, 400) if isinstance(weight, str) else weight


@cache
def _added(*paths: str, italic: str | None) -> str:
    """Make a file for each weight known under a name of their own: an installed family would be mixed with them."""
    name = OWN_NAME + hashlib.sha256("\n".join(paths).encode()).hexdigest()  # matplotlib reads most signs as its own
    kinds = [(path, "normal", weight) for path, weight in zip(paths, WEIGHTS, strict=True)]
    for path, style, weight in [*kinds, *([(italic, "italic", WEIGHTS[0])] if italic else [])]:
        fontManager.addfont(path)
        fontManager.ttflist[-1] = replace(fontManager.ttflist[-1], name=name, style=style, weight=weight)
    return name


def _installed_name(family: str) -> str | None:
    """Return a family as matplotlib spells it; one that was installed lately is looked for, too."""
    for look_again in (False, True):
        if look_again:
            _add_new_fonts()
        for font in fontManager.ttflist:
            if font.name.casefold() == family.strip().casefold():
                return str(font.name)
    return None


@cache
def _add_new_fonts() -> None:
    known = {str(font.fname) for font in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError):  # no font that FreeType can read
            continue


def _nearest(given: str, there: Iterable[str]) -> str:
    names = {name.casefold(): name for name in there if not name.startswith(OWN_NAME)}
    near = [names[name] for name in difflib.get_close_matches(given.casefold(), names, NEAR, 0.65)]
    return f" (did you mean {' or '.join(near)}?)" if near else ""
