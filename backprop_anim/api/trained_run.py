"""A trained run with what can be made of it: films, pages, pictures, predictions, weights."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop_anim.api.asked_runs import predict
from backprop_anim.api.drawn_runs import explain, explain_recorded, page, render, still
from backprop_anim.api.experiments import Given, opened
from backprop_anim.api.given_runs import OUTPUTS
from backprop_anim.api.notebook_bars import shown_progress
from backprop_anim.api.shown_files import Page, Rendered, Still
from backprop_anim.common import Progress, UsageError
from backprop_anim.runs import RECORDING, Prediction
from backprop_anim.training import Recording, divergence, save_recording
from backprop_anim.training import train as train_network

__all__ = ["Run", "train"]


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

    def still(self, step: int, path: Path | str | None = None, **options: Any) -> Still:
        """Draw one step as a picture; options as for `still`."""
        return still(self, step, path, **options)

    def explain(self, step: int = 0, folder: Path | str = OUTPUTS, **options: Any) -> Rendered:
        """Make a film of one step in slow motion; options as for `explain`.

        It is trained again for that; of a run that others trained it is the last kept step at or before `step`.
        """
        if self.experiment.training.by:
            return explain_recorded(self, step, folder, **options)
        return explain(self.experiment, step, folder, **options)

    def save(self, path: Path | str | None = None) -> Path:
        """Write the recording, from which films can be drawn later, and return where it is.

        Parameters
        ----------
        path : path, optional
            A file that ends in .npz; ``outputs/<name>/recording.npz`` by default.
        """
        target = OUTPUTS / self.experiment.name / RECORDING if path is None else Path(path)
        if target.suffix != ".npz":
            raise UsageError(f"a recording is saved as a file that ends in .npz, not {target.name!r}")
        target.parent.mkdir(parents=True, exist_ok=True)
        save_recording(self, target)
        return target

    def predict(self, inputs: ArrayLike | Path | str, step: int | None = None) -> Prediction:
        """Return what the network answers to new samples, after a step or the last one, as the function `predict`."""
        return predict(self, inputs, step)

    def weights(self, step: int | None = None) -> dict[str, NDArray[np.float64]]:
        """Return the arrays ``W1, b1, …`` after the last kept step at or before `step`, or after the last one."""
        row = self.n_snapshots - 1 if step is None else self.nearest(step)
        arrays = self.experiment.network.layout.arrays(self.parameters[row])
        return {name: array.copy() for name, array in arrays.items()}


def train(experiment: Given, progress: Progress | None = None) -> Run:
    """Train the network of an experiment.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.
    progress : Progress, optional
        Called with the stage, what is done and what there is; without it a notebook shows bars.

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
    with shown_progress(progress) as shown:
        recording = train_network(experiment, shown)
    if recording.diverged_at is not None:
        warnings.warn(divergence(experiment, recording.diverged_at), stacklevel=2)
    return Run.of(recording)
