"""Axes of days: ticks where days, months and years begin, with their dates."""

from __future__ import annotations

import numpy as np

from backprop_anim.drawing.plot import Scale, linear_scale

__all__ = ["date_scale"]

DAY_STEPS, MONTH_STEPS = (1, 2, 7, 14), (1, 2, 3, 6)
EPOCH_MONTHS = 1970 * 12

LEAST_DAYS = 2.0
"""Within fewer days the parts of a day matter, and numbers say more than dates."""


def date_scale(low: float, high: float, n_ticks: int = 5, pad: float = 0.0) -> Scale:
    """Return an axis of days since the start of 1970 with at most about `n_ticks` dates; `pad` as in `linear_scale`."""
    if high - low < LEAST_DAYS:
        return linear_scale(low, high, n_ticks, pad)
    room = pad * (high - low)
    low, high = low - room, high + room
    first, last = (np.datetime64(int(np.floor(end)), "D") for end in (low, high))
    candidates = [*_by_days(first, last), *_by_months(first, last)]
    ticks, labels = next(((t, words) for t, words in candidates if len(t) <= n_ticks), candidates[-1])
    inside = [(float(t), word) for t, word in zip(ticks, labels, strict=True) if low <= t <= high]
    return Scale("linear", low, high, tuple(t for t, _ in inside), tuple(word for _, word in inside))


def _by_days(first: np.datetime64, last: np.datetime64) -> list[tuple[list[float], list[str]]]:
    found = []
    for step in DAY_STEPS:
        days = np.arange(first.astype(int) - first.astype(int) % step, last.astype(int) + 1, step)
        inside = days[days >= first.astype(int)]
        if len(inside) <= 50:
            found.append(([float(day) for day in inside], [str(np.datetime64(int(day), "D")) for day in inside]))
    return found


def _by_months(first: np.datetime64, last: np.datetime64) -> list[tuple[list[float], list[str]]]:
    """Return the beginnings of months, and of years, ever further apart."""
    found = []
    months = np.arange(first.astype("M8[M]").astype(int), last.astype("M8[M]").astype(int) + 1)
    steps = [*MONTH_STEPS, *(12 * years * power for power in (1, 10, 100, 1000) for years in (1, 2, 5))]
    for step in steps:
        chosen = months[(months + EPOCH_MONTHS) % step == 0]
        starts = [np.datetime64(int(month), "M") for month in chosen]
        words = [str(start.astype("M8[Y]")) if step % 12 == 0 else str(start) for start in starts]
        found.append(([float(start.astype("M8[D]").astype(int)) for start in starts], words))
    return found
