"""From moments to pixels: panels composed on one canvas, or a tile for each of several runs; it writes no file."""

from __future__ import annotations

from backprop_anim.film.canvas import Canvas, kept_seconds
from backprop_anim.film.frame_renderer import FrameRenderer
from backprop_anim.film.line_picture import draw_line_picture
from backprop_anim.film.run_measures import ComparedRun, losses_differ
from backprop_anim.film.small_multiples import SmallMultiples, kept_seconds_of_tiles

__all__ = [
    "Canvas",
    "ComparedRun",
    "FrameRenderer",
    "SmallMultiples",
    "draw_line_picture",
    "kept_seconds",
    "kept_seconds_of_tiles",
    "losses_differ",
]
