"""Takes the frames of a film as pixels and leaves finished files; it knows nothing of what the frames show."""

from __future__ import annotations

from backprop_anim.common import import_modules
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Quality, Writer, formats
from backprop_anim.writers.staging import Staging, partial_name
from backprop_anim.writers.writer_threads import Writers, open_writers

__all__ = [
    "FilmSpec",
    "Format",
    "Pixels",
    "Quality",
    "Staging",
    "Writer",
    "Writers",
    "formats",
    "open_writers",
    "partial_name",
]

import_modules(__name__)
