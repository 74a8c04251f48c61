"""The experiment that every stage reads: frozen, validated, complete; it is built elsewhere and never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from backprop_anim.common import Registry
from backprop_anim.engine import (
    Array,
    Initializer,
    Network,
    Rows,
    activations,
    batch_orders,
    initializers,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment.page import PageSettings
from backprop_anim.experiment.random_streams import RandomStreams, Seeds, spawn_streams
from backprop_anim.experiment.snapshot_budget import DEFAULT_BUDGET
from backprop_anim.experiment.snapshot_schedules import EqualMotionSnapshots, SnapshotSchedule, snapshot_schedules
from backprop_anim.experiment.training import Training
from backprop_anim.experiment.video import Video
from backprop_anim.tasks import Dataset, Task, tasks

__all__ = ["Experiment", "as_mapping"]


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
    seeds : Seeds
        Of data, first weights and training, where they are not `seed`.
    snapshot_budget : int
        The bytes that all kept states may take.
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
    seeds: Seeds = field(default_factory=Seeds)
    snapshot_budget: int = DEFAULT_BUDGET

    def __repr__(self) -> str:
        """Say which experiment it is, in one line: its arrays would fill a screen."""
        sizes, training = " → ".join(map(str, self.network.sizes)), self.training
        return f"Experiment({self.name}: {self.dataset.n_samples:,} samples, {sizes}, {training.steps:,} steps)"

    def streams(self) -> RandomStreams:
        """Return the streams of random numbers, each at its beginning."""
        return spawn_streams(self.seed, self.seeds)

    def targets(self) -> Array:
        """Return the targets in the form that fits the network's outputs, shape (N, n_out)."""
        return self.dataset.for_outputs(self.network.sizes[-1])

    def answers(self, parameters: Rows, inputs: Array) -> Array:
        """Return what the network answers to inputs, both in the units of the file.

        Parameters
        ----------
        parameters : Rows, shape (..., P)
            Of one state, or of several.
        inputs : ndarray, shape (..., N, n_in)

        Returns
        -------
        ndarray, shape (..., N, n_out)
        """
        return self.dataset.to_answers(self.network.outputs(parameters, self.dataset.to_inputs(inputs)))

    def shown_targets(self) -> Array:
        """Return the targets for the network's outputs, shape (N, n_out), in the units of the file."""
        return self.dataset.shown_for_outputs(self.network.sizes[-1])

    @property
    def has_labels(self) -> bool:
        """Whether each output answers yes or no to a question of its own, so that a sample has several labels."""
        return self.training.loss.needs_classes and self.dataset.kind != "classes"

    @property
    def label_names(self) -> list[str]:
        """What the outputs are called where each answers a question of its own."""
        return list(self.dataset.output_names) or [f"y{k}" for k in range(1, self.network.sizes[-1] + 1)]

    @property
    def step_word(self) -> str:
        """What the film calls a step: an epoch, where every step sees all data and the loss panel counts so."""
        counts = self.video.panel_options.get("loss", {}).get("unit", "step")
        return "epoch" if counts == "epoch" and self.training.batch is None else "step"

    @property
    def words(self) -> str:
        """All words of the experiment that may be written on a frame."""
        dataset = self.dataset
        names = (*dataset.input_names, *dataset.output_names, *dataset.class_names)
        return "\n".join((self.title, self.subtitle, *names, *(caption.text for caption in self.video.captions)))

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
        "task": _seeded(_part(tasks, experiment.task), experiment.seeds.task),
        "network": {
            "layers": list(network.sizes),
            "activation": [_part(activations, activation) for activation in network.activations],
            "bias": network.bias,
            "init": _seeded(_part(initializers, experiment.init), experiment.seeds.init),
            **({"freeze": list(network.frozen)} if network.frozen else {}),
        },
        "training": {
            **({"kind": "recorded", "by": training.by} if training.by else {}),
            "steps": training.steps,
            "loss": _part(losses, training.loss),
            "optimizer": _part(optimizers, training.optimizer),
            "aggression": training.aggression,
            "schedule": _part(learning_rate_schedules, training.schedule),
            "noise": training.noise,
            "batch": "full" if training.batch is None else training.batch,
            "order": _part(batch_orders, training.order),
            **({} if experiment.seeds.training is None else {"seed": experiment.seeds.training}),
            **{key: value for key, value in _plain(training.penalty).items() if value},
            **({"stop": {k: v for k, v in _plain(training.stop).items() if v is not None}} if training.stop else {}),
        },
        "snapshots": {
            "schedule": snapshot_schedules.name_of(experiment.snapshots),
            **_plain(experiment.snapshots),
            **({"keep": list(experiment.kept_steps)} if experiment.kept_steps else {}),
            **({} if experiment.snapshot_budget == DEFAULT_BUDGET else {"budget": experiment.snapshot_budget}),
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
            **({"font": video.font.as_mapping()} if video.font else {}),
        },
        **({} if experiment.page == PageSettings() else {"page": _page(experiment.page)}),
    }


def _seeded(part: Any, seed: int | None) -> Any:
    """Return a part with a seed of its own."""
    if seed is None:
        return part
    return {**(part if isinstance(part, Mapping) else {"kind": part}), "seed": seed}


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
