"""An experiment worked out for a CSV file: what to learn from it, by what network, each choice with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np

from backprop_anim.common import UsageError, counted, did_you_mean
from backprop_anim.config.checking import checked_options
from backprop_anim.config.dump import flow_text
from backprop_anim.config.overrides import Override, apply_overrides
from backprop_anim.tasks import ColumnReport, ColumnSummary, Dataset, TaskError, table_report, tasks

__all__ = ["NoTargetError", "is_table", "table_experiment", "table_lines"]

SUFFIXES = (".csv", ".tsv", ".tab")

MOST_LABELS, LEAST_OF_LABEL = 20, 2
"""Whole numbers are classes where there are at most so many different ones, each at least so often."""

STEPS = 3000
FULL, BATCH, LARGE, LARGE_BATCH = 64, 32, 10_000, 128
"""Up to `FULL` rows each step sees all; then a batch, a larger one for more than `LARGE` rows."""

WIDE = 20
"""From so many inputs, or five classes on, the network is wider."""


def is_table(path: Path | str) -> bool:
    """Return whether a CONFIG is a table rather than an experiment, by its name."""
    return str(path).lower().endswith(SUFFIXES)


class NoTargetError(UsageError):
    """A table is given, and not what to predict; `sensible` are columns that could be."""

    def __init__(self, message: str, sensible: Sequence[str]) -> None:
        self.sensible = tuple(sensible)
        super().__init__(message)


@dataclass(frozen=True)
class _Choice:
    section: str
    key: str
    value: Any
    reason: str


def table_experiment(path: Path, overrides: Sequence[str], *, bake: bool = False, file: str = "") -> bytes:
    """Return the text of the experiment that learns the columns ``task.targets`` of `overrides` from a CSV file.

    Parameters
    ----------
    path : Path
    overrides : sequence of str
        As for `load_experiment`; what they say of the task is heeded where the rest is chosen.
    bake : bool
        Whether the text holds what they say, so that it stands without them.
    file : str
        What the text calls the file; its name by itself.

    Raises
    ------
    NoTargetError
        If no column is to be predicted.
    UsageError
        If one that is not there is.
    """
    said = _said(overrides)
    report = _report(path, said, _wanted(said))
    targets = _targets(overrides, report, path)
    choices = [
        _Choice("task", "kind", "table", ""),
        _Choice("task", "file", file or path.name, report.size_words),
        _Choice("task", "targets", targets[0] if len(targets) == 1 else list(targets), _kinds(report, targets)),
    ]
    labels = len(targets) == 1 and "classes" not in said and _are_labels(report.named(targets[0]))
    if labels:
        n = report.named(targets[0]).n_different
        reason = f"{n} different whole numbers are taken for classes; false predicts the number"
        choices.append(_Choice("task", "classes", True, reason))
    dataset = _dataset(path, {**said, "targets": targets, **({"classes": True} if labels else {})})
    choices += _training_choices(report.n_rows if dataset is None else dataset.n_samples, dataset)
    sections: dict[str, dict[str, Any]] = {}
    reasons: dict[tuple[str, str], str] = {}
    for choice in choices:
        sections.setdefault(choice.section, {})[choice.key] = choice.value
        reasons[choice.section, choice.key] = choice.reason
    if not bake:
        return _text(sections, reasons, path).encode()
    whole, typed = apply_overrides(sections, overrides)
    whole["task"]["targets"] = sections["task"]["targets"]  # one alone without the brackets of what was typed
    for changed in typed:
        section, key = (*map(str, changed), "")[:2]
        if key != "targets":
            reasons.pop((section, key), None)
    return _text(whole, reasons, path).encode()


def _said(overrides: Sequence[str]) -> dict[str, Any]:
    """Return what is said of the task."""
    task = apply_overrides({}, overrides)[0].get("task")
    return dict(task) if isinstance(task, Mapping) else {}


def _wanted(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the targets that were asked for; what they cannot be is said where the experiment is checked."""
    wanted = said.get("targets", ())
    return (wanted,) if isinstance(wanted, str) else tuple(map(str, wanted)) if isinstance(wanted, tuple) else ()


def _report(path: Path, said: Mapping[str, Any], wanted: Sequence[str]) -> ColumnReport:
    task = tasks["table"]
    options = {key: said[key] for key in ("read", "columns") if key in said}
    checked, mistakes = checked_options(task, {"targets": "", **options}, ("task",))
    try:
        return table_report(path, {} if mistakes else checked, wanted)
    except TaskError as error:
        raise UsageError(f"{path}: {error}") from None


def _targets(overrides: Sequence[str], report: ColumnReport, path: Path) -> tuple[str, ...]:
    """Return the targets, if they are there."""
    targets = _wanted(_said(overrides))
    if not targets:
        listed = "\n  ".join(_lines(report))
        raise NoTargetError(f"{path} is a table: {_what_to_say(report)}\n  {listed}", report.sensible_targets())
    place = next((f"{each.place}: task.targets:" for each in overrides if isinstance(each, Override)), "--target")
    for target in targets:
        if target not in report.names:
            there = ", ".join(report.names[:20]) + (", …" if len(report.names) > 20 else "")
            near = did_you_mean(target, report.names)
            raise UsageError(f"{place} {target}: there is no such column{near}; there are {there}")
    return targets


def _what_to_say(report: ColumnReport) -> str:
    sensible = report.sensible_targets()
    hint = f", for example --target {quote(sensible[0])}" if sensible else ""
    return f"say with --target which of its columns is to be predicted{hint}"


def _kinds(report: ColumnReport, targets: Sequence[str]) -> str:
    return "; ".join(report.named(target).summary for target in targets[:3])


def _are_labels(column: ColumnSummary) -> bool:
    return column.is_whole and 2 <= column.n_different <= MOST_LABELS and column.least_often >= LEAST_OF_LABEL


def _dataset(path: Path, options: Mapping[str, Any]) -> Dataset | None:
    """Return the data set that the task gives, or None: what is wrong is said where the experiment is read."""
    task = tasks["table"]
    checked, mistakes = checked_options(task, {**options, "file": str(path)}, ("task",))
    if mistakes:
        return None
    try:
        return task(**checked).build(np.random.default_rng(0))
    except TaskError:
        return None


def _training_choices(n: int, dataset: Dataset | None) -> list[_Choice]:
    n_in = 1 if dataset is None else dataset.n_given
    n_classes = 0 if dataset is None else len(dataset.class_names)
    wide = n_in >= WIDE or n_classes >= 5
    batch = None if n <= FULL else BATCH if n <= LARGE else LARGE_BATCH
    width = f"for {counted(n_in, 'input')}" if dataset else ""
    found = [
        _Choice("network", "hidden", [32, 16] if wide else [16, 16], width),
        _Choice("network", "activation", "tanh", "of the hidden layers; the output's follows from the target"),
        _Choice("training", "optimizer", "adam", "finds its own step for each weight"),
        _Choice("training", "learning_rate", 0.01, ""),
        _Choice("training", "schedule", "cosine", "down to 0 in the end, where large steps only make noise"),
    ]
    if batch is None:
        return [*found, _Choice("training", "steps", STEPS, f"each sees all {n:,} rows")]
    epochs = max(1, round(STEPS * batch / n))
    return [
        *found,
        _Choice("training", "batch", batch, "rows a step"),
        _Choice("training", "order", "shuffled", "rows of a file may be sorted"),
        _Choice("training", "epochs", epochs, f"passes over the rows: about {epochs * -(-n // batch):,} steps"),
    ]


def _text(sections: Mapping[str, Any], reasons: Mapping[tuple[str, str], str], path: Path) -> str:
    lines = [f"# Worked out from {path.name}; every line can be changed."]
    for section, keys in sections.items():
        if not isinstance(keys, Mapping):
            lines += ["", f"{section}: {flow_text(keys)}"]
            continue
        lines += ["", f"{section}:"]
        for key, value in keys.items():
            line = f"  {key}: {flow_text(value)}"
            reason = " ".join(reasons.get((section, key), "").split())
            lines.append(f"{line:<40} # {reason}" if reason else line)
    return "\n".join(lines) + "\n"


def table_lines(path: Path, overrides: Sequence[str]) -> tuple[list[str], str]:
    """Return what a CSV file holds, and what is still to be said; nothing where it is said what to predict.

    Parameters
    ----------
    path : Path
    overrides : sequence of str
        As for `table_experiment`.

    Returns
    -------
    list of str, str
        A heading, and a line for each column: its name, what it holds, its range or its words, and what is missing.

    Raises
    ------
    UsageError
        If it is no table.
    """
    said = _said(overrides)
    report = _report(path, said, _wanted(said))
    return [f"{path.name}  {report.size_words}", *_lines(report)], "" if _wanted(said) else _what_to_say(report)


def _lines(report: ColumnReport) -> list[str]:
    names = [column.name or "(no name)" for column in report.columns]
    width = min(32, max(map(len, names)))
    lines = [f"{name:<{width}}  {column.summary}" for name, column in zip(names, report.columns, strict=True)]
    return lines if len(lines) <= 60 else [*lines[:50], f"… and {len(lines) - 50} more"]
