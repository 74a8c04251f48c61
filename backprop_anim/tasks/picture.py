"""A picture as a function of the plane: from a pixel's place to its colour; never how a network draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import OWN_NAMES, Dataset, Names, pixel_middles, tasks
from backprop_anim.tasks.features import FeatureList
from backprop_anim.tasks.held_out import TestShare
from backprop_anim.tasks.naming import renamed
from backprop_anim.tasks.picture_file import background_color, read_picture

__all__ = ["PictureTask"]

Array = NDArray[np.float64]

LEVELS = 255.0
LIGHTNESS = (0.299, 0.587, 0.114)
"""How much red, green and blue add to the grey of a colour (ITU-R BT.601)."""


@tasks.register("picture")
@dataclass(frozen=True)
class PictureTask:
    """A picture of your own: from the x and y of a pixel to its colour.

    Attributes
    ----------
    file : str
        A PNG, JPEG, WebP or GIF file, of which the first frame is taken.
    size : int
        Pixels of the longer side; a larger picture is averaged down to it, a smaller one stays as it is.
    grey : bool, optional
        Whether there is one output, the lightness, instead of red, green and blue; as the picture is where it is not
        given.
    background : str
        The colour that shows through where the picture is transparent.
    names : Names
        Other names for the inputs and the outputs.
    features : tuple
        What the network is given in place of x and y: formulas in them, and waves as ``{fourier: 4}``.
    test : float, optional
        The share of the pixels that the network is tested on and not trained on.
    """

    file: str
    size: Annotated[int, Ge(2), Le(256)] = 64
    grey: bool | None = None
    background: str = "white"
    names: Names = OWN_NAMES
    features: FeatureList = field(default=(), metadata={"quiet": True})
    test: TestShare = field(default=None, metadata={"quiet": True})

    @property
    def variables(self) -> dict[str, tuple[float, float] | None]:
        """What features call the inputs; the file decides from where to where they go."""
        return {"x": None, "y": None}

    @property
    def n_samples(self) -> int | None:
        """The number of pixels; None, for the file decides."""
        return None

    def build(self, rng: np.random.Generator) -> Dataset:
        """Read the pixels; nothing about them is random.

        Raises
        ------
        TaskError
            If the file is no picture that can be read, or the background no colour.
        """
        path = Path(self.file)
        pixels, whole = read_picture(path, self.size, background_color(self.background))
        rows, columns = pixels.shape[:2]
        is_grey = bool((pixels == pixels[..., :1]).all())
        grey = is_grey if self.grey is None else self.grey
        colors = np.rint(pixels @ LIGHTNESS)[..., np.newaxis] if grey else pixels  # (rows, columns, channels)
        notes = [f"{path.name}: {columns} × {rows} pixels" + _of(whole, (columns, rows))]
        if is_grey and self.grey is None:
            notes.append(f"{path.name} is grey, so there is one output; grey: false gives it red, green and blue")
        dataset = Dataset(
            kind="regression",
            inputs=_places(columns, rows),
            targets=colors.reshape(rows * columns, -1) / LEVELS,
            input_names=("x", "y"),
            output_names=("grey",) if grey else ("red", "green", "blue"),
            picture_size=(columns, rows),
            notes=tuple(notes),
        )
        return renamed(dataset, self.names)


def _of(whole: tuple[int, int], size: tuple[int, int]) -> str:
    return "" if whole == size else f", averaged from {whole[0]:,} × {whole[1]:,}"


def _places(columns: int, rows: int) -> Array:
    """Return the middles of the pixels, row by row from the top; y rises, and the longer side goes from -1 to 1."""
    across, down = np.meshgrid(*pixel_middles(columns, rows))  # (rows, columns)
    return np.column_stack([across.ravel(), down.ravel()])
