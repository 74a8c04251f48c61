"""All stages read it: the checked experiment, its snapshot schedule, its theme; it neither reads YAML nor trains."""

from __future__ import annotations

from backprop_anim.experiment.experiment import Caption, Experiment, SlowMotion, Training, Video, as_mapping
from backprop_anim.experiment.snapshot_schedules import (
    ChosenSnapshots,
    MotionSnapshots,
    SnapshotSchedule,
    even_rows,
    snapshot_schedules,
    with_pinned,
)
from backprop_anim.experiment.themes import Theme, themes

__all__ = [
    "Caption",
    "ChosenSnapshots",
    "Experiment",
    "MotionSnapshots",
    "SlowMotion",
    "SnapshotSchedule",
    "Theme",
    "Training",
    "Video",
    "as_mapping",
    "even_rows",
    "snapshot_schedules",
    "themes",
    "with_pinned",
]
