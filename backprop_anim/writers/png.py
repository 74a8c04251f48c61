"""PNG pictures: the poster, which is the last frame, and a folder of all frames; it needs no ffmpeg."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from backprop_anim.common import EncodingError, OutputError
from backprop_anim.writers.ffmpeg_writer import CountingWriter, remove_files
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, formats

__all__ = ["Frames", "Poster", "encode_png", "save_png"]

FAST, SMALL = 1, 6
"""zlib's levels. A film is hundreds of frames, the poster is one."""


def encode_png(pixels: Pixels, level: int = SMALL) -> bytes:
    """Return an opaque picture, (height, width, 4) RGBA, as a PNG file without alpha.

    Rows are not filtered: flat drawings are smaller so, and it takes half of Pillow's time.

    References
    ----------
    https://www.w3.org/TR/png-3/
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with its filter, 0
    rows[:, 1:] = pixels[..., :3].reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, RGB
    data = zlib.compress(rows.data, level)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*part) for part in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def save_png(path: Path, pixels: Pixels, level: int = SMALL) -> None:
    """Write one opaque picture, (height, width, 4) RGBA.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        path.write_bytes(encode_png(pixels, level))
    except OSError as error:
        raise OutputError(f"{path.name} could not be written: {error.strerror or error}") from error


@formats.register("png")
@dataclass(frozen=True)
class Poster(Format):
    """The last frame as a picture."""

    suffix: ClassVar[str] = ".png"
    wants_every_frame: ClassVar[bool] = False

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Wait for the last frame."""
        return PosterWriter("png", path, film)


@formats.register("frames")
@dataclass(frozen=True)
class Frames(Format):
    """A folder of all frames as pictures, from 000000.png on."""

    suffix: ClassVar[str] = ""

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Make the folder."""
        return FramesWriter(path, film)


class PngWriter(CountingWriter):
    """Holds back an `abort` while a picture is being written, so that none appears afterwards."""

    def __init__(self, what: str, path: Path, film: FilmSpec) -> None:
        super().__init__(what, path, film)
        self._busy = threading.Lock()
        self._aborted = False

    def save(self, path: Path, pixels: Pixels, level: int) -> None:
        """Write one picture, unless the film is aborted."""
        with self._busy:
            if self._aborted:
                raise EncodingError(f"{self.what}: aborted")
            save_png(path, pixels, level)

    def abort(self) -> None:
        """Remove what was written."""
        with self._busy:
            self._aborted = True
            remove_files(self.path)


class PosterWriter(PngWriter):
    """Lets all frames pass but the last."""

    def take(self, index: int, pixels: Pixels) -> None:
        """Write the last frame."""
        if index == self.film.n_frames - 1:
            self.save(self.path, pixels, SMALL)

    def finish(self) -> bool:
        """Say whether the last frame came."""
        return self.n_given == self.film.n_frames


class FramesWriter(PngWriter):
    """Writes each frame to a file of its own."""

    def __init__(self, path: Path, film: FilmSpec) -> None:
        super().__init__("frames", path, film)
        try:
            path.mkdir()
        except OSError as error:
            raise OutputError(f"the folder {path.name} could not be made: {error.strerror or error}") from error

    def take(self, index: int, pixels: Pixels) -> None:
        """Write the frame."""
        self.save(self.path / f"{index:06d}.png", pixels, FAST)

    def finish(self) -> bool:
        """Nothing is left to do: every picture is whole."""
        return True
