"""From an experiment to a recording: training, checkpoints, and what is kept of a run; it knows nothing of pictures."""

from __future__ import annotations

from backprop_anim.training.checkpoint_store import CHECKPOINT, CheckpointStore
from backprop_anim.training.endings import divergence, early_end, refuse_recorded
from backprop_anim.training.kept_rows import PlacedRows, ReplayedRows, SingleRows, taken
from backprop_anim.training.recording import Recording, Trace
from backprop_anim.training.recording_file import FORMAT_VERSION, load_recording, save_recording
from backprop_anim.training.state_loss import loss_over_all
from backprop_anim.training.step_replay import StepReplay, seen_batches
from backprop_anim.training.trainer import train
from backprop_anim.training.training_state import TrainingState

__all__ = [
    "CHECKPOINT",
    "FORMAT_VERSION",
    "CheckpointStore",
    "PlacedRows",
    "Recording",
    "ReplayedRows",
    "SingleRows",
    "StepReplay",
    "Trace",
    "TrainingState",
    "divergence",
    "early_end",
    "load_recording",
    "loss_over_all",
    "refuse_recorded",
    "save_recording",
    "seen_batches",
    "taken",
    "train",
]
