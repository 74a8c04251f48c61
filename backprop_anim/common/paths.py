"""What stands at a path that a user typed; one that no system would take is simply not there."""

from __future__ import annotations

import os.path
from pathlib import Path

__all__ = ["IN_MEMORY", "is_file", "is_folder", "is_link"]

IN_MEMORY = "in memory"
"""Stands where the name of a file would, while what it would hold is at hand; a run writes it beside its own files."""

# Path.is_file and its kin raise for a name that is too long, or holds a null character; these do not.


def is_file(path: Path | str) -> bool:
    """Return whether a file is there, behind a link too; a pipe or a device is none."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path | str) -> bool:
    """Return whether a folder is there, behind a link too."""
    return os.path.isdir(path)  # noqa: PTH112


def is_link(path: Path | str) -> bool:
    """Return whether a symbolic link is there, wherever it leads."""
    return os.path.islink(path)  # noqa: PTH114
