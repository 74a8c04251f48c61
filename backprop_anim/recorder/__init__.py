"""Trainings by others, recorded: PyTorch, Keras, scikit-learn, or arrays of any origin; it imports none of them."""

from __future__ import annotations

from backprop_anim.recorder.array_recorder import Recorder

__all__ = ["Recorder"]
