"""What a network predicts against what is so: a dot for each sample, on the diagonal where it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.class_plane import ring_mark
from backprop_anim.panels.panel import panels
from backprop_anim.panels.scatter_axes import answer_axes, farthest_off, residual_axes
from backprop_anim.panels.shown_output import OutputChoice, output_column, output_name, output_problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from backprop_anim.drawing import LegendEntry, PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["ScatterPanel"]

MOST_LINES = 120
"""More errors as lines would be a surface."""

LEAST_DOT, LARGEST_DOT, DOT_SHARE = 4.0, 10.0, 0.3
OPACITY = 0.62
RING = 22.0


@panels.register("scatter")
@dataclass(frozen=True)
class ScatterPanel:
    """Predicted against actual values, a dot for each sample, with the diagonal of right answers."""

    output: OutputChoice = 1
    show: Literal["predictions", "residuals"] = "predictions"
    max_points: Annotated[int, Ge(1), Le(20_000)] = 400
    residuals: bool = True
    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        if experiment.dataset.kind not in ("regression", "series"):
            return f"it compares amounts, and this task gives {experiment.dataset.kind}"
        return output_problem(experiment, self.output)

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.story import probe_samples

        recording, experiment = stage.recording, stage.recording.experiment
        column, name = output_column(experiment, self.output), output_name(experiment, self.output)
        every = experiment.shown_targets()[:, column]
        held = [data for each in stage.recordings_on_axes if (data := each.experiment.dataset.held_out) is not None]
        on_axes = [each.experiment.shown_targets()[:, column] for each in stage.recordings_on_axes]
        bounds = np.concatenate([*on_axes, *(data.shown_targets[:, column] for data in held)])
        samples = probe_samples(recording, stage.moments)
        chosen = np.union1d(experiment.dataset.some_samples(self.max_points), samples)
        targets = every[chosen]
        lines = self.residuals and len(chosen) <= MOST_LINES
        if self.show == "residuals":
            last = _answers(stage, chosen, column, recording.parameters[-1])
            axes = residual_axes(stage, name, bounds, farthest_off(targets, last), self._keys(stage, lines))
        else:
            axes = answer_axes(stage, name, bounds, self._keys(stage, lines))

        def points(answers: Array) -> Array:
            """Return where dots lie and where they would, were the answers right, (samples, 2, 2)."""
            if self.show == "residuals":
                off = answers - targets
                return np.stack([np.column_stack([answers, off]), np.column_stack([answers, 0 * off])], axis=1)
            right = np.column_stack([targets, targets])
            return np.stack([np.column_stack([targets, answers]), right], axis=1)

        show_points = _create_points(stage, axes, len(chosen), lines)
        show_held_out = self._create_held_out(stage, axes, column)
        current = np.searchsorted(chosen, samples)
        show_ring = _create_ring(stage, axes)
        state_of = _states(stage, chosen, column)

        def show(moment: Moment) -> None:
            places = points(state_of(moment))
            show_held_out(moment)
            show_points(places)
            show_ring(places[current[moment.frame], 0])

        return show

    def _create_held_out(self, stage: PanelArea, axes: Axes, column: int) -> Callable[[Moment], None]:
        """Create a hollow dot for each sample that the network is not trained on."""
        from backprop_anim.story import shown_state

        recording, experiment = stage.recording, stage.recording.experiment
        held_out = experiment.dataset.held_out
        if held_out is None:
            return lambda moment: None
        chosen = held_out.some_samples(self.max_points)
        inputs, targets = held_out.shown_inputs[chosen], held_out.shown_targets[chosen, column]
        look: dict[str, Any] = {"linestyle": "none", "mfc": "none", "mec": stage.theme.ink, "mew": 1.2}
        (rings,) = axes.plot([], [], marker="o", markersize=LEAST_DOT + 1, **look)
        stage.animate(rings)

        def show(moment: Moment) -> None:
            with np.errstate(over="ignore", invalid="ignore"):
                answers = experiment.answers(shown_state(recording, moment), inputs)[:, column]
            rings.set_data(*((answers, answers - targets) if self.show == "residuals" else (targets, answers)))

        return show

    def _keys(self, stage: PanelArea, lines: bool) -> list[LegendEntry]:
        from backprop_anim.drawing import LegendEntry

        theme = stage.theme
        keys = [LegendEntry("right", theme.target, "dashes")]
        if stage.recording.experiment.dataset.held_out is not None:
            keys.append(LegendEntry("held out", theme.ink, "ring"))
        return [*keys, LegendEntry("error", theme.muted, "upright")] if lines else keys


def _answers(stage: PanelArea, chosen: NDArray[np.int64], column: int, parameters: Array) -> Array:
    """Return the answers to samples in the units of the file, (..., samples)."""
    experiment = stage.recording.experiment
    with np.errstate(over="ignore", invalid="ignore"):  # of a network that went astray
        found: Array = experiment.answers(parameters, experiment.dataset.shown_inputs[chosen])[..., column]
    return found


def _states(stage: PanelArea, chosen: NDArray[np.int64], column: int) -> Callable[[Moment], Array]:
    """Return the function that gives the answers of a moment's network to samples; many states are asked at once."""
    from backprop_anim.drawing import FrameBlocks, states_at_once
    from backprop_anim.story import is_updating, shown_state

    recording = stage.recording

    def block(start: int, stop: int) -> Array:
        return _answers(stage, chosen, column, recording.parameters[start:stop])

    at_once = states_at_once(recording.experiment.network.layout.n_parameters)
    blocks = FrameBlocks(block, recording.n_snapshots, at_once)

    def answers(moment: Moment) -> Array:
        if is_updating(moment) or moment.blend:  # on its way to the next state
            return _answers(stage, chosen, column, shown_state(recording, moment))
        found, row = blocks.at(moment.snapshot)
        one: Array = found[row]
        return one

    return answers


def _create_points(stage: PanelArea, axes: Axes, n: int, lines: bool) -> Callable[[Array], None]:
    """Create the dots, a mark at the edge for each that lies beyond it, and thin lines to the right answers."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    theme = stage.theme
    color = theme.ramp[len(theme.ramp) // 2]
    side = float(np.sqrt(axes.bbox.width * axes.bbox.height)) / stage.scale
    size = min(LARGEST_DOT, max(LEAST_DOT, DOT_SHARE * side / n**0.5))
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    path = Path(np.zeros((2 * n, 2)), np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), n))
    path.should_simplify = False
    # One path is stroked in half the time of as many lines.
    errors = PathPatch(path, facecolor="none", edgecolor=theme.muted, linewidth=1.0, alpha=0.5, snap=False)
    axes.add_artist(errors)
    look: dict[str, Any] = {"linestyle": "none", "color": color, "mew": 0, "clip_on": False}
    (dots,) = axes.plot([], [], marker="o", markersize=size, alpha=OPACITY, **look)
    edges = [axes.plot([], [], marker=marker, markersize=size + 2, **look)[0] for marker in "^v<>"]
    stage.animate(*([errors] if lines else []), dots, *edges)

    def show(points: Array) -> None:
        if lines:
            path.vertices[...] = np.nan_to_num(points).reshape(-1, 2)  # type: ignore[index]
        x, y = points[:, 0].T
        above, below = y > high, y < low
        before, after = (x < left) & ~above & ~below, (x > right) & ~above & ~below
        dots.set_data(*points[~(above | below | before | after), 0].T)
        x, y = np.clip(x, left, right), np.clip(y, low, high)
        for edge, beyond in zip(edges, (above, below, before, after), strict=True):
            edge.set_data(x[beyond], y[beyond])

    return show


def _create_ring(stage: PanelArea, axes: Axes) -> Callable[[Array], None]:
    """Create the ring around the current sample; at the edge where that lies beyond it."""
    (ring,) = axes.plot([0], [0], visible=stage.shared is None, **ring_mark(stage, RING))  # tiles have no key for it
    stage.animate(ring)
    low, high = np.sort([axes.get_xlim(), axes.get_ylim()]).T

    def show(place: Array) -> None:
        ring.set_visible(stage.shared is None and bool(np.isfinite(place).all()))
        ring.set_data(*np.clip(place, low, high)[:, np.newaxis])

    return show
