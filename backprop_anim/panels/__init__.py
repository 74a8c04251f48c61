"""The views that a film is composed of, one file each; none imports matplotlib before it draws."""

from __future__ import annotations

from backprop_anim.common import import_modules
from backprop_anim.panels.default_grid import BETWEEN_STEPS, default_grid
from backprop_anim.panels.panel import Panel, panels
from backprop_anim.panels.reflow import LEADS, reflowed

__all__ = ["BETWEEN_STEPS", "LEADS", "Panel", "default_grid", "panels", "reflowed"]

import_modules(__name__)
