"""What Keras calls activations, losses and optimizers, in the words of an experiment file."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop_anim.common import UsageError

__all__ = ["activation_of", "loss_words", "rule_words"]

SIMPLE = {
    "relu": "relu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
    "linear": "linear",
    "selu": "selu",
    "silu": "swish",
    "swish": "swish",
    "softplus": "softplus",
    "hard_tanh": "hard_tanh",
    "elu": "elu",
}
"""The functions with the options that they have by themselves."""

OWN_SLOPE = 0.2
"""Of leaky_relu as a function."""


def activation_of(layer: Any) -> Any:
    """Return the activation that a function or a layer is; None where it is none of ours."""
    kind = type(layer).__name__
    if kind == "Activation":
        return activation_of(layer.activation)
    if kind == "ReLU":
        is_plain = layer.max_value is None and not layer.negative_slope and not layer.threshold
        return "relu" if is_plain else None
    if kind == "LeakyReLU":
        return {"kind": "leaky_relu", "slope": float(layer.negative_slope)}
    if kind == "ELU":
        return {"kind": "elu", "alpha": float(layer.alpha)}
    if kind == "Softmax":
        return "softmax"
    name = getattr(layer, "__name__", "")
    return {"kind": "leaky_relu", "slope": OWN_SLOPE} if name == "leaky_relu" else SIMPLE.get(name)


LOSSES = {
    "mse": "mse",
    "mean_squared_error": "mse",
    "mae": "mae",
    "mean_absolute_error": "mae",
    "huber": "huber",
    "categorical_crossentropy": "cross_entropy",
    "sparse_categorical_crossentropy": "cross_entropy",
    "binary_crossentropy": "binary_cross_entropy",
}


def loss_words(loss: Any) -> tuple[Any, bool]:
    """Return a compiled loss as a file writes it, and whether it takes logits.

    Raises
    ------
    UsageError
        If it is none that is known, or smooths its labels.
    """
    if loss is None:
        raise UsageError("the model is not compiled: model.compile(loss=…) comes first")
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    word = LOSSES.get(_snake(str(name)))
    if word is None:
        raise UsageError(f"the loss {name} is not known; recorded are {', '.join(sorted(set(LOSSES)))}")
    options = getattr(loss, "_fn_kwargs", {}) | (loss.get_config() if hasattr(loss, "get_config") else {})
    if options.get("label_smoothing"):
        raise UsageError(f"{name} smooths its labels, which the loss that is drawn does not")
    words = {"kind": "huber", "delta": float(options.get("delta", 1.0))} if word == "huber" else word
    return words, bool(options.get("from_logits", False))


def _snake(name: str) -> str:
    """Return a name in small letters with lines between its words: MeanSquaredError is mean_squared_error."""
    spaced = "".join(f"_{letter}" if letter.isupper() else letter for letter in name)
    return spaced.lower().strip("_")


def rule_words(optimizer: Any) -> dict[str, Any]:
    """Return what our engine would do in place of an optimizer; nothing where it has none that is the same."""
    kind, rate = type(optimizer).__name__, float(np.asarray(getattr(optimizer, "learning_rate", 0)))
    if not rate > 0:
        return {}
    words: dict[str, Any] = {"learning_rate": rate}
    if kind == "SGD":
        word = "nesterov" if optimizer.nesterov else "momentum"
        momentum = float(optimizer.momentum or 0)
        return words | {"optimizer": {"kind": word, "momentum": momentum} if momentum else "sgd"}
    if kind in ("Adam", "AdamW") and not optimizer.amsgrad:
        betas = {"beta1": float(optimizer.beta_1), "beta2": float(optimizer.beta_2)}
        return words | {"optimizer": {"kind": "adam", **betas, "epsilon": float(optimizer.epsilon)}}
    return {}
