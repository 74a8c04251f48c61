"""Many runs: batches in processes or on a cluster, and comparisons in one film; it never draws or trains by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_anim.common import lazy_door

if TYPE_CHECKING:
    from backprop_anim.batch.batch_plan import Batch, JobRunner, find_configs, plan_batch, run_batch
    from backprop_anim.batch.compared_runs import load_compared_variants
    from backprop_anim.batch.comparison import FILM_ALONE, compare
    from backprop_anim.batch.dask_cluster import LOCAL, run_on_cluster
    from backprop_anim.batch.jobs import Job, Report, Result, cores, run_jobs
else:
    __getattr__ = lazy_door(
        __name__,
        {
            "batch_plan": "Batch JobRunner find_configs plan_batch run_batch",
            "compared_runs": "load_compared_variants",
            "comparison": "FILM_ALONE compare",
            "dask_cluster": "LOCAL run_on_cluster",
            "jobs": "Job Report Result cores run_jobs",
        },
    )

__all__ = [
    "FILM_ALONE",
    "LOCAL",
    "Batch",
    "Job",
    "JobRunner",
    "Report",
    "Result",
    "compare",
    "cores",
    "find_configs",
    "load_compared_variants",
    "plan_batch",
    "run_batch",
    "run_jobs",
    "run_on_cluster",
]
