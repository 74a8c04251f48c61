"""The page as a format: a word among the others, though it is made of the recording and not of frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer, formats

__all__ = ["Html"]


@formats.register("html")
@dataclass(frozen=True)
class Html(Format):
    """A page to touch: it plays the run, tells its steps and trains on, all in one file."""

    suffix: ClassVar[str] = ".html"
    wants_every_frame: ClassVar[bool] = False
    is_film: ClassVar[bool] = False

    def open(self, path: Path, film: FilmSpec, samples: Sequence[Pixels]) -> Writer:
        """Refuse frames: who has the recording makes the page."""
        raise NotImplementedError("a page is not made of frames")
