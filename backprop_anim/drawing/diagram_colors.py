"""The colours of a network's diagram: one code for signs, the classes' own at the outputs, greys for how much."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from backprop_anim.drawing.node_pictures import Palette
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.engine import Array

__all__ = ["DiagramColors", "mixed"]

FULLEST = 0.72
"""How far a plain node's grey goes from empty to the colour of text."""

LEAST_CONTRAST = 1.5
"""Of the weakest line against the ground."""


def mixed(one: str, other: str, share: float) -> str:
    """Return the colour that lies so far, from 0 to 1, on the way from one to another."""
    start, end = np.array(to_rgb(one)), np.array(to_rgb(other))
    return to_hex(start + share * (end - start))


class DiagramColors:
    """Colours of nodes and lines for values from -1 to 1.

    Parameters
    ----------
    stage : PanelArea

    Attributes
    ----------
    signs : (str, str, str)
        Of -1, 0 and 1, wherever numbers have signs.
    greys : (str, str, str)
        Of the least, the middle and the greatest activation of a plain node.
    dashes : (float, float) or None
        How lines of negative weights are broken, in themes without hues.
    """

    def __init__(self, stage: PanelArea) -> None:
        theme = stage.theme
        self._stage = stage
        self._ground = np.array(to_rgb(theme.background))
        self.signs: Palette = (theme.negative, theme.surface, theme.positive)
        full = mixed(theme.surface, theme.ink, FULLEST)
        self.greys: Palette = (theme.surface, mixed(theme.surface, full, 0.5), full)
        self._sign_colors = np.array([to_rgb(theme.negative), to_rgb(theme.positive)])
        self.dashes: tuple[float, float] | None = None if theme.has_hues else (2.4, 1.2)
        self._weakest = max(self._weakest_opacity(color) for color in self._sign_colors)

    def of_outputs(self) -> list[Palette] | None:
        """Return the palettes of the outputs of a classifier, in the classes' own colours; None for other tasks."""
        experiment, theme = self._stage.recording.experiment, self._stage.theme
        if experiment.dataset.kind != "classes":
            return None
        colors = [theme.classes[k % len(theme.classes)] for k in range(len(experiment.dataset.class_names))]
        if experiment.network.sizes[-1] == 1:
            return [(colors[0], theme.background, colors[1])]
        return [(theme.background, theme.background, color) for color in colors]

    def of_levels(self, levels: Array, palettes: list[Palette]) -> Array:
        """Return the colours of values from -1 to 1, one palette for each, (nodes, 4)."""
        low, middle, high = (np.array([to_rgb(palette[k]) for palette in palettes]).reshape(-1, 3) for k in range(3))
        strength = np.abs(levels)[:, np.newaxis]
        rgb = middle + strength * (np.where(levels[:, np.newaxis] < 0, low, high) - middle)
        return np.column_stack([rgb, np.ones(len(levels))])

    def of_weights(self, signed: Array) -> Array:
        """Return the colours of lines, (lines, 4): hue by sign, opacity by size; none is too weak to be seen."""
        opacity = self._weakest + (0.9 - self._weakest) * np.abs(signed)
        return np.column_stack([self._sign_colors[(signed >= 0).astype(int)], opacity])

    def _weakest_opacity(self, color: Array) -> float:
        """Return the least opacity at which a line can still be seen on the ground."""
        for opacity in np.arange(0.14, 0.6, 0.02):
            if _contrast(self._ground + opacity * (color - self._ground), self._ground) >= LEAST_CONTRAST:
                return float(opacity)
        return 0.6


def _contrast(one: Array, other: Array) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    lights = []
    for rgb in (one, other):
        light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        lights.append(float(light @ [0.2126, 0.7152, 0.0722]) + 0.05)
    return max(lights) / min(lights)
