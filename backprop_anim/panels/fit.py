"""What the network answers beside what it should answer: a drawn curve, or a series over its input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.class_lines import create_class_lines, draws_class_lines
from backprop_anim.panels.fit_axes import curve_axes, residual_rows, series_axes
from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection
    from matplotlib.colors import Colormap

    from backprop_anim.drawing import LegendEntry, PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["FitPanel"]

COLORS = 60
"""Colours along a curve; each is a short line of `PER_COLOR` pieces."""

PER_COLOR = 4

LEFT = 0.55
"""How strong the line is that a told step leaves behind."""

GHOST = 0.26
"""How strong the newest of the earlier predictions is."""

GHOSTS_IN_FILM = 40
"""Earlier predictions are taken from this many evenly spread moments."""


@panels.register("fit")
@dataclass(frozen=True)
class FitPanel:
    """Target and prediction: a curve coloured along its way, a series and its data, or each class over one input."""

    ghosts: Annotated[int, Ge(0), Le(20)] = 6
    residuals: bool = True
    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        dataset = experiment.dataset
        if dataset.kind in ("curve", "series") or (dataset.kind == "classes" and dataset.n_inputs == 1):
            return None
        return f"it draws curves, series and classes by one input, and this task gives {dataset.kind}"

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        experiment = stage.recording.experiment
        if draws_class_lines(experiment.dataset, experiment.network.sizes[-1]):
            return create_class_lines(stage)
        curve = experiment.dataset.kind == "curve"
        axes = (curve_axes if curve else series_axes)(stage, self._more_keys(stage, curve))
        return self._create_prediction(stage, axes, curve)

    def _more_keys(self, stage: PanelArea, curve: bool) -> list[LegendEntry]:
        """Return what the key says beside target and network where it has room, the more telling first."""
        from matplotlib.colors import to_hex, to_rgba

        from backprop_anim.drawing import LegendEntry

        theme, errors = stage.theme, self.residuals and len(residual_rows(stage.recording.experiment.dataset))
        keys = [LegendEntry("error", theme.muted, "upright")] if errors else []
        if not stage.shared:
            keys.append(LegendEntry("input now", theme.ink if curve else _series_color(stage), "dot"))
        if self.ghosts:
            keys.append(LegendEntry("earlier", to_hex(to_rgba(theme.accent, 2 * GHOST), keep_alpha=True), "thin"))
        return keys

    def _create_prediction(self, stage: PanelArea, axes: Axes, curve: bool) -> Callable[[Moment], None]:
        from backprop_anim.drawing import FrameBlocks, states_at_once
        from backprop_anim.story import is_updating, probe_inputs, row_before, shown_state

        recording, moments, theme = stage.recording, stage.moments, stage.theme
        experiment, inputs = recording.experiment, recording.experiment.dataset.shown_inputs
        way = np.linspace(inputs.min(), inputs.max(), COLORS * PER_COLOR + 1)[:, np.newaxis]
        probes = probe_inputs(recording, moments)

        def drawn(x: Array, y: Array) -> Array:
            return y if curve else np.concatenate([np.broadcast_to(x, (*y.shape[:-1], 1)), y], axis=-1)

        def lines(start: int, stop: int) -> Array:
            return drawn(way, experiment.answers(recording.parameters[start:stop], way))

        def dots(start: int, stop: int) -> Array:
            states = recording.parameters[[moment.snapshot for moment in moments[start:stop]]]
            x = probes[start:stop, np.newaxis, :]
            return drawn(x, experiment.answers(states, x))[:, 0]

        at_once = states_at_once(experiment.network.layout.n_parameters)
        line_blocks = FrameBlocks(lines, recording.n_snapshots, at_once)
        dot_blocks = FrameBlocks(dots, len(moments), at_once)
        show_ghosts = self._create_ghosts(stage, axes, way, drawn)
        show_residuals = _create_residuals(stage, axes, drawn) if self.residuals else lambda moment: None
        points = np.zeros((len(way), 2))
        (left,) = axes.plot([], [], color=theme.ink, linewidth=1.4, alpha=LEFT, linestyle=(0, (3.2, 2.0)))
        prediction = _line(axes, points, stage, _ramp(stage, curve))
        bounds = np.sort([axes.get_xlim(), axes.get_ylim()])
        places = (probes[:, 0] - way[0]) / max(float(way[-1, 0] - way[0, 0]), 1e-300)
        colors = _ramp(stage, curve)(places)
        (probe,) = axes.plot([0], [0], "o", mfc=colors[0], ms=13, mec=theme.background, mew=2, clip_on=False)
        stage.animate(left, prediction, probe)

        def show(moment: Moment) -> None:
            if is_updating(moment) or moment.blend:  # on its way to the next state
                state, x = shown_state(recording, moment), probes[moment.frame][np.newaxis]
                points[...] = drawn(way, experiment.answers(state, way))
                place = drawn(x, experiment.answers(state, x))[0]
            else:
                block, row = line_blocks.at(moment.snapshot)
                points[...] = block[row]
                dot_block, dot = dot_blocks.at(moment.frame)
                place = dot_block[dot]
            was = row_before(recording, moment)
            left.set_visible(was is not None)
            if was is not None:
                left.set_data(drawn(way, experiment.answers(recording.parameters[was], way)).T)
            probe.set_data(place[:1], place[1:])
            probe.set_markerfacecolor(colors[moment.frame])
            probe.set_visible(bool(((bounds[:, 0] <= place) & (place <= bounds[:, 1])).all()))  # as the line is
            show_ghosts(moment)
            show_residuals(moment)

        return show

    def _create_ghosts(
        self, stage: PanelArea, axes: Axes, way: Array, drawn: Callable[[Array, Array], Array]
    ) -> Callable[[Moment], None]:
        """Create the faint earlier predictions: each fades smoothly as the film moves on."""
        from matplotlib.collections import LineCollection
        from matplotlib.colors import to_rgba

        from backprop_anim.training import taken

        recording, experiment = stage.recording, stage.recording.experiment
        apart = max(1, recording.n_snapshots // GHOSTS_IN_FILM)
        coarse = way[::PER_COLOR]
        ghosts = drawn(coarse, experiment.answers(taken(recording.parameters, slice(None, None, apart)), coarse))
        points, colors = np.zeros((self.ghosts, len(coarse), 2)), np.tile(to_rgba(stage.theme.accent), (self.ghosts, 1))
        # One collection is stroked in half the time of as many lines.
        lines = LineCollection(list(points), linewidths=1.3, capstyle="projecting")
        axes.add_collection(lines, autolim=False)
        stage.animate(lines)

        def show(moment: Moment) -> None:
            newest = (moment.snapshot - 1) // apart
            for back in range(self.ghosts):
                which = newest - back
                # It rises from frame to frame: no jumps.
                age = (moment.snapshot - which * apart) / apart
                colors[back, 3] = GHOST * max(0.0, 1 - age / (self.ghosts + 1)) if which >= 0 else 0.0
                points[back] = ghosts[max(which, 0)]
            lines.set_color(colors)  # type: ignore[arg-type]

        return show


def _create_residuals(stage: PanelArea, axes: Axes, drawn: Callable[[Array, Array], Array]) -> Callable[[Moment], None]:
    """Create thin lines from the answers to the targets: at every observation, or evenly along a curve."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    from backprop_anim.story import shown_state

    recording, dataset = stage.recording, stage.recording.experiment.dataset
    rows = residual_rows(dataset)
    inputs, experiment = dataset.shown_inputs[rows], recording.experiment
    ends = np.repeat(drawn(inputs, dataset.shown_targets[rows])[:, np.newaxis], 2, axis=1)
    path = Path(ends.reshape(-1, 2), np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(rows)))
    path.should_simplify = False
    # One path is stroked in half the time of as many lines.
    lines = PathPatch(path, facecolor="none", edgecolor=stage.theme.muted, linewidth=1.0, alpha=0.38, snap=False)
    axes.add_artist(lines)
    stage.animate(lines)

    def show(moment: Moment) -> None:
        answers = drawn(inputs, experiment.answers(shown_state(recording, moment), inputs))
        path.vertices[::2] = answers  # type: ignore[index]

    return show


def _ramp(stage: PanelArea, curve: bool) -> Colormap:
    """Return the colours along a curve, from its start to its end; a series, whose input is an axis, has one."""
    from matplotlib.colors import LinearSegmentedColormap

    colors = list(stage.theme.ramp) if curve else [_series_color(stage)] * 2
    return LinearSegmentedColormap.from_list("ramp", colors)


def _series_color(stage: PanelArea) -> str:
    return stage.theme.ramp[len(stage.theme.ramp) // 2]


def _line(axes: Axes, points: Array, stage: PanelArea, ramp: Colormap) -> LineCollection:
    """Return a line through `points`, coloured along its way by a ramp; writing into the array moves the line."""
    from matplotlib.collections import LineCollection

    pieces = [points[k * PER_COLOR : (k + 1) * PER_COLOR + 1] for k in range(COLORS)]
    line = LineCollection(pieces, colors=ramp(np.linspace(0, 1, COLORS)), linewidths=stage.theme.line, capstyle="round")
    axes.add_collection(line, autolim=False)
    return line
