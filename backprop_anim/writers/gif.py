"""Animated GIF files for READMEs and posts; it holds no frames, and its memory does not grow with the film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from backprop_anim.writers.ffmpeg_writer import FfmpegWriter, raw_video_args
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, formats, too_large_problem
from backprop_anim.writers.frame_pacing import FramePacing, fitted_size, pace_frames
from backprop_anim.writers.palette import make_palette

__all__ = ["GITHUB_LIMIT_BYTES", "Gif"]

GITHUB_LIMIT_BYTES = 10_000_000
"""GitHub takes no larger picture in an issue or a comment."""
TICKS_PER_S = 100
"""A GIF times its frames in hundredths of a second."""
LARGEST_PX = 65535


@formats.register("gif")
@dataclass(frozen=True)
class Gif(Format):
    """Endless GIF for embedding: smaller and slower than the film, of the same length."""

    max_width_px: Annotated[int, Ge(16), Le(LARGEST_PX)] = 800
    fps: Annotated[int, Ge(1), Le(50)] = 20

    suffix: ClassVar[str] = ".gif"
    wants_samples: ClassVar[bool] = True

    def problem(self, width_px: int, height_px: int) -> str | None:
        """Refuse what the file's 16-bit fields cannot hold."""
        return too_large_problem("gif", *fitted_size(width_px, height_px, self.max_width_px), LARGEST_PX)

    def notes(self, film: FilmSpec) -> list[str]:
        """Say when the GIF has another rate than was asked for."""
        timing, wanted = self._pacing(film), min(self.fps, film.fps)
        if timing.rate == wanted:
            return []
        return [
            f"gif: {float(timing.rate):.4g} fps instead of {wanted}: a GIF times frames in hundredths of a second, "
            "so 50, 25, 20 and 10 fps are exact"
        ]

    def notes_on(self, path: Path) -> list[str]:
        """Say when the file is too large to be embedded on GitHub."""
        size = path.stat().st_size
        if size <= GITHUB_LIMIT_BYTES:
            return []
        return [
            f"{path.name} has {size / 1e6:.1f} MB, GitHub takes at most {GITHUB_LIMIT_BYTES / 1e6:.0f} MB: "
            f"a smaller max_width_px (now {self.max_width_px}) or fps (now {self.fps}) makes it smaller"
        ]

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Choose the colours and start the encoder."""
        size_px = fitted_size(film.width_px, film.height_px, self.max_width_px)
        return GifWriter(path, film, samples, self._pacing(film), size_px)

    def _pacing(self, film: FilmSpec) -> FramePacing:
        delay = -(-TICKS_PER_S // min(self.fps, film.fps))  # rounded up: never faster than asked
        return pace_frames(film, Fraction(TICKS_PER_S, delay))


class GifWriter(FfmpegWriter):
    """Encodes with a palette made beforehand; the usual filter for both in one holds every frame in memory."""

    def __init__(
        self, path: Path, film: FilmSpec, samples: Sequence[Pixels], timing: FramePacing, size_px: tuple[int, int]
    ) -> None:
        super().__init__("gif", path, film, timing.picks)
        # Scaled in separate planes of red, green and blue: half the time, and no detour through YUV.
        # The mean over an area, not lanczos: no ringing around text, and a fifth smaller.
        scale = f"format=gbrp,scale={size_px[0]}:{size_px[1]}:flags=area,format=rgb24"
        palette = self.temporary(".palette")
        last_delay = round(timing.last_s * TICKS_PER_S)
        try:
            make_palette(self.ffmpeg, palette, film, samples, scale)
            self.ffmpeg.start(
                *raw_video_args(film.width_px, film.height_px, str(timing.rate)),
                *("-f", "rawvideo", "-pixel_format", "rgba", "-video_size", "16x16", "-i", str(palette)),
                # Ordered dots, so weak that a colour of the palette stays as it is: a flat ground stays flat, nothing
                # shimmers, and a smooth field has no bands.
                *("-lavfi", f"[0:v]{scale}[film];[film][1:v]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle"),
                *("-loop", "0", "-final_delay", str(last_delay), "-bitexact", "-f", "gif", str(path)),
            )
        except BaseException:
            self.abort()
            raise
