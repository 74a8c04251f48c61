"""Processes that live on between jobs; one that dies takes only its own job with it."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Protocol

from backprop_anim.interruption import deaf_children
from backprop_anim.jobs import Job, Result, run_job, steady

__all__ = ["Report", "run_in_processes"]

PATIENCE_S = 10.0
"""How long a worker may take to clean up behind itself when it is told to stop."""


class Report(Protocol):
    """Called with how far a job is; `stage` is empty when it has ended."""

    def __call__(self, job: Job, stage: str, done: int, total: int) -> None: ...


def run_in_processes(jobs: Sequence[Job], n_workers: int, report: Report) -> Iterator[Result]:
    """Run jobs side by side and yield what comes of them, the first to end first.

    Closing the iterator, or an exception where it is used, ends the workers: what they had begun leaves nothing.

    Parameters
    ----------
    jobs : sequence of Job
    n_workers : int
        How many run at the same time.
    report : Report
        Called in this thread.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    news: queue.SimpleQueue[tuple[Job, object]] = queue.SimpleQueue()
    crew = [_Foreman(waiting, news) for _ in range(min(n_workers, len(jobs)))]
    left = len(jobs)
    try:
        while left:
            try:
                job, said = news.get(timeout=0.5)  # a wait without end would not notice Ctrl-C everywhere
            except queue.Empty:
                continue
            if isinstance(said, Result):
                left -= 1
                report(job, "", 1, 1)
                yield said
            elif isinstance(said, tuple):
                report(job, *said)
    finally:
        if left:  # otherwise they go home by themselves
            for foreman in crew:
                foreman.dismiss()
        for foreman in crew:
            foreman.join()


class _Foreman:
    """A thread with one worker process, which it replaces when it dies."""

    def __init__(self, waiting: queue.SimpleQueue[Job], news: queue.SimpleQueue[tuple[Job, object]]) -> None:
        self._waiting, self._news = waiting, news
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._ours: Connection | None = None
        self._dismissed = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def dismiss(self) -> None:
        """Tell the worker to stop what it does and to clean up."""
        with self._lock:
            self._dismissed = True
            if self._process is not None and self._process.is_alive():
                self._process.terminate()

    def join(self) -> None:
        """Wait for the worker's end, for some time only."""
        self._thread.join(PATIENCE_S)
        if self._process is not None:
            self._process.join(PATIENCE_S)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()

    def _work(self) -> None:
        while not self._dismissed:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            try:
                self._news.put((job, self._let_do(job)))
            except (EOFError, OSError):
                if not self._dismissed:
                    self._news.put((job, self._obituary(job)))
        with self._lock, contextlib.suppress(OSError):
            if self._ours is not None:
                self._ours.close()  # at which an idle worker goes home

    def _let_do(self, job: Job) -> Result:
        """Hand a job to the worker and pass on what it says, until it is done."""
        connection = self._connected()
        connection.send(job)
        while not isinstance(said := connection.recv(), Result):
            self._news.put((job, said))
        return said

    def _connected(self) -> Connection:
        with self._lock:
            if self._dismissed:
                raise EOFError
            if self._process is None or self._ours is None:
                context = multiprocessing.get_context("spawn")
                self._ours, theirs = context.Pipe()
                self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
                with deaf_children():
                    self._process.start()
                theirs.close()  # ours alone is left open here, or its end would never be seen
            return self._ours

    def _obituary(self, job: Job) -> Result:
        """Return the result of a job whose worker died, and forget that worker."""
        with self._lock:
            process, self._process, self._ours = self._process, None, None
        how = "ended"
        if process is not None:
            process.join(PATIENCE_S)
            if process.exitcode is not None and process.exitcode < 0:
                how = f"was killed by {signal.Signals(-process.exitcode).name}"
        return Result(job.name, job.label, "failed", f"the process that made it {how}; was there enough memory?")


def _serve(connection: Connection) -> None:
    """Do the jobs that come through `connection`, until it is closed."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it is not blocked: the one in charge decides
    signal.signal(signal.SIGTERM, _stop)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            job: Job = connection.recv()
            connection.send(_done(job, connection))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # as the program itself does at its end


def _done(job: Job, connection: Connection) -> Result:
    try:
        return run_job(job, steady(lambda *said: connection.send(said)))
    except Exception as error:  # noqa: BLE001  # a fault of ours in one job must not take the others with it
        return Result(job.name, job.label, "failed", f"an unexpected {type(error).__name__}: {error}")


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave as after Ctrl-C: encoders are stopped and what is not whole is removed on the way out."""
    raise KeyboardInterrupt
