"""All stages read it: the checked experiment, its snapshot schedule, its theme; it neither reads YAML nor trains."""

from __future__ import annotations

from backprop_anim.experiment.experiment import Experiment, as_mapping
from backprop_anim.experiment.followed_words import Followed, followed_part
from backprop_anim.experiment.font_choice import FontChoice
from backprop_anim.experiment.page import PageLook, PageSettings
from backprop_anim.experiment.random_streams import RandomStreams, Seeds, spawn_streams
from backprop_anim.experiment.snapshot_budget import (
    DEFAULT_BUDGET,
    LEAST_BUDGET,
    MOST_BUDGET,
    UNBOUNDED,
    SnapshotPlan,
)
from backprop_anim.experiment.snapshot_schedules import (
    ChosenSnapshots,
    EqualMotionSnapshots,
    SnapshotSchedule,
    evenly_spaced_rows,
    snapshot_schedules,
    thinned,
    with_pinned,
)
from backprop_anim.experiment.themes import Theme, themes, with_hex_colors
from backprop_anim.experiment.training import Stop, Training
from backprop_anim.experiment.video import Video
from backprop_anim.experiment.video_events import USUAL_MOTION_S, Caption, SlowMotion

__all__ = [
    "DEFAULT_BUDGET",
    "LEAST_BUDGET",
    "MOST_BUDGET",
    "UNBOUNDED",
    "USUAL_MOTION_S",
    "Caption",
    "ChosenSnapshots",
    "EqualMotionSnapshots",
    "Experiment",
    "Followed",
    "FontChoice",
    "PageLook",
    "PageSettings",
    "RandomStreams",
    "Seeds",
    "SlowMotion",
    "SnapshotPlan",
    "SnapshotSchedule",
    "Stop",
    "Theme",
    "Training",
    "Video",
    "as_mapping",
    "evenly_spaced_rows",
    "followed_part",
    "snapshot_schedules",
    "spawn_streams",
    "themes",
    "thinned",
    "with_hex_colors",
    "with_pinned",
]
