"""A figure whose unchanging part is drawn a single time; what stands on it is for others to say."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop_anim.drawing import FontSet, FrameLayout, PanelArea, PixelArtist, Reveal, unset_formulas
from backprop_anim.experiment import FontChoice
from backprop_anim.story import Moment

__all__ = ["FrameRenderer", "Pixels", "warnings_as_notes"]

Pixels = NDArray[np.uint8]

Show = Callable[[Moment], None]
"""Brings artists to a moment."""


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Leave it to `FrameRenderer.notes` to say, once and in words, what no font has."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        yield


@dataclass(frozen=True, eq=False)
class _Part:
    """What one panel put on the figure.

    Attributes
    ----------
    show : callable
    animated, reveals, owned : list of Artist
        What is drawn in every frame, what is uncovered bit by bit, and all that it added to the figure.
    told : bool or None
        Whether it stands there only while a step is told, or only while none is; None: always.
    """

    show: Show
    animated: list[Artist]
    reveals: list[Reveal]
    owned: list[Artist]
    told: bool | None


@dataclass(frozen=True, eq=False)
class _Scene:
    """The parts that stand on a frame together, and the picture of what never changes of them."""

    parts: list[_Part]
    static: Pixels


class FrameRenderer:
    """A figure that shows any moment of a film.

    Parameters
    ----------
    frame : FrameLayout
    background : str
    texts : str
        All words that may be written on it.
    font : FontChoice, optional
        The typeface that the user chose.

    Attributes
    ----------
    notes : list of str
        What a user should know about the picture: characters that no font has, for example.
    stages : dict of str to PanelArea
    """

    def __init__(self, frame: FrameLayout, background: str, texts: str, font: FontChoice | None = None) -> None:
        self.fonts = FontSet(texts, font)
        self.notes = list(self.fonts.notes)
        self.notes += [f"{formula} cannot be set as a formula: it stays text" for formula in unset_formulas(texts)]
        self.figure = Figure((frame.width / 72, frame.height / 72), dpi=72 * frame.scale, facecolor=background)
        self.stages: dict[str, PanelArea] = {}
        self._canvas = FigureCanvasAgg(self.figure)
        self._parts: list[_Part] = []
        self._scenes: dict[bool, _Scene] = {}
        self._told: bool | None = None

    @property
    def pixels(self) -> Pixels:
        """The picture as it stands, (height, width, 4) RGBA; the next `draw` overwrites it."""
        return np.asarray(self._renderer.buffer_rgba())

    @property
    def renderer(self) -> RendererAgg:
        """What draws the pixels."""
        return self._renderer

    @property
    def animated(self) -> list[Artist]:
        """What was drawn anew in the frame that was drawn last."""
        told = bool(self._told) and len(self._scenes) > 1
        return [artist for part in self._scenes[told].parts for artist in part.animated]

    def draw(self, moment: Moment) -> Pixels:
        """Draw a moment and return `pixels`."""
        if not self.fonts.missing:
            return self._draw(moment)
        with warnings_as_notes():
            return self._draw(moment)

    def _draw(self, moment: Moment) -> Pixels:
        told = moment.act is not None and len(self._scenes) > 1
        if told != self._told:
            self._set_scene(told)
        scene, pixels = self._scenes[told], self.pixels
        np.copyto(pixels, scene.static)
        for part in scene.parts:
            part.show(moment)
        for part in scene.parts:
            for artist in part.animated:
                artist.draw(self._renderer)
        return pixels

    @property
    def pixel_artists(self) -> list[PixelArtist]:
        """What is pixels in a drawing of lines too: first what never changes, then what was shown last."""
        found: list[Artist] = [*self._static_pixels(), *self.animated]
        return [artist for artist in found if isinstance(artist, PixelArtist)]

    def draw_lines(self, moment: Moment, renderer: RendererBase, paint: Callable[[PixelArtist], None]) -> None:
        """Draw a moment by a renderer that keeps no pixels; `paint` does so for what cannot be drawn by lines.

        The frame must have as many pixels as points.
        """
        self.draw(moment)
        unchanging = self._static_pixels()
        with warnings_as_notes():
            for pixels in unchanging:
                pixels.set_animated(True)  # which leaves it out
            self.figure.draw(renderer)
            for pixels in unchanging:
                pixels.set_animated(False)
                paint(pixels)
            for artist in self.animated:
                if isinstance(artist, PixelArtist):
                    paint(artist)
                else:
                    artist.draw(renderer)

    def _static_pixels(self) -> list[PixelArtist]:
        children = self.figure.get_children()
        return [each for each in children if isinstance(each, PixelArtist) and not each.get_animated()]

    def _add(self, stage: PanelArea, create: Callable[[PanelArea], Show], told: bool | None = None) -> None:
        """Let `create` put its artists on a stage; see `_Part.told` for when they stand there."""
        before, n_animated, n_reveals = set(self.figure.get_children()), len(stage.animated), len(stage.reveals)
        show = create(stage)
        owned = [artist for artist in self.figure.get_children() if artist not in before]
        self._parts.append(_Part(show, stage.animated[n_animated:], stage.reveals[n_reveals:], owned, told))

    def _draw_static(self) -> None:
        """Draw what never changes, once for each scene; to be called when everything stands."""
        for told in (False, True) if any(part.told is not None for part in self._parts) else (False,):
            self._set_scene(told)
            self._canvas.draw()
            self._renderer: RendererAgg = self._canvas.get_renderer()
            parts = [part for part in self._parts if part.told in (None, told)]
            self._scenes[told] = _Scene(parts, self.pixels.copy())
            for part in parts:
                for layer in part.reveals:
                    layer.bake(self._renderer, self.pixels)

    def _set_scene(self, told: bool) -> None:
        """Let what stands there only sometimes be seen, or not."""
        self._told = told
        for part in self._parts:
            if part.told is not None:
                for artist in part.owned:
                    artist.set_visible(part.told == told)
