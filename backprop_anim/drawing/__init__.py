"""Figures, text, axes and diagrams on a canvas, in the colours of a theme; it knows no panel and writes no file."""

from __future__ import annotations

from backprop_anim.drawing.chosen_font import FONT_ENDINGS, chosen_file, font_problem
from backprop_anim.drawing.class_borders import border_path
from backprop_anim.drawing.color_field import ColorField
from backprop_anim.drawing.date_scale import date_scale
from backprop_anim.drawing.diagram import Diagram
from backprop_anim.drawing.dotted_field import LARGEST, Single
from backprop_anim.drawing.fonts import FontSet
from backprop_anim.drawing.formulas import unset_formulas
from backprop_anim.drawing.frame_blocks import FrameBlocks, states_at_once
from backprop_anim.drawing.gap_strip import GapStrip, draw_head_marks
from backprop_anim.drawing.header import SUBTITLE_SIZE, TITLE_SIZE, create_header, draw_titles
from backprop_anim.drawing.heatmaps import Heatmaps, limit_text, nice_limit
from backprop_anim.drawing.layout import LEAST_PX, LEAST_SIZE, NARROWEST, FrameLayout, Rect, column_width, grid_cells
from backprop_anim.drawing.marker_sprite import MarkerSprite
from backprop_anim.drawing.neuron_views import NeuronViews
from backprop_anim.drawing.overlay import create_overlay
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea, SharedAxes
from backprop_anim.drawing.pixel_artist import PixelArtist, painted_by
from backprop_anim.drawing.pixel_picture import PixelPicture
from backprop_anim.drawing.plot import (
    LEGEND_LINE,
    ROOM_BELOW_AXES,
    LegendEntry,
    Scale,
    axes_rect,
    draw_legend,
    left_room,
    legend_lines,
    legend_width,
    linear_scale,
    log_scale,
    plot_axes,
    steps_scale,
)
from backprop_anim.drawing.reveal import Reveal
from backprop_anim.drawing.sample_table import SampleTable
from backprop_anim.drawing.step_animation import StepAnimation
from backprop_anim.drawing.text_bitmaps import BitmapLayer, rasterize_text
from backprop_anim.drawing.text_fitting import break_formula, told_apart, truncate_text
from backprop_anim.drawing.text_rows import (
    TextLine,
    TextRows,
    TextSpan,
    column_decimals,
    column_ends,
    column_number,
    decimals_for,
    signed_number,
)
from backprop_anim.drawing.text_table import Column, TextTable, fits_column
from backprop_anim.drawing.value_field import ValueColors, ValueField

__all__ = [
    "FONT_ENDINGS",
    "LABEL_SIZE",
    "LARGEST",
    "LEAST_PX",
    "LEAST_SIZE",
    "LEGEND_LINE",
    "NARROWEST",
    "ROOM_BELOW_AXES",
    "SUBTITLE_SIZE",
    "TITLE_SIZE",
    "BitmapLayer",
    "ColorField",
    "Column",
    "Diagram",
    "FontSet",
    "FrameBlocks",
    "FrameLayout",
    "GapStrip",
    "Heatmaps",
    "LegendEntry",
    "MarkerSprite",
    "NeuronViews",
    "PanelArea",
    "PixelArtist",
    "PixelPicture",
    "Rect",
    "Reveal",
    "SampleTable",
    "Scale",
    "SharedAxes",
    "Single",
    "StepAnimation",
    "TextLine",
    "TextRows",
    "TextSpan",
    "TextTable",
    "ValueColors",
    "ValueField",
    "axes_rect",
    "border_path",
    "break_formula",
    "chosen_file",
    "column_decimals",
    "column_ends",
    "column_number",
    "column_width",
    "create_header",
    "create_overlay",
    "date_scale",
    "decimals_for",
    "draw_head_marks",
    "draw_legend",
    "draw_titles",
    "fits_column",
    "font_problem",
    "grid_cells",
    "left_room",
    "legend_lines",
    "legend_width",
    "limit_text",
    "linear_scale",
    "log_scale",
    "nice_limit",
    "painted_by",
    "plot_axes",
    "rasterize_text",
    "signed_number",
    "states_at_once",
    "steps_scale",
    "told_apart",
    "truncate_text",
    "unset_formulas",
]
