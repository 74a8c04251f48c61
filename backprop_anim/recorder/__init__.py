"""Trainings by others, recorded: PyTorch, Keras, scikit-learn, or arrays of any origin; it imports none of them."""

from __future__ import annotations

from backprop_anim.recorder.array_recorder import Recorder
from backprop_anim.recorder.keras_callback import RecorderCallback
from backprop_anim.recorder.recorder_options import RecorderOptions
from backprop_anim.recorder.sklearn_fit import record_fit
from backprop_anim.recorder.states_file import StatesFile, recording_of_states
from backprop_anim.recorder.torch_recorder import record

__all__ = [
    "Recorder",
    "RecorderCallback",
    "RecorderOptions",
    "StatesFile",
    "record",
    "record_fit",
    "recording_of_states",
]
