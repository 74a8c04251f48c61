"""Brings a run up to date: trains, draws or does nothing, and says why; what is heavy waits until it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_anim.common import Interruption, Progress, RecordingError, silent
from backprop_anim.experiment import Experiment
from backprop_anim.runs.freshness import UpdatePlan, plan_update_of, provenance_of
from backprop_anim.runs.run_files import RECORDING, read_summary, run_folder

if TYPE_CHECKING:  # it imports what draws
    from backprop_anim.runs.pipeline import Summary

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
    """

    plan: UpdatePlan
    told: Mapping[str, Any]
    summary: Summary | None

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
    OutputError
        If the run's folder is a link.
    """
    folder = run_folder(output, experiment.name)
    return plan_update_of(provenance_of(experiment, folder), folder, keep_frames, force)


def bring_up_to_date(
    experiment: Experiment,
    output: Path,
    keep_frames: bool = False,
    progress: Progress = silent,
    plan: UpdatePlan | None = None,
    force: bool = False,
    interruption: Interruption | None = None,
    resume: bool | None = False,
) -> RunOutcome:
    """Bring the run ``output/<name>/`` up to date.

    Parameters
    ----------
    experiment : Experiment
    output : Path
    keep_frames : bool
        Whether PNG frames are wanted too.
    progress : Progress, optional
    plan : UpdatePlan, optional
        What `plan_update` said, if it was asked before.
    force : bool
        Do everything, whatever there is.
    interruption : Interruption, optional
        Where the wish to stop will be heard.
    resume : bool, optional
        Go on with a training that was interrupted, if one was; None does so only where its checkpoint fits.

    Raises
    ------
    BackpropAnimError
        For everything that a user can put right; what an earlier run left is then untouched.
    """
    plan = plan or plan_update(experiment, output, keep_frames, force)
    if plan.stage == "nothing":
        return RunOutcome(plan, read_summary(output / experiment.name), None)
    from backprop_anim.runs.pipeline import run

    summary = None
    if plan.stage == "draw":
        try:
            summary = _drawn_again(experiment, output / experiment.name, keep_frames, progress, interruption)
        except RecordingError as error:
            plan = UpdatePlan("train", str(error))
    if summary is None:
        summary = run(experiment, output, keep_frames, progress, interruption=interruption, resume=resume)
    return RunOutcome(plan, summary.as_mapping(), summary)


def _drawn_again(
    experiment: Experiment, folder: Path, keep_frames: bool, progress: Progress, interruption: Interruption | None
) -> Summary:
    """Draw the run that stands in `folder` as `experiment` wants it: nothing about its training has changed."""
    from backprop_anim.runs.pipeline import draw_run, open_run

    recording = replace(open_run(folder / RECORDING), experiment=experiment)
    return draw_run(recording, folder, folder, keep_frames, progress, interruption)
