"""What the network answers beside what it should answer: a drawn curve, or a series over its input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection

    from backprop_anim.drawing import LegendEntry, PanelArea, Rect, Scale
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.tasks import Dataset
    from backprop_anim.training import Recording

__all__ = ["FitPanel"]

COLORS = 60
"""Colours along a curve; each is a short line of `PER_COLOR` pieces."""

PER_COLOR = 4

KEY_ROOM = 30.0

ALONG_CURVE, MOST_RESIDUALS = 24, 60
"""How many residuals a curve has, and up to how many a series: more would be a surface, not lines."""

GHOSTS_IN_FILM = 40
"""Earlier predictions are taken from this many evenly spread moments."""


@panels.register("fit")
@dataclass(frozen=True)
class FitPanel:
    """Target and prediction and the distances between: a curve coloured along its way, or a series and its data."""

    ghosts: Annotated[int, Ge(0), Le(20)] = 6
    residuals: bool = True
    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        if experiment.dataset.kind in ("curve", "series"):
            return None
        return f"it draws curves and series, and this task gives {experiment.dataset.kind}"

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        curve = stage.recording.experiment.dataset.kind == "curve"
        axes = _curve_axes(stage, self.residuals) if curve else _series_axes(stage, self.residuals)
        return self._create_prediction(stage, axes, curve)

    def _create_prediction(self, stage: PanelArea, axes: Axes, curve: bool) -> Callable[[Moment], None]:
        from backprop_anim.drawing import FrameBlocks
        from backprop_anim.story import probe_inputs

        recording, moments, theme = stage.recording, stage.moments, stage.theme
        network, inputs = recording.experiment.network, recording.experiment.dataset.inputs
        way = np.linspace(inputs.min(), inputs.max(), COLORS * PER_COLOR + 1)[:, np.newaxis]
        probes = probe_inputs(recording, moments)

        def drawn(x: Array, y: Array) -> Array:
            return y if curve else np.concatenate([np.broadcast_to(x, (*y.shape[:-1], 1)), y], axis=-1)

        def lines(start: int, stop: int) -> Array:
            return drawn(way, network.outputs(recording.parameters[start:stop], way))

        def dots(start: int, stop: int) -> Array:
            states = recording.parameters[[moment.snapshot for moment in moments[start:stop]]]
            x = probes[start:stop, np.newaxis, :]
            return drawn(x, network.outputs(states, x))[:, 0]

        line_blocks, dot_blocks = FrameBlocks(lines, recording.n_snapshots), FrameBlocks(dots, len(moments))
        show_ghosts = self._create_ghosts(stage, axes, way, drawn)
        show_residuals = _create_residuals(stage, axes, drawn) if self.residuals else lambda moment: None
        points = np.zeros((len(way), 2))
        prediction = _line(axes, points, stage)
        (probe,) = axes.plot([0], [0], "o", color=theme.accent, ms=13, mec=theme.background, mew=2, clip_on=False)
        stage.animate(prediction, probe)

        bounds = np.sort([axes.get_xlim(), axes.get_ylim()])

        def show(moment: Moment) -> None:
            block, row = line_blocks.at(moment.snapshot)
            points[...] = block[row]
            dot_block, dot = dot_blocks.at(moment.frame)
            place = dot_block[dot]
            probe.set_data(place[:1], place[1:])
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

        recording, network = stage.recording, stage.recording.experiment.network
        apart = max(1, recording.n_snapshots // GHOSTS_IN_FILM)
        coarse = way[::PER_COLOR]
        ghosts = drawn(coarse, network.outputs(recording.parameters[::apart], coarse))
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
                colors[back, 3] = 0.26 * max(0.0, 1 - age / (self.ghosts + 1)) if which >= 0 else 0.0
                points[back] = ghosts[max(which, 0)]
            lines.set_color(colors)  # type: ignore[arg-type]

        return show


def _create_residuals(stage: PanelArea, axes: Axes, drawn: Callable[[Array, Array], Array]) -> Callable[[Moment], None]:
    """Create thin lines from the answers to the targets: at every observation, or evenly along a curve."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    recording, dataset = stage.recording, stage.recording.experiment.dataset
    rows = _residual_rows(dataset)
    inputs, network = dataset.inputs[rows], recording.experiment.network
    ends = np.repeat(drawn(inputs, dataset.targets[rows])[:, np.newaxis], 2, axis=1)
    path = Path(ends.reshape(-1, 2), np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(rows)))
    path.should_simplify = False
    # One path is stroked in half the time of as many lines.
    lines = PathPatch(path, facecolor="none", edgecolor=stage.theme.muted, linewidth=1.0, alpha=0.38, snap=False)
    axes.add_artist(lines)
    stage.animate(lines)

    def show(moment: Moment) -> None:
        answers = drawn(inputs, network.outputs(recording.parameters[moment.snapshot], inputs))
        path.vertices[::2] = answers  # type: ignore[index]

    return show


def _residual_rows(dataset: Dataset) -> NDArray[np.int64]:
    """Return the samples whose residuals are drawn: some along a curve, all of a series that is short enough."""
    n = dataset.n_samples
    if dataset.kind == "curve":
        return np.unique(np.linspace(0, n - 1, min(n, ALONG_CURVE)).astype(np.int64))
    return np.arange(n if n <= MOST_RESIDUALS else 0)


def _line(axes: Axes, points: Array, stage: PanelArea) -> LineCollection:
    """Return a line through `points`, coloured along its way; writing into the array moves the line."""
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LinearSegmentedColormap

    ramp = LinearSegmentedColormap.from_list("ramp", list(stage.theme.ramp))(np.linspace(0, 1, COLORS))
    pieces = [points[k * PER_COLOR : (k + 1) * PER_COLOR + 1] for k in range(COLORS)]
    line = LineCollection(pieces, colors=ramp, linewidths=stage.theme.line, capstyle="round")
    axes.add_collection(line, autolim=False)
    return line


def _curve_axes(stage: PanelArea, residuals: bool) -> Axes:
    """Draw the target curve on axes with equal units, centred in the panel, and the key over it."""
    from backprop_anim.drawing import LEGEND_LINE, LegendEntry

    targets = stage.recording.experiment.dataset.targets
    every = np.concatenate([each.experiment.dataset.targets for each in stage.recordings_on_axes])
    low, high = every.min(axis=0), every.max(axis=0)
    middle, size = (low + high) / 2, np.maximum(high - low, 1e-9)
    theme, above = stage.theme, 0.0 if stage.shared else LEGEND_LINE
    rect = stage.rect.inset(6, 6, 6, 6 + above)
    per_point = max(1.12 * size[0] / rect.width, 1.12 * size[1] / rect.height)
    half = np.array([rect.width, rect.height]) * per_point / 2
    axes = stage.axes(rect)
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
    path = _closed(targets)
    axes.plot(*path.T, color=stage.theme.target, linewidth=2.2, linestyle=(0, (4.5, 2.6)))
    keys = [LegendEntry("target", theme.target, "dashes")]
    if not stage.shared:
        keys.append(LegendEntry("network", theme.ramp[len(theme.ramp) // 2], "line"))
    keys += [LegendEntry("error", theme.muted, "upright")] if residuals else []
    where = stage.shared.key if stage.shared else stage.rect.inset(bottom=stage.rect.height - KEY_ROOM)
    if where:
        _draw_key_line(stage, where, keys)
    return axes


def _closed(points: Array) -> Array:
    """Join the last point to the first where the gap is no wider than the gaps between neighbours."""
    gaps = np.hypot(*np.diff(points, axis=0).T)
    if np.hypot(*(points[0] - points[-1])) <= 1.5 * gaps.max():
        return np.concatenate([points, points[:1]])
    return points


def _series_axes(stage: PanelArea, residuals: bool) -> Axes:
    """Draw observations and the true series on axes with ticks, and the key above them."""
    from backprop_anim.drawing import (
        LEGEND_LINE,
        LegendEntry,
        draw_legend,
        left_room,
        legend_lines,
        legend_width,
        plot_axes,
    )

    dataset, theme = stage.recording.experiment.dataset, stage.theme
    x, y = dataset.inputs[:, 0], dataset.targets[:, 0]
    truth = None if dataset.truth is None else dataset.truth[:, 0]
    noisy = truth is None or not np.array_equal(truth, y)
    scale, y_scale = _series_scales(stage.recordings_on_axes)
    names = (dataset.input_names or ("",))[0], (dataset.output_names or ("",))[0]
    keys = [LegendEntry("observations", theme.muted, "dots")] if noisy else []
    if truth is not None:
        keys.append(LegendEntry("true curve" if noisy else "target", theme.target, "dashes"))
    error = [LegendEntry("error", theme.muted, "upright")] if residuals and len(_residual_rows(dataset)) else []
    if stage.shared:
        axes = plot_axes(stage, scale, y_scale, "", names[0])
        if stage.shared.key:
            _draw_key_line(stage, stage.shared.key, keys + error, names[1])
    else:
        keys.append(LegendEntry("network", theme.ramp[len(theme.ramp) // 2], "line"))
        if legend_width(stage, keys + error) <= stage.rect.width - left_room(stage, scale, y_scale):
            keys += error
        lines = legend_lines(stage, keys, stage.rect.width - left_room(stage, scale, y_scale))
        axes = plot_axes(_without_top(stage, LEGEND_LINE * len(lines)), scale, y_scale, names[1], names[0])
        for row, line in enumerate(lines):
            draw_legend(stage, line, axes.bbox.x0 / stage.scale, stage.rect.top - 14 - LEGEND_LINE * row)
    if noisy:
        axes.plot(x, y, "o", color=theme.ink, alpha=0.45, markersize=6, mew=0)
    if truth is not None:
        order = np.argsort(x)
        axes.plot(x[order], truth[order], color=theme.target, linewidth=2.2, linestyle=(0, (4.5, 2.6)))
    return axes


def _series_scales(recordings: Sequence[Recording]) -> tuple[Scale, Scale]:
    """Return the axes that hold the observations, the true series and the last fit of every recording."""
    from backprop_anim.drawing import Scale, linear_scale

    xs, ys = [], []
    for recording in recordings:
        dataset = recording.experiment.dataset
        xs.append(dataset.inputs[:, 0])
        ys += [dataset.targets[:, 0]] if dataset.truth is None else [dataset.targets[:, 0], dataset.truth[:, 0]]
        if recording.diverged_at is None:  # or the last answers would flatten all else
            ys.append(recording.experiment.network.outputs(recording.parameters[-1], dataset.inputs)[:, 0])
    x, y, shown = np.concatenate(xs), np.concatenate(ys), recordings[0].experiment.dataset.shown_range
    scale = linear_scale(float(x.min()), float(x.max()), 5, 0.02)
    if shown is not None and x.max() > x.min():
        first, last = shown
        labelled = linear_scale(first, last, 5, 0.02)
        ticks = (np.array(labelled.ticks) - first) / (last - first)
        scale = Scale("linear", -0.02, 1.02, tuple(ticks * (x.max() - x.min()) + x.min()), labelled.labels)
    return scale, linear_scale(float(y.min()), float(y.max()), 5, 0.12)


def _draw_key_line(stage: PanelArea, rect: Rect, keys: Sequence[LegendEntry], y_name: str = "") -> None:
    """Write the name of y, and the key behind it, in as much of it as there is room for."""
    from backprop_anim.drawing import LABEL_SIZE, draw_legend, legend_width

    baseline, left = rect.top - 14, rect.left
    if y_name:
        name = stage.truncate_text(f"↑ {y_name}", max(0.4 * rect.width, rect.width - legend_width(stage, keys) - 28))
        stage.text(left, baseline, name)
        left += stage.text_width(name, LABEL_SIZE) + 28
    while keys and legend_width(stage, keys) > rect.right - left:
        keys = keys[:-1]
    draw_legend(stage, keys, left, baseline)


def _without_top(stage: PanelArea, height: float) -> PanelArea:
    """Return the same stage without a strip at its top."""
    from dataclasses import replace

    return replace(stage, rect=stage.rect.inset(top=height))
