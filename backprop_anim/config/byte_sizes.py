"""Sizes in bytes as a file writes them, such as 256MB; it knows no experiment."""

from __future__ import annotations

import re

__all__ = ["bytes_of"]

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
