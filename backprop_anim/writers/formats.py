"""What a format and a writer are, and the table of formats; it encodes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Registry

__all__ = ["FilmSpec", "Format", "Pixels", "Quality", "Writer", "even_size_problem", "formats", "too_large_problem"]

Pixels: TypeAlias = NDArray[np.uint8]
"""One frame: (height, width, 4), RGBA, opaque, C-contiguous."""

Quality: TypeAlias = Literal["draft", "standard", "high"]


@dataclass(frozen=True)
class FilmSpec:
    """What every writer must know about the film before its first frame.

    Attributes
    ----------
    width_px, height_px : int
        Size of the frames that will be given.
    fps : int
        Frames a second.
    n_frames : int
        How many frames will be given; a writer that gets another number fails.
    quality : {"draft", "standard", "high"}
        How much time the encoders may take.
    poster : int or None
        Which frame stands for the film as a picture; None means the last.
    """

    width_px: int
    height_px: int
    fps: int
    n_frames: int
    quality: Quality = "standard"
    poster: int | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of one frame, (height, width, 4)."""
        return self.height_px, self.width_px, 4


class Writer(Protocol):
    """Takes the frames of one film in order and leaves one file, or one folder.

    `abort` may be called from another thread, whatever this one is doing.
    """

    def write(self, pixels: Pixels) -> None:
        """Take the next frame; the array may be changed as soon as this returns.

        Raises
        ------
        EncodingError
            If the encoder has ended, or the frame is not one of this film.
        OutputError
            If the disk is full.
        """

    def close(self) -> None:
        """Finish: afterwards the file is whole.

        Raises
        ------
        EncodingError
            If the encoder failed, or the frames were not as many as the film has.
        OutputError
            If the disk is full.
        """

    def finish_early(self) -> bool:
        """Finish with the frames given so far; return whether that left a file."""

    def abort(self) -> None:
        """Give up: leave no process and no file behind. Aborting twice is fine."""


class Format(Protocol):
    """One kind of file: a registered frozen dataclass whose fields are its options in an experiment.

    Attributes
    ----------
    suffix : str
    wants_samples : bool
        Whether `open` looks at frames that are drawn beforehand.
    wants_every_frame : bool
        Whether it shows the film; a picture of its end needs the last frame alone.
    is_film : bool
        Whether it is made of frames at all.
    """

    suffix: ClassVar[str]
    wants_samples: ClassVar[bool] = False
    wants_every_frame: ClassVar[bool] = True
    is_film: ClassVar[bool] = True

    def problem(self, width_px: int, height_px: int) -> str | None:
        """Return why frames of this size cannot be written and the nearest size that can, or None."""
        return None

    def notes(self, film: FilmSpec) -> list[str]:
        """Return what the user should know before `film` is written."""
        return []

    def notes_on(self, path: Path) -> list[str]:
        """Return what the user should know about the finished file."""
        return []

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Start to write `film`.

        Parameters
        ----------
        path : Path
            Where the finished file goes. It is written there and nowhere else; files that are needed
            on the way stand beside it, hidden, and are removed.
        film : FilmSpec
            What is coming.
        samples : sequence of (height, width, 4) uint8
            A few frames of the film drawn beforehand, for a palette; may be empty unless `wants_samples`.

        Raises
        ------
        NotFoundError
            If there is no ffmpeg.
        """


formats: Registry[Format] = Registry("format")


def even_size_problem(name: str, width_px: int, height_px: int) -> str | None:
    """Return what is wrong with an odd size for a format that halves the colour's resolution."""
    even = (max(2, width_px - width_px % 2), max(2, height_px - height_px % 2))
    if even == (width_px, height_px):
        return None
    return (
        f"{name} needs an even width and height, not {width_px}x{height_px}; "
        f"the nearest allowed size is {even[0]}x{even[1]}"
    )


def too_large_problem(name: str, width_px: int, height_px: int, largest_px: int) -> str | None:
    """Return what is wrong with a size beyond what the fields of a file can hold."""
    nearest = (min(width_px, largest_px), min(height_px, largest_px))
    if nearest == (width_px, height_px):
        return None
    return (
        f"{name} holds at most {largest_px} pixels a side, not {width_px}x{height_px}; "
        f"the nearest allowed size is {nearest[0]}x{nearest[1]}"
    )
