"""Arrays out of .npz files that anybody may have written: nothing is unpickled, and no size is believed."""

from __future__ import annotations

import stat
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import RecordingError

__all__ = ["DAMAGE", "read_arrays"]

DAMAGE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, ArithmeticError),
    *(MemoryError, zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError),
)
"""What a damaged or hostile file can make its readers raise."""


def read_arrays(path: Path, what: str, most_bytes: int | None = None) -> dict[str, NDArray[Any]]:
    """Return the arrays of an .npz file by name.

    Parameters
    ----------
    path : Path
    what : str
        What the file should be, as a message calls it.
    most_bytes : int, optional
        A file that unpacks to more is not read; without it, one that unpacks to more than its own size.

    Raises
    ------
    RecordingError
        If there is no such file, or it holds anything but arrays.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            raise RecordingError(f"{path} is not {what}: it is no file")
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > (path.stat().st_size if most_bytes is None else most_bytes):
                raise RecordingError(f"{path} is not {what}: it unpacks to {unpacked:,} bytes")
            return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}
    except FileNotFoundError:
        raise RecordingError(f"there is no file {path}") from None
    except DAMAGE as error:
        raise RecordingError(f"{path} is not {what} ({str(error) or type(error).__name__})") from None


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others take memory as they like
        raise ValueError(f"{member.filename} is packed in another way than NumPy does it")
    stored: IO[bytes]
    with archive.open(member) as stored:
        array: NDArray[Any] = np.lib.format.read_array(stored, allow_pickle=False)
        if stored.read(1):  # at the very end the checksum is compared too
            raise ValueError(f"{member.filename} holds more than an array")
    return array
