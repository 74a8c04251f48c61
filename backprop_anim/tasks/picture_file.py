"""A picture file as small arrays of colour: refused by its header before it is decoded, and never by a guess at it."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.data_file import file_status
from backprop_anim.tasks.dataset import TaskError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["FORMATS", "MAX_BYTES", "MAX_PIXELS", "background_color", "read_picture"]

Pixels = NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 50_000_000
MAX_PIXELS = 50_000_000
LEAST_SIDE = 2

DAMAGE = (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError, struct.error)
"""What decoding a damaged picture raises."""


def read_picture(path: Path, longer_side: int, background: tuple[int, int, int]) -> tuple[Pixels, tuple[int, int]]:
    """Read a picture and make it smaller.

    Parameters
    ----------
    path : Path
        A PNG, JPEG, WebP or GIF file; of several frames the first is taken.
    longer_side : int
        Where the picture is larger, each pixel becomes the mean of those in its area.
    background : tuple of int
        The colour that shows through where the picture is transparent.

    Returns
    -------
    pixels : ndarray of uint8, shape (rows, columns, RGB)
        From the top; turned as a camera says.
    size : tuple of int
        The columns and rows that the file has, turned likewise.

    Raises
    ------
    TaskError
        If it is no such file, is too large, or is damaged.
    """
    from PIL import Image, ImageOps

    file_status(path, MAX_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is lower
            opened = Image.open(path, formats=FORMATS)  # its header alone
    except Image.DecompressionBombError:
        raise TaskError(f"{path.name} is too large; at most {MAX_PIXELS:,} pixels are allowed", "file") from None
    except DAMAGE:
        raise TaskError(f"{path.name} is not a picture; PNG, JPEG, WebP and GIF files are read", "file") from None
    with opened:
        width, height = opened.size
        if width * height > MAX_PIXELS:
            said = f"{path.name} has {width:,} × {height:,} pixels; at most {MAX_PIXELS:,} in all are allowed"
            raise TaskError(said, "file")
        if min(width, height) < LEAST_SIDE:
            raise TaskError(f"{path.name} has {width:,} × {height:,} pixels; a side has at least {LEAST_SIDE}", "file")
        try:
            whole = _as_rgb(ImageOps.exif_transpose(opened))
        except DAMAGE as error:
            raise TaskError(f"{path.name} is damaged: {error}", "file") from None
    share = min(1.0, longer_side / max(whole.size))
    size = [max(LEAST_SIDE, round(share * side)) for side in whole.size]
    small = whole.resize((size[0], size[1]), Image.Resampling.BOX) if share < 1 else whole
    if small.mode == "RGBA":
        small = Image.alpha_composite(Image.new("RGBA", small.size, (*background, 255)), small)
    return np.asarray(small.convert("RGB")), whole.size


def background_color(word: str) -> tuple[int, int, int]:
    """Return the colour that a word or ``#rrggbb`` means.

    Raises
    ------
    TaskError
        If it means none.
    """
    from PIL import ImageColor

    try:
        red, green, blue = ImageColor.getcolor(word, "RGB")[:3]  # type: ignore[index]
    except ValueError:
        raise TaskError(f"{word!r} is not a colour; write a name such as white, or #rrggbb", "background") from None
    return int(red), int(green), int(blue)


def _as_rgb(image: Image) -> Image:
    """Return a decoded picture in 8 bits a channel, with its transparency where it has some."""
    from PIL import Image as Images

    if image.mode.startswith("I"):  # 16 bits of grey
        return Images.fromarray(np.rint(np.asarray(image).astype(np.float64) / 257).clip(0, 255).astype(np.uint8))
    sees_through = image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if sees_through else "RGB")
