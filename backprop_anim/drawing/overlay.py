"""What stands over all panels: captions at the foot, and the cards before the film and after a run that diverged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb

from backprop_anim.drawing.layout import FrameLayout
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.text_bitmaps import BitmapLayer
from backprop_anim.story import Moment

__all__ = ["create_overlay"]

CAPTION_SIZE, SMALLEST_CAPTION = 18.0, 14.0
CARD_TITLE, CARD_SUBTITLE = 52.0, 24.0
SIDE = 40.0


def create_overlay(stage: PanelArea, frame: FrameLayout) -> Callable[[Moment], None]:
    """Return what brings captions and cards to a moment, which are drawn last, on a stage that is the whole frame."""
    overlay = _Overlay(stage, frame)
    stage.animate(overlay)
    return overlay.show


class _Overlay(Artist):
    """Captions and the card; drawn last.

    Parameters
    ----------
    stage : PanelArea
        The whole frame.
    frame : FrameLayout
    """

    def __init__(self, stage: PanelArea, frame: FrameLayout) -> None:
        super().__init__()
        self._stage, self._frame = stage, frame
        self._background = np.round(np.array([*to_rgb(stage.theme.background), 1.0]) * 255).astype(np.uint16)
        self._pasted = BitmapLayer(stage.figure.dpi)
        self._card = self._faded = 0.0
        self._fitting: dict[tuple[str, float], float] = {}

    def show(self, moment: Moment) -> None:
        """Bring captions and card to a moment."""
        self._card, self._faded = moment.card, moment.faded
        self._pasted.clear()
        if moment.card:
            self._write_card(moment)
        elif moment.caption:
            self._write(moment.caption, self._frame.caption_baseline, CAPTION_SIZE, "regular", moment.caption_opacity)

    def draw(self, renderer: RendererBase) -> None:
        """Fade the frame into the background as far as the card covers it, and paste the words."""
        if (self._card or self._faded) and isinstance(renderer, RendererAgg):  # of lines there is a still alone
            pixels = np.asarray(renderer.buffer_rgba())
            share = round(256 * max(self._card, self._faded))
            mixed = (self._background * share + pixels.astype(np.uint16) * (256 - share)) >> 8
            np.copyto(pixels, mixed, casting="unsafe")
        if not self._faded:
            self._pasted.draw(renderer)

    def _write_card(self, moment: Moment) -> None:
        recording, middle = self._stage.recording, self._frame.height / 2
        title, subtitle = recording.experiment.title, recording.experiment.subtitle
        if moment.closing:
            word, at = recording.experiment.step_word, recording.diverged_at
            title, subtitle = "The training diverged", f"at {word} {at:,} the loss is no longer a finite number"
        self._write(title, middle + 10, CARD_TITLE, "bold", moment.card)
        self._write(subtitle, middle - 36, CARD_SUBTITLE, "regular", moment.card, self._stage.theme.muted)

    def _write(
        self, content: str, y: float, size: float, weight: str, opacity: float, color: str | None = None
    ) -> None:
        """Write a line in the middle of the frame, smaller where it must be."""
        stage = self._stage
        if not content:
            return
        if (content, size) not in self._fitting:  # a caption stands for many frames
            self._fitting[content, size] = self._fitting_size(content, size, weight)
        size = self._fitting[content, size]
        properties = stage.fonts.properties(size, weight)
        color = color or stage.theme.ink
        self._pasted.add(content, self._frame.width / 2, y, properties, color, align=0.5, opacity=opacity)

    def _fitting_size(self, content: str, size: float, weight: str) -> float:
        """Return the largest font size, up to `size`, at which a line leaves the sides of the frame free."""
        while size > SMALLEST_CAPTION and self._stage.text_width(content, size, weight) > self._frame.width - 2 * SIDE:
            size -= 1
        return size
