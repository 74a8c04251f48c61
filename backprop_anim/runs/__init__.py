"""One run, from an experiment to the files in its folder, and what a finished run says; never more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_anim.common import lazy_door

if TYPE_CHECKING:
    from backprop_anim.runs.film_files import film_outputs, frames_needed, write_film
    from backprop_anim.runs.finished_run import FinishedRun, read_finished
    from backprop_anim.runs.first_gradients import check_first_gradients
    from backprop_anim.runs.freshness import UpdatePlan, current_versions, is_trained_here
    from backprop_anim.runs.new_rows import (
        rows_from_csv,
        rows_from_file,
        rows_from_text,
        rows_of_cells,
        rows_of_columns,
    )
    from backprop_anim.runs.pipeline import draw_page, draw_run, run
    from backprop_anim.runs.prediction import Prediction, predict, predict_file
    from backprop_anim.runs.recordings import explained, open_run, revised
    from backprop_anim.runs.report import loss_lines, prediction_table, state_lines
    from backprop_anim.runs.retrain import with_step, with_told_step
    from backprop_anim.runs.run_files import (
        EXPERIMENT,
        RECORDING,
        SUMMARY,
        find_folder,
        find_recording,
        library_versions,
        remove_partial,
        run_folder,
        with_bare_file_names,
        write_summary,
    )
    from backprop_anim.runs.run_options import RunOptions
    from backprop_anim.runs.scores import Score
    from backprop_anim.runs.stills import draw_still, draw_told_still, told_step
    from backprop_anim.runs.summary import Summary
    from backprop_anim.runs.told_steps import step_to_tell
    from backprop_anim.runs.up_to_date import DID, bring_up_to_date, plan_update, read_outcome
else:
    __getattr__ = lazy_door(
        __name__,
        {
            "finished_run": "FinishedRun read_finished",
            "freshness": "UpdatePlan current_versions is_trained_here",
            "film_files": "film_outputs frames_needed write_film",
            "first_gradients": "check_first_gradients",
            "new_rows": "rows_from_csv rows_from_file rows_from_text rows_of_cells rows_of_columns",
            "pipeline": "draw_page draw_run run",
            "recordings": "explained open_run revised",
            "retrain": "with_step with_told_step",
            "run_options": "RunOptions",
            "told_steps": "step_to_tell",
            "summary": "Summary",
            "prediction": "Prediction predict predict_file",
            "report": "prediction_table state_lines loss_lines",
            "run_files": "EXPERIMENT RECORDING SUMMARY find_folder find_recording remove_partial run_folder"
            " library_versions with_bare_file_names write_summary",
            "scores": "Score",
            "stills": "draw_still draw_told_still told_step",
            "up_to_date": "DID bring_up_to_date plan_update read_outcome",
        },
    )

__all__ = [
    "DID",
    "EXPERIMENT",
    "RECORDING",
    "SUMMARY",
    "FinishedRun",
    "Prediction",
    "RunOptions",
    "Score",
    "Summary",
    "UpdatePlan",
    "bring_up_to_date",
    "check_first_gradients",
    "current_versions",
    "draw_page",
    "draw_run",
    "draw_still",
    "draw_told_still",
    "explained",
    "film_outputs",
    "find_folder",
    "find_recording",
    "frames_needed",
    "is_trained_here",
    "library_versions",
    "loss_lines",
    "open_run",
    "plan_update",
    "predict",
    "predict_file",
    "prediction_table",
    "read_finished",
    "read_outcome",
    "remove_partial",
    "revised",
    "rows_from_csv",
    "rows_from_file",
    "rows_from_text",
    "rows_of_cells",
    "rows_of_columns",
    "run",
    "run_folder",
    "state_lines",
    "step_to_tell",
    "told_step",
    "with_bare_file_names",
    "with_step",
    "with_told_step",
    "write_film",
    "write_summary",
]
