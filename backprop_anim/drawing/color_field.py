"""Areas of soft colour that follow a network's answers to a grid of places; it never asks the network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.dotted_field import DITHER, STRIP, DottedField, Single
from backprop_anim.engine import Activation

__all__ = ["ColorField", "class_shares"]


class ColorField(DottedField):
    """The colour of each class where it is likelier than by chance.

    Parameters
    ----------
    axes : Axes
        With linear scales.
    activation : Activation
        Turns z into answers.
    n_outputs : int
    colors : sequence of str
        One for each class.
    background : str
        The colour where no class is likelier than another.
    strength : float
        How far the colours go from the background to those of the classes.
    """

    def __init__(
        self,
        axes: Axes,
        activation: Activation,
        n_outputs: int,
        colors: Sequence[str],
        background: str,
        strength: float,
    ) -> None:
        super().__init__(axes, n_outputs, background)
        self._activation = activation
        n_classes, places = max(2, n_outputs), STRIP * self.width
        self._a = np.empty((n_outputs, places), np.float32)
        self._shares = np.ones((n_classes + 1, places), np.float32)  # the last is the background
        self._tints = _tints(colors[:n_classes], background, strength)
        self._mixed = np.empty((places, 4), np.float32)

    def mix(self, z: Single, pixels: NDArray[np.uint8]) -> None:
        """Turn the z of a strip into colours."""
        with np.errstate(over="ignore"):
            self._activation.value(z, self._a)  # type: ignore[arg-type]
        class_shares(self._a, self._shares[:-1], self._activation.output_only)
        np.matmul(self._shares.T, self._tints, out=self._mixed)
        np.copyto(pixels, self._mixed.reshape(pixels.shape), casting="unsafe")


def class_shares(a: Single, out: Single, add_up: bool) -> None:
    """Write how much of each class's colour belongs to answers, (n_out, N) -> (classes, N).

    A class has a share where it is likelier than by chance, all of it at 1. With a single output, which is the
    second class's probability, the first class has what is left.

    Parameters
    ----------
    a : ndarray, shape (n_out, N)
    out : ndarray, shape (classes, N)
    add_up : bool
        Whether the answers of a sample add up to 1, as probabilities do; otherwise the shares are made to.
    """
    if len(a) == 1:
        np.multiply(a[0], 2, out=out[1])
        np.subtract(out[1], 1, out=out[1])
        np.negative(out[1], out=out[0])
    else:
        chance = 1 / len(a)
        np.subtract(a, chance, out=out)
        np.multiply(out, 1 / (1 - chance), out=out)
    np.clip(out, 0, 1, out=out)
    if len(a) > 1 and not add_up:
        np.divide(out, np.maximum(out.sum(axis=0), 1), out=out)


def _tints(colors: Sequence[str], background: str, strength: float) -> Single:
    """Return what a whole share of each class adds to the background, and the background, (classes + 1, RGBA)."""
    rgb = np.array([to_rgb(color) for color in colors]) * 255
    ground = np.array(to_rgb(background)) * 255
    tints = np.zeros((len(colors) + 1, 4), np.float32)
    whole = DITHER * np.round(strength * (rgb - ground) / DITHER)
    whole -= DITHER * np.sign(whole) * ((ground + whole < 0) | (ground + whole > 255))
    tints[:-1, :3] = whole  # a level, so that there are no dots where the network is sure
    tints[-1] = [*(ground + 0.5), 255.5]  # the cast to whole numbers cuts
    return tints
