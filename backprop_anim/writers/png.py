"""PNG pictures: the poster, which is the last frame, and a folder of all frames; it needs no ffmpeg."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from backprop_anim.common import EncodingError, OutputError
from backprop_anim.writers.ffmpeg_writer import CountingWriter, remove_files
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, formats

__all__ = ["Frames", "Poster", "save_png"]

FAST, SMALL = zlib.Z_RLE, zlib.Z_DEFAULT_STRATEGY
"""What zlib looks for, runs alone or all that repeats. A film is hundreds of frames, the poster is one."""
AT_ONCE = 2
"""Pictures that are encoded at the same time, because one takes longer than the drawing of the next frame."""


def save_png(path: Path, pixels: Pixels, strategy: int = SMALL) -> None:
    """Write one opaque picture, (height, width, 4) RGBA, as a PNG file without alpha.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    from imageio.v3 import imwrite

    colours = np.stack([pixels[..., channel] for channel in range(3)], axis=-1)  # a slice takes Pillow 2 ms longer
    try:
        # In memory: of a path imageio makes more than it says, an archive of a missing `runs.zip/` and a home of `~`.
        data = imwrite("<bytes>", colours, plugin="pillow", extension=".png", compress_type=strategy)
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path.name} could not be written: {error.strerror or error}") from error


@formats.register("png")
@dataclass(frozen=True)
class Poster(Format):
    """One frame as a picture: the last before the film fades out."""

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
    """Writes pictures in threads of its own; an error comes with one of the next, or at the end."""

    def __init__(self, what: str, path: Path, film: FilmSpec) -> None:
        super().__init__(what, path, film)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"encoder of {path.name}")
        self._unfinished: deque[Future[None]] = deque()

    def save(self, path: Path, pixels: Pixels, strategy: int) -> None:
        """Write one picture, unless the film is aborted."""
        if len(self._unfinished) == AT_ONCE:
            self._unfinished.popleft().result()
        try:  # a copy, since the array may be changed as soon as this returns
            self._unfinished.append(self._pool.submit(save_png, path, pixels.copy(), strategy))
        except RuntimeError:  # the pool takes no more
            raise EncodingError(f"{self.what}: aborted") from None

    def finish(self) -> bool:
        """Wait until every picture is whole."""
        while self._unfinished:
            self._unfinished.popleft().result()
        self._pool.shutdown()
        return True

    def abort(self) -> None:
        """Remove what was written, and wait for what is being written, so that nothing appears afterwards."""
        self._pool.shutdown()
        remove_files(self.path)


class PosterWriter(PngWriter):
    """Lets all frames pass but the last."""

    def take(self, index: int, pixels: Pixels) -> None:
        """Write the frame that stands for the film."""
        last = self.film.n_frames - 1
        if index == (last if self.film.poster is None else self.film.poster):
            self.save(self.path, pixels, SMALL)

    def finish(self) -> bool:
        """Say whether the last frame came."""
        return super().finish() and self.n_given == self.film.n_frames


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
