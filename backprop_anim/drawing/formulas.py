r"""Formulas between dollars in words that a user gave: found, tried, and set as mathematics; `\$` is a dollar."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from backprop_anim.common import SUBSCRIPTS
from backprop_anim.drawing.fonts import FAMILY, family_for

__all__ = [
    "FormulaText",
    "as_mathtext",
    "as_plain",
    "draw_words",
    "glyph_places",
    "has_formula",
    "mathematics",
    "measure_words",
    "mixed_font",
    "setting",
    "split_formulas",
    "unset_formulas",
]

FORMULA = re.compile(r"(?<!\\)\$(?=[^\s$])(?:\\.|[^$\\\n])*?(?<!\s)\$(?![0-9])")
"""As in pandoc's Markdown, so that "from $1 to $2" holds none: no blank inside of a dollar, no digit after the last."""

VARIABLE = re.compile("[a-z][0-9]{1,2}")

MATH: Any = {
    "mathtext.fontset": "custom",
    "mathtext.rm": FAMILY,
    "mathtext.it": f"{FAMILY}:italic",
    "mathtext.bf": f"{FAMILY}:bold",
    "mathtext.bfit": f"{FAMILY}:bold",
    "mathtext.cal": FAMILY,
    "mathtext.sf": FAMILY,
    "mathtext.tt": FAMILY,
    "mathtext.fallback": "stixsans",  # for the Greek letters that the italic lacks
}
"""The film's own letters in formulas, as settings of matplotlib."""


UPWARDS = "↑ "
"""Stands before the name of an axis that goes up, where it is written beside it."""


@contextmanager
def mathematics() -> Iterator[None]:
    """Set formulas in the film's own letters; a letter that no font has is told once, in a note, and not by a log."""
    log = logging.getLogger("matplotlib.mathtext")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with mpl.rc_context(MATH):
            yield
    finally:
        log.setLevel(level)


def as_plain(content: str) -> str:
    r"""Return words without formulas as they are drawn, `\$` as a dollar, and x1 as a variable with an index."""
    arrow = UPWARDS if content.startswith(UPWARDS) else ""
    name = content.removeprefix(arrow)
    if VARIABLE.fullmatch(name):
        return arrow + name[0] + name[1:].translate(SUBSCRIPTS)
    return content.replace(r"\$", "$")


def as_mathtext(content: str) -> str:
    """Return words with formulas so that matplotlib takes no other dollar for the start of one."""
    return "".join(
        part if is_formula else as_plain(part).replace("$", r"\$") for part, is_formula in split_formulas(content)
    )


def split_formulas(content: str) -> list[tuple[str, bool]]:
    """Return the parts of a text in order, each with whether it is a formula that can be set."""
    parts, end = [], 0
    for found in FORMULA.finditer(content):
        parts += [(content[end : found.start()], False), (found[0], _can_be_set(found[0]))]
        end = found.end()
    return [*parts, (content[end:], False)]


def unset_formulas(content: str) -> list[str]:
    """Return the formulas that cannot be set."""
    return [formula for formula in FORMULA.findall(content) if not _can_be_set(formula)]


def has_formula(content: str) -> bool:
    """Return whether there is a formula in the words that can be set."""
    return "$" in content and any(is_formula for _, is_formula in split_formulas(content))


@lru_cache(maxsize=256)
def _can_be_set(formula: str) -> bool:
    with mathematics():
        try:
            MathTextParser("path").parse(formula, 72, FontProperties(family=FAMILY, math_fontfamily="custom"))
        except ValueError:
            return False
    return True


def measure_words(
    renderer: RendererAgg, words: str, properties: FontProperties, sure: bool = False
) -> tuple[float, float, float]:
    """Return width, height and how far words reach below their baseline, in pixels; formulas are set.

    `sure` spares trying whether a formula can be set, which takes as long as setting it.
    """
    with setting(words, properties, sure) as (text, font, ismath):
        width, height, below = renderer.get_text_width_height_descent(text, font, ismath)
    return float(width), float(height), float(below)


def draw_words(
    renderer: RendererAgg, words: str, place: tuple[float, float], properties: FontProperties, sure: bool = False
) -> None:
    """Draw words with the left end of their baseline at a place in pixels from the upper left; formulas are set."""
    with setting(words, properties, sure) as (text, font, ismath):
        renderer.draw_text(renderer.new_gc(), *place, text, font, 0.0, ismath)


@contextmanager
def setting(words: str, properties: FontProperties, sure: bool) -> Iterator[tuple[str, FontProperties, bool]]:
    """Give the text and the font with which matplotlib sets words, and whether it is to look for formulas in them."""
    if not (sure or has_formula(words)):
        yield as_plain(words), properties, False
        return
    with mathematics():
        yield words if sure else as_mathtext(words), mixed_font(words, properties), True


def glyph_places(formula: str, properties: FontProperties) -> tuple[float, ...]:
    """Return where the glyphs of a formula begin, in points, in the order in which they are written."""
    with mathematics():
        parsed = MathTextParser("path").parse(formula, 72, mixed_font(formula, properties))
    return tuple(float(glyph[-2]) for glyph in parsed.glyphs)  # (…, x, y)


def mixed_font(words: str, properties: FontProperties) -> FontProperties:
    """Return the font for words with formulas among them: the first that has what stands beside these."""
    custom = properties.copy()
    custom.set_math_fontfamily("custom")
    beside = "".join(part for part, is_formula in split_formulas(words) if not is_formula)
    custom.set_family([family_for(beside, properties.get_family())])
    return custom


class FormulaText(Text):
    """Words with formulas among them, which never change."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw them with the film's own letters in the formulas."""
        with mathematics():
            super().draw(renderer)

    def get_window_extent(self, renderer: RendererBase | None = None, dpi: float | None = None) -> Bbox:
        """Return their box, in pixels of the frame."""
        with mathematics():
            return super().get_window_extent(renderer, dpi)
