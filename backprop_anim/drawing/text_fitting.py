"""Words that have to fit: cut or broken into lines; the ruler is passed in, and nothing here draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

__all__ = ["Fits", "first_free_position", "spread_labels", "truncate_text", "wrap_text"]

Fits = Callable[[str], bool]
"""Says whether a line has room."""


def truncate_text(text: str, fits: Fits) -> str:
    """Return `text`, or as much of its start as fits, and an ellipsis."""
    short = text
    while len(short) > 1 and not fits(short):
        short = short[:-2].rstrip() + "…"
    return short


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
