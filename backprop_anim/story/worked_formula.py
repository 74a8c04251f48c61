"""Formulas with their numbers put in, as mathtext: how many digits it takes, and how each number is written.

Numbers are shown with as many digits as it takes for the shown factors to give the shown result; where even
seven do not, the result stands behind ≈. It never knows what a formula means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backprop_anim.common import SUPERSCRIPTS
from backprop_anim.story.formula_tints import Tint, tinted

__all__ = [
    "Rounded",
    "Worked",
    "Written",
    "bracketed",
    "decimals_of_sum",
    "digits_that_keep",
    "fixed_number",
    "plain_number",
    "plain_text",
    "rounded",
    "signed_number",
    "worked_formula",
]

MOST_DIGITS, MOST_DECIMALS = 7, 7

Written = Callable[[float], str]
"""How a number is written."""

Rounded = Callable[[float], float]
"""How a number is rounded."""


class Worked(NamedTuple):
    """A worked formula, and how many significant digits its factors have."""

    text: str
    digits: int


def worked_formula(
    write: Callable[[Written], str],
    result: float,
    again: Callable[[Rounded], float],
    signed: bool = True,
    digits_shown: int = 3,
    tint: Tint = "",
    decimals: int | None = None,
) -> Worked:
    """Return ``numbers = result`` with the fewest digits for which the numbers shown give the result shown.

    Parameters
    ----------
    write : callable
        Given how a number is written, returns the right side with its numbers; called once.
    result : float
        The unrounded result.
    again : callable
        Given how a number is rounded, computes the result from the rounded numbers.
    signed : bool, optional
        Whether a positive result has a plus sign.
    digits_shown : int, optional
        Significant digits of the result.
    tint : str, optional
        The colour of the result.
    decimals : int, optional
        Those of the result, in place of significant digits.
    """

    def show(value: float) -> str:
        if decimals is not None:
            return fixed_number(value, decimals, signed)
        return signed_number(value, digits_shown) if signed else plain_number(value, digits_shown)

    shown = show(result)
    for digits in range(3 if decimals is not None else digits_shown, MOST_DIGITS + 1):
        if show(again(lambda value, d=digits: rounded(value, d))) == shown:  # type: ignore[misc]
            told = write(lambda value, d=digits: plain_number(value, d))  # type: ignore[misc]
            return Worked(f"{told} = {tinted(shown, tint)}", digits)
    told = write(lambda value: plain_number(value, MOST_DIGITS))
    whole = tinted(f"{{{shown}}}", tint)  # in braces, or its minus would stand between two numbers
    return Worked(rf"{told} \approx {whole}", MOST_DIGITS)


def digits_that_keep(value: float, function: Callable[[float], float], digits_shown: int = 3) -> int:
    """Return with how many digits a number gives what its function shows, such as σ(−0.174) = 0.457."""
    shown = plain_number(function(value), digits_shown)
    for digits in range(digits_shown, MOST_DIGITS):
        if plain_number(function(rounded(value, digits)), digits_shown) == shown:
            return digits
    return MOST_DIGITS


def decimals_of_sum(first: float, second: float, least: int = 3) -> int:
    """Return with how many decimals two numbers and their sum can be shown; the smaller has two digits at least."""
    smaller = min(abs(first), abs(second)) or 1.0
    start = max(least, 1 - int(np.floor(np.log10(smaller))))
    for decimals in range(start, MOST_DECIMALS):
        if round(round(first, decimals) + round(second, decimals), decimals) == round(first + second, decimals):
            return decimals
    return MOST_DECIMALS


def fixed_number(value: float, decimals: int, signed: bool = False) -> str:
    """Return a number with so many decimals, without the sign of a zero."""
    text = f"{value:{'+' if signed else ''}.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")


def plain_number(value: float, digits: int) -> str:
    """Return a number with so many significant digits, a true minus sign, and no more digits than it has."""
    if value == 0 or not np.isfinite(value):
        return "0" if value == 0 else r"\infty"
    decimals = digits - 1 - int(np.floor(np.log10(abs(value))))
    if decimals > MOST_DECIMALS:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}".replace("-", "−")
    text = f"{value:.{max(decimals, 0)}f}"
    short = f"{value:.{max(decimals, 0)}g}"
    return (short if "e" not in short and float(short) == value else text).replace("-", "−")


def rounded(value: float, digits: int) -> float:
    """Return the number that `plain_number` shows."""
    if value == 0 or not np.isfinite(value):
        return value
    return round(float(value), digits - 1 - int(np.floor(np.log10(abs(value)))))  # NumPy's own fails near 1e-308


def signed_number(value: float, digits: int) -> str:
    """Return what `plain_number` does, with a sign in any case but that of 0."""
    text = plain_number(value, digits)
    return text if text.startswith("−") or value == 0 else f"+{text}"


def bracketed(text: str) -> str:
    """Put a negative number in brackets, for the place behind a sign."""
    return f"({text})" if text.startswith("−") else text


def plain_text(number: str) -> str:
    """Return a number that is written as mathtext without it: 1.2·10⁻⁵."""
    return re.sub(
        r" \\cdot 10\^\{([−0-9]+)\}", lambda found: f"·10{found[1].replace('−', '-').translate(SUPERSCRIPTS)}", number
    )
