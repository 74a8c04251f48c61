"""Training and the kept states from the file's keys; nothing here knows the data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backprop_anim.common import size_text
from backprop_anim.config.byte_sizes import bytes_of
from backprop_anim.config.checking import checked_options
from backprop_anim.config.file_schema import TrainingKeys
from backprop_anim.config.message_text import format_value
from backprop_anim.config.plugin_factory import PluginFactory
from backprop_anim.config.problems import Problems
from backprop_anim.engine import (
    Constant,
    Cyclic,
    GradientDescent,
    Loss,
    MeanSquaredError,
    Optimizer,
    Penalty,
    batch_orders,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment import (
    DEFAULT_BUDGET,
    LEAST_BUDGET,
    MOST_BUDGET,
    ChosenSnapshots,
    EqualMotionSnapshots,
    Experiment,
    SnapshotSchedule,
    Stop,
    Training,
    snapshot_schedules,
)

__all__ = [
    "build_snapshot_schedule",
    "build_training",
    "check_kept_steps",
    "kept_steps",
    "snapshot_budget",
    "with_epochs",
]

AGGRESSION = {"adam": 0.01, "adamw": 0.01, "rmsprop": 0.01}
"""Defaults by the optimizer's name; these take steps of about the aggression's size."""
DEFAULT_AGGRESSION = 0.1

MOST_KEPT = 1000
"""Steps that ``snapshots.keep`` may name."""


def build_training(keys: TrainingKeys, factory: PluginFactory) -> tuple[Training, Loss | None]:
    """Return the training, stand-ins where something is wrong, and the loss that was asked for, if one was."""
    path = ("training",)
    loss = None if keys.loss is None else factory.make(losses, keys.loss, (*path, "loss"))
    optimizer = factory.make(optimizers, keys.optimizer, (*path, "optimizer")) or GradientDescent()
    if keys.epochs is not None and "steps" in keys.model_fields_set:
        said = "steps and epochs both say how long the training is; give one of them"
        factory.problems.add((*path, "epochs"), said, at_key=True)
    training = Training(
        steps=keys.steps,
        loss=loss or MeanSquaredError(),
        optimizer=optimizer,
        aggression=_learning_rate(keys, optimizer, factory.problems),
        schedule=factory.make(learning_rate_schedules, keys.schedule, (*path, "schedule")) or Constant(),
        noise=keys.noise,
        batch=None if keys.batch == "full" else keys.batch,
        order=factory.make(batch_orders, keys.order, (*path, "order")) or Cyclic(),
        rate_word="learning_rate" if keys.aggression is None else "aggression",
        penalty=_penalty(keys, optimizer, factory.problems),
        stop=_stop(keys, factory.problems),
        by=_trained_by(keys, factory.problems),
    )
    return training, loss


def _trained_by(keys: TrainingKeys, problems: Problems) -> str:
    """Return who trained a run that was recorded; of one that is trained here nothing, whoever did it before."""
    if keys.kind == "own":
        return ""
    if keys.stop is not None or keys.batch != "full" or keys.noise:
        said = "a recorded run has neither stop nor batch nor noise of ours; kind: own trains it here"
        problems.add(("training", "kind"), said)
    return keys.by or "another program"


def _stop(keys: TrainingKeys, problems: Problems) -> Stop | None:
    if keys.stop is None:
        return None
    if keys.stop.loss is None and keys.stop.patience is None:
        problems.add(("training", "stop"), "needs a loss or a patience, such as {loss: 0.01} or {patience: 200}")
    return Stop(keys.stop.loss, keys.stop.patience)


def _learning_rate(keys: TrainingKeys, optimizer: Optimizer, problems: Problems) -> float:
    if keys.aggression is not None and keys.learning_rate is not None:
        said = "aggression and learning_rate are two words for one value; give one of them"
        problems.add(("training", "learning_rate"), said, at_key=True)
    given = keys.aggression if keys.aggression is not None else keys.learning_rate
    return AGGRESSION.get(optimizers.name_of(optimizer), DEFAULT_AGGRESSION) if given is None else given


def _penalty(keys: TrainingKeys, optimizer: Optimizer, problems: Problems) -> Penalty:
    """Return what weights cost; refused beside an optimizer that makes them smaller by itself."""
    own = getattr(optimizer, "weight_decay", 0.0)
    if keys.weight_decay and own:
        said = f"{optimizers.name_of(optimizer)} has a weight_decay of its own ({own:g}); give one of them"
        problems.add(("training", "weight_decay"), said, at_key=True)
    return Penalty(keys.weight_decay, keys.l1)


def with_epochs(training: Training, keys: TrainingKeys, n_samples: int) -> Training:
    """Return the training with its steps, where the file says how often the data are seen."""
    return training if keys.epochs is None else replace(training, steps=training.steps_of(keys.epochs, n_samples))


def build_snapshot_schedule(given: Mapping[str, Any], factory: PluginFactory) -> SnapshotSchedule:
    """Return which states are kept; ``every`` and ``steps`` are schedules of their own."""
    path = ("snapshots",)
    asked = _asked_schedule(given, factory.problems)
    named = factory.named(snapshot_schedules, asked, (*path, "schedule"))
    options = {key: value for key, value in given.items() if key not in ("schedule", "keep", "budget")}
    if named is None or not factory.problems.has_no_problem("snapshots"):
        return EqualMotionSnapshots()
    kind, inner = named
    if both := options.keys() & inner.keys():
        key = min(both)
        factory.problems.add((*path, key), f"{key} stands here and in schedule; give it once", at_key=True)
        return EqualMotionSnapshots()
    return _assembled(kind, options, inner, factory) or EqualMotionSnapshots()


def kept_steps(given: Mapping[str, Any], problems: Problems) -> tuple[int, ...]:
    """Return the steps that ``snapshots.keep`` adds to those of the schedule."""
    chosen, path = given.get("keep", ()), ("snapshots", "keep")
    if not isinstance(chosen, tuple) or not all(type(step) is int and step >= 0 for step in chosen):
        problems.add(path, f"must be a list of steps, such as [100, 9999], not {format_value(chosen)}")
        return ()
    if len(chosen) > MOST_KEPT:
        problems.add(path, f"has {len(chosen):,} steps; at most {MOST_KEPT:,} are allowed")
        return ()
    return tuple(sorted(set(chosen)))


def snapshot_budget(given: Mapping[str, Any], problems: Problems) -> int:
    """Return the bytes that ``snapshots.budget`` allows for all kept states."""
    if "budget" not in given:
        return DEFAULT_BUDGET
    path, found = ("snapshots", "budget"), bytes_of(given["budget"])
    if found is None:
        said = f"must be a size such as 256MB, 1GB or a number of bytes, not {format_value(given['budget'])}"
        problems.add(path, said)
    elif not LEAST_BUDGET <= found <= MOST_BUDGET:
        allowed = f"from {size_text(LEAST_BUDGET)} to {size_text(MOST_BUDGET)}"
        problems.add(path, f"must be {allowed}, not {format_value(given['budget'])}")
    else:
        return found
    return DEFAULT_BUDGET


def check_kept_steps(experiment: Experiment, given: Mapping[str, Any], problems: Problems) -> None:
    """Note steps whose states are wanted beyond the last."""
    n_steps = experiment.training.steps
    named = experiment.snapshots.steps if isinstance(experiment.snapshots, ChosenSnapshots) else ()
    for key, steps in (("steps", named), ("keep", given.get("keep", ()))):
        for place, step in enumerate(steps):
            if step > n_steps:
                problems.add(("snapshots", key, place), f"step {step:,} is beyond the last, {n_steps:,}")


def _asked_schedule(given: Mapping[str, Any], problems: Problems) -> Any:
    """Return what stands behind ``schedule``, or the schedule whose own option is given."""
    if "schedule" in given:
        return given["schedule"]
    own = [key for key in given if key in snapshot_schedules]
    if len(own) > 1 or (own and "count" in given):
        first, second = own[0], own[1] if len(own) > 1 else "count"
        said = f"{first} and {second} both say how many states are kept; give one of them"
        problems.add(("snapshots", second), said, at_key=True)
    return own[0] if own else "motion"


def _assembled(
    kind: str, options: dict[str, Any], inner: dict[str, Any], factory: PluginFactory
) -> SnapshotSchedule | None:
    """Make the schedule from the options beside ``schedule`` and from those inside of it."""
    cls = snapshot_schedules[kind]
    valid, mistakes = checked_options(cls, options | inner, ("snapshots",))
    for mistake in mistakes:
        factory.problems.extend(("snapshots", "schedule") if mistake.path[0] in inner else ("snapshots",), [mistake])
    return None if mistakes else cls(**valid)
