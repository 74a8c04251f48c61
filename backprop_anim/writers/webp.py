"""Animated WebP files, for embedding where the colours of a GIF are too few; it holds no frames itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Annotated, ClassVar

from annotated_types import Ge, Le

from backprop_anim.common import EncodingError
from backprop_anim.writers.ffmpeg_writer import FfmpegWriter, raw_video_args, require_file
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, formats, too_large_problem
from backprop_anim.writers.frame_pacing import FramePacing, fitted_size, pace_frames

__all__ = ["Webp", "durations"]

LARGEST_PX = 16383
TICKS_PER_S = 1000

PRESETS = {
    "draft": ("-quality", "75", "-compression_level", "0"),
    "standard": ("-quality", "80", "-compression_level", "1"),
    "high": ("-quality", "90", "-compression_level", "4"),
}


@formats.register("webp")
@dataclass(frozen=True)
class Webp(Format):
    """Endless animated WebP for embedding: all colours, of the film's length."""

    max_width_px: Annotated[int, Ge(16), Le(LARGEST_PX)] = 800
    fps: Annotated[int, Ge(1), Le(60)] = 20

    suffix: ClassVar[str] = ".webp"

    def problem(self, width_px: int, height_px: int) -> str | None:
        """Refuse what the file's 14-bit fields cannot hold."""
        return too_large_problem("webp", *fitted_size(width_px, height_px, self.max_width_px), LARGEST_PX)

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Start the encoder."""
        timing = pace_frames(film, Fraction(min(self.fps, film.fps)))
        size_px = fitted_size(film.width_px, film.height_px, self.max_width_px)
        return WebpWriter(path, film, timing, size_px)


class WebpWriter(FfmpegWriter):
    """Encodes, then checks and completes the times: ffmpeg counts the whole animation as one frame."""

    def __init__(self, path: Path, film: FilmSpec, timing: FramePacing, size_px: tuple[int, int]) -> None:
        super().__init__("webp", path, film, timing.picks)
        self._timing = timing
        self.ffmpeg.start(
            *raw_video_args(film.width_px, film.height_px, str(timing.rate)),
            *("-vf", f"format=gbrp,scale={size_px[0]}:{size_px[1]}:flags=area,format=bgra"),
            *("-c:v", "libwebp_anim", "-lossless", "0", *PRESETS[film.quality]),
            *("-loop", "0", "-bitexact", "-f", "webp", str(path)),
        )

    def check_count(self, n_encoded: int) -> None:
        """Raise if the animation has not the length of the frames that were given."""
        if self.n_taken <= 1:  # then it is a picture without times
            return
        require_file(self.what, self.path)
        with self.path.open("r+b") as file:
            shown = list(durations(file))
            ms = sum(duration for _, duration in shown)
            if abs(ms - self.n_taken * TICKS_PER_S / self._timing.rate) > TICKS_PER_S / self._timing.rate / 2:
                raise EncodingError(f"webp: the animation of {self.n_taken} frames lasts {ms} ms")
            if self.n_given == self.film.n_frames:
                _lengthen(file, *shown[-1], round(self._timing.length_s * TICKS_PER_S) - ms)


def durations(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Yield, for every picture of an animated WebP file, where its duration stands and the duration in ms.

    References
    ----------
    https://developers.google.com/speed/webp/docs/riff_container
    """
    end = file.seek(0, 2)
    at = 12  # after "RIFF", the size and "WEBP"
    while at + 8 <= end:
        file.seek(at)
        name, size = file.read(4), int.from_bytes(file.read(4), "little")
        if name == b"ANMF":
            file.seek(at + 8 + 12)  # after x, y, width and height, 3 bytes each
            yield at + 8 + 12, int.from_bytes(file.read(3), "little")
        at += 8 + size + size % 2


def _lengthen(file: IO[bytes], at: int, duration: int, by: int) -> None:
    file.seek(at)
    file.write((duration + by).to_bytes(3, "little"))
