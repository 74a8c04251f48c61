"""What the page of a run says and how it looks, beside what it shares with the film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["PageLook", "PageSettings"]

PageLook: TypeAlias = Literal["auto", "light", "dark"]


@dataclass(frozen=True)
class PageSettings:
    """What is said of a page under ``page``.

    Attributes
    ----------
    about : str
        What the task is, for the reader: paragraphs of plain text.
    theme : {"auto", "light", "dark"}
        The colours; ``auto`` takes those that the reader's system prefers.
    panels : tuple of tuple of str, or None
        Rows of panel names above the time line, a repeated name spanning; None is the page's own arrangement.
    """

    about: str = ""
    theme: PageLook = "auto"
    panels: tuple[tuple[str, ...], ...] | None = None
