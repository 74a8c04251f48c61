"""Sizes in bytes as a file writes them, such as 256MB; it knows no experiment."""

from __future__ import annotations

import re

__all__ = ["bytes_of", "size_text"]

UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgG])[bB]")


def bytes_of(value: object) -> int | None:
    """Return a size in bytes, given as their number or with a unit (1 MB is 1,000,000); None where it is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (parts := _WRITTEN.fullmatch(value.strip())):
        unit = next(size for name, size in UNITS.items() if name[0].lower() == parts[2].lower())
        return round(float(parts[1]) * unit)
    return None


def size_text(n_bytes: float) -> str:
    """Return a size for a message: 256 MB, 1.5 GB."""
    name, unit = next(((name, unit) for name, unit in reversed(UNITS.items()) if n_bytes >= unit), ("kB", 1000))
    number = n_bytes / unit
    return f"{number:,.0f} {name}" if number >= 10 or number == round(number) else f"{number:.1f} {name}"
