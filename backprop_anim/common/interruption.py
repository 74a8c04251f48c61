"""The wish to stop, heard in such a way that what was done so far can be kept; nothing here stops anything."""

from __future__ import annotations

import mmap
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from backprop_anim.common.errors import BackpropAnimError

__all__ = ["Interrupted", "Interruption", "children_ignoring_signals", "ending_on_signal", "interruptible"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Whether somebody wants the run to stop; whoever does the work looks now and then, where it can stop well.

    Attributes
    ----------
    wanted : bool
    status : int
        The exit status that follows: 128 and the number of the signal.
    """

    def __init__(self) -> None:
        self._number = mmap.mmap(-1, 1)  # of the signal; a forked process shares it

    @property
    def wanted(self) -> bool:
        return self._number[0] != 0

    @property
    def status(self) -> int:
        return 128 + (self._number[0] or signal.SIGINT)

    def request(self, number: int = signal.SIGINT) -> None:
        """Wish the run to stop."""
        self._number[0] = number


class Interrupted(BackpropAnimError):  # noqa: N818  # it is no error
    """The run was stopped as somebody wished; says what was kept and how to go on."""

    def __init__(self, message: str, status: int) -> None:
        self.exit_status = status
        super().__init__(message)

    def __reduce__(self) -> tuple[type[Interrupted], tuple[str, int]]:
        """Say how to copy it to another process, which pickle would not find out by itself."""
        return type(self), (str(self), self.exit_status)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Take the first Ctrl-C, or the first request to end, as a wish; a second one ends the program at once."""
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption  # signals reach only the main thread
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, frame: FrameType | None) -> None:
        interruption.request(number)
        restore()

    for number in SIGNALS:
        signal.signal(number, note)
    try:
        yield interruption
    finally:
        restore()


@contextmanager
def ending_on_signal(message: Callable[[], str]) -> Iterator[None]:
    """End at once on Ctrl-C, and on a request to end just so, by an `Interrupted` that says `message`."""
    status = 128 + signal.SIGINT
    before = signal.getsignal(signal.SIGTERM)

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal status
        status = 128 + number
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, note)
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(message(), status) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def children_ignoring_signals() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C, though it reaches the whole group: the one in charge decides.

    A request to end is heard when they stand, or what has begun could not be ended in order.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which would unblock the signal when the first process makes it start
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # which processes and threads inherit
    asked = list[int]()
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number)) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if asked:
            signal.raise_signal(signal.SIGTERM)
