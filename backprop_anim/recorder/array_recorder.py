"""Records a training of any origin from its arrays: weights and biases, a state at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop_anim.api import as_array
from backprop_anim.common import UsageError
from backprop_anim.experiment import Experiment
from backprop_anim.recorder.agreement import LossesGiven
from backprop_anim.recorder.recorded_experiment import NetworkWords, Origin, needs_classes
from backprop_anim.recorder.recorder_options import RecorderOptions
from backprop_anim.recorder.shown_recorder import ShownRecorder

__all__ = ["Recorder", "network_of", "packed"]

Arrays = list[NDArray[Any]]


class Recorder(ShownRecorder):
    """Records a network whose weights are handed over as arrays.

    Parameters
    ----------
    x, y : array_like
        The samples, as the network is given them.
    activations : str or sequence of str
        In the words of an experiment file: one for the hidden layers, or one for each layer after the input.
    loss : str or mapping
        In the words of an experiment file: mse, cross_entropy, …
    by : str
        Who trains, for the film's subtitle.
    **options
        As `RecorderOptions` says.

    Raises
    ------
    UsageError
        If an option or the data cannot be taken.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        *,
        activations: Any,
        loss: Any,
        by: str = "your own code",
        **options: Unpack[RecorderOptions],
    ) -> None:
        super().__init__(x, y, options)
        needs_classes(loss)
        self._activations = activations if isinstance(activations, (str, Mapping)) else tuple(activations)
        self._origin = Origin(by, loss)
        self._step = -1
        self._losses = LossesGiven(self._note)

    def capture(
        self,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike] | None = None,
        *,
        step: int | None = None,
        loss: float | None = None,
    ) -> None:
        """Take a state.

        Parameters
        ----------
        weights : sequence of array_like
            One matrix a layer, of shape (n_out, n_in): a row is a neuron.
        biases : sequence of array_like, optional
            One vector a layer, of shape (n_out,); None for a network without.
        step : int, optional
            How many updates it has behind it; without it, one more than the last.
        loss : float, optional
            The loss that the training has at this state, over all data: compared with ours.

        Raises
        ------
        UsageError
            If the arrays do not fit the data or the states before.
        """
        at = self._step + 1 if step is None else int(step)
        if at <= self._step:
            raise UsageError(f"step {at:,} was captured after step {self._step:,}; steps only rise")
        if self._step < 0 and at != 0:
            raise UsageError(f"the first state that is captured is that of step 0, not of step {at:,}")
        matrices, vectors = _arrays(weights, "weights"), None if biases is None else _arrays(biases, "biases")
        if self._experiment is None:
            network = network_of(matrices, vectors, self._activations, self.samples.n_inputs)
            self._begin(network, self._origin)
        experiment = self._experiment
        if experiment is None:
            return
        vector = packed(experiment, matrices, vectors)
        self._step = at
        self._see(at, vector, last=True)
        if loss is not None:
            self._losses.compare(experiment, vector, float(loss))
        if self._is_preview_due(at):
            self._show_preview()

    def _compare_last(self) -> None:
        self._losses.compare_last()

    _how_to_begin = "capture(weights, biases) takes a state"


def network_of(weights: Arrays, biases: Arrays | None, activations: Any, n_inputs: int) -> NetworkWords:
    """Return the network that such matrices make.

    Raises
    ------
    UsageError
        If they make none.
    """
    if not weights:
        raise UsageError("weights is empty: give one matrix for each layer")
    for layer, matrix in enumerate(weights, start=1):
        if matrix.ndim != 2:
            raise UsageError(f"W{layer} has the shape {matrix.shape}; needed is (n_out, n_in): a row is a neuron")
    if biases is not None and len(biases) != len(weights):
        raise UsageError(f"there are {len(weights)} matrices of weights and {len(biases)} vectors of biases")
    sizes = [weights[0].shape[1], *(matrix.shape[0] for matrix in weights)]
    fits = all(matrix.shape[1] == before for matrix, before in zip(weights, sizes, strict=False))
    if not fits or sizes[0] != n_inputs:
        turned = [weights[0].shape[0], *(matrix.shape[1] for matrix in weights)]
        fits_turned = turned[0] == n_inputs and all(
            matrix.shape[0] == before for matrix, before in zip(weights, turned, strict=False)
        )
        hint = "; they look transposed: a row is a neuron here, so hand over W.T" if fits_turned else ""
        shapes = ", ".join(str(matrix.shape) for matrix in weights)
        said = f"matrices of {shapes} are no network of {n_inputs} input{'s' if n_inputs != 1 else ''}"
        raise UsageError(f"{said} (the data have so many){hint}")
    return NetworkWords(tuple(sizes), activations, biases is not None)


def packed(experiment: Experiment, weights: Arrays, biases: Arrays | None) -> NDArray[np.float64]:
    """Return a state as one vector.

    Raises
    ------
    UsageError
        If an array has another shape than in the states before.
    """
    shapes = experiment.network.layout.shapes()
    if (biases is not None) != experiment.network.bias:
        raise UsageError("biases were captured with some states and not with others")
    arrays = {f"W{layer}": matrix for layer, matrix in enumerate(weights, start=1)}
    arrays |= {f"b{layer}": vector for layer, vector in enumerate(biases or (), start=1)}
    if missing := sorted(set(shapes) ^ set(arrays)):
        raise UsageError(f"{missing[0]} is missing, or more than the network has: it has {', '.join(shapes)}")
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise UsageError(f"{name} has the shape {arrays[name].shape}; the network has {shape}")
    return experiment.network.layout.pack(arrays)


def _arrays(given: Sequence[ArrayLike], word: str) -> Arrays:
    found = []
    for layer, one in enumerate(given, start=1):
        array = as_array(one, f"{word} of layer {layer}")
        if array.dtype.kind not in "fiu":
            raise UsageError(f"{word} of layer {layer} hold {array.dtype}, not numbers")
        found.append(array)
    return found
