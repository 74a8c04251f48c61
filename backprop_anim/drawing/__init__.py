"""Figures, text, axes and diagrams on a canvas, in the colours of a theme; it knows no panel and writes no file."""

from __future__ import annotations

from backprop_anim.drawing.blocks import Blocks
from backprop_anim.drawing.diagram import Diagram
from backprop_anim.drawing.field import LARGEST, Field, Single, Stamp, border_path
from backprop_anim.drawing.fonts import Lettering
from backprop_anim.drawing.grid import Column, Sheet
from backprop_anim.drawing.header import (
    SMALLEST_SUBTITLE,
    SMALLEST_TITLE,
    SUBTITLE_SIZE,
    TITLE_SIZE,
    fitted_line,
    loss_decimals,
    start_header,
)
from backprop_anim.drawing.heatmaps import Heatmaps, limit_text, nice_limit
from backprop_anim.drawing.layout import NARROWEST, Frame, Rect, column_width, grid_cells
from backprop_anim.drawing.overlay import Overlay
from backprop_anim.drawing.pictures import Pasted, picture
from backprop_anim.drawing.plot import (
    KEY_LINE,
    Key,
    Scale,
    draw_key,
    key_lines,
    key_width,
    left_room,
    linear_scale,
    log_scale,
    plot_axes,
    steps_scale,
)
from backprop_anim.drawing.rows import Line, Part, Rows, column_ends, decimals_for, signed_number
from backprop_anim.drawing.stage import LABEL_SIZE, Stage
from backprop_anim.drawing.text import short_number
from backprop_anim.drawing.walk import Walk, masked
from backprop_anim.drawing.words import cut

__all__ = [
    "KEY_LINE",
    "LABEL_SIZE",
    "LARGEST",
    "NARROWEST",
    "SMALLEST_SUBTITLE",
    "SMALLEST_TITLE",
    "SUBTITLE_SIZE",
    "TITLE_SIZE",
    "Blocks",
    "Column",
    "Diagram",
    "Field",
    "Frame",
    "Heatmaps",
    "Key",
    "Lettering",
    "Line",
    "Overlay",
    "Part",
    "Pasted",
    "Rect",
    "Rows",
    "Scale",
    "Sheet",
    "Single",
    "Stage",
    "Stamp",
    "Walk",
    "border_path",
    "column_ends",
    "column_width",
    "cut",
    "decimals_for",
    "draw_key",
    "fitted_line",
    "grid_cells",
    "key_lines",
    "key_width",
    "left_room",
    "limit_text",
    "linear_scale",
    "log_scale",
    "loss_decimals",
    "masked",
    "nice_limit",
    "picture",
    "plot_axes",
    "short_number",
    "signed_number",
    "start_header",
    "steps_scale",
]
