"""The typeface that a user chose for a film, a font file or an installed family; no font is opened here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

__all__ = ["FontChoice"]


@dataclass(frozen=True)
class FontChoice:
    """One of a file and a family.

    Attributes
    ----------
    file : str, optional
        A font file, as an option that names a file.
    family : str, optional
        The name of an installed family.
    place : Path, optional
        Where the file is now: a run has it beside itself, under its bare name.
    """

    file: str | None = None
    family: str | None = None
    place: Path | None = field(default=None, compare=False)

    def found_from(self, folder: Path) -> Self:
        """Return the choice with its file at its place, a relative one starting from a folder."""
        return self if self.file is None else replace(self, place=(folder / self.file).absolute())

    def as_mapping(self) -> dict[str, str]:
        """Return the choice as an experiment file has it."""
        return {"family": str(self.family)} if self.file is None else {"file": self.file}
