"""The experiment that every stage reads: frozen, validated, complete; it is built elsewhere and never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Registry
from backprop_anim.engine import (
    Array,
    BatchOrder,
    Initializer,
    LearningRateSchedule,
    Loss,
    Network,
    Optimizer,
    Penalty,
    activations,
    batch_orders,
    initializers,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment.page import PageSettings
from backprop_anim.experiment.snapshot_schedules import EqualMotionSnapshots, SnapshotSchedule, snapshot_schedules
from backprop_anim.experiment.video import Video
from backprop_anim.tasks import Dataset, Task, tasks

__all__ = ["Experiment", "Stop", "Training", "as_mapping"]

FULL_BATCH_LOOK = 100
"""Where every step sees all data, the loss is looked at once in so many steps."""


@dataclass(frozen=True)
class Stop:
    """When a run has learned enough to end before its last step.

    Attributes
    ----------
    loss : float
        The loss over all data at which it ends, or below.
    """

    loss: float


@dataclass(frozen=True)
class Training:
    """How the network learns.

    Attributes
    ----------
    steps : int
        Updates of the parameters.
    loss : Loss
    optimizer : Optimizer
    aggression : float
        The learning rate.
    schedule : LearningRateSchedule
        Scales the aggression over the run.
    noise : float
        Each array's gradient is multiplied by 1 + noise·z, z standard normal, drawn anew for every array and step.
    batch : int or None
        Samples a step; None means all of them.
    order : BatchOrder
    rate_word : str
        What the file calls the aggression, for messages.
    straddles : bool
        Whether a batch may belong to two passes over the data, as in recordings of earlier versions.
    penalty : Penalty
        What large weights cost beside the loss; training lowers the sum of both.
    stop : Stop or None
    """

    steps: int
    loss: Loss
    optimizer: Optimizer
    aggression: float
    schedule: LearningRateSchedule
    noise: float
    batch: int | None
    order: BatchOrder
    rate_word: str = field(default="learning_rate", compare=False)
    straddles: bool = False
    penalty: Penalty = field(default_factory=Penalty)
    stop: Stop | None = None

    def steps_of(self, epochs: int, n_samples: int) -> int:
        """Return how many steps so many passes over the data take."""
        return epochs if self.batch is None else epochs * -(-n_samples // self.batch)

    def steps_between_looks(self, n_samples: int) -> int:
        """Return after how many steps it is looked whether the run may end: an epoch, or many of one step each."""
        return FULL_BATCH_LOOK if self.batch is None else self.steps_of(1, n_samples)

    def epochs_of(self, steps: NDArray[np.int64], n_samples: int) -> NDArray[np.float64]:
        """Return how often the data were seen after so many steps, fractions included."""
        if self.batch is None:
            return steps.astype(np.float64)
        if self.straddles or not self.order.has_passes:
            return np.asarray(steps * (self.batch / n_samples), np.float64)
        whole, more = np.divmod(steps, self.steps_of(1, n_samples))
        return np.asarray(whole + np.minimum(more * self.batch, n_samples) / n_samples, np.float64)


@dataclass(frozen=True)
class Experiment:
    """Everything that a run depends on.

    Attributes
    ----------
    name : str
        Names the folder and the files of the run.
    title, subtitle : str
    seed : int
    task : Task
    dataset : Dataset
        What `task` makes with this seed.
    network : Network
    init : Initializer
    training : Training
    snapshots : SnapshotSchedule
    video : Video
    kept_steps : tuple of int
        Steps whose states are kept beside those that the schedule chooses.
    page : PageSettings
    """

    name: str
    title: str
    subtitle: str
    seed: int
    task: Task
    dataset: Dataset
    network: Network
    init: Initializer
    training: Training
    snapshots: SnapshotSchedule
    video: Video
    kept_steps: tuple[int, ...] = ()
    page: PageSettings = field(default_factory=PageSettings)

    def targets(self) -> Array:
        """Return the targets in the form that fits the network's outputs, shape (N, n_out)."""
        return self.dataset.for_outputs(self.network.sizes[-1])

    def answers(self, parameters: Array, inputs: Array) -> Array:
        """Return what the network answers to inputs, both in the units of the file.

        Parameters
        ----------
        parameters : ndarray, shape (..., P)
            Of one state, or of several.
        inputs : ndarray, shape (..., N, n_in)

        Returns
        -------
        ndarray, shape (..., N, n_out)
        """
        return self.dataset.to_answers(self.network.outputs(parameters, self.dataset.to_inputs(inputs)))

    def shown_targets(self) -> Array:
        """Return the targets for the network's outputs, shape (N, n_out), in the units of the file."""
        return self.targets() if self.dataset.file_targets is None else self.dataset.file_targets

    @property
    def has_labels(self) -> bool:
        """Whether each output answers yes or no to a question of its own, so that a sample has several labels."""
        return self.training.loss.needs_classes and self.dataset.kind != "classes"

    @property
    def step_word(self) -> str:
        """What the film calls a step: an epoch, where every step sees all data and the loss panel counts so."""
        counts = self.video.panel_options.get("loss", {}).get("unit", "step")
        return "epoch" if counts == "epoch" and self.training.batch is None else "step"

    @property
    def traced_steps(self) -> tuple[int, ...]:
        """The steps whose every number is recorded, in rising order."""
        return tuple(sorted({motion.step for motion in self.video.slow_motion}))

    @property
    def pinned_steps(self) -> tuple[int, ...]:
        """The steps whose states are kept in any case: those in slow motion, the next, the last that sees one sample.

        The latter only where the states are chosen freely: so the last numbers of the film are those of the last step.
        """
        free = isinstance(self.snapshots, EqualMotionSnapshots) and self.snapshots.count > 2
        last = {self.training.steps - 1} if free and self.training.batch == 1 else set()
        after = {step + 1 for step in self.traced_steps}  # what a step in slow motion leads to
        return tuple(sorted({*self.traced_steps, *after, *last}))

    def with_video(self, **changes: Any) -> Experiment:
        """Return the same experiment with another film."""
        return replace(self, video=replace(self.video, **changes))


def as_mapping(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment as the plain keys and values of an experiment file, complete.

    Reading it back gives the same experiment, so it serves as a file, as a record and as a key.
    """
    network, training, video = experiment.network, experiment.training, experiment.video
    return {
        "name": experiment.name,
        "title": experiment.title,
        "subtitle": experiment.subtitle,
        "seed": experiment.seed,
        "task": _part(tasks, experiment.task),
        "network": {
            "layers": list(network.sizes),
            "activation": [_part(activations, activation) for activation in network.activations],
            "bias": network.bias,
            "init": _part(initializers, experiment.init),
            **({"freeze": list(network.frozen)} if network.frozen else {}),
        },
        "training": {
            "steps": training.steps,
            "loss": _part(losses, training.loss),
            "optimizer": _part(optimizers, training.optimizer),
            "aggression": training.aggression,
            "schedule": _part(learning_rate_schedules, training.schedule),
            "noise": training.noise,
            "batch": "full" if training.batch is None else training.batch,
            "order": _part(batch_orders, training.order),
            **{key: value for key, value in _plain(training.penalty).items() if value},
            **({"stop": _plain(training.stop)} if training.stop else {}),
        },
        "snapshots": {
            "schedule": snapshot_schedules.name_of(experiment.snapshots),
            **_plain(experiment.snapshots),
            **({"keep": list(experiment.kept_steps)} if experiment.kept_steps else {}),
        },
        "video": {
            "formats": list(video.formats),
            "size": f"{video.width_px}x{video.height_px}",
            "fps": video.fps,
            "theme": {"kind": video.theme, **video.theme_options} if video.theme_options else video.theme,
            "intro": video.intro_s,
            "opening": video.opening_s,
            "hold": video.hold_s,
            "seconds": video.seconds,
            "quality": video.quality,
            "panels": _rows(video.panels),
            "panel_options": _plain(video.panel_options),
            "format_options": _plain(video.format_options),
            "slow_motion": _plain(video.slow_motion),
            "captions": _plain(video.captions),
            "milestones": video.milestones,
        },
        **({} if experiment.page == PageSettings() else {"page": _page(experiment.page)}),
    }


def _page(page: PageSettings) -> dict[str, Any]:
    return {"about": page.about, "theme": page.theme, "panels": _rows(page.panels)}


def _rows(grid: tuple[tuple[str, ...], ...] | None) -> str | list[list[str]]:
    """Return a grid of panels as a file has it."""
    return "auto" if grid is None else [list(row) for row in grid]


def _part(registry: Registry[Any], plugin: object) -> str | dict[str, Any]:
    """Return a plug-in as its bare name where it has no options, else as a mapping with its ``kind``."""
    options = _plain(plugin)
    name = registry.name_of(plugin)
    if collects := getattr(plugin, "collects", ""):
        return {"kind": name, **options[collects]}
    return {"kind": name, **options} if options else name


def _goes_unsaid(plugin: Any, option: Field[Any]) -> bool:
    """Return whether an option is as files were before it came to its part, and to be left out of them."""
    return bool(option.metadata.get("quiet")) and getattr(plugin, option.name) == option.default


def _option(plugin: Any, option: Field[Any]) -> Any:
    """Return the value of an option as plain words; it may be a part itself."""
    value, registry = getattr(plugin, option.name), option.metadata.get("part")
    return _plain(value) if registry is None else _part(registry, value)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _option(value, each) for each in fields(value) if not _goes_unsaid(value, each)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
