"""Words that have to fit: cut or broken into lines; the ruler is passed in, and nothing here draws."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from backprop_anim.story import TINT_END, TINT_STARTS, untinted

__all__ = ["Fits", "break_formula", "first_free_position", "spread_labels", "told_apart", "truncate_text", "wrap_text"]

Fits = Callable[[str], bool]
"""Says whether a line has room."""

OPERATOR = re.compile(r" (?:[=+]|\\approx) ")
OPENING, CLOSING = f"({{{TINT_STARTS}", f")}}{TINT_END}"


def truncate_text(text: str, fits: Fits) -> str:
    """Return `text`, or as much of its start as fits, and an ellipsis."""
    short = text
    while len(short) > 1 and not fits(short):
        short = short[:-2].rstrip() + "…"
    return short


def told_apart(names: Sequence[str], cut: Sequence[str], fits: Fits) -> list[str]:
    """Return names as they were cut, or cut before the place where they differ if the end was what told them apart.

    Of ``feature number 1`` and ``feature number 2`` the number stays, as in ``feat…1``.
    """
    found = list(cut)
    for short in {text for text in cut if "…" in text and cut.count(text) > 1}:
        alike = [place for place, text in enumerate(cut) if text == short]
        shared = _words_shared([names[place] for place in alike])
        for place in alike:
            end = names[place][shared:]
            starts = (names[place][:n].rstrip() for n in range(shared - 1, -1, -1))
            found[place] = next((f"{start}…{end}" for start in starts if fits(f"{start}…{end}")), short)
    return found


def _words_shared(names: Sequence[str]) -> int:
    """Return how many letters whole words take that names have in common at their start."""
    letters = enumerate(zip(*names, strict=False))
    shared = next((place for place, some in letters if len(set(some)) > 1), min(map(len, names)))
    start = re.match(r".*[^0-9A-Za-z]|[^0-9]*", names[0][:shared])
    return len(start[0]) if start else 0


def wrap_text(text: str, n_lines: int, fits: Fits) -> str:
    """Break `text` between words into at most `n_lines` lines, and cut what is still too long."""
    words, lines = text.split(), list[str]()
    while words and len(lines) < n_lines - 1:
        n = 1
        while n < len(words) and fits(" ".join(words[: n + 1])):
            n += 1
        lines.append(truncate_text(" ".join(words[:n]), fits))
        words = words[n:]
    return "\n".join([*lines, truncate_text(" ".join(words), fits)] if words else lines)


def spread_labels(places: Sequence[float], widths: Sequence[float], gap: float) -> bool:
    """Return whether words of these widths, centred at rising places, leave a gap between neighbours."""
    ends = [(place - width / 2, place + width / 2) for place, width in zip(places, widths, strict=True) if width > 0]
    return all(right - left >= gap for (_, left), (right, _) in pairwise(ends))


def first_free_position(
    choices: Sequence[Sequence[str]], places: Sequence[float], width: Callable[[str], float], gap: float
) -> Sequence[str]:
    """Return the first choice of words whose neighbours do not meet; empty ones where none is."""
    for words in choices:
        if spread_labels(places, [width(word) if word else 0.0 for word in words], gap):
            return words
    return [""] * len(places)


def break_formula(line: str, fits: Fits) -> list[str]:
    """Break a line of mathtext with tints before operators that stand in no brackets, each part as long as fits.

    A part that can be broken nowhere stays as long as it is.
    """
    parts, rest = list[str](), line
    while not fits(untinted(rest)):
        ends = [place for place in _breaks(rest) if fits(untinted(rest[:place]))]
        places = ends[-1:] or _breaks(rest)[:1]
        if not places:
            break
        parts.append(rest[: places[0]].rstrip())
        rest = rf"\quad {rest[places[0] :].lstrip()}"
    return [*parts, rest]


def _breaks(line: str) -> list[int]:
    """Return where the operators begin that have something before them and stand outside of brackets and tints."""
    found, depth = [], 0
    for place, letter in enumerate(line):
        depth += (letter in OPENING) - (letter in CLOSING)
        if depth == 0 and OPERATOR.match(line, place) and line[:place].removeprefix(r"\quad").strip():
            found.append(place)
    return found
