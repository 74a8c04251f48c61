"""The Python library: load an experiment, train it, draw and ask it; nothing here is needed by the command line."""

from __future__ import annotations

from backprop_anim.api.asked_runs import gradcheck, predict
from backprop_anim.api.compared_runs import compare
from backprop_anim.api.drawn_runs import explain, page, render, still
from backprop_anim.api.experiments import check, load_experiment
from backprop_anim.api.given_arrays import as_array, column_names
from backprop_anim.api.shown_files import Compared, Page, Rendered, Still
from backprop_anim.api.trained_run import Run, train

__all__ = [
    "Compared",
    "Page",
    "Rendered",
    "Run",
    "Still",
    "as_array",
    "check",
    "column_names",
    "compare",
    "explain",
    "gradcheck",
    "load_experiment",
    "page",
    "predict",
    "render",
    "still",
    "train",
]
