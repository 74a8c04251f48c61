"""Words and formulas as letters of a drawing of lines, which keeps no pixels; it never measures for a film."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, BboxTransformTo, Transform

from backprop_anim.drawing.formulas import glyph_places, mathematics, mixed_font, setting

__all__ = ["SHARES", "lay_ground", "write_formula", "write_words"]

SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}
"""What `align` of `write_words` is for the words of matplotlib."""


def write_words(
    renderer: RendererBase,
    words: str,
    place: tuple[float, float],
    properties: FontProperties,
    color: str,
    *,
    align: float = 0.0,
    opacity: float = 1.0,
) -> None:
    """Write words into a drawing of lines, with their baseline at a place in points from the lower left corner.

    `align` is 0 where the place is their left end, 1 where it is their right. Formulas are set.
    """
    with setting(words, properties, False) as (text, font, ismath):
        width = renderer.get_text_width_height_descent(text, font, ismath)[0]
        x, y = place[0] - align * width, _down(renderer, place[1])
        renderer.draw_text(_pen(renderer, color, opacity), x, y, text, font, 0.0, ismath)


def write_formula(
    renderer: RendererBase,
    parts: Sequence[tuple[str, str]],
    place: tuple[float, float],
    properties: FontProperties,
    opacity: float = 1.0,
) -> None:
    """Write a line of mathtext into a drawing of lines, each part in its colour; as for `write_words`.

    It is set as a whole, and glyphs come in the order of the text, so that counting them says where a part begins.
    """
    formula = "$" + "".join(part for part, _ in parts) + "$"
    colors = [color for part, color in parts for _ in glyph_places(f"${part}$", properties)] if parts[1:] else []
    with mathematics():
        glyphs, outlines, bars = text_to_path.get_glyphs_mathtext(mixed_font(formula, properties), formula)
    moved = Affine2D().scale(properties.get_size_in_points() / text_to_path.FONT_SCALE).translate(*place)
    for number, (glyph, x, y, size) in enumerate(glyphs):
        color = colors[number] if number < len(colors) else parts[0][1]
        _fill(renderer, outlines[glyph], Affine2D().scale(size).translate(x, y) + moved, color, opacity)
    for vertices, codes in bars:
        _fill(renderer, (vertices, codes), moved, parts[0][1], opacity)


def _fill(renderer: RendererBase, outline: Any, transform: Transform, color: str, opacity: float) -> None:
    pen = _pen(renderer, color, opacity)
    pen.set_linewidth(0)
    renderer.draw_path(pen, Path(*outline), transform, (*to_rgb(color), opacity))


def _pen(renderer: RendererBase, color: str, opacity: float) -> GraphicsContextBase:
    pen = renderer.new_gc()
    pen.set_foreground(color)
    pen.set_alpha(min(opacity, 1.0))
    return pen


def lay_ground(renderer: RendererBase, box: Bbox, color: str, opacity: float) -> None:
    """Lay a colour into a drawing of lines, over a box in points."""
    _fill(renderer, (Path.unit_rectangle().vertices, Path.unit_rectangle().codes), BboxTransformTo(box), color, opacity)


def _down(renderer: RendererBase, y: float) -> float:
    """Return a height as the renderer counts it for text."""
    return renderer.get_canvas_width_height()[1] - y if renderer.flipy() else y
