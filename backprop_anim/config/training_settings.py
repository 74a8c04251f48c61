"""Training and the kept states from the file's keys; nothing here knows the data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backprop_anim.config.checking import checked_options
from backprop_anim.config.file_schema import TrainingKeys
from backprop_anim.config.plugin_factory import PluginFactory
from backprop_anim.config.problems import Problems
from backprop_anim.engine import (
    Constant,
    Cyclic,
    GradientDescent,
    Loss,
    MeanSquaredError,
    Optimizer,
    batch_orders,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment import (
    ChosenSnapshots,
    EqualMotionSnapshots,
    SnapshotSchedule,
    Training,
    snapshot_schedules,
)

__all__ = ["build_snapshot_schedule", "build_training"]

AGGRESSION = {"adam": 0.01, "rmsprop": 0.01}
"""Defaults by the optimizer's name; these two take steps of about the aggression's size."""
DEFAULT_AGGRESSION = 0.1


def build_training(keys: TrainingKeys, factory: PluginFactory) -> tuple[Training, Loss | None]:
    """Return the training, stand-ins where something is wrong, and the loss that was asked for, if one was."""
    path = ("training",)
    loss = None if keys.loss is None else factory.make(losses, keys.loss, (*path, "loss"))
    optimizer = factory.make(optimizers, keys.optimizer, (*path, "optimizer")) or GradientDescent()
    training = Training(
        steps=keys.steps,
        loss=loss or MeanSquaredError(),
        optimizer=optimizer,
        aggression=_learning_rate(keys, optimizer, factory.problems),
        schedule=factory.make(learning_rate_schedules, keys.schedule, (*path, "schedule")) or Constant(),
        noise=keys.noise,
        batch=None if keys.batch == "full" else keys.batch,
        order=factory.make(batch_orders, keys.order, (*path, "order")) or Cyclic(),
    )
    return training, loss


def _learning_rate(keys: TrainingKeys, optimizer: Optimizer, problems: Problems) -> float:
    if keys.aggression is not None and keys.learning_rate is not None:
        said = "aggression and learning_rate are two words for one value; give one of them"
        problems.add(("training", "learning_rate"), said, at_key=True)
    given = keys.aggression if keys.aggression is not None else keys.learning_rate
    return AGGRESSION.get(optimizers.name_of(optimizer), DEFAULT_AGGRESSION) if given is None else given


def build_snapshot_schedule(given: Mapping[str, Any], n_steps: int, factory: PluginFactory) -> SnapshotSchedule:
    """Return which states are kept; ``every`` and ``steps`` are schedules of their own."""
    path = ("snapshots",)
    asked = _asked_schedule(given, factory.problems)
    named = factory.named(snapshot_schedules, asked, (*path, "schedule"))
    options = {key: value for key, value in given.items() if key != "schedule"}
    if named is None or not factory.problems.has_no_problem("snapshots"):
        return EqualMotionSnapshots()
    kind, inner = named
    if both := options.keys() & inner.keys():
        key = min(both)
        factory.problems.add((*path, key), f"{key} stands here and in schedule; give it once", at_key=True)
        return EqualMotionSnapshots()
    made = _assembled(kind, options, inner, factory)
    if isinstance(made, ChosenSnapshots):
        _check_steps(made, n_steps, factory.problems)
    return made or EqualMotionSnapshots()


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


def _check_steps(chosen: ChosenSnapshots, n_steps: int, problems: Problems) -> None:
    for place, step in enumerate(chosen.steps):
        if step > n_steps and problems.has_no_problem("training.steps"):
            said = f"step {step:,} is beyond the last, {n_steps:,} (training.steps)"
            problems.add(("snapshots", "steps", place), said)
