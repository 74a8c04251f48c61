"""Several runs on one figure, in step: a tile for each, and one panel with all their losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from backprop_anim.drawing import (
    ROOM_BELOW_AXES,
    SUBTITLE_SIZE,
    TITLE_SIZE,
    FrameLayout,
    PanelArea,
    Rect,
    SharedAxes,
    draw_titles,
)
from backprop_anim.experiment import Experiment, themes
from backprop_anim.film.canvas import KEPT_S
from backprop_anim.film.compared_losses import create_losses
from backprop_anim.film.frame_renderer import FrameRenderer, warnings_as_notes
from backprop_anim.film.run_colors import run_colors
from backprop_anim.film.run_measures import ComparedRun, measure_runs
from backprop_anim.film.tile_labels import create_label, draw_heads, plan_labels
from backprop_anim.film.tile_layout import LABEL_ROOM, TileNeeds, arrange_tiles
from backprop_anim.panels import leading_panel, panels
from backprop_anim.story import Moment
from backprop_anim.training import Recording

__all__ = ["SmallMultiples", "kept_seconds_of_tiles", "tile_panel"]

TILES = ("fit", "boundary", "picture", "field", "scatter", "table", "network")
"""What a tile may show; the first that fits every run does."""

BY_RANK = ("field", "scatter")
"""Tiles that only lead where a film of their own would lead with them: of four rows a table tells more."""

TILE_OPTIONS = {"fit": {"ghosts": 0}}

ROOM = {"boundary": (1.0, 40.0), "field": (1.0, 40.0), "fit": (1.4, 46.0), "scatter": (1.0, 52.0)}
"""The best proportion of a picture with axes, width to height, and about how wide the numbers at its left are."""

USUAL_PROPORTION = 1.15
FLATTEST_TABLE, TABLE_WIDTH, TABLE_ROW = 2.4, 400.0, 37.0

USUAL_WIDTH = 420.0
"""In a narrower tile lines are thinner."""


def tile_panel(experiments: Sequence[Experiment]) -> str:
    """Return the panel that fits every run."""

    def fits(name: str, experiment: Experiment) -> bool:
        telling = name not in BY_RANK or leading_panel(experiment) == name
        return telling and panels[name]().unsupported_reason(experiment) is None

    return next((name for name in TILES if all(fits(name, each) for each in experiments)), "network")


def kept_seconds_of_tiles(runs: Sequence[ComparedRun]) -> float:
    """Return how long each state of a comparison stays at least: one sample a step makes states that would flicker."""
    experiments = [each.recording.experiment for each in runs]
    one_a_step = any(experiment.training.batch == 1 for experiment in experiments)
    return KEPT_S if one_a_step or panels[tile_panel(experiments)].shows_numbers else 0.0


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
        super().__init__(frame, theme.background, "".join(words), video.font)
        panel = tile_panel([each.recording.experiment for each in runs])
        dataset = leader.experiment.dataset
        colors = run_colors(len(runs), theme, len(dataset.class_names))
        measures = measure_runs(runs)
        proportion, left = _picture(panel, leader.experiment)
        has_axes = left > 0
        first, second = _grid_of(runs)
        layout = arrange_tiles(
            frame,
            TileNeeds(
                len(runs),
                proportion,
                left,
                has_axes=has_axes,
                has_key=panel in ROOM,
                columns=(len(first), len(second)) if first else (),
            ),
        )
        # Tiles stand row by row; the runs change the second setting first, which may be that of the rows.
        places = list(range(len(runs)))
        if first and layout.columns == len(first):
            places = [k % len(second) * len(first) + k // len(second) for k in places]
        thinner = min(1.0, layout.tiles[0].width / USUAL_WIDTH)

        def stage(rect: Rect, recording: Recording) -> PanelArea:
            return PanelArea(self.figure, rect, theme, self.fonts, recording, moments)

        def tile_stage(number: int) -> PanelArea:
            color, place = colors[number], places[number]
            rect = layout.tiles[place].inset(top=LABEL_ROOM)
            shared = SharedAxes(
                tuple(each.recording for each in runs),
                color,
                layout.is_left(place),
                layout.is_lowest(place),
                layout.key if place == 0 else None,
            )
            ramp = theme.ramp if panel == "field" else (color, color)  # amounts have one scale of colours for all
            look = replace(theme, line=max(1.6, theme.line * thinner), ramp=ramp, accent=color)
            where = rect.inset(bottom=-ROOM_BELOW_AXES) if has_axes else rect
            return replace(stage(where, runs[number].recording), theme=look, shared=shared, animated=[], reveals=[])

        with warnings_as_notes():
            self.stages["header"] = stage(frame.header, leader)
            self._add(self.stages["header"], lambda here: _create_header(here, runs[0]))
            self.stages["losses"] = stage(layout.losses, leader)
            self._add(self.stages["losses"], lambda here: create_losses(here, runs, colors, measures))
            options = TILE_OPTIONS.get(panel, {}) | dict(video.panel_options.get(panel, {}))
            if first:
                heads = (first, second) if layout.columns == len(first) else (second, first)
                draw_heads(self.stages["losses"], layout, *heads)
            labels = plan_labels(self.stages["losses"], layout.tiles[0].width, runs, measures, bool(first))
            for number in range(len(runs)):
                here, rect = tile_stage(number), layout.tiles[places[number]]
                self.stages[f"tile {number}"] = here
                self._add(here, partial(create_label, rect=rect, plan=labels, number=number, measures=measures))
                self._add(here, panels[panel](**options).create_artists)
            self._draw_static()


def _picture(panel: str, experiment: Experiment) -> tuple[float, float]:
    """Return the best proportion of what a tile shows, width to height, and how wide the numbers at its left are."""
    dataset = experiment.dataset
    if panel == "picture" and dataset.picture_size:
        return dataset.picture_size[0] / dataset.picture_size[1], 0.0
    if panel == "table":
        return min(FLATTEST_TABLE, TABLE_WIDTH / (TABLE_ROW * (1 + dataset.n_samples))), 0.0
    return ROOM[panel] if panel in ROOM and dataset.kind != "curve" else (USUAL_PROPORTION, 0.0)


def _grid_of(runs: Sequence[ComparedRun]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the values of the two settings that the runs combine, the faster one last; nothing for other runs."""
    found = [list(dict.fromkeys(each.choices[k] for each in runs)) for k in range(2) if len(runs[0].choices) == 2]
    if len(found) == 2 and min(map(len, found)) > 1:
        first, second = found
        if [each.choices for each in runs] == [(one, other) for one in first for other in second]:
            return first, second
    return [], []


def _create_header(stage: PanelArea, run: ComparedRun) -> Callable[[Moment], None]:
    """Write title and subtitle, and the step or the epoch that all tiles show."""
    rect, unit = stage.rect, run.unit
    steps = run.place_texts(run.places)
    baseline, below = draw_titles(stage, max(steps, key=len), unit)
    stage.text(rect.right, below, unit, SUBTITLE_SIZE, ha="right", va="baseline")
    step = stage.changing_text(rect.right, baseline, TITLE_SIZE, stage.theme.ink, "bold", "right")

    def show(moment: Moment) -> None:
        step.set_content(steps[moment.snapshot])

    return show
