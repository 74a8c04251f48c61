"""What is told at which moment, in numbers and words; it never draws."""

from __future__ import annotations

from backprop_anim.story.chain_rule import in_general, passages
from backprop_anim.story.milestones import accuracies
from backprop_anim.story.step_numbers import StepNumbers, step_numbers
from backprop_anim.story.timeline import (
    PHASES,
    Act,
    Moment,
    eased,
    probe_inputs,
    probe_samples,
    shown_state,
    still_moment,
    timeline,
)

__all__ = [
    "PHASES",
    "Act",
    "Moment",
    "StepNumbers",
    "accuracies",
    "eased",
    "in_general",
    "passages",
    "probe_inputs",
    "probe_samples",
    "shown_state",
    "step_numbers",
    "still_moment",
    "timeline",
]
