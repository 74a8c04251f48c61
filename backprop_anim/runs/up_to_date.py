"""Brings a run up to date: trains, draws or does nothing, and says why; what is heavy waits until it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_anim.common import OutputError, RecordingError
from backprop_anim.experiment import Experiment
from backprop_anim.runs.freshness import UpdatePlan, is_trained_here, plan_update_of, provenance_of
from backprop_anim.runs.run_files import RECORDING, read_summary, run_folder
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.training import divergence, refuse_recorded

if TYPE_CHECKING:  # it imports what draws
    from backprop_anim.runs.summary import Summary

__all__ = ["DID", "RunOutcome", "bring_up_to_date", "plan_update", "read_outcome"]

DID = {"train": "trained", "draw": "drew", "nothing": "nothing"}


@dataclass(frozen=True)
class RunOutcome:
    """What was done for a run.

    Attributes
    ----------
    plan : UpdatePlan
    told : mapping
        What ``summary.json`` says of the run.
    summary : Summary, optional
        With the recording; None where nothing had to be done.
    failure : str
        What the user should do about a run that diverged, whose film shows how; empty for every other.
    """

    plan: UpdatePlan
    told: Mapping[str, Any]
    summary: Summary | None
    failure: str = ""

    def as_mapping(self) -> dict[str, Any]:
        """Return the summary with what was done, without what only the program reads."""
        return _outcome_mapping(self.told, self.plan)


def read_outcome(folder: Path, plan: UpdatePlan) -> dict[str, Any]:
    """Return what `RunOutcome.as_mapping` would say of a run that is up to date.

    Raises
    ------
    NotFoundError
        If there is no summary that can be read.
    """
    return _outcome_mapping(read_summary(folder), plan)


def _outcome_mapping(summary: Mapping[str, Any], plan: UpdatePlan) -> dict[str, Any]:
    told = {key: value for key, value in summary.items() if key != "made_by"}
    return told | {"did": DID[plan.stage], "reason": plan.reason}


def plan_update(experiment: Experiment, output: Path, keep_frames: bool = False, force: bool = False) -> UpdatePlan:
    """Return what `bring_up_to_date` would do.

    Raises
    ------
    UsageError
        If others trained it.
    OutputError
        If the run's folder is a link, or holds a run that others trained.
    """
    folder = run_folder(output, experiment.name)
    if experiment.training.by:
        plan = plan_update_of(provenance_of(experiment, folder), folder, keep_frames)
        if plan.stage == "train":
            refuse_recorded(experiment)
        return plan
    if is_trained_here(folder) is False:
        said = "holds a run that was recorded elsewhere and cannot be made again; choose another name (name: …)"
        raise OutputError(f"{folder} {said}")
    return plan_update_of(provenance_of(experiment, folder), folder, keep_frames, force)


def bring_up_to_date(
    experiment: Experiment,
    output: Path,
    options: RunOptions | None = None,
    plan: UpdatePlan | None = None,
) -> RunOutcome:
    """Bring the run ``output/<name>/`` up to date.

    Parameters
    ----------
    experiment : Experiment
    output : Path
    options : RunOptions, optional
    plan : UpdatePlan, optional
        What `plan_update` said, if it was asked before.

    Raises
    ------
    BackpropAnimError
        For everything that a user can put right; what an earlier run left is then untouched.
    """
    options = options or RunOptions()
    plan = plan or plan_update(experiment, output, options.keep_frames)
    if plan.stage == "nothing":
        return _outcome(experiment, plan, read_summary(output / experiment.name), None)
    from backprop_anim.runs.pipeline import run

    summary = None
    if plan.stage == "draw":
        try:
            summary = _drawn_again(experiment, output / experiment.name, options)
        except RecordingError as error:
            plan = UpdatePlan("train", str(error))
    if summary is None:
        summary = run(experiment, output, options)
    return _outcome(experiment, plan, summary.as_mapping(), summary)


def _outcome(experiment: Experiment, plan: UpdatePlan, told: Mapping[str, Any], summary: Summary | None) -> RunOutcome:
    at = told.get("diverged_at")
    return RunOutcome(plan, told, summary, "" if at is None else divergence(experiment, at))


def _drawn_again(experiment: Experiment, folder: Path, options: RunOptions) -> Summary:
    """Draw the run that stands in `folder` as `experiment` wants it: nothing about its training has changed."""
    from backprop_anim.runs.pipeline import draw_run
    from backprop_anim.runs.recordings import open_run

    recording = replace(open_run(folder / RECORDING), experiment=experiment)
    return draw_run(recording, folder, folder, options)
