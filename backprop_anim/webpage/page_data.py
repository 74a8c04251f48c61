"""What a page is told of a run: everything that it cannot work out again, as plain words and packed numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Registry
from backprop_anim.engine import (
    Array,
    activations,
    batch_orders,
    initializers,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment import Experiment, as_mapping, themes
from backprop_anim.panels import leading_panel, output_column, output_problem, plane_section, section_problem
from backprop_anim.story import loss_decimals, milestones
from backprop_anim.tasks import Dataset, Units
from backprop_anim.training import Recording, ReplayedRows, seen_batches
from backprop_anim.webpage.packing import pack, pack_whole

__all__ = ["page_data"]

LOSS_COLUMNS = 1000
"""A longer run has its losses as the least and the greatest of each of so many columns."""

MOST_DOUBLE_BYTES = 128_000
"""States that take more are kept in single precision, the first and the last apart."""


def page_data(recording: Recording, untwinned: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the page reads, ready for JSON.

    Parameters
    ----------
    recording : Recording
    untwinned : sequence of str, optional
        Parts that the page's engine does not know: it cannot make updates itself, so all of them are stored.
    """
    experiment = recording.experiment
    dataset, training, page = experiment.dataset, experiment.training, experiment.page
    return {
        "name": experiment.name,
        "title": experiment.title,
        "subtitle": experiment.subtitle,
        "stepWord": experiment.step_word,
        "kind": dataset.kind,
        "network": {
            "sizes": list(experiment.network.sizes),
            "bias": experiment.network.bias,
            "activations": [_part(activations, each) for each in experiment.network.activations],
            **({"frozen": list(experiment.network.frozen)} if experiment.network.frozen else {}),
        },
        "training": {
            "loss": _part(losses, training.loss),
            "optimizer": _part(optimizers, training.optimizer),
            "aggression": training.aggression,
            "schedule": _part(learning_rate_schedules, training.schedule),
            "steps": training.steps,
            "noise": training.noise,
            "batch": training.batch,
            "order": _part(batch_orders, training.order),
            **(asdict(training.penalty) if training.penalty else {}),
        },
        "trainedBy": training.trained_by,
        "init": _part(initializers, experiment.init),
        "seed": experiment.seed,
        "lossLabel": training.loss.label,
        "lossDecimals": loss_decimals(recording),
        "data": _samples(experiment, experiment.dataset),
        "heldOut": _held_out(recording),
        "units": {"inputs": _units(dataset.input_units), "targets": _units(dataset.target_units)},
        "names": {
            "inputs": list(dataset.input_names),
            "given": list(dataset.given_names),
            "outputs": list(dataset.names_of_outputs(experiment.network.sizes[-1]) or dataset.output_names),
            "classes": list(dataset.class_names),
        },
        "features": None if dataset.features is None else [formula.tree for formula in dataset.features.parsed],
        "shownRange": dataset.shown_range,
        "pictureSize": dataset.picture_size,
        "dates": list(dataset.date_inputs),
        "columns": [asdict(column) for column in dataset.input_columns],
        "hero": leading_panel(experiment) or "",
        "section": _section(experiment),
        "outputs": _outputs(experiment),
        "states": _states(recording, bool(untwinned)),
        "untwinned": " and ".join(untwinned),
        "losses": _columns(recording, _line_of_losses(recording)),
        **_totals(recording),
        "milestones": _milestones(recording),
        "divergedAt": recording.diverged_at,
        "panels": sorted({name for row in experiment.video.panels or () for name in row}),
        "page": {"about": page.about, "theme": page.theme, "panels": page.panels or ()},
        "slowMotion": [{"step": each.step, "sample": each.sample} for each in experiment.video.slow_motion],
        "themes": {name: _theme(experiment, name) for name in ("light", "dark")},
        "experiment": as_mapping(experiment),
    }


def _part(registry: Registry[Any], part: Any) -> dict[str, Any]:
    """Return a part as its word and its options."""
    options = {each.name: (getattr(part, each.name), each.metadata.get("part")) for each in fields(part)}
    plain = {name: value if inner is None else _part(inner, value) for name, (value, inner) in options.items()}
    return {"kind": registry.name_of(part), **plain}


def _samples(experiment: Experiment, dataset: Dataset) -> dict[str, Any]:
    """Return inputs and targets in the file's units, neurons one after another and samples side by side."""
    return {
        "count": dataset.n_samples,
        "inputs": pack(dataset.shown_inputs.T),
        "targets": pack(dataset.shown_for_outputs(experiment.network.sizes[-1]).T),
        "labels": None if dataset.labels is None else pack_whole(dataset.labels),
        "truth": None if dataset.truth is None else pack(dataset.truth.T),
    }


def _held_out(recording: Recording) -> dict[str, Any] | None:
    """Return the samples that are held out, and the loss over them at each kept state."""
    dataset = recording.experiment.dataset.held_out
    if dataset is None or recording.test_losses is None:
        return None
    return {"data": _samples(recording.experiment, dataset), "losses": pack(recording.test_losses, single=True)}


def _units(units: Units | None) -> dict[str, list[float]] | None:
    return None if units is None else {"shift": units.shift.tolist(), "scale": units.scale.tolist()}


def _section(experiment: Experiment) -> dict[str, Any] | None:
    """Return the plane of the views that have one: of a regression over two inputs, of classes over two or more."""
    dataset = experiment.dataset
    wanted = experiment.video.panel_options.get("boundary", {}).get("inputs", "auto")
    classes, over_two = dataset.kind == "classes", dataset.kind == "regression" and dataset.n_inputs == 2
    if not over_two and not (classes and section_problem(dataset, wanted) is None):
        return None
    section = plane_section(dataset, wanted if classes else "auto")
    base, along, across = section.in_file(dataset)
    return {
        "columns": section.columns,
        "names": section.names,
        "said": section.said[0] if section.said else "",
        "base": base.tolist(),
        "along": along.tolist(),
        "across": across.tolist(),
    }


def _outputs(experiment: Experiment) -> dict[str, int]:
    """Return which output panels show that have room for one."""
    options = experiment.video.panel_options
    wanted = {name: options.get(name, {}).get("output", 1) for name in ("field", "scatter")}
    return {name: output_column(experiment, one) for name, one in wanted.items() if not output_problem(experiment, one)}


def _states(recording: Recording, stores_updates: bool) -> dict[str, Any]:
    """Return the kept states, and of the steps that leave them what the page cannot work out again."""
    experiment = recording.experiment
    training, parameters = experiment.training, recording.parameters
    single = parameters.shape[0] * parameters.shape[1] * 8 > MOST_DOUBLE_BYTES
    rows = _batches(recording)
    remembers = stores_updates or training.optimizer.n_memory > 0 or bool(training.by)
    noisy = training.noise > 0 and not remembers
    return {
        "steps": pack_whole(recording.steps),
        "ends": pack(parameters[[0, -1]]),
        "between": pack(parameters[1:-1], single) if len(parameters) > 2 else None,
        "rows": None if rows is None else pack_whole(rows),
        "batch": 0 if rows is None else rows.shape[1],
        "noise": pack(_noise_factors(recording)) if noisy else None,
        "updates": pack(recording.updates[:], single=True) if remembers else None,
    }


def _batches(recording: Recording) -> NDArray[np.int64] | None:
    """Return the samples that the step from each kept state saw, filled up with -1; None where it saw all."""
    experiment = recording.experiment
    training, n_samples = experiment.training, experiment.dataset.n_samples
    if training.batch is None:
        return None
    if training.batch == 1 and (recording.samples[:-1] >= 0).all():
        return recording.samples[:, np.newaxis]
    found = np.full((len(recording.steps), min(training.batch, n_samples)), -1, np.int64)
    for row, batch in enumerate(seen_batches(experiment, recording.steps[:-1]).values()):
        found[row, : len(batch)] = batch
    return found


def _noise_factors(recording: Recording) -> Array:
    """Return by what each array's gradient was multiplied in the step from each state, shape (S, arrays)."""
    experiment = recording.experiment
    training, layout = experiment.training, experiment.network.layout
    factors = training.schedule.factors(training.steps)
    rates = training.aggression * factors[np.minimum(recording.steps, training.steps - 1)]
    found = np.ones((len(recording.steps), len(layout.names)))
    if isinstance(recording.updates, ReplayedRows) and recording.updates.replay.noise is not None:
        return recording.updates.replay.noise[recording.updates.places]
    gradients, updates = layout.arrays(recording.gradients[:]), layout.arrays(recording.updates[:])
    for place, name in enumerate(layout.names):
        gradient = gradients[name].reshape(len(found), -1)
        update = updates[name].reshape(len(found), -1)
        largest = np.abs(gradient).argmax(axis=1)[:, np.newaxis]
        slope = np.take_along_axis(gradient, largest, 1)[:, 0]
        made = np.take_along_axis(update, largest, 1)[:, 0]
        known = (slope != 0) & (rates != 0)
        found[known, place] = made[known] / (-rates[known] * slope[known])
    return found


def _totals(recording: Recording) -> dict[str, Any]:
    """Return the losses with what the weights cost, where they cost something."""
    if recording.penalties is None:
        return {}
    return {"totals": _columns(recording, recording.losses + recording.penalties)}


def _line_of_losses(recording: Recording) -> Array:
    """Return the losses that the steps saw; where others trained, a line through those of the kept states."""
    if recording.losses.size or recording.n_snapshots < 2:
        return recording.losses
    return np.interp(np.arange(recording.n_steps), recording.steps, recording.snapshot_losses)


def _columns(recording: Recording, losses: Array) -> dict[str, Any]:
    """Return the losses that the steps saw: all of them, or the least and the greatest of each column."""
    found = np.where(np.isfinite(losses), losses, recording.losses_worth_seeing)
    n = len(found)
    starts = np.unique(np.linspace(0, n, min(n, LOSS_COLUMNS) + 1).astype(np.int64))[:-1]
    low = np.minimum.reduceat(found, starts) if n else found
    high = np.maximum.reduceat(found, starts) if n else found
    return {"count": n, "low": pack(low, single=True), "high": pack(high, single=True)}


def _milestones(recording: Recording) -> list[dict[str, Any]]:
    captions = [*recording.experiment.video.captions]
    if recording.experiment.video.milestones:
        captions += milestones(recording)
    return [{"step": caption.step, "text": caption.text} for caption in captions]


def _theme(experiment: Experiment, name: str) -> dict[str, Any]:
    """Return the colours of a theme; those that the film replaces only in the theme that it has."""
    options = experiment.video.theme_options if experiment.video.theme == name else {}
    theme = themes[name](**options)
    colors = {field.name: getattr(theme, field.name) for field in fields(theme) if field.name != "line"}
    return colors | {"values": theme.values}
