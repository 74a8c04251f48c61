"""Work in a copy of this process beside what this one has to do anyway; it knows nothing of either."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from backprop_anim.common.errors import BackpropAnimError
from backprop_anim.common.interruption import SIGNALS
from backprop_anim.common.progress import Progress, throttled

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["do_beside", "portable_error"]

Made = TypeVar("Made")


def do_beside(work: Callable[[Progress], Made], meanwhile: Callable[[], object], progress: Progress) -> Made:
    """Do `work` in a forked process while this one does `meanwhile`, and return what was made or raise what was met.

    The copy hears no signals: who is to be heard has an `Interruption`, which it shares. Where a process cannot be
    copied safely, or no core is free for it, `work` is done here.

    Parameters
    ----------
    work : callable
        Called with a progress.
    meanwhile : callable
        What the caller will need afterwards, and gets ready by itself where this does not.
    progress : Progress
        Called in this process.

    Raises
    ------
    BackpropAnimError
        If the process ended before its work did.
    """
    import multiprocessing

    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    if sys.platform != "linux" or not alone or len(os.sched_getaffinity(0)) == 1:
        return work(progress)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(work, theirs), daemon=True)
    process.start()
    theirs.close()  # or the end of the other process would not be seen
    try:
        meanwhile()
        while (said := ours.recv())[0] == "progress":
            progress(*said[1:])
    except EOFError:
        process.join()
        status = process.exitcode
        raise BackpropAnimError(
            f"the process that did it ended with status {status}; was there enough memory?"
        ) from None
    finally:
        process.kill()  # it is done, or nobody waits for it
        process.join()
    if said[0] == "error":
        raise said[1]
    made: Made = said[1]
    return made


def _serve(work: Callable[[Progress], object], connection: Connection) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        connection.send(("made", work(throttled(lambda *told: connection.send(("progress", *told))))))
    except Exception as error:  # noqa: BLE001  # it is raised again where it is waited for
        connection.send(("error", portable_error(error)))


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def portable_error(error: Exception) -> Exception:
    """Return an exception that can travel to another process: `error` itself, or its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001  # whatever its class does
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
