"""The command that makes many runs; how they are made is for the batch and its workers."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backprop_anim.cli.options import FilmSettings, Force, Frames, Output, Quiet, Sweep, with_shared_options
from backprop_anim.cli.sources import OUTPUTS
from backprop_anim.cli.terminal import bold, print_notice, print_result, show_table
from backprop_anim.common import UsageError, ending_on_signal

if TYPE_CHECKING:
    from tqdm import tqdm

    from backprop_anim.batch import Batch, Job, JobRunner, Report, Result

__all__ = ["batch"]

Configs = Annotated[
    list[str], typer.Argument(metavar="CONFIG…", help="YAML files, folders of them, patterns, or names of examples.")
]
WORDS = {"trained": "trained", "drew": "drawn again", "nothing": "up to date", "failed": "failed", "skipped": "not run"}


@with_shared_options
def batch(
    configs: Configs,
    film: FilmSettings,
    output: Output = OUTPUTS,
    n_jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Runs at a time (one for each core).")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster: its scheduler's address, or local."),
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going/--no-keep-going", "-k", help="Make the others where one fails.")
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and why.")] = False,
    sweep: Sweep = None,
    frames: Frames = False,
    force: Force = False,
    gallery: Annotated[bool, typer.Option("--gallery", help="Also show them all on one page, DIR/index.html.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each run.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make many runs side by side.

    What is up to date is left as it is, and a failure stops only its own run.
    """
    from backprop_anim.batch import find_configs, plan_batch, run_batch

    if cluster is not None and n_jobs is not None:
        from backprop_anim.batch import LOCAL

        if cluster != LOCAL:
            raise UsageError("-j is for this machine: a cluster makes as many runs at a time as it has workers")
    chosen = film.overrides()
    planned = plan_batch(find_configs(configs), output, chosen, sweep or (), frames, force)
    if gallery:
        from backprop_anim.publish import check_gallery_path

        check_gallery_path(output)  # before hours of work
    if dry_run:
        _show_plan(planned, as_json)
        if any(task.error for task in planned.tasks):
            raise typer.Exit(1)
        return
    started = time.monotonic()
    results: list[Result] = []

    def so_far() -> str:
        made = sum(not result.failed for result in results)
        return f"interrupted: {made} of {len(planned.tasks)} runs are there; the same command goes on with the others"

    with ending_on_signal(so_far), _batch_bars(len(planned.pending), quiet or as_json) as report:
        for result in run_batch(planned, _engine(cluster, n_jobs, report), keep_going):
            results.append(result)
            _show_result(result, as_json, quiet)
    if not as_json:
        _show_end(results, time.monotonic() - started, quiet)
    if gallery:
        _write_gallery(planned, results, output, print_notice if as_json else print_result, quiet)
    if any(result.failed for result in results):
        raise typer.Exit(1)


def _engine(cluster: str | None, n_jobs: int | None, report: Report) -> JobRunner:
    """Return what the jobs are done with."""
    from backprop_anim.batch import cores, run_jobs

    def here(jobs: Sequence[Job]) -> Iterator[Result]:
        return run_jobs(jobs, n_jobs or cores(), report)

    def there(jobs: Sequence[Job]) -> Iterator[Result]:
        from backprop_anim.batch import run_on_cluster

        return run_on_cluster(
            jobs, str(cluster), n_jobs or cores(), report, lambda text: _print_notice(f"note: {text}")
        )

    return here if cluster is None else there


def _show_plan(planned: Batch, as_json: bool) -> None:
    rows: list[tuple[str, ...]] = []
    for task in planned.tasks:
        stage, reason = ("invalid", task.error) if task.plan is None else (task.plan.stage, task.plan.reason)
        rows.append((task.job.name, stage, reason.splitlines()[0]))
        if as_json:
            _print_json({"name": task.job.name, "config": task.job.label, "would": stage, "reason": reason})
    if rows and not as_json:
        show_table(rows)


def _show_result(result: Result, as_json: bool, quiet: bool) -> None:
    if as_json:
        _print_json(result.as_mapping())
        return
    for note in result.notes:
        _print_notice(f"note: {result.name}: {note}")
    if not quiet and result.did in ("trained", "drew"):
        folder = Path(result.told["files"][0]).name if result.told.get("files") else ""
        _print_result(f"{bold(result.name)}  {WORDS[result.did]}, {result.seconds:.1f} s  {folder}".rstrip())


def _show_end(results: Sequence[Result], seconds: float, quiet: bool) -> None:
    """Print how many runs ended how, and what went wrong."""
    failed = [result for result in results if result.failed]
    for result in failed:
        first, *rest = result.reason.splitlines() or [""]
        which = "" if Path(result.label).stem == result.name else f"{result.name}: "
        print_notice(f"failed: {result.label}: {which}{first.removeprefix(f'{result.label}:')}")
        for line in rest:
            print_notice(f"        {line}")
    if not quiet:
        counts = {word: sum(result.did == did for result in results) for did, word in WORDS.items()}
        told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        print_result(f"{told or 'nothing to do'}; {seconds:.1f} s")


def _write_gallery(
    planned: Batch, results: Sequence[Result], output: Path, told: Callable[[str], None], quiet: bool
) -> None:
    """Show the runs that are whole on one page, in the order in which they were named; say which are not there."""
    from backprop_anim.publish import write_gallery

    lacking = {(result.label, result.name) for result in results if not result.told}
    names = [task.job.name for task in planned.tasks if (task.job.label, task.job.name) not in lacking]
    if lacking:
        print_notice(f"note: not in the gallery: {', '.join(sorted(name for _, name in lacking))}")
    if not names:
        return
    found = write_gallery(output, [output / name for name in names])
    for note in found.notes:
        print_notice(f"note: {note}")
    if not quiet:
        told(str(found.path))


def _print_json(record: dict[str, Any]) -> None:
    import json

    print_result(json.dumps(record, ensure_ascii=False))


def _print_result(text: str) -> None:
    """Print a result above the bars, where there are some."""
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        with tqdm.external_write_mode(file=sys.stdout):
            print_result(text)
    else:
        print_result(text)


def _print_notice(text: str) -> None:
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        with tqdm.external_write_mode(file=sys.stderr):
            print_notice(text)
    else:
        print_notice(text)


@contextmanager
def _batch_bars(n_jobs: int, quiet: bool) -> Iterator[Report]:
    """Give a report that draws a bar for all runs and one for each that is under way, if there is a terminal."""
    if quiet or not n_jobs or not sys.stderr.isatty():
        yield lambda job, stage, done, total: None
        return
    board = _BatchBars(n_jobs)
    try:
        yield board
    finally:
        board.close()


class _BatchBars:
    """The bars of a batch: all runs above, a line for each that is under way below."""

    def __init__(self, n_jobs: int) -> None:
        from tqdm import tqdm

        self._all = tqdm(total=n_jobs, desc="runs", unit=" run", dynamic_ncols=True, position=0)
        self._running: dict[str, tuple[str, tqdm[Any]]] = {}

    def __call__(self, job: Job, stage: str, done: int, total: int) -> None:
        from tqdm import tqdm

        known, bar = self._running.get(job.name, ("", None))
        if bar is not None and stage != known:
            bar.close()
            del self._running[job.name]
            bar = None
        if not stage:
            self._all.update(1)
            return
        if bar is None:
            taken = {-one.pos for _, one in self._running.values()}
            free = next(place for place in range(1, len(taken) + 2) if place not in taken)
            bar = tqdm(total=total, desc=f"  {job.name}: {stage}", leave=False, dynamic_ncols=True, position=free)
            self._running[job.name] = (stage, bar)
        bar.update(done - bar.n)

    def close(self) -> None:
        """Take the bars away."""
        for _, bar in self._running.values():
            bar.close()
        self._all.close()
