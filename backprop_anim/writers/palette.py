"""Chooses the colours of a GIF from a few frames; it writes no GIF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import EncodingError
from backprop_anim.writers.encoder_pipe import EncoderPipe
from backprop_anim.writers.ffmpeg_writer import raw_video_args, require_file
from backprop_anim.writers.formats import FilmSpec, Pixels

__all__ = ["frequent_colours", "make_palette", "read_palette", "with_exact_colours"]

N_EXACT = 12
"""So many of the commonest colours are kept as they are: grounds, text, the accent."""
NEAR = 3
"""Entries nearer than this to an exact colour are given up for it: a flat ground stays flat."""
STRIDE = 3
"""Colours are counted on every third row and column; it takes a ninth of the time."""


def make_palette(ffmpeg: EncoderPipe, path: Path, film: FilmSpec, samples: Sequence[Pixels], scale: str) -> None:
    """Write the 256 colours for `film` to `path`, as 16 × 16 raw RGBA pixels.

    Parameters
    ----------
    ffmpeg : EncoderPipe
        Runs ffmpeg's ``palettegen``.
    path : Path
        The file to write.
    film : FilmSpec
        Size of the samples.
    samples : sequence of (height, width, 4) uint8
        Frames that hold the film's colours.
    scale : str
        The filter that scales the film, for scaling mixes colours.
    """
    if len(samples) == 0:
        raise EncodingError(f"{ffmpeg.what}: there are no sample frames to take the colours from")
    ffmpeg.run(
        *raw_video_args(film.width_px, film.height_px, "1"),
        *("-vf", f"{scale},palettegen=stats_mode=full:reserve_transparent=0", "-frames:v", "1"),
        *("-f", "rawvideo", "-pix_fmt", "rgba", str(path)),
        frames=samples,
    )
    require_file(ffmpeg.what, path)
    path.write_bytes(with_exact_colours(read_palette(path), frequent_colours(samples)).tobytes())


def read_palette(path: Path) -> NDArray[np.uint8]:
    """Return the palette in `path`, (256, 4)."""
    raw = np.fromfile(path, np.uint8)
    if raw.size != 256 * 4:
        raise EncodingError(f"gif: ffmpeg made a palette of {raw.size} bytes, not {256 * 4}")
    return raw.reshape(256, 4)


def frequent_colours(samples: Sequence[Pixels]) -> NDArray[np.uint8]:
    """Return the commonest colours of the samples, (≤ N_EXACT, 3), the commonest first."""
    pixels = np.concatenate([sample[::STRIDE, ::STRIDE, :3].reshape(-1, 3) for sample in samples])
    codes, counts = np.unique(pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32), return_counts=True)
    commonest = codes[np.argsort(-counts, kind="stable")[:N_EXACT]]
    return np.stack([commonest >> 16, commonest >> 8 & 255, commonest & 255], axis=1).astype(np.uint8)


def with_exact_colours(palette: NDArray[np.uint8], colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `palette` (256, 4) with the nearest entries replaced by `colours` (n, 3).

    ``palettegen`` gives the mean of similar colours, so that a plain ground becomes a pattern of two others.
    """
    palette = palette.copy()
    taken = np.zeros(len(palette), bool)
    for colour in colours:
        distance = np.abs(palette[:, :3].astype(int) - colour).max(axis=1)
        distance[taken] = 1000  # more than any; what the commoner colours have stays theirs
        near = distance < NEAR
        near[distance.argmin()] = True
        palette[near, :3] = colour
        taken |= near
    return palette
