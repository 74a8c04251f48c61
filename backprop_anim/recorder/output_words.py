"""The last activation of a model that leaves it to its loss: logits, logarithms, and what they are answers of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import UsageError
from backprop_anim.engine import Activation, activations
from backprop_anim.recorder.torch_words import LOG_SOFTMAX

__all__ = ["Output", "output_of"]

PROBABILITIES = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
"""The losses of classes, and the activation that makes probabilities of logits."""


@dataclass(frozen=True)
class Output:
    """How a model's answers are read.

    Attributes
    ----------
    activation : str or mapping
        Of the last layer, in the words of a file.
    of_logits, of_logarithms : bool
        Whether the model answers what comes before it, or its logarithm.
    """

    activation: Any
    of_logits: bool = False
    of_logarithms: bool = False

    def of_answers(self, answers: NDArray[Any]) -> NDArray[np.float64]:
        """Return what the last layer answers, shape (N, n_out), from what the model does."""
        given = np.atleast_1d(answers).astype(np.float64)
        given = given[:, np.newaxis] if given.ndim == 1 else given.reshape(len(given), -1)
        if self.of_logarithms:
            return np.exp(given)
        if not self.of_logits:
            return given
        found = np.empty_like(given.T)
        activation: Activation = activations[self.activation]()
        activation.value(given.T.copy(), found)
        return found.T


def output_of(loss: Any, own: str, last: Any) -> Output:
    """Return the output of a model that ends with the activation `last`.

    Parameters
    ----------
    loss : str or mapping
        In the words of a file.
    own : str
        The activation that the user's loss function brings itself; empty where only a word is known.
    last : str or mapping

    Raises
    ------
    UsageError
        If loss and model do not go together.
    """
    word = str(loss.get("kind") if isinstance(loss, Mapping) else loss)
    if own and own != LOG_SOFTMAX and last != "linear":
        raise UsageError(
            f"the loss takes logits, and the model ends in {last}: it would be applied twice; leave the last one out"
        )
    if own == LOG_SOFTMAX and last != LOG_SOFTMAX:
        raise UsageError(f"the loss takes logarithms of probabilities (LogSoftmax), and the model ends in {last}")
    if last == LOG_SOFTMAX:
        return Output("softmax", of_logarithms=True)
    if word in PROBABILITIES and last == "linear":
        return Output(PROBABILITIES[word], of_logits=True)
    return Output(last)
