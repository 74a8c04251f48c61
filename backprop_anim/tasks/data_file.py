"""Whether a file of data may be read at all, from what the disk says of it; nothing here opens it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from backprop_anim.tasks.dataset import TaskError

__all__ = ["check_file"]


def check_file(path: Path, most_bytes: int) -> os.stat_result:
    """Return what the disk says of a file that may be read.

    Raises
    ------
    TaskError
        If it is not there, is no file, or has more bytes.
    """
    if str(path).startswith(("http:/", "https:/")) or "http:/" in str(path) or "https:/" in str(path):
        raise TaskError("a file of the web is not fetched; download it and give its path", "file")
    try:
        status = path.stat()
    except FileNotFoundError:
        raise TaskError(f"{path} does not exist", "file") from None
    except (OSError, ValueError) as error:  # a name too long, a null character
        raise TaskError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", "file") from None
    if not stat.S_ISREG(status.st_mode):
        raise TaskError(f"{path} is not a file", "file")
    if status.st_size > most_bytes:
        raise TaskError(f"{path.name} has {status.st_size:,} bytes; at most {most_bytes:,} are allowed", "file")
    return status
