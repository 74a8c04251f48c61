"""An experiment in a few lines of words, for a reader who wants to know what it will make."""

from __future__ import annotations

import numpy as np

from backprop_anim.common import counted
from backprop_anim.config.csv_config import MOST_LABELS
from backprop_anim.config.estimate import estimate
from backprop_anim.experiment import Experiment, SnapshotPlan, as_mapping
from backprop_anim.tasks import Dataset

__all__ = ["advice", "describe", "differences", "plugin_label"]

OTHER_SCRIPTS, SIGNS = "\u0590", frozenset(map(chr, range(0x2000, 0x2300)))
"""Where the letters end that the film's own typefaces are sure to have, and signs that they have beyond."""

FAR_FROM_1 = 50.0
"""Numbers beyond this are worth a word."""


def describe(experiment: Experiment) -> list[str]:
    """Return a heading and a few lines: shapes, training, film, time and memory."""
    network, training, video, dataset = experiment.network, experiment.training, experiment.video, experiment.dataset
    words, plan = as_mapping(experiment), estimate(experiment)
    layers = " → ".join(map(str, network.sizes))
    shapes = ", ".join(f"{name} {'×'.join(map(str, shape))}" for name, shape in network.layout.shapes().items())
    if len(shapes) > 100:
        shapes = f"{len(network.layout.names)} arrays"
    batch = (
        f"all {counted(dataset.n_samples, 'sample')}" if training.batch is None else counted(training.batch, "sample")
    )
    order = "" if training.batch is None else f" ({words['training']['order']})"
    noise = f", noise {training.noise:g}" if training.noise else ""
    rate = f"{training.rate_word.replace('_', ' ')} {training.aggression:g}"
    size, frames = counted(plan.parameters, "parameter"), counted(plan.frames, "frame")
    grid = (
        "a layout that suits the frame" if video.panels is None else " | ".join(" ".join(row) for row in video.panels)
    )
    samples = f"{counted(dataset.n_samples, 'sample')}, {dataset.kind}{_units(dataset)}"
    return [
        experiment.name,
        f"task     {plugin_label(words['task'])}: {samples}",
        f"network  {layers}, {_activations(words['network']['activation'])}; {size} ({shapes})",
        f"training {counted(training.steps, 'step')} of {batch}{order}, {plugin_label(words['training']['loss'])}, "
        f"{plugin_label(words['training']['optimizer'])}, {rate}{noise}",
        f"film     {video.width_px}x{video.height_px}, {frames} at {video.fps} fps, {plan.film_s:.1f} s; "
        f"{counted(plan.states, 'state')}; {', '.join(video.formats)}; {video.theme}",
        *([f"states   {kept}"] if (kept := SnapshotPlan.of(experiment).said) else []),
        f"panels   {grid}",
        f"expect   about {plan.train_s + plan.draw_s:.0f} s ({plan.train_s:.1f} s of training) "
        f"and {plan.memory_bytes / 1e9:,.1f} GB of memory",
    ]


def advice(experiment: Experiment) -> list[str]:
    """Return what a user may want to change before training: numbers that networks learn badly from."""
    dataset = experiment.dataset
    found = list(dataset.notes)
    numbers = {"inputs": dataset.inputs} | ({} if dataset.kind == "classes" else {"targets": experiment.targets()})
    for word, values in numbers.items():
        largest = float(np.abs(values).max(initial=0.0))
        if largest > FAR_FROM_1:
            found.append(f"the {word} go up to {largest:,.6g}; a network learns best from numbers of about −1 to 1")
    if _may_be_classes(dataset):
        n = len(np.unique(dataset.shown_targets))
        found.append(
            f"the targets are {n} different whole numbers, taken as amounts; task.classes: true makes them classes"
        )
    return found + _notes_on_letters(experiment)


def _notes_on_letters(experiment: Experiment) -> list[str]:
    """Return what no font has of the film's words; asked only where some are not of the letters that ours have."""
    texts, font = experiment.words, experiment.video.font
    if font is None and all(letter < OTHER_SCRIPTS or letter in SIGNS for letter in texts):
        return []
    from backprop_anim.drawing import FontSet  # which takes a while to import

    return list(FontSet(texts, font).notes)


def _may_be_classes(dataset: Dataset) -> bool:
    """Return whether the numbers of a file are as likely names of classes, of which more than 0 and 1 say nothing."""
    targets = dataset.shown_targets
    if dataset.kind == "classes" or not dataset.input_columns or targets.shape[1] > 1:
        return False
    values, counts = np.unique(targets, return_counts=True)
    few = 2 < len(values) <= MOST_LABELS and len(values) <= len(targets) / 5
    return bool(few and counts.min() > 1 and (values == np.round(values)).all())


def _units(dataset: Dataset) -> str:
    """Return how the inputs become features, and what is trained in units other than the file's, behind semicolons."""
    word = "inputs" if dataset.features is None else "features"
    of = "" if word == "inputs" else f"; {counted(dataset.n_given, 'feature')} of {counted(dataset.n_inputs, 'input')}"
    parts = [
        word for word, units in ((word, dataset.input_units), ("targets", dataset.target_units)) if units is not None
    ]
    return of + (f"; {' and '.join(parts)} normalized" if parts else "")


def differences(experiment: Experiment, first: Experiment) -> list[str]:
    """Return the lines of a description that differ from those of the first run of a sweep."""
    known = describe(first)
    return [line for line in describe(experiment)[1:] if line not in known]


def plugin_label(part: object) -> str:
    """Return the name of a plug-in, with the option that names its variety."""
    if not isinstance(part, dict):
        return str(part)
    variety = next((part[key] for key in ("curve", "series", "shape", "file") if isinstance(part.get(key), str)), None)
    return f"{part['kind']} {variety}" if variety else str(part["kind"])


def _activations(parts: list[object]) -> str:
    names = [plugin_label(part) for part in parts]
    return names[0] if len(set(names)) == 1 else ", ".join(names)
