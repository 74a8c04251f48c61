"""The loss over the steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from backprop_anim.drawing import PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["LossPanel"]

WIDE = 20.0
"""A loss that spans more than this factor is drawn on a logarithmic axis."""

EARLY = 0.12
"""If half of the film's states come before this share of the steps, the steps are drawn on a logarithmic axis."""

END = 3.0
"""The last points of width of the line, with its running point, are drawn in each frame."""

MOST_AT_END = 200

EARLIER = 3
"""The running mean looks back over at most this part of the steps so far."""

COLUMNS = 1500
"""The line is thinned to the least and the greatest loss in each of about this many columns."""


MEAN = "mean of steps"


@panels.register("loss")
@dataclass(frozen=True)
class LossPanel:
    """Loss over the steps: the whole run faint, what is done strong, and a running point."""

    scale: Literal["auto", "log", "linear"] = "auto"
    steps: Literal["auto", "log", "linear"] = "auto"
    unit: Literal["step", "epoch"] = "step"
    stretch: ClassVar[float] = 1.5
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import linear_scale, log_scale, plot_axes, steps_scale

        recording, theme = stage.recording, stage.theme
        full_batch = recording.experiment.training.batch is None
        shown = recording.snapshot_losses
        x, losses = self._states(recording)
        totals, tested = _totals(recording), recording.test_losses
        kept = self._along(recording, recording.steps)
        log_y, log_x = self._logarithmic(losses, shown), self._logarithmic_steps(recording)
        least, greatest = _range(losses, shown, full_batch, log_y)
        more = np.append(totals, () if tested is None else tested[np.isfinite(tested)])
        least = min(least, float(more[more > 0].min(initial=least)))
        greatest = min(max(greatest, float(more.max(initial=0.0))), recording.losses_worth_seeing)
        y = log_scale(least, greatest) if log_y else linear_scale(0.0, 1.02 * greatest, 4)
        last = float(self._along(recording, np.array([max(recording.n_steps, 1)]))[0])
        unit = "training step" if self.unit == "step" else "epoch"
        axes = plot_axes(stage, steps_scale(last, log_x), y, recording.experiment.training.loss.label, unit)
        has = _Lines(not full_batch, bool(totals.size), tested is not None)
        named = _draw_key(stage, axes, recording.experiment.training.loss.label, has)
        to_column = axes.transData.transform
        columns = to_column(np.column_stack([x, np.full(len(x), y.high)]))[:, 0]
        line = _thinned(columns, x, losses)
        marks: list[Artist] = []
        if not full_batch:  # single batches are noise: the strong line is the loss that the header shows
            axes.plot(*line, color=theme.faint, linewidth=0.8, alpha=0.5)
            mean = _running_mean(recording.losses, recording.experiment.dataset.n_samples)
            smooth = _thinned(columns[: len(mean)], x[: len(mean)], mean)
            if MEAN in named or tested is None:  # among three lines one without a name is a riddle
                marks += axes.plot(*smooth, color=theme.ink, linewidth=1.3, alpha=0.7)
            line = kept, shown
        if totals.size:
            marks += axes.plot(kept, totals, color=theme.muted, linewidth=1.3, alpha=0.7)
        if tested is not None:
            marks += axes.plot(kept, tested, color=theme.ink, linewidth=2.0, linestyle=(0, (2.4, 1.6)))
        axes.plot(*line, color=theme.faint, linewidth=1.6, alpha=0.6)
        marks += axes.plot(*line, color=theme.accent, linewidth=2.4, solid_joinstyle="round")
        uncover = stage.reveal(*marks)
        (end,) = axes.plot([], [], color=theme.accent, linewidth=2.4, solid_joinstyle="round")
        (point,) = axes.plot(
            [0], [shown[0]], "o", color=theme.accent, markersize=10, clip_on=False, mec=theme.background, mew=1.5
        )
        stage.animate(end, point)
        known = (x, losses) if full_batch else (kept, shown)
        places = to_column(np.column_stack(known))[:, 0]
        reached = np.searchsorted(known[0], kept)

        def show(moment: Moment) -> None:
            now = int(reached[moment.snapshot])
            uncover(float(places[now]) - END * stage.scale)  # a pixel further, and steps to come would be seen
            first = max(0, int(np.searchsorted(places, places[now] - 2 * END * stage.scale)) - 1)
            part = slice(first, now + 1)
            end.set_data(*_thinned(places[part], known[0][part], known[1][part], MOST_AT_END))
            point.set_data([kept[moment.snapshot]], [shown[moment.snapshot]])
            point.set_visible(bool(shown[moment.snapshot] <= y.high))  # a run that diverges leaves the axis

        return show

    def _along(self, recording: Recording, steps: NDArray[np.int64]) -> Array:
        """Return where steps stand on the axis: as they are, or as epochs with their fractions."""
        if self.unit == "step":
            return steps.astype(np.float64)
        experiment = recording.experiment
        return experiment.training.epochs_of(steps, experiment.dataset.n_samples)

    def _states(self, recording: Recording) -> tuple[Array, Array]:
        """Return the place and the loss of every state of the run: those that steps saw, and the last."""
        losses = recording.losses
        if not losses.size:  # of a run that others trained the kept states are all that is known
            return self._along(recording, recording.steps), recording.snapshot_losses
        if recording.diverged_at is None:
            losses = np.append(losses, recording.snapshot_losses[-1])
        return self._along(recording, np.arange(len(losses))), losses

    def _logarithmic(self, losses: Array, shown: Array) -> bool:
        if self.scale != "auto":
            return self.scale == "log"
        finite = shown[np.isfinite(shown)]
        return bool(finite.size and finite.min() > 0 and losses.min() > 0 and finite.max() > WIDE * finite.min())

    def _logarithmic_steps(self, recording: Recording) -> bool:
        n_steps = recording.steps[-1]
        if self.steps != "auto" or n_steps < 10:
            return self.steps == "log" and n_steps > 0
        return bool(np.median(recording.steps) < EARLY * n_steps)


def _running_mean(losses: Array, window: int) -> Array:
    """Return the mean of the last losses at each step: of a part of the way that came before, at most `window`.

    A window that is full at once and then slides would let the first losses, the greatest, drop out with a kink.
    """
    window = max(5, min(window, len(losses) // 10))
    done = np.arange(1, len(losses) + 1)
    sizes = np.clip(done // EARLIER, 1, window)
    total = np.concatenate([[0.0], np.cumsum(losses)])
    mean: Array = (total[done] - total[done - sizes]) / sizes
    return mean


def _totals(recording: Recording) -> Array:
    """Return the loss with the penalties at each kept state; nothing where weights cost nothing."""
    return recording.snapshot_totals if recording.experiment.training.penalty else np.zeros(0)


class _Lines(NamedTuple):
    """Which lines there are beside that of all data."""

    of_batches: bool
    of_totals: bool
    of_held_out: bool


def _draw_key(stage: PanelArea, axes: Axes, title: str, has: _Lines) -> set[str]:
    """Say at the right of the title which line is which, where there are several and there is room; return what."""
    from backprop_anim.drawing import LABEL_SIZE, LegendEntry, draw_legend, legend_width

    theme, rect = stage.theme, stage.rect
    own = "training data" if has.of_held_out else "all data" if has.of_batches else "data alone"
    keys = [LegendEntry(own, theme.accent, "line")]
    keys += [LegendEntry("held out", theme.ink, "dashes")] if has.of_held_out else []
    keys += [LegendEntry("with penalties", theme.muted, "thin")] if has.of_totals else []
    keys += [LegendEntry(MEAN, theme.ink, "thin")] if has.of_batches else []
    room = rect.right - axes.bbox.x0 / stage.scale - stage.text_width(title, LABEL_SIZE) - 20
    while len(keys) > 1 + has.of_held_out and legend_width(stage, keys) > room:
        keys.pop()
    if len(keys) < 2 or legend_width(stage, keys) > room:
        return set()
    draw_legend(stage, keys, rect.right - legend_width(stage, keys), rect.top - 14)
    return {key.label for key in keys}


def _range(losses: Array, shown: Array, full_batch: bool, logarithmic: bool) -> tuple[float, float]:
    """Return the least and the greatest loss that the axis shows.

    A spike would flatten all else on a linear axis, and a lucky batch on a logarithmic one.
    """
    seen, kept = losses[np.isfinite(losses)], shown[np.isfinite(shown)]
    low = seen if full_batch else kept
    positive = low[low > 0]
    highest = seen.max() if logarithmic and full_batch else np.quantile(seen, 0.995)
    greatest = max(float(highest), float(kept.max()), 1e-300)
    return float(positive.min()) if positive.size else greatest / 10, greatest


def _thinned(columns: Array, x: Array, losses: Array, most: int = COLUMNS) -> tuple[Array, Array]:
    """Return the line through the first, least, greatest and last loss of every pixel column, where it has many."""
    if len(x) <= most:
        return x, losses
    starts = np.flatnonzero(np.diff(np.floor(columns), prepend=-1.0))
    low, high = np.minimum.reduceat(losses, starts), np.maximum.reduceat(losses, starts)
    lasts = np.append(starts[1:], len(x)) - 1
    along = np.repeat(x[starts], 4)
    along[3::4] = x[lasts]
    return along, np.column_stack([losses[starts], low, high, losses[lasts]]).ravel()
