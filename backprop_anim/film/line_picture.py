"""One moment as a picture of lines and letters, SVG or PDF; what is pixels stands in it as finer pixels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from matplotlib.backend_bases import RendererBase

from backprop_anim.drawing import PixelArtist, painted_by
from backprop_anim.film.canvas import Canvas
from backprop_anim.story import Moment
from backprop_anim.training import Recording

__all__ = ["draw_line_picture"]

FINE = 2
"""Pixels in a point, of what is pixels."""


def draw_line_picture(recording: Recording, moment: Moment, path: Path, kind: str) -> None:
    """Write a moment of a recording as SVG or PDF, as `kind`, .svg or .pdf, says.

    The same picture gives the same bytes: no date is written, and nothing random.
    """
    canvas, fine = (Canvas(recording, (moment,), scale) for scale in (1, FINE))
    fine.draw(moment)
    canvas.draw(moment)
    pairs = dict(zip(canvas.pixel_artists, fine.pixel_artists, strict=True))

    def draw(renderer: RendererBase) -> None:
        def paint(artist: PixelArtist) -> None:
            once = 1 if artist.is_sharp else FINE
            drawn, by = (artist, canvas.renderer) if artist.is_sharp else (pairs[artist], fine.renderer)
            if (painted := painted_by(drawn, by)) is not None:
                left, bottom, colors = painted
                again = FINE // once
                colors = colors.repeat(again, axis=0).repeat(again, axis=1)
                renderer.draw_image(renderer.new_gc(), left / once, bottom / once, colors)

        canvas.draw_lines(moment, renderer, paint)

    title = recording.experiment.title
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "backprop-anim", "pdf.fonttype": 42}):
        width, height = canvas.figure.get_size_inches() * 72
        {".svg": _write_svg, ".pdf": _write_pdf}[kind](path, (width, height), title, draw)


def _write_svg(path: Path, size: tuple[float, float], title: str, draw: Callable[[RendererBase], None]) -> None:
    from matplotlib.backends.backend_svg import RendererSVG

    with path.open("w", encoding="utf-8") as file:
        renderer = RendererSVG(*size, file, "", image_dpi=72 * FINE, metadata={"Date": None, "Title": title})
        draw(renderer)
        renderer.finalize()


def _write_pdf(path: Path, size: tuple[float, float], title: str, draw: Callable[[RendererBase], None]) -> None:
    from matplotlib.backends.backend_pdf import PdfFile, RendererPdf

    file = PdfFile(str(path), metadata={"CreationDate": None, "Title": title})
    try:
        file.newPage(size[0] / 72, size[1] / 72)
        renderer = RendererPdf(file, 72 * FINE, size[1] / 72, size[0] / 72)
        draw(renderer)
        renderer.finalize()
        file.finalize()
    finally:
        file.close()
