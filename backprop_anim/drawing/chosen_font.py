"""A font file or an installed family that the user chose, made known to matplotlib; the film's own is not here."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from matplotlib.font_manager import findSystemFonts, fontManager, weight_dict
from matplotlib.ft2font import FT2Font

from backprop_anim.experiment import FontChoice

__all__ = ["FONT_ENDINGS", "chosen_family", "chosen_file", "font_problem"]

FONT_ENDINGS = (".ttf", ".otf", ".ttc")
ALLOWED = f"allowed are a {', '.join(FONT_ENDINGS[:-1])} or {FONT_ENDINGS[-1]} file, or an installed family"
MAX_BYTES = 100_000_000
NEAR = 3
WEIGHTS = (400, 700)
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
    return _added(*(str(chosen_file(choice, weight)) for weight in WEIGHTS))


def chosen_file(choice: FontChoice, weight: int) -> Path:
    """Return the upright font file of a choice without a problem in a weight, or in the nearest that it has."""
    if choice.family is None:
        return choice.place or Path(str(choice.file))
    name = _installed_name(choice.family)
    fonts = [font for font in fontManager.ttflist if font.name == name]
    upright = [font for font in fonts if font.style == "normal" and font.stretch == "normal"] or fonts
    nearest = min(upright, key=lambda font: (abs(_number(font.weight) - weight), str(font.fname)))
    return Path(nearest.fname)


def _number(weight: str | int) -> int:
    return weight_dict.get(weight, 400) if isinstance(weight, str) else weight


@cache
def _added(*paths: str) -> str:
    """Make a file for each weight known under a name of their own: an installed family would be mixed with them."""
    name = OWN_NAME + hashlib.sha256("\n".join(paths).encode()).hexdigest()  # matplotlib reads most signs as its own
    for path, weight in zip(paths, WEIGHTS, strict=True):
        fontManager.addfont(path)
        fontManager.ttflist[-1] = replace(fontManager.ttflist[-1], name=name, style="normal", weight=weight)
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
