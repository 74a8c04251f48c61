"""Processes that live on between pieces of work; one that dies takes only its own piece with it."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, Generic, Protocol, TypeVar

from backprop_anim.common import (
    BackpropAnimError,
    Interruption,
    PluginFile,
    Progress,
    children_ignoring_signals,
    loaded_plugins,
    portable_error,
    throttled,
    use_plugin,
)

__all__ = ["Report", "WorkOutcome", "WorkerLostError", "run_in_processes"]

PATIENCE_S = 10.0
"""How long a worker may take to clean up behind itself when it is told to stop."""

Thing = TypeVar("Thing")
Made = TypeVar("Made")
Work = Callable[[Thing, Progress, Interruption], Made]


class Report(Protocol):
    """Called with how far a piece of work is, by its number; `stage` is empty when it has ended."""

    def __call__(self, number: int, stage: str, done: int, total: int) -> None: ...


class WorkerLostError(BackpropAnimError):
    """A process ended before its work did."""


@dataclass(frozen=True)
class WorkOutcome(Generic[Made]):
    """What came of a piece of work: what was made, or the exception that was met.

    Attributes
    ----------
    number : int
        Which piece it was, from 0.
    made : object, optional
    error : Exception, optional
    """

    number: int
    made: Made | None = None
    error: Exception | None = None

    def result(self) -> Made:
        """Return what was made, or raise what was met instead."""
        if self.error is not None:
            raise self.error
        return self.made  # type: ignore[return-value]  # None is what was made, then


def run_in_processes(
    work: Work[Thing, Made], things: Sequence[Thing], n_workers: int, report: Report
) -> Iterator[WorkOutcome[Made]]:
    """Do `work` for many things side by side and yield what comes of them, the first to end first.

    Closing the iterator, or an exception where it is used, ends the workers: what they had begun hears the wish to
    stop, and leaves no more than that leaves.

    Parameters
    ----------
    work : callable
        A function of a module, called in one of the processes with a thing, a progress and an interruption.
    things : sequence
    n_workers : int
        How many are done at the same time.
    report : Report
        Called in this thread.
    """
    waiting: queue.SimpleQueue[tuple[int, Thing]] = queue.SimpleQueue()
    for number, thing in enumerate(things):
        waiting.put((number, thing))
    news: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    crew = [_WorkerPool(work, waiting, news) for _ in range(min(n_workers, len(things)))]
    left = len(things)
    try:
        while left:
            try:
                number, said = news.get(timeout=0.5)  # a wait without end would not notice Ctrl-C everywhere
            except queue.Empty:
                continue
            if isinstance(said, WorkOutcome):
                left -= 1
                report(number, "", 1, 1)
                yield said
            else:
                report(number, *said)
    finally:
        if left:  # otherwise they go home by themselves
            for foreman in crew:
                foreman.dismiss()
        for foreman in crew:
            foreman.join()


class _WorkerPool:
    """A thread with one worker process, which it replaces when it dies."""

    def __init__(
        self,
        work: Work[Any, Any],
        waiting: queue.SimpleQueue[tuple[int, Any]],
        news: queue.SimpleQueue[tuple[int, Any]],
    ) -> None:
        self._work, self._waiting, self._news = work, waiting, news
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._ours: Connection | None = None
        self._dismissed = False
        self._thread = threading.Thread(target=self._oversee, daemon=True)
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

    def _oversee(self) -> None:
        while not self._dismissed:
            try:
                number, thing = self._waiting.get_nowait()
            except queue.Empty:
                break
            try:
                self._news.put((number, self._run_item(number, thing)))
            except (EOFError, OSError):
                if not self._dismissed:
                    self._news.put((number, WorkOutcome(number, error=self._exit_message())))
            except Exception as error:  # noqa: BLE001  # or its end would be waited for without end
                self._news.put((number, WorkOutcome(number, error=error)))
        with self._lock, contextlib.suppress(OSError):
            if self._ours is not None:
                self._ours.close()  # at which an idle worker goes home

    def _run_item(self, number: int, thing: object) -> WorkOutcome[Any]:
        """Hand a piece of work to the worker and pass on what it says, until it is done."""
        connection = self._connected()
        connection.send((number, thing))
        while not isinstance(said := connection.recv(), WorkOutcome):
            self._news.put((number, said))
        return said

    def _connected(self) -> Connection:
        with self._lock:
            if self._dismissed:
                raise EOFError
            if self._process is None or self._ours is None:
                context = multiprocessing.get_context("spawn")
                self._ours, theirs = context.Pipe()
                self._process = context.Process(target=_serve, args=(self._work, theirs, loaded_plugins()), daemon=True)
                with children_ignoring_signals():
                    self._process.start()
                theirs.close()  # ours alone is left open here, or its end would never be seen
            return self._ours

    def _exit_message(self) -> WorkerLostError:
        """Say how the worker died, and forget it."""
        with self._lock:
            process, self._process, self._ours = self._process, None, None
        how = "ended"
        if process is not None:
            process.join(PATIENCE_S)
            if process.exitcode is not None and process.exitcode < 0:
                how = f"was killed by {_signal_name(-process.exitcode)}"
        return WorkerLostError(f"the process that made it {how}; was there enough memory?")


def _serve(work: Work[Any, Any], connection: Connection, plugins: Sequence[PluginFile]) -> None:
    """Do what comes through `connection`, until it is closed, with the same plug-ins as who sends it."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it is not blocked: the one in charge decides
    interruption = Interruption()
    signal.signal(signal.SIGTERM, partial(_stop, interruption))
    progress = throttled(lambda *said: connection.send(said))
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        for plugin in plugins:
            use_plugin(plugin)
        while not interruption.wanted:
            number, thing = connection.recv()
            try:
                ended: WorkOutcome[Any] = WorkOutcome(number, work(thing, progress, interruption))
            except Exception as error:  # noqa: BLE001  # a fault in one piece must not take the others with it
                ended = WorkOutcome(number, error=portable_error(error))
            connection.send(ended)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # as the program itself does at its end


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name
        return f"signal {number}"


def _stop(interruption: Interruption, number: int, frame: FrameType | None) -> None:
    """Let the work end where it can; the second time, leave as after Ctrl-C, cleaning up on the way out."""
    if interruption.wanted:
        raise KeyboardInterrupt
    interruption.request(number)
