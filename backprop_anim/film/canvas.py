"""Panels on one figure: moments in, pixels out; what never changes is drawn a single time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matplotlib.backends.backend_agg import RendererAgg

from backprop_anim.drawing import (
    PanelArea,
    Rect,
    create_header,
    create_overlay,
)
from backprop_anim.experiment import Experiment, themes
from backprop_anim.film.frame_renderer import FrameRenderer, warnings_as_notes
from backprop_anim.film.panel_grid import PanelGrid, choose_grid
from backprop_anim.panels import panels
from backprop_anim.story import Moment
from backprop_anim.training import Recording

__all__ = ["KEPT_S", "Canvas", "kept_seconds"]

KEPT_S = 0.3
"""Seconds in which a few numbers can be read."""


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
    scale : float, optional
        Pixels in a point, instead of those that the size of the video gives.
    """

    def __init__(self, recording: Recording, moments: tuple[Moment, ...], scale: float | None = None) -> None:
        experiment = recording.experiment
        video = experiment.video
        grid = choose_grid(experiment, explains=all(moment.act is not None for moment in moments))
        frame = grid.frame if scale is None else grid.frame.with_scale(scale)
        theme = themes[video.theme](**video.theme_options)
        ruler = None if scale is None else RendererAgg(8, 8, 72 * grid.frame.scale)  # places are those of the film
        super().__init__(frame, theme.background, experiment.words, video.font)
        self.notes += grid.notes

        def stage(rect: Rect) -> PanelArea:
            return PanelArea(self.figure, rect, theme, self.fonts, recording, moments, ruler=ruler)

        with warnings_as_notes():
            self.stages["header"] = stage(frame.header)
            self._add(self.stages["header"], create_header)
            for name, rect, told in _places(grid, moments):
                self.stages[name] = stage(rect)
                self._add(self.stages[name], panels[name](**video.panel_options.get(name, {})).create_artists, told)
            self._add(stage(Rect(0, 0, frame.width, frame.height)), lambda whole: create_overlay(whole, frame))
            self._draw_static()


def _places(grid: PanelGrid, moments: Iterable[Moment]) -> Iterator[tuple[str, Rect, bool | None]]:
    """Yield each panel with its place, and when it stands there (`FrameRenderer`); those that never do are left out.

    In a layout of our own what tells a step makes room for something else while none is told.
    """
    scenes = {moment.act is not None for moment in moments}
    for name, rect in grid.cells.items():
        other = grid.between.get(name)
        if other is None:
            yield name, rect, None
            continue
        told = {True: name, False: other}
        yield from ((told[scene], rect, scene if len(scenes) > 1 else None) for scene in sorted(scenes))
