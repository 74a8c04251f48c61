"""From an experiment to a recording: training, checkpoints, and what is kept of a run; it knows nothing of pictures."""

from __future__ import annotations

from backprop_anim.training.checkpoint_store import CHECKPOINT, CheckpointStore
from backprop_anim.training.endings import divergence, early_end, refuse_recorded
from backprop_anim.training.recording import FORMAT_VERSION, Recording, Trace, load_recording, save_recording
from backprop_anim.training.trainer import train
from backprop_anim.training.training_state import TrainingState

__all__ = [
    "CHECKPOINT",
    "FORMAT_VERSION",
    "CheckpointStore",
    "Recording",
    "Trace",
    "TrainingState",
    "divergence",
    "early_end",
    "load_recording",
    "refuse_recorded",
    "save_recording",
    "train",
]
