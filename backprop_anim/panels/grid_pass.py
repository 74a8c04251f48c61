"""What a network answers at every place of a plane, fast enough for every frame; it knows no colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from backprop_anim.drawing import Single
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.panels.plane_section import PlaneSection
    from backprop_anim.tasks import Dataset

__all__ = ["GridPass"]


class GridPass:
    """A network's pre-activations of the last layer at a grid of places, in single precision.

    A row of the grid is one batch, so that every product is small; see `backprop_anim.drawing.dotted_field.STRIP`.

    Parameters
    ----------
    experiment : Experiment
    section : PlaneSection
    x, y : ndarray
        The coordinates in the plane, along the columns and along the rows.
    """

    def __init__(self, experiment: Experiment, section: PlaneSection, x: Array, y: Array) -> None:
        self._network = network = experiment.network
        self._given = None if experiment.dataset.features is None else _given(experiment.dataset, section, x, y)
        # Far from zero the distance from the middle is exact where the place itself is not.
        middle = np.array([x.mean(), y.mean()])
        self._middle, self._along = section.inputs_at(experiment.dataset, middle), section.along
        self._x, self._y = x - middle[0], y - middle[1]
        sizes = network.sizes[1:]
        self._z = [np.empty((len(y), n, len(x)), np.float32) for n in sizes]
        self._with_ones = [np.ones((len(y), n + network.bias, len(x)), np.float32) for n in sizes[:-1]]

    def run(self, parameters: Array) -> Single:
        """Return z for a state, (rows, n_out, columns); a buffer that the next call overwrites."""
        from backprop_anim.drawing import LARGEST

        network = self._network
        first, *later = network.layout.blocks(parameters)
        weights = first[:, : len(self._middle)]
        bias = first[:, -1] if network.bias else 0.0
        # W a + b is a sum of what x and what y give; features are not.
        with np.errstate(over="ignore", invalid="ignore"):
            if self._given is None:
                to_x, to_y = weights @ self._along[0], weights @ self._along[1]
                across = np.outer(to_x, self._x).astype(np.float32)  # (n, columns)
                down = np.outer(self._y, to_y) + (weights @ self._middle + bias)  # (rows, n)
                np.add(across, down.astype(np.float32)[:, :, np.newaxis], out=self._z[0])
            else:
                np.matmul(first.astype(np.float32), self._given, out=self._z[0])
            for layer, block in enumerate(later):
                rows, z = self._with_ones[layer], self._z[layer]
                network.activations[layer].value(z, rows[:, : z.shape[1]])  # type: ignore[arg-type]
                np.matmul(block.astype(np.float32), rows, out=self._z[layer + 1])
            last = self._z[-1]
            np.nan_to_num(last, copy=False)
            return np.clip(last, -LARGEST, LARGEST, out=last)


def _given(dataset: Dataset, section: PlaneSection, x: Array, y: Array) -> Single:
    """Return the features at all places of a grid, over a row of ones, (rows, n_given + 1, columns)."""
    places = np.stack(np.meshgrid(x, y), axis=-1)  # (rows, columns, 2)
    given = section.inputs_at(dataset, places).transpose(0, 2, 1)
    return np.concatenate([given, np.ones((len(y), 1, len(x)))], axis=1).astype(np.float32)
