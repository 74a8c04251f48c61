"""backprop-anim: one YAML file in, a beautiful and honest video of a neural network learning out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_anim.common import __version__

if TYPE_CHECKING:
    from backprop_anim.api import (
        check,
        compare,
        explain,
        gradcheck,
        load_experiment,
        page,
        predict,
        render,
        still,
        train,
    )
    from backprop_anim.recorder import Recorder, RecorderCallback, record, record_fit

__all__ = [
    "Recorder",
    "RecorderCallback",
    "__version__",
    "check",
    "compare",
    "explain",
    "gradcheck",
    "load_experiment",
    "page",
    "predict",
    "record",
    "record_fit",
    "render",
    "still",
    "train",
]

RECORDERS = {"Recorder", "RecorderCallback", "record", "record_fit"}


def __getattr__(name: str) -> Any:
    """Import the library's functions when they are first used: the command line starts faster for it."""
    if name in __all__:
        from backprop_anim import api, recorder

        return getattr(recorder if name in RECORDERS else api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
