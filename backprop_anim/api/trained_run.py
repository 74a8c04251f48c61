"""A trained run with what can be made of it: films, pages, pictures, predictions, weights."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop_anim.api.experiments import Given, opened
from backprop_anim.api.given_words import kind_of, typed_settings, video_settings
from backprop_anim.api.shown_files import PICTURES, PLAYABLE, Page, Rendered, Still
from backprop_anim.common import Progress, UsageError, silent
from backprop_anim.config import revise, step_settings
from backprop_anim.runs import (
    Prediction,
    RunOptions,
    draw_page,
    draw_run,
    draw_still,
    revised,
    with_step,
    with_told_step,
)
from backprop_anim.runs import predict as predict_rows
from backprop_anim.runs import run as run_whole
from backprop_anim.training import Recording, divergence, save_recording
from backprop_anim.training import train as train_network

__all__ = ["Run", "explain", "page", "render", "train"]

OUTPUTS = Path("outputs")


@dataclass(frozen=True, eq=False, repr=False)
class Run(Recording):
    """A recording that can be drawn and asked."""

    @classmethod
    def of(cls, recording: Recording) -> Run:
        """Return the same recording with these methods."""
        return cls(**{field.name: getattr(recording, field.name) for field in fields(Recording)})

    def _repr_html_(self) -> str:
        """Show the film in a notebook; of one state, its picture."""
        with TemporaryDirectory() as folder:
            if self.n_snapshots > 1:
                return self.film(folder, formats=["mp4"])._repr_html_()
            return self.still(int(self.steps[0]), folder)._repr_html_()

    def film(self, folder: Path | str = OUTPUTS, **video: Any) -> Rendered:
        """Draw the film into a folder of the run's name below `folder`; `video` as for `render`."""
        return render(self, Path(folder) / self.experiment.name, **video)

    def page(self, path: Path | str | None = None) -> Page:
        """Write the page: one file that plays the run, tells its steps and trains on."""
        return page(self, path)

    def still(self, step: int, folder: Path | str | None = None, **video: Any) -> Still:
        """Draw one step as a PNG picture.

        A step that was not kept is trained again; where that does not lead there, the last one kept before it is drawn.

        Parameters
        ----------
        step : int
        folder : path, optional
            Where the picture goes; ``outputs/<name>`` by default.
        **video
            Settings of the film by their names under ``video``.
        """
        recording = revised(self, video_settings(video))
        target = OUTPUTS / self.experiment.name if folder is None else Path(folder)
        return Still(*draw_still(with_step(recording, step, Path()) or recording, step, target))

    def explain(self, step: int = 0, folder: Path | str = OUTPUTS, **options: Any) -> Rendered:
        """Make a film of one step in slow motion; options as for `explain`.

        It is trained again for that; of a run that others trained it is the last kept step at or before `step`.
        """
        if self.experiment.training.by:
            return _explain_recorded(self, step, folder, **options)
        return explain(self.experiment, step, folder, **options)

    def save(self, path: Path | str) -> Path:
        """Write the recording, from which films can be drawn later, and return where it is.

        Parameters
        ----------
        path : path
            A file that ends in .npz.
        """
        target = Path(path)
        if target.suffix != ".npz":
            raise UsageError(f"a recording is saved as a file that ends in .npz, not {target.name!r}")
        save_recording(self, target)
        return target

    def predict(self, inputs: ArrayLike, step: int | None = None) -> Prediction:
        """Return what the network answers to new samples, after a step or the last one.

        Parameters
        ----------
        inputs : array_like, shape (N, n_in) or (n_in,)
            In the units of the data.
        step : int, optional
        """
        rows = np.atleast_2d(np.asarray(inputs, dtype=np.float64))
        needed = self.experiment.dataset.n_inputs
        if rows.ndim != 2 or rows.shape[1] != needed:
            raise UsageError(f"the network takes rows of {needed}, and here is an array of the shape {rows.shape}")
        return predict_rows(self, rows.tolist(), step)

    def weights(self, step: int | None = None) -> dict[str, NDArray[np.float64]]:
        """Return the arrays ``W1, b1, …`` after the last kept step at or before `step`, or after the last one."""
        row = self.n_snapshots - 1 if step is None else self.nearest(step)
        arrays = self.experiment.network.layout.arrays(self.parameters[row])
        return {name: array.copy() for name, array in arrays.items()}


def train(experiment: Given, progress: Progress = silent) -> Run:
    """Train the network of an experiment.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.
    progress : Progress, optional
        Called with the stage, what is done and what there is.

    Returns
    -------
    Run
        Of a run that diverged, what came before; a warning says so, and `diverged_at` names the step.

    Raises
    ------
    UsageError
        If `experiment` is something else.
    NotFoundError, ExperimentError
        As `load_experiment` raises them.
    """
    experiment = opened(experiment, "train")
    recording = train_network(experiment, progress)
    if recording.diverged_at is not None:
        warnings.warn(divergence(experiment, recording.diverged_at), stacklevel=2)
    return Run.of(recording)


def render(
    recording: Recording,
    folder: Path | str | None = None,
    settings: Sequence[str] | Mapping[str, Any] = (),
    progress: Progress = silent,
    **video: Any,
) -> Rendered:
    """Draw a recording and write its films, weights, losses and summary.

    Parameters
    ----------
    recording : Recording
        From `train`.
    folder : path, optional
        Where the files go; ``outputs/<name>`` by default.
    settings : mapping or sequence of str, optional
        Any settings of the film: ``{"video.panel_options": {"loss": {"scale": "linear"}}}``.
    progress : Progress, optional
        Called with the stage, what is done and what there is.
    **video
        Settings of the film by their names under ``video``: ``theme="dark"``, ``formats=["mp4"]``.

    Returns
    -------
    Rendered
        Shows the film in a notebook.

    Raises
    ------
    UsageError
        If `recording` is none, or `folder` is the name of a film.
    ExperimentError
        If a setting is not valid.
    """
    if not isinstance(recording, Recording):
        raise UsageError(f"render takes a recording, as train returns it, not {kind_of(recording)}")
    recording = revised(recording, [*typed_settings(settings), *video_settings(video)])
    target = Path("outputs") / recording.experiment.name if folder is None else Path(folder)
    if target.suffix in PLAYABLE | PICTURES:
        raise UsageError(f"{target} is a file's name; give a folder, and formats=[{target.suffix[1:]!r}] for just that")
    return Rendered(draw_run(recording, target, Path(), RunOptions(progress=progress)))


def explain(
    experiment: Given,
    step: int = 0,
    folder: Path | str = OUTPUTS,
    motion: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    **video: Any,
) -> Rendered:
    """Train an experiment and make a film of one of its steps in slow motion.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.
    step : int
    folder : path
        The film goes into a folder of its name below this one.
    motion : mapping, optional
        How the step is told: ``{"seconds": 8, "sample": 3, "follow": ["hidden 2"]}``.
    progress : Progress, optional
        Called with the stage, what is done and what there is.
    **video
        Settings of the film by their names under ``video``.

    Raises
    ------
    ExperimentError
        If there is no such step, or a setting is not valid.
    """
    settings = [*step_settings({"step": step, **(motion or {})}), *video_settings(video)]
    made = revise(opened(experiment, "explain"), settings)
    made = replace(made, name=f"{made.name}-step-{step}")
    return Rendered(run_whole(made, Path(folder), RunOptions(False, progress, explain=True)))


def _explain_recorded(
    recording: Recording,
    step: int,
    folder: Path | str,
    motion: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    **video: Any,
) -> Rendered:
    """Make a film of one kept step that others trained."""
    told = with_told_step(recording, step)
    settings = [*step_settings({"step": told.traces[-1].step, **(motion or {})}), *video_settings(video)]
    told = revised(told, settings)
    name = f"{recording.experiment.name}-step-{told.traces[-1].step}"
    told = replace(told, experiment=replace(told.experiment, name=name))
    return Rendered(draw_run(told, Path(folder) / name, Path(), RunOptions(progress=progress, explain=True)))


def page(
    recording: Recording, path: Path | str | None = None, settings: Sequence[str] | Mapping[str, Any] = ()
) -> Page:
    """Write the page of a recording: one file that plays it, tells its steps and trains on.

    Parameters
    ----------
    recording : Recording
        From `train`.
    path : path, optional
        The file, or a folder for it; ``outputs/<name>/<name>.html`` by default.
    settings : mapping or sequence of str, optional
        Settings of the page and its film: ``{"page.theme": "dark"}``.

    Raises
    ------
    UsageError
        If `recording` is none.
    ExperimentError
        If a setting is not valid.
    """
    if not isinstance(recording, Recording):
        raise UsageError(f"page takes a recording, as train returns it, not {kind_of(recording)}")
    recording = revised(recording, typed_settings(settings))
    target = Path("outputs") / recording.experiment.name if path is None else Path(path)
    if target.suffix != ".html":
        target = target / f"{recording.experiment.name}.html"
    written, notes = draw_page(recording, target.parent, target.name)
    return Page(written, tuple(notes))
