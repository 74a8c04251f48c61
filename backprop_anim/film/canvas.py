"""Panels on one figure: moments in, pixels out; what never changes is drawn a single time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop_anim.drawing import (
    FontSet,
    FrameLayout,
    Overlay,
    PanelArea,
    Rect,
    create_header,
    unset_formulas,
)
from backprop_anim.experiment import Experiment, themes
from backprop_anim.film.panel_grid import choose_grid
from backprop_anim.panels import panels
from backprop_anim.story import Moment
from backprop_anim.training import Recording

__all__ = ["Canvas", "FrameRenderer", "kept_seconds", "warnings_as_notes"]

KEPT_S = 0.3
"""Seconds in which a few numbers can be read."""

Pixels = NDArray[np.uint8]


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Leave it to `FrameRenderer.notes` to say, once and in words, what no font has."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        yield


class FrameRenderer:
    """A figure whose unchanging part is drawn a single time; what stands on it is for others to say.

    Parameters
    ----------
    frame : FrameLayout
    background : str
    texts : str
        All words that may be written on it.

    Attributes
    ----------
    notes : list of str
        What a user should know about the picture: characters that no font has, for example.
    stages : dict of str to PanelArea
    """

    def __init__(self, frame: FrameLayout, background: str, texts: str) -> None:
        self.fonts = FontSet(texts)
        self.notes = [f"no installed font has {c!r} (U+{ord(c):04X})" for c in self.fonts.missing]
        self.notes += [f"{formula} cannot be set as a formula: it stays text" for formula in unset_formulas(texts)]
        self.figure = Figure((frame.width / 72, frame.height / 72), dpi=72 * frame.scale, facecolor=background)
        self.stages: dict[str, PanelArea] = {}
        self._canvas = FigureCanvasAgg(self.figure)
        self._updates: list[Callable[[Moment], None]] = []
        self._over: list[Artist] = []

    @property
    def pixels(self) -> Pixels:
        """The picture as it stands, (height, width, 4) RGBA; the next `draw` overwrites it."""
        return np.asarray(self._renderer.buffer_rgba())

    def draw(self, moment: Moment) -> Pixels:
        """Draw a moment and return `pixels`."""
        if not self.fonts.missing:
            return self._draw(moment)
        with warnings_as_notes():
            return self._draw(moment)

    def _draw(self, moment: Moment) -> Pixels:
        pixels = self.pixels
        np.copyto(pixels, self._static)
        for update in self._updates:
            update(moment)
        for artist in self._animated:
            artist.draw(self._renderer)
        return pixels

    def _draw_static(self) -> None:
        """Draw what never changes; to be called once, when everything stands."""
        self._animated = [artist for stage in self.stages.values() for artist in stage.animated]
        self._animated += self._over
        self._canvas.draw()
        self._renderer = self._canvas.get_renderer()
        self._static = self.pixels.copy()
        for stage in self.stages.values():
            for layer in stage.reveals:
                layer.bake(self._renderer, self.pixels)


def kept_seconds(experiment: Experiment) -> float:
    """Return how long each state of a film stays at least: until its numbers are read, where a panel shows such."""
    shown = {name for row in choose_grid(experiment).rows for name in row}
    one_a_step = experiment.training.batch == 1  # whose states differ so much that they would flicker
    return KEPT_S if one_a_step or any(panels[name].shows_numbers for name in shown) else 0.0


class Canvas(FrameRenderer):
    """One figure that shows any moment of a recording.

    Parameters
    ----------
    recording : Recording
        Its experiment's `video` says what is drawn and how.
    moments : tuple of Moment
        Every moment of the film.
    """

    def __init__(self, recording: Recording, moments: tuple[Moment, ...]) -> None:
        experiment = recording.experiment
        video = experiment.video
        grid = choose_grid(experiment, explains=all(moment.act is not None for moment in moments))
        frame, cells = grid.frame, grid.cells
        theme = themes[video.theme](**video.theme_options)
        super().__init__(frame, theme.background, _texts(experiment))
        self.notes += grid.notes
        self.stages = {
            name: PanelArea(self.figure, rect, theme, self.fonts, recording, moments)
            for name, rect in ({"header": frame.header} | cells).items()
        }
        with warnings_as_notes():
            self._updates.append(create_header(self.stages["header"]))
            for name in cells:
                panel = panels[name](**video.panel_options.get(name, {}))
                self._updates.append(panel.create_artists(self.stages[name]))
            whole = PanelArea(self.figure, Rect(0, 0, frame.width, frame.height), theme, self.fonts, recording, moments)
            overlay = Overlay(whole, frame)
            self._updates.append(overlay.show)
            self._over.append(overlay)
            self._draw_static()


def _texts(experiment: Experiment) -> str:
    """Return all words of the experiment that may be written on a frame."""
    dataset = experiment.dataset
    names: Iterable[str] = (*dataset.input_names, *dataset.output_names, *dataset.class_names)
    captions = (caption.text for caption in experiment.video.captions)
    return "\n".join((experiment.title, experiment.subtitle, *names, *captions))
