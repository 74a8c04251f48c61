"""From checked keys to the Experiment: defaults that follow from the data, and everything that must go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, cast

from backprop_anim.config.estimate import Workload, excesses
from backprop_anim.config.file_keys import file_keys
from backprop_anim.config.file_schema import FileKeys, PageKeys
from backprop_anim.config.network_settings import (
    Shape,
    build_network,
    check_initial_weights,
    check_outputs,
    given_activations,
    shape_of,
    takes_yes_no,
)
from backprop_anim.config.plugin_factory import PluginFactory
from backprop_anim.config.problems import Problems
from backprop_anim.config.run_names import title_from
from backprop_anim.config.seeds import seeds_apart
from backprop_anim.config.sorted_rows import mind_sorted_rows
from backprop_anim.config.training_settings import (
    build_snapshot_schedule,
    build_training,
    check_kept_steps,
    kept_steps,
    snapshot_budget,
    with_epochs,
)
from backprop_anim.config.video_events import check_events
from backprop_anim.config.video_settings import build_video, check_panels, panel_grid
from backprop_anim.engine import Loss, Network, Xavier, activations, initializers, losses
from backprop_anim.experiment import (
    Experiment,
    PageSettings,
    RandomStreams,
    SnapshotSchedule,
    Training,
    Video,
    spawn_streams,
)
from backprop_anim.tasks import Dataset, Task, TaskError, build_dataset, tasks

__all__ = ["ResolveContext", "resolve"]


@dataclass(frozen=True)
class ResolveContext:
    """What an experiment takes from outside of its file.

    Attributes
    ----------
    name : str
        The run's name, where the file gives none.
    folder : Path or None
        Where the files that it names are; None leaves their paths alone.
    dataset : Dataset or None
        A stored data set, in place of what the task would make; then no file is read.
    """

    name: str
    folder: FilePath | None
    dataset: Dataset | None = None


def resolve(data: Mapping[str, Any], problems: Problems, around: ResolveContext) -> Experiment:
    """Return the experiment.

    Raises
    ------
    ExperimentError
        With every mistake that was found.
    """
    keys = file_keys(data, problems)
    factory = PluginFactory(problems, around.folder)
    given_task, given_init, seeds = seeds_apart(keys, problems)
    task = factory.make(tasks, given_task, ("task",)) if problems.has_no_problem("task") else None
    training, loss = build_training(keys.training, factory)
    task = _with_labels(task, loss)
    snapshots, keep = build_snapshot_schedule(keys.snapshots, factory), kept_steps(keys.snapshots, problems)
    video = build_video(keys.video, factory)
    init = factory.make(initializers, given_init, ("network", "init")) or Xavier()
    shape = shape_of(keys.network, problems)
    plan = _plan(keys, shape, task, around.dataset, training, snapshots, video)
    budget = snapshot_budget(keys.snapshots, problems)
    plan = replace(plan, n_kept_more=len(keep), budget=budget)
    training = plan.training
    dataset = around.dataset
    if _is_affordable(plan, keys, problems) and dataset is None:
        dataset = _dataset(task, spawn_streams(keys.seed, seeds), problems)
    given = given_activations(keys.network, shape, factory)
    network = None
    if dataset is not None:
        training = with_epochs(training, keys.training, dataset.n_samples)
        if dataset.kind == "classes" and getattr(task, "classes", False) is None:
            task = replace(cast("Any", task), classes=True)  # what was found is written down, and reads back the same
        if around.dataset is None:
            training, dataset = mind_sorted_rows(training, keys.training, dataset)
    if dataset is not None and shape is not None:
        network = build_network(keys, shape, given, loss, dataset, problems)
    if network is None or dataset is None or task is None:
        problems.raise_if_any()
        raise AssertionError("a part is missing, and no problem says why")
    name = keys.name or around.name
    experiment = Experiment(
        name=name,
        title=title_from(name) if keys.title is None else keys.title,
        subtitle=keys.subtitle,
        seed=keys.seed,
        task=task,
        dataset=dataset,
        network=network,
        init=init,
        training=replace(training, loss=loss or _default_loss(network, dataset)),
        snapshots=snapshots,
        video=video,
        kept_steps=keep,
        page=_page(keys.page, problems),
        seeds=seeds,
        snapshot_budget=budget,
    )
    sizes = replace(plan, sizes=network.sizes, n_samples=dataset.n_samples, training=experiment.training)
    if _is_affordable(sizes, keys, problems):
        _check_consistency(experiment, keys, factory, reads_files=around.dataset is None)
    problems.raise_if_any()
    return experiment


def _plan(
    keys: FileKeys,
    shape: Shape | None,
    task: Task | None,
    dataset: Dataset | None,
    training: Training,
    snapshots: SnapshotSchedule,
    video: Video,
) -> Workload:
    """Return what is known of the run's size before any data is made."""
    hidden = () if shape is None else shape.hidden
    first, last = (1, 1) if shape is None or shape.ends is None else shape.ends
    n_samples = dataset.n_samples if dataset is not None else (task.n_samples if task is not None else None)
    training = with_epochs(training, keys.training, n_samples or 1)
    return Workload((first, *hidden, last), keys.network.bias, n_samples or 1, training, snapshots, video)


def _is_affordable(plan: Workload, keys: FileKeys, problems: Problems) -> bool:
    """Note what is absurdly large; what rests on a wrong value is not judged."""
    found = excesses(plan)
    for key, message in found:
        written = "network.hidden" if key == "network.layers" and keys.network.hidden is not None else key
        if problems.has_no_problem("network", "training", "snapshots", "task"):
            problems.add(tuple(written.split(".")), message)
    return not found


def _dataset(task: Task | None, streams: RandomStreams, problems: Problems) -> Dataset | None:
    if task is None:
        return None
    try:
        return build_dataset(task, streams.task, streams.test)
    except TaskError as error:
        problems.add(("task", error.option) if error.option else ("task",), str(error))
        return None


def _with_labels(task: Task | None, loss: Loss | None) -> Task | None:
    """Return a table whose targets are classes where the loss says so: its numbers are labels.

    Several columns for a loss that takes each output by itself stay numbers: each answers yes or no.
    """
    options: Any = task
    if loss is None or not loss.needs_classes or getattr(task, "classes", False) is not None:
        return task
    several = isinstance(options.targets, tuple) and len(options.targets) > 1
    return task if several and takes_yes_no(loss) else replace(options, classes=True)


def _default_loss(network: Network, dataset: Dataset) -> Loss:
    """Return cross-entropy for probabilities of classes, else the mean squared error."""
    output = activations.name_of(network.activations[-1])
    if dataset.kind == "classes" and output == "softmax":
        return losses["cross_entropy"]()
    if dataset.kind == "classes" and output == "sigmoid" and network.sizes[-1] == 1:
        return losses["binary_cross_entropy"]()
    return losses["mse"]()


def _page(keys: PageKeys, problems: Problems) -> PageSettings:
    path = ("page", "panels")
    grid = None if keys.panels == "auto" else panel_grid(keys.panels, path, problems)
    if grid is not None and any("loss" in row for row in grid):
        problems.add(path, "the loss is the page's time line and stands below every grid; leave it out")
    return PageSettings(keys.about, keys.theme, grid)


def _check_consistency(experiment: Experiment, keys: FileKeys, factory: PluginFactory, *, reads_files: bool) -> None:
    """Note what is right by itself and wrong together; what is wrong already is left out."""
    problems = factory.problems
    network, dataset, training = experiment.network, experiment.dataset, experiment.training
    if problems.has_no_problem("task", "network", "training.loss"):
        check_outputs(network, training.loss, dataset, keys.network, problems)
    if training.stop is not None and training.stop.patience is not None and dataset.held_out is None:
        said = "needs held-out data to look at: add a share such as test: 0.25 to the task"
        problems.add(("training", "stop", "patience"), said)
    if problems.has_no_problem("training.steps", "training.epochs", "snapshots"):
        check_kept_steps(experiment, keys.snapshots, problems)
    if problems.has_no_problem("training.batch") and training.batch is not None and training.batch > dataset.n_samples:
        said = f"is {training.batch:,}; the task has {dataset.n_samples:,} samples (full takes all of them)"
        problems.add(("training", "batch"), said)
    if reads_files and problems.has_no_problem("network"):
        check_initial_weights(experiment.init, network, problems)
    if problems.has_no_problem("task", "network", "training", "snapshots", "video.panels", "page.panels"):
        check_panels(experiment, factory)
    if problems.has_no_problem("task", "network", "training", "snapshots", "video.slow_motion", "video.captions"):
        check_events(experiment, problems)
