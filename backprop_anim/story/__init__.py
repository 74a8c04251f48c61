"""What is told at which moment, in numbers and words; it never draws."""

from __future__ import annotations

from backprop_anim.story.chain_rule import derivation_steps, general_formulas
from backprop_anim.story.formula_tints import TINT_END, TINT_STARTS, FormulaPart, Tint, formula_parts, untinted
from backprop_anim.story.measures import loss_decimals, n_right
from backprop_anim.story.milestones import milestones
from backprop_anim.story.moment import (
    PHASES,
    Moment,
    Phase,
    StepPhase,
    eased,
    is_updating,
    knows_update,
    picture_key,
    row_before,
    shown_state,
    told_row,
)
from backprop_anim.story.neuron_functions import GRID, NeuronFunctions
from backprop_anim.story.pace import pace_texts
from backprop_anim.story.passages import (
    DerivationStep,
    Edge,
    Focus,
    Mark,
    Passages,
    derivation_at,
    reading_s,
    told_so_far,
)
from backprop_anim.story.shown_samples import probe_inputs, probe_samples
from backprop_anim.story.step_values import StepValues, compute_step_values
from backprop_anim.story.timeline import moment_of_phase, moment_of_still, poster_moment, timeline

__all__ = [
    "GRID",
    "PHASES",
    "TINT_END",
    "TINT_STARTS",
    "DerivationStep",
    "Edge",
    "Focus",
    "FormulaPart",
    "Mark",
    "Moment",
    "NeuronFunctions",
    "Passages",
    "Phase",
    "StepPhase",
    "StepValues",
    "Tint",
    "compute_step_values",
    "derivation_at",
    "derivation_steps",
    "eased",
    "formula_parts",
    "general_formulas",
    "is_updating",
    "knows_update",
    "loss_decimals",
    "milestones",
    "moment_of_phase",
    "moment_of_still",
    "n_right",
    "pace_texts",
    "picture_key",
    "poster_moment",
    "probe_inputs",
    "probe_samples",
    "reading_s",
    "row_before",
    "shown_state",
    "timeline",
    "told_row",
    "told_so_far",
    "untinted",
]
