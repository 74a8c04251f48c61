"""How numbers are written: short for people, whole for files; there is one function for each."""

from __future__ import annotations

import math

__all__ = ["INDICES", "SUBSCRIPTS", "SUPERSCRIPTS", "counted", "number_in_file", "number_text", "size_text"]

HUGE = 1e6
"""Numbers from here on are written with a power of ten."""

INDICES = "₀₁₂₃₄₅₆₇₈₉"
SUBSCRIPTS = str.maketrans("0123456789", INDICES)
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Turns the digits of an exponent into raised ones."""


def number_text(value: float, decimals: int = 6, tiny: bool = False) -> str:
    """Return a number for a reader: with a fixed count of decimals, or in powers of ten where it is huge.

    Parameters
    ----------
    value : float
    decimals : int
    tiny : bool
        Whether a number of which so many decimals show nothing but zeros is written with a power of ten too.
    """
    if not math.isfinite(value):
        return "∞"
    fixed = f"{value:.{decimals}f}"
    vanishes = tiny and value != 0 and not fixed.strip("-0.")
    if abs(value) < HUGE and not vanishes:
        return fixed
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def number_in_file(value: float) -> str:
    """Return a number with all 17 digits that tell it from every other."""
    return f"{value:.17g}"


def counted(n: int, one: str, many: str = "") -> str:
    """Return a count with its noun: ``1 sample``, ``2,000 samples``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def size_text(n_bytes: float) -> str:
    """Return a size for a reader: ``64 kB``, ``256 MB``, ``1.5 GB``."""
    name, unit = next(((name, unit) for name, unit in (("GB", 1e9), ("MB", 1e6)) if n_bytes >= unit), ("kB", 1e3))
    number = n_bytes / unit
    return f"{number:,.0f} {name}" if number >= 10 or number == round(number) else f"{number:.1f} {name}"
