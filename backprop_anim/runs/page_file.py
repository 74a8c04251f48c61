"""The page of a run as a file, with a small picture of its film for browsers without scripts."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from backprop_anim.common import OutputError
from backprop_anim.training import Recording
from backprop_anim.writers import Pixels

__all__ = ["POSTER_BYTES", "small_poster", "write_page"]

POSTER_BYTES, POSTER_WIDTH_PX = 40_000, 800
QUALITIES = (80, 65, 50, 35, 20, 8)


def small_poster(pixels: Pixels) -> bytes:
    """Return a frame, (height, width, 4) RGBA, as a WebP picture of at most `POSTER_BYTES`."""
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    picture.thumbnail((POSTER_WIDTH_PX, POSTER_WIDTH_PX))
    while True:
        for quality in QUALITIES:
            found = io.BytesIO()
            picture.save(found, "WEBP", quality=quality, method=4)
            if found.tell() <= POSTER_BYTES:
                return found.getvalue()
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)))


def write_page(recording: Recording, path: Path, poster: bytes = b"") -> list[str]:
    """Write the page of a recording and return what the user should know about it.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    from backprop_anim.webpage import make_page

    page = make_page(recording, poster)
    try:
        path.write_text(page.html, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path.name} could not be written: {error.strerror or error}") from error
    return list(page.notes)
