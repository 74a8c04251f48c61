"""What PyTorch calls activations, losses and optimizers, in the words of an experiment file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backprop_anim.common import UsageError

__all__ = ["LOG_SOFTMAX", "activation_of_function", "activation_of_module", "loss_words", "rule_words"]

LOG_SOFTMAX = "log_softmax"
"""Stands for a softmax whose logarithm the model gives."""

SIMPLE = {
    "relu": "relu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "selu": "selu",
    "silu": "swish",
    "softmax": "softmax",
    "log_softmax": LOG_SOFTMAX,
    "logsoftmax": LOG_SOFTMAX,
}
"""The functions, and the modules in small letters, that have no option that matters."""


def activation_of_module(module: Any) -> Any:
    """Return the activation that a module is; None where it is none of ours."""
    kind = type(module).__name__.lower()
    options: dict[str, Callable[[], Any]] = {
        "leakyrelu": lambda: {"kind": "leaky_relu", "slope": float(module.negative_slope)},
        "elu": lambda: {"kind": "elu", "alpha": float(module.alpha)},
        "gelu": lambda: _gelu(module.approximate),
        "softplus": lambda: _unless(module.beta == 1, "softplus", f"Softplus with beta {module.beta}"),
        "hardtanh": lambda: _unless(
            (module.min_val, module.max_val) == (-1, 1), "hard_tanh", "Hardtanh with other bounds than -1 and 1"
        ),
    }
    return options[kind]() if kind in options else SIMPLE.get(kind)


def activation_of_function(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return the activation that a function is, with the options that it is called with; None where it is none."""
    name = name.rstrip("_")

    def option(word: str, place: int, default: Any) -> Any:
        return kwargs.get(word, args[place] if len(args) > place else default)

    options: dict[str, Callable[[], Any]] = {
        "leaky_relu": lambda: {"kind": "leaky_relu", "slope": float(option("negative_slope", 1, 0.01))},
        "elu": lambda: {"kind": "elu", "alpha": float(option("alpha", 1, 1.0))},
        "gelu": lambda: _gelu(option("approximate", 1, "none")),
        "softplus": lambda: _unless(option("beta", 1, 1) == 1, "softplus", "softplus with another beta than 1"),
        "hardtanh": lambda: _unless(
            (option("min_val", 1, -1), option("max_val", 2, 1)) == (-1, 1), "hard_tanh", "hardtanh with other bounds"
        ),
        "sin": lambda: "sine",
    }
    return options[name]() if name in options else SIMPLE.get(name)


def _gelu(approximate: str) -> str:
    return _unless(approximate == "tanh", "gelu", 'GELU by the error function (GELU(approximate="tanh") can be)')


def _unless(is_ours: bool, word: str, otherwise: str) -> str:
    if not is_ours:
        raise UsageError(f"{otherwise} cannot be recorded")
    return word


LARGEST_RATE = 1e6
"""That an experiment file may have."""

LOSSES = {
    "crossentropyloss": ("cross_entropy", "softmax"),
    "cross_entropy": ("cross_entropy", "softmax"),
    "nllloss": ("cross_entropy", LOG_SOFTMAX),
    "nll_loss": ("cross_entropy", LOG_SOFTMAX),
    "bceloss": ("binary_cross_entropy", ""),
    "binary_cross_entropy": ("binary_cross_entropy", ""),
    "bcewithlogitsloss": ("binary_cross_entropy", "sigmoid"),
    "binary_cross_entropy_with_logits": ("binary_cross_entropy", "sigmoid"),
    "mseloss": ("mse", ""),
    "mse_loss": ("mse", ""),
    "l1loss": ("mae", ""),
    "l1_loss": ("mae", ""),
    "huberloss": ("huber", ""),
    "huber_loss": ("huber", ""),
    "smoothl1loss": ("huber", ""),
    "smooth_l1_loss": ("huber", ""),
}
"""Our word, and the activation of which the loss takes the pre-activation (or the logarithm)."""


def loss_words(loss: Any) -> tuple[Any, str]:
    """Return a loss of PyTorch's, or a word of ours, as a file writes it, and the activation that it brings itself.

    Raises
    ------
    UsageError
        If it is none that is known, or one with weights or smoothed labels.
    """
    if isinstance(loss, (str, Mapping)):
        return loss, ""
    name = getattr(loss, "__name__", type(loss).__name__)
    if name.lower() not in LOSSES:
        raise UsageError(
            f"the loss {name} is not known; name one: loss='mse', 'cross_entropy', 'binary_cross_entropy', …"
        )
    word, own = LOSSES[name.lower()]
    if getattr(loss, "reduction", "mean") == "none":
        raise UsageError(f"{name} has reduction='none', one loss for each sample; give one with the mean or the sum")
    for option in ("weight", "pos_weight"):
        if getattr(loss, option, None) is not None:
            raise UsageError(f"{name} weighs its classes, which the loss that is drawn does not")
    if getattr(loss, "label_smoothing", 0.0):
        raise UsageError(f"{name} smooths its labels, which the loss that is drawn does not")
    if word == "huber":
        return {"kind": "huber", "delta": float(getattr(loss, "delta", getattr(loss, "beta", 1.0)))}, own
    return {"mse": "sse"}.get(word, word) if getattr(loss, "reduction", "mean") == "sum" else word, own


def rule_words(optimizer: Any) -> dict[str, Any]:
    """Return what our engine would do in place of an optimizer; nothing where it has none that is the same."""
    if optimizer is None:
        return {}
    kind, group = type(optimizer).__name__, optimizer.param_groups[0]
    rate = {"learning_rate": float(group["lr"])}
    if not 0 < rate["learning_rate"] <= LARGEST_RATE:
        return {}
    if kind == "SGD" and not group["dampening"]:
        if not group["momentum"]:
            return {"optimizer": "sgd", **rate}
        word = "nesterov" if group["nesterov"] else "momentum"
        return {"optimizer": {"kind": word, "momentum": float(group["momentum"])}, **rate}
    if kind in ("Adam", "AdamW") and not group["amsgrad"]:
        beta1, beta2 = map(float, group["betas"])
        words = {"kind": kind.lower(), "beta1": beta1, "beta2": beta2, "epsilon": float(group["eps"])}
        words |= {"weight_decay": float(group["weight_decay"])} if kind == "AdamW" else {}
        return {"optimizer": words, **rate}
    return {}
