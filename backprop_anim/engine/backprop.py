"""The forward and the backward pass over a batch, in buffers that are allocated once.

The mathematics, for layers l = 1 … L with weights W (n_out, n_in), biases b and samples as columns:

    z⁽ˡ⁾ = W⁽ˡ⁾ a⁽ˡ⁻¹⁾ + b⁽ˡ⁾            a⁽ˡ⁾ = f(z⁽ˡ⁾)
    δ⁽ᴸ⁾ = dL/da⁽ᴸ⁾ · f'(z⁽ᴸ⁾)           δ⁽ˡ⁾ = W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ · f'(z⁽ˡ⁾)
    dL/dW⁽ˡ⁾ = δ⁽ˡ⁾ a⁽ˡ⁻¹⁾ᵀ               dL/db⁽ˡ⁾ = Σ over samples of δ⁽ˡ⁾

The bias is folded in as a constant row of ones under the activations, so that [W | b] times [a; 1] is z and
δ times [a; 1]ᵀ is both gradients at once.
"""

from __future__ import annotations

import numpy as np

from backprop_anim.engine.losses import Loss
from backprop_anim.engine.network import Network
from backprop_anim.engine.types import Array

__all__ = ["Backprop"]


class Backprop:
    """Gradients of one network's loss over batches of one size.

    Parameters
    ----------
    network : Network
    loss : Loss
    parameters : ndarray, shape (P,)
        The state to look at; the pass reads it anew each time, so the caller may change it in place.
    n_samples : int
        The size N of a batch.

    Attributes
    ----------
    gradient : ndarray, shape (P,)
        dL/dp of the last `backward`; the same array each time.
    z, a, delta : list of ndarray
        Pre-activations and deltas (n, N) of layers 1 … L; activations (n, N) of layers 0 … L.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".
    """

    def __init__(self, network: Network, loss: Loss, parameters: Array, n_samples: int) -> None:
        sizes, layout = network.sizes, network.layout
        self.network, self.loss = network, loss
        self.gradient = np.zeros(layout.n_parameters)
        self._weights = layout.blocks(parameters)  # [W | b] of layers 1 … L
        self._gradients = layout.blocks(self.gradient)
        self._transposed = [(block[:, :-1] if network.bias else block).T for block in self._weights]
        self._with_ones = [np.ones((n + network.bias, n_samples)) for n in sizes]  # [a; 1] of layers 0 … L
        self._with_ones_t = [rows.T for rows in self._with_ones]
        self.a = [rows[:n] for rows, n in zip(self._with_ones, sizes, strict=True)]
        self.z = [np.zeros((n, n_samples)) for n in sizes[1:]]
        self.delta = [np.zeros((n, n_samples)) for n in sizes[1:]]
        self._scratch = [np.zeros((n, n_samples)) for n in sizes[1:]]
        self._fused = loss.output is not None

    def forward(self, inputs: Array | None = None) -> Array:
        """Send samples through the network.

        Parameters
        ----------
        inputs : ndarray, shape (n_in, N), optional
            Samples as columns; without them, those of the last call.

        Returns
        -------
        ndarray, shape (n_out, N)
            The activations of the last layer; a buffer that the next call overwrites.
        """
        if inputs is not None:
            self.a[0][...] = inputs
        for layer, activation in enumerate(self.network.activations):
            np.dot(self._weights[layer], self._with_ones[layer], out=self.z[layer])
            activation.value(self.z[layer], self.a[layer + 1])
        return self.a[-1]

    def loss_value(self, targets: Array) -> float:
        """Return the loss of the last forward pass against `targets`, shape (n_out, N)."""
        return self.loss.value(self.z[-1], self.a[-1], targets)

    def backward(self, targets: Array) -> float:
        """Fill `gradient` for the last forward pass and return its loss; `targets` has shape (n_out, N)."""
        last = len(self.z) - 1
        value = self.loss.gradient(self.z[last], self.a[-1], targets, self.delta[last])
        for layer in range(last, -1, -1):
            delta = self.delta[layer]
            if layer < last:
                np.dot(self._transposed[layer + 1], self.delta[layer + 1], out=delta)
            if layer < last or not self._fused:
                activation = self.network.activations[layer]
                activation.backward(self.z[layer], self.a[layer + 1], delta, self._scratch[layer])
            np.dot(delta, self._with_ones_t[layer], out=self._gradients[layer])
        return value
