"""MP4 files with H.264, for every player; it never changes the size of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from backprop_anim.writers.ffmpeg_writer import FfmpegWriter, bt709, raw_video_args
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, even_size_problem, formats

__all__ = ["Mp4"]

THREADS = 3
"""Part of the result: the bytes of x264 depend on it, so it does not follow the machine."""

FRAGMENTS = ("-movflags", "+frag_keyframe+delay_moov+default_base_moof", "-frag_duration", "1000000")
"""An index for every second (`hybrid_fragmented` would do the same, but ffmpeg has it only since 7.1)."""

PRESETS = {
    "draft": ("-preset", "ultrafast", "-crf", "26"),
    # Without sub-pixel refinement: lines and text on a plain ground gain nothing by it, and it costs a fifth.
    "standard": ("-preset", "veryfast", "-crf", "18", "-x264-params", "subme=1:cpu-independent=1"),
    "high": ("-preset", "medium", "-crf", "14", "-x264-params", "cpu-independent=1"),
}


@formats.register("mp4")
@dataclass(frozen=True)
class Mp4(Format):
    """H.264 video that plays everywhere and starts before it is loaded."""

    suffix: ClassVar[str] = ".mp4"

    def problem(self, width_px: int, height_px: int) -> str | None:
        """Refuse odd sizes."""
        return even_size_problem("mp4", width_px, height_px)

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Start the encoder."""
        return Mp4Writer(path, film)


class Mp4Writer(FfmpegWriter):
    """Encodes to a fragmented file, which is playable even if the encoder is killed, then copies that into shape."""

    def __init__(self, path: Path, film: FilmSpec) -> None:
        super().__init__("mp4", path, film)
        self._fragments = self.temporary(".fragments")
        self.ffmpeg.start(
            *raw_video_args(film.width_px, film.height_px, str(film.fps)),
            *("-vf", bt709(), "-c:v", "libx264", "-threads", str(THREADS), *PRESETS[film.quality]),
            *("-bitexact", *FRAGMENTS, "-f", "mp4", str(self._fragments)),
        )

    def complete(self) -> None:
        """Copy the streams so that the index stands before the frames: the film starts while it loads."""
        self.ffmpeg.run(
            *("-y", "-i", str(self._fragments), "-c", "copy"),
            *("-bitexact", "-movflags", "+faststart", "-f", "mp4", str(self.path)),
        )
