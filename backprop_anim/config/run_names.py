"""Which names and titles are safe to use; nothing here touches a file."""

from __future__ import annotations

import re

__all__ = ["MAX_NAME", "is_one_line", "is_run_name", "name_from", "title_from"]

MAX_NAME = 100
MAX_TITLE = 200

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_run_name(text: str) -> bool:
    """Return whether `text` is a name of letters a-z, digits, -, _ and . (at most 100, a letter or digit first)."""
    return (
        len(text) <= MAX_NAME
        and _NAME.fullmatch(text) is not None
        and _DEVICE.fullmatch(text) is None  # names that Windows keeps for itself
        and ".partial" not in text.lower()  # what an interruption leaves is called so
    )


def is_one_line(text: str) -> bool:
    """Return whether `text` is one line of at most 200 characters."""
    return len(text) <= MAX_TITLE and not _CONTROL.search(text)


def name_from(stem: str) -> str:
    """Return a valid name as near to `stem` as can be."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem)[:MAX_NAME].strip("-.")
    return name if is_run_name(name) else "experiment"


def title_from(name: str) -> str:
    """Return the title of a film whose file gives none: the name in words."""
    words = " ".join(re.split(r"[-_\s]+", name)).strip()
    return words[:1].upper() + words[1:] or name
