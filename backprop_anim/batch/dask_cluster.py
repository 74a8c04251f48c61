"""Jobs on the machines of a Dask cluster, which need share no disk; a worker that is lost is made up for."""

from __future__ import annotations

import logging
import queue
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_anim.batch.jobs import Job, Report, Result, failed
from backprop_anim.batch.portable_jobs import PackedJob, PackedResult, pack_job, run_packed_job, unpack_result
from backprop_anim.common import BackpropAnimError, NotFoundError, UsageError, children_ignoring_signals, throttled

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["LOCAL", "run_on_cluster"]

LOCAL = "local"
"""The address that means a cluster of this machine's own processes."""

PATIENCE_S = 10
"""How long a scheduler may take to answer."""

LOOK_S = 3.0
"""How often it is looked which workers there are."""

PACKAGE = "backprop_anim"
TOPIC = "backprop-anim"
"""Under this name workers say how far they are."""

EVERY_S = 0.5
"""How often a worker says how far it is, and looks whether anybody still wants to know."""

_one_at_a_time = threading.Lock()  # drawing is for one thread of a process


class _JobCancelledError(Exception):
    """Nobody waits for this job any more."""


def run_on_cluster(
    jobs: Sequence[Job], address: str, n_local: int, report: Report, note: Callable[[str], None]
) -> Iterator[Result]:
    """Send jobs to a cluster and yield what comes of them, the first to end first.

    Closing the iterator, or an exception where it is used, cancels what was submitted, and running jobs stop.

    Parameters
    ----------
    jobs : sequence of Job
    address : str
        Of the scheduler, as ``tcp://10.0.0.5:8786``, or `LOCAL`.
    n_local : int
        Processes of a local cluster.
    report : Report
        Called in this thread.
    note : callable
        Called with what the user should know.

    Raises
    ------
    NotFoundError
        If Dask is not installed, or no scheduler answers.
    UsageError
        If `address` is none.
    """
    with _client(address, min(n_local, len(jobs))) as client:
        yield from _ClusterSession(client, jobs, report, _WorkerWait(client, address, note)).results()


class _WorkerWait:
    """Knows the workers that a cluster has at the moment; they may come and go.

    Parameters
    ----------
    client : Client
    address : str
        Of the scheduler.
    note : callable
    """

    def __init__(self, client: Client, address: str, note: Callable[[str], None]) -> None:
        self._client, self._address, self._note = client, address, note
        self._known: set[str] = set()
        self._were_some = True
        self._next = 0.0

    def poll(self) -> None:
        """Look now and then, and say it where there are none any more.

        Raises
        ------
        NotFoundError
            If one lacks this program: it would end as soon as it is sent a job, and the job would wait for ever.
        """
        if time.monotonic() < self._next or self._client.status != "running":
            return
        self._next = time.monotonic() + LOOK_S
        present = set(self._client.nthreads())
        if self._were_some and not present:
            self._note(f"the scheduler at {self._address} has no workers; the runs wait until there are some")
        self._were_some = bool(present)
        if present - self._known:
            found: Any = self._client.get_versions(packages=[PACKAGE])
            places = {"scheduler": found["scheduler"], **found["workers"]}
            lacking = [place for place, told in places.items() if not told["packages"].get(PACKAGE)]
            if lacking:
                raise NotFoundError(f"backprop-anim is not installed where these run: {', '.join(sorted(lacking))}")
        self._known = present


class _ClusterSession:
    """The jobs that one client has on a cluster, and the news of them."""

    def __init__(self, client: Client, jobs: Sequence[Job], report: Report, muster: _WorkerWait) -> None:
        self._client, self._report, self._muster = client, report, muster
        self._jobs = dict(enumerate(jobs))
        self._news: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()

    def results(self) -> Iterator[Result]:
        batch = str(uuid.uuid4())
        executor = self._client.get_executor(pure=False)
        self._client.subscribe_topic(TOPIC, lambda event: self._on_worker_message(batch, *event[1]))
        try:
            self._muster.poll()
            for number, job in self._jobs.items():
                try:
                    packed = pack_job(job)
                except BackpropAnimError as error:
                    self._news.put((number, failed(job, str(error))))
                    continue
                future = executor.submit(_run_remote_job, packed, batch, number)
                future.add_done_callback(partial(self._tell, number))
            yield from self._until_all_are_there()
        finally:
            if self._client.status == "running":  # otherwise there is nobody left to tell
                executor.shutdown(wait=False)

    def _on_worker_message(self, batch: str, said_of: str, number: int, said: object) -> None:
        if said_of == batch:  # others may be at work on the same cluster
            self._tell(number, said)

    def _tell(self, number: int, said: object) -> None:
        self._news.put((number, said))  # in a thread of the client's, which must not be held up

    def _until_all_are_there(self) -> Iterator[Result]:
        left = set(self._jobs)
        while left:
            self._muster.poll()  # also between news: a worker that never lets the queue run dry can be lost as well
            try:
                number, said = self._news.get(timeout=0.5)  # a wait without end would not notice Ctrl-C everywhere
            except queue.Empty:
                continue
            if number not in left:
                continue  # late news of a job that has ended
            job = self._jobs[number]
            if isinstance(said, tuple):
                self._report(job, *said)
                continue
            left.remove(number)
            self._report(job, "", 1, 1)
            yield said if isinstance(said, Result) else _received(job, said)


def _received(job: Job, future: Future[PackedResult]) -> Result:
    """Put what a worker made where it belongs."""
    try:
        return unpack_result(future.result(), Path(job.output))
    except BackpropAnimError as error:
        return failed(job, str(error))
    except Exception as error:  # noqa: BLE001  # whatever a cluster can do to a job
        return failed(job, _explained(error))


def _run_remote_job(packed: PackedJob, batch: str, number: int) -> PackedResult:
    """Do a job on a worker; runs there, in a thread of its own."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def check() -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state != "executing":  # it was cancelled, or who asked for it is gone
            raise _JobCancelledError

    def report(stage: str, done: int, total: int) -> None:
        check()
        worker.log_event(TOPIC, (batch, number, (stage, done, total)))

    with _one_at_a_time, tempfile.TemporaryDirectory(dir=worker.local_directory) as scratch:
        check()
        return run_packed_job(packed, Path(scratch), throttled(report, EVERY_S))


def _explained(error: BaseException) -> str:
    """Return what a cluster's exception means for a user."""
    name = type(error).__name__
    if isinstance(error, CancelledError) or name == "FutureCancelledError":
        return "the connection to the scheduler was lost"
    if name == "KilledWorker":
        return "every worker that made it was lost; had they enough memory?"
    if isinstance(error, ImportError):
        return f"a worker lacks a package: {error}"
    return f"an unexpected {name} on a worker: {error}"


@contextmanager
def _client(address: str, n_local: int) -> Iterator[Client]:
    """Connect to a scheduler, or start one with workers on this machine."""
    try:
        import distributed
    except ImportError:
        raise NotFoundError("a cluster needs Dask: pip install 'backprop-anim[cluster]'") from None
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] in ("distributed", "asyncio", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by us
    warnings.filterwarnings("ignore", "Sending large graph", UserWarning)  # films' data are what they are
    if address == LOCAL:
        with children_ignoring_signals():
            cluster = distributed.LocalCluster(
                n_workers=n_local,
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address=":0",
                silence_logs=logging.CRITICAL,
            )
        with cluster, distributed.Client(cluster, set_as_default=False) as client:
            yield client
        return
    try:
        client = distributed.Client(address, timeout=PATIENCE_S, set_as_default=False)
    except OSError as error:
        raise NotFoundError(f"no Dask scheduler answers at {address} within {PATIENCE_S} s: is it running?") from error
    except (ValueError, TypeError) as error:
        raise UsageError(f"{address!r} is no scheduler's address ({error}): use tcp://HOST:PORT or {LOCAL}") from error
    with client:
        yield client
