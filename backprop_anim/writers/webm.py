"""WebM files with VP9, for web pages; it never changes the size of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from backprop_anim.writers.ffmpeg_writer import FfmpegWriter, bt709, raw_video_args
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, even_size_problem, formats

__all__ = ["Webm"]

THREADS = 2
"""Part of the result, as for MP4."""

# `-deadline good` takes seven times as long as `realtime` and saves a fifth of the size.
REALTIME = ("-deadline", "realtime", "-tune-content", "screen", "-cpu-used")
PRESETS = {
    "draft": (*REALTIME, "8", "-crf", "36"),
    "standard": (*REALTIME, "6", "-crf", "28"),
    "high": (*REALTIME, "4", "-crf", "18"),
}


@formats.register("webm")
@dataclass(frozen=True)
class Webm(Format):
    """VP9 video without patents, for web pages."""

    suffix: ClassVar[str] = ".webm"

    def problem(self, width_px: int, height_px: int) -> str | None:
        """Refuse odd sizes."""
        return even_size_problem("webm", width_px, height_px)

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Start the encoder."""
        writer = FfmpegWriter("webm", path, film)
        writer.ffmpeg.start(
            *raw_video_args(film.width_px, film.height_px, str(film.fps)),
            *("-vf", bt709(), "-c:v", "libvpx-vp9", "-b:v", "0", *PRESETS[film.quality]),
            *("-row-mt", "1", "-tile-columns", "1", "-threads", str(THREADS)),
            *("-bitexact", "-f", "webm", str(path)),
        )
        return writer
