"""Formulas with their numbers put in, as mathtext: how many digits it takes, and how each number is written.

Numbers are shown with as many digits as it takes for the shown factors to give the shown result; where even
seven do not, the result stands behind ≈. It never knows what a formula means.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["Rounded", "Written", "bracketed", "plain_number", "signed_number", "worked_formula"]

MOST_DIGITS, MOST_DECIMALS = 7, 7

Written = Callable[[float], str]
"""How a number is written."""

Rounded = Callable[[float], float]
"""How a number is rounded."""


def worked_formula(
    write: Callable[[Written], str],
    result: float,
    again: Callable[[Rounded], float],
    signed: bool = True,
    digits_shown: int = 3,
) -> str:
    """Return ``numbers = result`` with the fewest digits for which the numbers shown give the result shown.

    Parameters
    ----------
    write : callable
        Given how a number is written, returns the right side with its numbers.
    result : float
        The unrounded result.
    again : callable
        Given how a number is rounded, computes the result from the rounded numbers.
    signed : bool, optional
        Whether a positive result has a plus sign.
    digits_shown : int, optional
        Significant digits of the result.
    """
    show = signed_number if signed else plain_number
    shown = show(result, digits_shown)
    for digits in range(digits_shown, MOST_DIGITS + 1):
        if show(again(lambda value, d=digits: _rounded(value, d)), digits_shown) == shown:  # type: ignore[misc]
            return f"{write(lambda value, d=digits: plain_number(value, d))} = {shown}"  # type: ignore[misc]
    return rf"{write(lambda value: plain_number(value, MOST_DIGITS))} \approx {shown}"


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


def _rounded(value: float, digits: int) -> float:
    """Return the number that `plain_number` shows."""
    if value == 0 or not np.isfinite(value):
        return value
    return round(float(value), digits - 1 - int(np.floor(np.log10(abs(value)))))  # NumPy's own fails near 1e-308


def signed_number(value: float, digits: int) -> str:
    """Return what `plain_number` does, with a sign in any case."""
    text = plain_number(value, digits)
    return text if text.startswith("−") else f"+{text}"


def bracketed(text: str) -> str:
    """Put a negative number in brackets, for the place behind a sign."""
    return f"({text})" if text.startswith("−") else text
