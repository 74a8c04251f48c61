"""The line under a network's diagram that says what the colours of its lines and nodes mean."""

from __future__ import annotations

import numpy as np
from matplotlib.lines import Line2D

from backprop_anim.drawing.diagram_colors import DiagramColors
from backprop_anim.drawing.layout import LEAST_SIZE
from backprop_anim.drawing.node_pictures import Palette
from backprop_anim.drawing.panel_area import PanelArea

__all__ = ["KEY_ROOM", "draw_key"]

KEY_ROOM = 28.0
"""What the key takes under the nodes, in points."""

SIZE = LEAST_SIZE
STROKE, GAP, APART = 22.0, 7.0, 24.0
FARTHEST = 40.0  # below the nodes
RAMP_WIDTH, RAMP_HEIGHT = 64.0, 11.0


def draw_key(stage: PanelArea, colors: DiagramColors, ramp: tuple[Palette, str] | None, lowest: float) -> None:
    """Write the key in the middle of the panel's foot, as much of it as there is room for.

    Parameters
    ----------
    stage : PanelArea
    colors : DiagramColors
    ramp : tuple, or None
        The colours of the nodes from the least to the greatest, and what they are the colours of.
    lowest : float
        Where the nodes and what stands below them end, in points.
    """
    minus, signs, plus = "−", colors.signs, "+ weight"
    width = stage.text_width
    weights = 2 * (STROKE + GAP) + width(minus, SIZE) + width(plus, SIZE) + GAP + 4
    low, high = ("low", f"high {ramp[1]}") if ramp else ("", "")
    nodes = width(low, SIZE) + RAMP_WIDTH + width(high, SIZE) + 2 * GAP if ramp else 0.0
    room = stage.rect.width
    if weights > room:
        return
    with_ramp = ramp is not None and weights + APART + nodes <= room
    whole = weights + (APART + nodes if with_ramp else 0.0)
    axes, x, y = (
        stage.canvas_axes(),
        stage.rect.left + (room - whole) / 2,
        max(stage.rect.bottom + 6, lowest - FARTHEST),
    )
    middle = y + 0.36 * SIZE
    for color, word, dashes in ((signs[0], minus, colors.dashes), (signs[2], plus, None)):
        stroke = Line2D([x, x + STROKE], [middle, middle], color=color, linewidth=3.4, solid_capstyle="butt")
        if dashes:
            stroke.set_dashes(dashes)
        axes.add_line(stroke)
        stage.text(x + STROKE + GAP, y, word, SIZE, va="baseline")
        x += STROKE + GAP + width(word, SIZE) + GAP + 4
    if ramp is not None and with_ramp:
        x += APART - GAP - 4
        stage.text(x, y, low, SIZE, va="baseline")
        x += width(low, SIZE) + GAP
        cells = colors.of_levels(np.linspace(-1, 1, 64), [ramp[0]] * 64)
        extent = (x, x + RAMP_WIDTH, middle - RAMP_HEIGHT / 2, middle + RAMP_HEIGHT / 2)
        limits = axes.get_xlim(), axes.get_ylim()
        axes.imshow(cells[np.newaxis], extent=extent, aspect="auto", interpolation="bilinear")
        axes.add_artist(_frame(extent, stage.theme.hairline))
        axes.set(xlim=limits[0], ylim=limits[1])
        stage.text(x + RAMP_WIDTH + GAP, y, high, SIZE, va="baseline")


def _frame(extent: tuple[float, float, float, float], color: str) -> Line2D:
    left, right, bottom, top = extent
    return Line2D([left, right, right, left, left], [bottom, bottom, top, top, bottom], color=color, linewidth=0.8)
