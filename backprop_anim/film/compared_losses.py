"""The losses of several runs on one pair of axes, or their accuracies where the losses cannot stand on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backprop_anim.drawing import LABEL_SIZE, PanelArea, Scale, linear_scale, log_scale, plot_axes, steps_scale
from backprop_anim.engine import Array
from backprop_anim.film.run_measures import ComparedRun, Measures
from backprop_anim.story import Moment

__all__ = ["create_losses"]

COLUMNS = 900
"""Each loss is thinned to the first, least, greatest and last in each of about this many columns."""

EARLY = 0.05
"""If most runs have half of their way behind them before this share of the steps, the steps are drawn in decades."""

HUNDREDFOLD, LEAST = 100.0, 1e-8
"""The axis follows losses up to this factor over the first ones, and down to this part of them."""

PERCENT = Scale("linear", 0.0, 1.02, (0.0, 0.25, 0.5, 0.75, 1.0), ("0%", "25%", "50%", "75%", "100%"))


def create_losses(
    stage: PanelArea, runs: Sequence[ComparedRun], colors: Sequence[str], measures: Measures
) -> Callable[[Moment], None]:
    """Draw the losses of all runs over the steps, faint; they grow strong as far as the film has come.

    The best of the last ones is named at the end. The noisiest line lies under all others.
    """
    experiment = runs[0].recording.experiment
    tested: list[tuple[Array, Array]] = []
    if measures.name == "accuracy":
        curves, title, y = [_accuracy_curve(each) for each in runs], "Accuracy", PERCENT
    else:
        curves, title = [_curve(each) for each in runs], experiment.training.loss.label
        tested = [_tested_curve(each) for each in runs] if measures.held_out else []
        y = _loss_scale([*runs, *runs[: len(tested)]], [*curves, *tested])
    leader = max(runs, key=lambda each: each.places[-1])
    length = float(leader.places[-1]) or 1.0
    in_decades = _acts_early(curves, length, y.kind == "log")
    title += "; dashed: held out" if tested else ""
    axes = plot_axes(stage, steps_scale(length, in_decades), y, title, runs[0].unit)
    marks = []
    for k in sorted(range(len(runs)), key=lambda k: -_noise(curves[k][1])):
        line = _thinned(*curves[k], length, in_decades)
        axes.plot(*line, color=colors[k], linewidth=1.2, alpha=0.16)
        marks += axes.plot(*line, color=colors[k], linewidth=2.0, alpha=0.9, solid_joinstyle="round")
    for k, line in enumerate(tested):
        marks += axes.plot(*line, color=colors[k], linewidth=1.8, alpha=0.9, linestyle=(0, (3, 1.6)))
    uncover = stage.reveal(*marks)
    places = leader.places
    columns = axes.transData.transform(np.column_stack([places, np.full(len(places), y.high)]))[:, 0]
    (now,) = axes.plot([0, 0], [y.low, y.high], color=stage.theme.faint, linewidth=1.2)
    stage.animate(now)
    show_best = _create_verdict(stage, runs, measures, axes.bbox.x0 / stage.scale + stage.text_width(title, LABEL_SIZE))

    def show(moment: Moment) -> None:
        uncover(float(columns[moment.snapshot]))
        now.set_xdata([places[moment.snapshot]] * 2)
        show_best(moment)

    return show


def _create_verdict(
    stage: PanelArea, runs: Sequence[ComparedRun], measures: Measures, left: float
) -> Callable[[Moment], None]:
    """Name the best run over the upper right corner when the last state is shown, where one alone is the best."""
    if len(measures.best) != 1:
        return lambda moment: None
    (best,) = measures.best
    last, room = runs[best].recording.n_snapshots - 1, stage.rect.right - left - 24
    given = f"{measures.best_word} at the end: {runs[best].label}", f"{measures.best_word}: {runs[best].label}"
    words = next((text for text in given if stage.text_width(text, LABEL_SIZE, "bold") <= room), "")
    if not words:  # its tile says it
        return lambda moment: None
    text = stage.changing_text(
        stage.rect.right, stage.rect.top - 14, LABEL_SIZE, stage.theme.ink, weight="bold", align="right"
    )
    return lambda moment: text.set_content(words if moment.snapshot == last else "")


def _loss_scale(runs: Sequence[ComparedRun], curves: Sequence[tuple[Array, Array]]) -> Scale:
    """Return the axis of the losses: what a run that diverges comes to is not worth it."""
    highest = max(
        float(np.minimum(losses, each.recording.losses_worth_seeing).max())
        for each, (_, losses) in zip(runs, curves, strict=True)
    )
    first = max(float(losses[0]) for _, losses in curves)
    highest = min(highest, HUNDREDFOLD * first)
    values = np.concatenate([losses for _, losses in curves])
    lowest = float(np.min(values[np.isfinite(values) & (values > LEAST * first)], initial=highest))
    if 0 < lowest < highest / 20:
        return log_scale(lowest, highest)
    return linear_scale(0.0, 1.02 * max(highest, 1e-9), 4)


def _acts_early(curves: Sequence[tuple[Array, Array]], length: float, logarithmic: bool) -> bool:
    """Return whether most lines have gone half of their way, as it is seen, in a small part of the steps."""
    if length < 10:
        return False
    halves = []
    for steps, values in curves:
        seen = np.log(np.maximum(values, 1e-300)) if logarithmic else values
        way = np.abs(seen - seen[0])
        halves.append(float(steps[np.argmax(way >= way.max() / 2)]))
    return bool(np.median(halves) < EARLY * length)


def _noise(losses: Array) -> float:
    """Return how much a line jumps from step to step beside its whole way."""
    seen = np.log(np.maximum(losses[np.isfinite(losses)], 1e-300))
    return float(np.abs(np.diff(seen)).sum() / max(1e-9, np.ptp(seen))) if len(seen) > 1 else 0.0


def _accuracy_curve(run: ComparedRun) -> tuple[Array, Array]:
    """Return the accuracy along the run, at the states that were kept."""
    own = run.recording.steps <= run.last_step
    return run.along(run.recording.steps[own]), run.recording.snapshot_accuracies[own]


def _tested_curve(run: ComparedRun) -> tuple[Array, Array]:
    """Return the loss over what is held out along the run, at the states that were kept."""
    own = run.recording.steps <= run.last_step
    losses = run.recording.test_losses
    return run.along(run.recording.steps[own]), (run.recording.snapshot_losses if losses is None else losses)[own]


def _curve(run: ComparedRun) -> tuple[Array, Array]:
    """Return the losses along the run."""
    recording = run.recording
    if recording.experiment.training.batch is not None or not recording.losses.size:
        own = recording.steps <= run.last_step
        return run.along(recording.steps[own]), recording.snapshot_losses[own]
    losses = recording.losses
    if recording.diverged_at is None:
        losses = np.append(losses, recording.snapshot_losses[-1])
    return run.along(np.arange(len(losses))), losses


def _thinned(steps: Array, losses: Array, length: float, in_decades: bool) -> tuple[Array, Array]:
    """Return the line through the first, least, greatest and last loss of every column, where it has many."""
    if len(steps) <= COLUMNS:
        return steps, losses
    along = np.log1p(steps) / np.log1p(length) if in_decades else steps / length
    starts = np.flatnonzero(np.diff(np.floor(COLUMNS * along), prepend=-1.0))
    low, high = np.minimum.reduceat(losses, starts), np.maximum.reduceat(losses, starts)
    lasts = np.append(starts[1:], len(steps)) - 1
    x = np.repeat(steps[starts], 4)
    x[3::4] = steps[lasts]
    return x, np.column_stack([losses[starts], low, high, losses[lasts]]).ravel()
