"""How large the gradients of each layer are over the run: their median, and the range of most of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.panels.loss import LossPanel
from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from backprop_anim.drawing import PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["GradientsPanel", "gradient_sizes", "spread_apart"]

QUANTILES = (0.1, 0.5, 0.9)
LABEL_ROOM, LABEL_HEIGHT = 10.0, 19.0
DEEPEST = 1e-12
"""Gradients of this share of the largest and less are drawn at the foot."""

MOST_DECADES = 6
BLOCK, MOST_NUMBERS = 256, 1_000_000
"""States, and numbers, whose quantiles are found at once."""


@panels.register("gradients")
@dataclass(frozen=True)
class GradientsPanel:
    """The size of each layer's gradients over the steps: the median as a line, 10 to 90 % of them as a band."""

    steps: Literal["auto", "log", "linear"] = "auto"
    max_layers: Annotated[int, Ge(2), Le(12)] = 6
    bands: bool = True
    stretch: ClassVar[float] = 1.7
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from dataclasses import replace

        from backprop_anim.drawing import log_scale, plot_axes, steps_scale

        recording, theme = stage.recording, stage.theme
        n_layers = len(recording.experiment.network.sizes) - 1
        layers = np.unique(np.rint(np.linspace(0, n_layers - 1, min(n_layers, self.max_layers))).astype(int))
        sizes = gradient_sizes(recording, layers)
        if not sizes.any():
            middle = stage.rect.bottom + stage.rect.height / 2
            stage.text(stage.rect.left + stage.rect.width / 2, middle, "all gradients are 0", ha="center", va="center")
            return lambda moment: None
        low, high = _limits(sizes)
        sizes = np.clip(sizes, low, None)
        names = [f"layer {layer + 1}" for layer in layers]
        room = LABEL_ROOM + max(stage.text_width(name, 16, "bold") for name in names)
        inner = replace(stage, rect=stage.rect.inset(right=room))
        log_x = LossPanel(steps=self.steps)._logarithmic_steps(recording)
        scale = steps_scale(max(int(recording.steps[-1]), 1), log_x)
        title = "Gradient size |∂L/∂w|, median" + (" and 10–90 %" if self.bands else "")
        if stage.text_width(title, 16) > inner.rect.width - 50:
            title = "Gradient size |∂L/∂w|"
        axes = plot_axes(inner, scale, log_scale(low, high), title, "training step")
        colors = _layer_colors(theme.ramp, len(layers))
        revealed: list[Artist] = []
        for row, color in zip(sizes, colors, strict=True):
            axes.plot(recording.steps, row[:, 1], color=theme.faint, linewidth=1.2, alpha=0.4)
            if self.bands:
                band = axes.fill_between(recording.steps, row[:, 0], row[:, 2], color=color, alpha=0.13, linewidth=0)
                revealed.append(band)
        for row, color in zip(sizes, colors, strict=True):
            revealed += axes.plot(recording.steps, row[:, 1], color=color, linewidth=2.0, solid_joinstyle="round")
        uncover = stage.reveal(*revealed)
        points = axes.scatter(
            np.zeros(len(layers)), sizes[:, 0, 1], s=80, c=colors, edgecolors=theme.background, clip_on=False, zorder=3
        )
        stage.animate(points)
        places = axes.transData.transform(np.column_stack([recording.steps, np.full(recording.n_snapshots, high)]))[
            :, 0
        ]
        heights = axes.transData.transform(np.column_stack([np.zeros(len(layers)), sizes[:, -1, 1]]))[:, 1]
        box = axes.bbox
        spread = spread_apart(heights / stage.scale, LABEL_HEIGHT, box.y0 / stage.scale + 9, box.y1 / stage.scale)
        for name, color, y in zip(names, colors, spread, strict=True):
            x = box.x1 / stage.scale + LABEL_ROOM
            stage.text(x, y, name, 16, color, "bold", va="center_baseline")

        def show(moment: Moment) -> None:
            uncover(float(places[moment.snapshot]) - 0.5)
            step = np.full(len(layers), recording.steps[moment.snapshot])
            points.set_offsets(np.column_stack([step, sizes[:, moment.snapshot, 1]]))

        return show


def gradient_sizes(recording: Recording, layers: NDArray[np.intp]) -> Array:
    """Return the quantiles of |gradient| of these layers at every kept state, shape (layers, S, 3)."""
    layout = recording.experiment.network.layout
    found = np.empty((len(layers), recording.n_snapshots, len(QUANTILES)))
    at_once = max(1, min(BLOCK, MOST_NUMBERS // layout.n_parameters))
    for start in range(0, recording.n_snapshots, at_once):
        blocks = layout.blocks(recording.gradients[start : start + at_once])
        for place, layer in enumerate(layers):
            flat = np.abs(blocks[layer]).reshape(len(blocks[layer]), -1)
            found[place, start : start + at_once] = np.quantile(flat, QUANTILES, axis=1).T
    return found


def _limits(sizes: Array) -> tuple[float, float]:
    """Return the ends of the axis: nearly all is between them, and nothing is taken for more than it is."""
    high = float(sizes[..., 2].max())
    medians = sizes[..., 1][sizes[..., 1] > high * DEEPEST]
    low = float(np.quantile(medians, 0.01)) / 3 if medians.size else high / 100
    return max(low, high / 10.0**MOST_DECADES), high


def _layer_colors(ramp: Sequence[str], n: int) -> list[str]:
    """Return a colour for each of `n` layers, evenly from the theme's ramp."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    colors = LinearSegmentedColormap.from_list("layers", list(ramp))
    return [to_hex(colors(0.25 + 0.6 * place)) for place in np.linspace(0, 1, n)]


def spread_apart(heights: Array, gap: float, low: float, high: float) -> Array:
    """Return places for labels as near to `heights` as a gap between any two lets them be.

    They stay between `low` and `high` as long as there is room for all.
    """
    order = np.argsort(heights, kind="stable")
    wanted = heights[order] - gap * np.arange(len(heights))
    placed = np.empty(len(wanted))
    groups: list[list[float]] = []  # of neighbours that touch: each stands at the mean of what its labels want
    for want in wanted:
        groups.append([float(want)])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            upper = groups.pop()
            groups[-1] += upper
    placed[order] = np.repeat([np.mean(group) for group in groups], [len(group) for group in groups])
    most = max(low, high - gap * (len(heights) - 1))
    ranks = np.empty(len(heights))
    ranks[order] = np.arange(len(heights))
    return np.clip(placed, low, most) + gap * ranks
