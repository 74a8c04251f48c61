"""What all writers share: they count their frames, check their shape and clean up; no format is known here."""

from __future__ import annotations

import contextlib
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from backprop_anim.common import EncodingError
from backprop_anim.writers.encoder_pipe import EncoderPipe
from backprop_anim.writers.formats import FilmSpec, Pixels

__all__ = ["CountingWriter", "FfmpegWriter", "bt709", "raw_video_args", "remove_files", "require_file", "sibling_path"]


def raw_video_args(width_px: int, height_px: int, rate: str) -> tuple[str, ...]:
    """Return ffmpeg's arguments for RGBA frames on standard input; `rate` is frames a second, ``"100/3"``."""
    size = f"{width_px}x{height_px}"
    # One thread converts colours: more cost more than they save, and drawing needs the other core.
    return (
        *("-y", "-filter_threads", "1", "-filter_complex_threads", "1"),
        *("-f", "rawvideo", "-pixel_format", "rgba", "-video_size", size, "-framerate", rate, "-i", "pipe:0"),
    )


def bt709() -> str:
    """Return the filter from RGB to the colours of HD video, labelled as such.

    Without it ffmpeg writes BT.601 without a label, which players show in wrong colours.
    """
    # Averaging four pixels to one colour rounds as well as `accurate_rnd` (the default makes a warm white greenish) and
    # takes two thirds of its time.
    return (
        "scale=out_color_matrix=bt709:out_range=tv:flags=area,format=yuv420p,"
        "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    )


def sibling_path(path: Path, suffix: str) -> Path:
    """Return the hidden name next to `path` for a file that is needed on the way."""
    return path.with_name(f".{path.name}{suffix}")


def require_file(what: str, path: Path) -> None:
    """Raise if ffmpeg says that it was successful but has written nothing."""
    if not path.is_file() or path.stat().st_size == 0:
        raise EncodingError(f"{what}: ffmpeg reported success but left no file")


def remove_files(*paths: Path) -> None:
    """Remove files and folders, if they are there."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):  # this is the way out: what brought us here is the error to tell
                path.unlink()


class CountingWriter(ABC):
    """A writer that knows how many frames of its film it was given.

    Parameters
    ----------
    what : str
        Name of the format, for messages.
    path : Path
        Where the result goes.
    film : FilmSpec
        What is coming.
    """

    def __init__(self, what: str, path: Path, film: FilmSpec) -> None:
        self.what = what
        self.path = path
        self.film = film
        self.n_given = 0

    def write(self, pixels: Pixels) -> None:
        """Take the next frame, (height, width, 4) uint8."""
        if pixels.shape != self.film.shape or pixels.dtype != np.uint8:
            raise EncodingError(
                f"{self.what}: frame {self.n_given} is {pixels.shape} {pixels.dtype}, "
                f"the film's frames are {self.film.shape} uint8"
            )
        if self.n_given == self.film.n_frames:
            raise EncodingError(f"{self.what}: got more than the {self.film.n_frames} frames of the film")
        self.take(self.n_given, np.ascontiguousarray(pixels))
        self.n_given += 1

    def close(self) -> None:
        """Finish the whole film."""
        if self.n_given != self.film.n_frames:
            raise EncodingError(f"{self.what}: got {self.n_given} of the {self.film.n_frames} frames of the film")
        self.finish()

    def finish_early(self) -> bool:
        """Finish with the frames given so far."""
        return self.n_given > 0 and self.finish()

    @abstractmethod
    def take(self, index: int, pixels: Pixels) -> None:
        """Write frame `index` of the film."""

    @abstractmethod
    def finish(self) -> bool:
        """Make the result whole, of the frames taken; return whether there is one."""

    @abstractmethod
    def abort(self) -> None:
        """Leave nothing behind."""


class FfmpegWriter(CountingWriter):
    """Frames → ffmpeg → one file.

    Parameters
    ----------
    what, path, film
        As for `CountingWriter`.
    picks : sequence of int, optional
        The frames of the film that are encoded, in order; all, if not given.
    """

    def __init__(self, what: str, path: Path, film: FilmSpec, picks: Sequence[int] | None = None) -> None:
        super().__init__(what, path, film)
        self.ffmpeg = EncoderPipe(what)
        self.n_taken = 0
        self._picks = None if picks is None else frozenset(picks)
        self._temporaries: list[Path] = []

    def temporary(self, suffix: str) -> Path:
        """Return a hidden path beside the result that is removed in the end."""
        path = sibling_path(self.path, suffix)
        self._temporaries.append(path)
        return path

    def take(self, index: int, pixels: Pixels) -> None:
        """Hand the frame to ffmpeg, if it is one of those that are encoded."""
        if self._picks is None or index in self._picks:
            self.ffmpeg.write(pixels)
            self.n_taken += 1

    def finish(self) -> bool:
        """End ffmpeg and check what it did."""
        n_encoded = self.ffmpeg.finish()
        self.check_count(n_encoded)
        self.complete()
        require_file(self.what, self.path)
        remove_files(*self._temporaries)
        return True

    def check_count(self, n_encoded: int) -> None:
        """Raise if ffmpeg encoded another number of frames than it was given."""
        if n_encoded != self.n_taken:
            raise EncodingError(f"{self.what}: ffmpeg encoded {n_encoded} of the {self.n_taken} frames it was given")

    def complete(self) -> None:
        """Do what is left to do after the encoder has ended."""

    def abort(self) -> None:
        """Kill ffmpeg and remove what it wrote."""
        self.ffmpeg.kill()
        remove_files(self.path, *self._temporaries)
