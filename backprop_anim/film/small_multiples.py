"""Several runs on one figure, in step: a tile for each, and one panel with all their losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from backprop_anim.drawing import (
    LABEL_SIZE,
    ROOM_BELOW_AXES,
    SUBTITLE_SIZE,
    TITLE_SIZE,
    FrameLayout,
    PanelArea,
    Rect,
    SharedAxes,
    draw_titles,
)
from backprop_anim.experiment import Experiment, Theme, themes
from backprop_anim.film.canvas import FrameRenderer, warnings_as_notes
from backprop_anim.film.compared_losses import ComparedRun, create_losses, losses_differ, measure_texts
from backprop_anim.film.tile_layout import LABEL_ROOM, TileNeeds, arrange_tiles
from backprop_anim.panels import panels
from backprop_anim.story import Moment
from backprop_anim.training import Recording

__all__ = ["SmallMultiples", "run_colors", "tile_panel"]

TILES = ("fit", "boundary", "table", "network")
"""What a tile may show; the first that fits every run does."""

TILE_OPTIONS = {"fit": {"ghosts": 0}}

ROOM = {"boundary": (1.0, 40.0), "fit": (1.4, 46.0)}
"""The best proportion of a picture with axes, width to height, and about how wide the numbers at its left are."""

STROKE, SMALLEST_LABEL = 22.0, 14.0

USUAL_WIDTH = 420.0
"""In a narrower tile lines are thinner."""

SPREAD = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#8c6d31", "#7f7f7f")
"""Colours that differ for everybody (Okabe and Ito, 2008, without black and yellow), and two more."""


def tile_panel(experiments: Sequence[Experiment]) -> str:
    """Return the panel that fits every run."""
    return next(
        (name for name in TILES if all(panels[name]().unsupported_reason(each) is None for each in experiments)),
        "network",
    )


class SmallMultiples(FrameRenderer):
    """One figure that shows any moment of several runs.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The first one's `video` says what is drawn and how.
    moments : tuple of Moment
        Every moment of the film; a moment's snapshot is the same row in each recording.
    """

    def __init__(self, runs: Sequence[ComparedRun], moments: tuple[Moment, ...]) -> None:
        leader = runs[0].recording
        video = leader.experiment.video
        frame = FrameLayout(video.width_px, video.height_px)
        theme = themes[video.theme](**video.theme_options)
        words = [leader.experiment.title, leader.experiment.subtitle, *(each.label for each in runs)]
        super().__init__(frame, theme.background, "".join(words))
        panel = tile_panel([each.recording.experiment for each in runs])
        colors = run_colors(len(runs), theme)
        has_axes = panel == "boundary" or (panel == "fit" and leader.experiment.dataset.kind == "series")
        needs = TileNeeds(len(runs), *ROOM.get(panel if has_axes else "", (1.15, 0.0)), has_axes, panel in ROOM)
        layout = arrange_tiles(frame, needs)
        by_accuracy = losses_differ([each.recording.experiment for each in runs])
        thinner = min(1.0, layout.tiles[0].width / USUAL_WIDTH)

        def stage(rect: Rect, recording: Recording) -> PanelArea:
            return PanelArea(self.figure, rect, theme, self.fonts, recording, moments)

        def tile_stage(number: int) -> PanelArea:
            color, rect = colors[number], layout.tiles[number].inset(top=LABEL_ROOM)
            shared = SharedAxes(
                tuple(each.recording for each in runs),
                color,
                layout.is_left(number),
                layout.is_lowest(number),
                layout.key if number == 0 else None,
            )
            look = replace(theme, line=max(1.6, theme.line * thinner), ramp=(color, color), accent=color)
            where = rect.inset(bottom=-ROOM_BELOW_AXES) if has_axes else rect
            return replace(stage(where, runs[number].recording), theme=look, shared=shared, animated=[], reveals=[])

        with warnings_as_notes():
            self.stages["header"] = stage(frame.header, leader)
            self._updates.append(_create_header(self.stages["header"]))
            self.stages["losses"] = stage(layout.losses, leader)
            self._updates.append(create_losses(self.stages["losses"], runs, colors))
            options = TILE_OPTIONS.get(panel, {}) | dict(video.panel_options.get(panel, {}))
            for number, (contender, rect) in enumerate(zip(runs, layout.tiles, strict=True)):
                here = self.stages[f"tile {number}"] = tile_stage(number)
                self._updates.append(_create_label(here, rect, contender.label, by_accuracy))
                self._updates.append(panels[panel](**options).create_artists(here))
            self._draw_static()


def run_colors(n: int, theme: Theme) -> list[str]:
    """Return a colour for each run: far apart where they are few, along a ramp where they are many."""
    if n <= len(SPREAD):
        return list(SPREAD[:n])
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    ramp = colormaps["viridis"]
    dark = theme.background < "#8"
    low, high = (0.15, 1.0) if dark else (0.0, 0.88)
    return [to_hex(ramp(place)) for place in np.linspace(low, high, n)]


def _create_label(stage: PanelArea, rect: Rect, label: str, by_accuracy: bool = False) -> Callable[[Moment], None]:
    """Write what sets a run apart over its tile, behind a stroke of its line, and its measure where there is room."""
    axes, baseline, y = stage.canvas_axes(rect), rect.top - 18, rect.top - 18 + LABEL_SIZE * 0.33
    axes.plot([rect.left, rect.left + STROKE], [y, y], color=stage.theme.accent, linewidth=3.5, clip_on=False)
    room = rect.width - STROKE - 8
    size = LABEL_SIZE
    while size > SMALLEST_LABEL and stage.text_width(label, size, "bold") > room:
        size -= 1
    stage.text(
        rect.left + STROKE + 8, baseline, stage.truncate_text(label, room, size, "bold"), size, stage.theme.ink, "bold"
    )
    said = measure_texts(stage.recording, by_accuracy)
    free = room - stage.text_width(label, size, "bold") - 12
    if stage.recording.diverged_at is None and stage.text_width(max(said, key=len), size) > free:
        return lambda moment: None
    said = [text if stage.text_width(text, size) <= free else text.split()[0] for text in said]
    loss = stage.changing_text(rect.right, baseline, size, stage.theme.muted, align="right")
    return lambda moment: loss.set_content(said[moment.snapshot])


def _create_header(stage: PanelArea) -> Callable[[Moment], None]:
    """Write title and subtitle, and the step that all tiles show."""
    rect, unit = stage.rect, "training step"
    steps = [f"{step:,}" for step in stage.recording.steps]
    baseline, below = draw_titles(stage, max(steps, key=len), unit)
    stage.text(rect.right, below, unit, SUBTITLE_SIZE, ha="right", va="baseline")
    step = stage.changing_text(rect.right, baseline, TITLE_SIZE, stage.theme.ink, "bold", "right")

    def show(moment: Moment) -> None:
        step.set_content(steps[moment.snapshot])

    return show
