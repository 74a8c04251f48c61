"""One run, from an experiment to the files in its folder, and what a finished run says; never more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_anim.common import lazy_door

if TYPE_CHECKING:
    from backprop_anim.runs.finished_run import FinishedRun, read_finished
    from backprop_anim.runs.freshness import Plan, current_versions
    from backprop_anim.runs.pipeline import (
        Summary,
        draw_run,
        draw_still,
        film_outputs,
        open_run,
        revised,
        run,
        write_film,
    )
    from backprop_anim.runs.prediction import predict, rows_from_csv, rows_from_text
    from backprop_anim.runs.report import answers, details, losses_told
    from backprop_anim.runs.run_files import (
        EXPERIMENT,
        RECORDING,
        SUMMARY,
        find_folder,
        find_recording,
        remove_partial,
        run_folder,
        versions,
        with_bare_names,
        write_summary,
    )
    from backprop_anim.runs.up_to_date import DID, make, plan_of, read_made
else:
    __getattr__ = lazy_door(
        __name__,
        {
            "finished_run": "FinishedRun read_finished",
            "freshness": "Plan current_versions",
            "pipeline": "Summary draw_run draw_still film_outputs open_run revised run write_film",
            "prediction": "predict rows_from_csv rows_from_text",
            "report": "answers details losses_told",
            "run_files": "EXPERIMENT RECORDING SUMMARY find_folder find_recording remove_partial run_folder"
            " versions with_bare_names write_summary",
            "up_to_date": "DID make plan_of read_made",
        },
    )

__all__ = [
    "DID",
    "EXPERIMENT",
    "RECORDING",
    "SUMMARY",
    "FinishedRun",
    "Plan",
    "Summary",
    "answers",
    "current_versions",
    "details",
    "draw_run",
    "draw_still",
    "film_outputs",
    "find_folder",
    "find_recording",
    "losses_told",
    "make",
    "open_run",
    "plan_of",
    "predict",
    "read_finished",
    "read_made",
    "remove_partial",
    "revised",
    "rows_from_csv",
    "rows_from_text",
    "run",
    "run_folder",
    "versions",
    "with_bare_names",
    "write_film",
    "write_summary",
]
