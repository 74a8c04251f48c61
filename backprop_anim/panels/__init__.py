"""The views that a film is composed of, one file each; none imports matplotlib before it draws."""

from __future__ import annotations

from backprop_anim.common import import_modules
from backprop_anim.panels.default_grid import BETWEEN_STEPS, default_grid, leading_panel
from backprop_anim.panels.panel import Panel, panels
from backprop_anim.panels.plane_section import plane_section, section_problem
from backprop_anim.panels.reflow import LEADS, reflowed
from backprop_anim.panels.shown_output import output_column, output_problem

__all__ = [
    "BETWEEN_STEPS",
    "LEADS",
    "Panel",
    "default_grid",
    "leading_panel",
    "output_column",
    "output_problem",
    "panels",
    "plane_section",
    "reflowed",
    "section_problem",
]

import_modules(__name__)
