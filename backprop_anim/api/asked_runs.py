"""What runs and experiments answer in numbers: predictions, and gradients held to finite differences."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from backprop_anim.api.experiments import Given, opened
from backprop_anim.api.given_runs import GivenRun, opened_run
from backprop_anim.common import UsageError, counted
from backprop_anim.engine import GradientCheck
from backprop_anim.experiment import Experiment
from backprop_anim.runs import Prediction, check_first_gradients, predict_file, rows_of_cells, with_step
from backprop_anim.runs import predict as predict_rows

__all__ = ["gradcheck", "predict"]


def predict(run: GivenRun, inputs: ArrayLike | Path | str, step: int | None = None) -> Prediction:
    """Return what a network answers to new samples, after a step or the last one.

    A step that was not kept is trained again; where that does not lead there, the last one kept before it answers.

    Parameters
    ----------
    run : Recording, path or str
        From `train`, or a finished run: its folder, or its name under ``outputs``.
    inputs : array_like, shape (N, n_in) or (n_in,), or path
        In the units of the data. Of a run that learned from a file also cells, a column of that file each, as
        ``[["Dream", 39.1]]``; or a CSV file.
    step : int, optional

    Returns
    -------
    Prediction
        Its `outputs` and `classes`; of a CSV file that holds what was to be predicted also its `scores`. `save` writes
        a CSV file.

    Raises
    ------
    UsageError
        If `inputs` are no samples for this network.
    NotFoundError
        If there is no such run or file.
    """
    found = opened_run(run, "predict")
    recording = found.recording
    if step is not None:
        recording = with_step(recording, step, found.source) or recording
    if isinstance(inputs, (str, os.PathLike)):
        return predict_file(recording, Path(inputs), step)
    return predict_rows(recording, _rows(inputs, recording.experiment), step)


def _rows(inputs: ArrayLike, experiment: Experiment) -> list[list[float]]:
    dataset = experiment.dataset
    cells = np.atleast_2d(np.asarray(inputs, dtype=object))
    needed = {dataset.n_inputs, len(dataset.input_columns)} - {0}
    if cells.ndim != 2 or cells.shape[1] not in needed or not len(cells):
        widths = " or ".join(map(str, sorted(needed)))
        raise UsageError(f"the network takes rows of {widths}, and here is an array of the shape {cells.shape}")
    wanted = f"the network takes rows of {counted(dataset.n_inputs, 'number')}"
    try:
        numbers = cells.astype(np.float64)
    except (TypeError, ValueError):
        if not dataset.input_columns:
            raise UsageError(f"{wanted}, and here are other things among them") from None
        return rows_of_cells([[str(cell) for cell in row] for row in cells], experiment)
    if cells.shape[1] != dataset.n_inputs:  # words that look like numbers
        return rows_of_cells([[str(cell) for cell in row] for row in cells], experiment)
    if not np.isfinite(numbers).all():
        raise UsageError(f"{wanted}, and none may be infinite or nan")
    found: list[list[float]] = numbers.tolist()
    return found


def gradcheck(experiment: Given) -> GradientCheck:
    """Hold every gradient of an experiment's first state to finite differences.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.

    Returns
    -------
    GradientCheck
        Whether all `passed`, and of each of its `arrays` the `worst` relative error.
    """
    return check_first_gradients(opened(experiment, "gradcheck"))
