"""Runs ffmpeg, one process after another, and finds out whether it did what it was asked; it knows no format."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterable
from typing import IO

import numpy as np

from backprop_anim.common import EncodingError, NotFoundError, OutputError
from backprop_anim.writers.formats import Pixels

__all__ = ["EncoderPipe", "executable"]

QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-nostats", "-progress", "pipe:2", "-stats_period", "3600")
"""Only errors and, at the end, how many frames were encoded; both on standard error."""
KEEP_FRAMES = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20)}
"""So that glibc keeps the memory of a frame for the next: cleared by the kernel anew, it took ffmpeg a tenth longer."""
PROGRESS_LINE = re.compile(r"^[a-z_0-9]+=\S*$")
PIPE_BYTES = 1 << 20
KEPT_LINES = 8
LISTEN_S = 5.0
"""How long to wait for last words that a process started by ffmpeg, where that is a script, still holds back."""
DISK_FULL = re.compile("No space left on device|File too large|Disk quota exceeded", re.IGNORECASE)


def executable() -> str:
    """Return the path of ffmpeg: ``IMAGEIO_FFMPEG_EXE``, or the one that comes with imageio-ffmpeg.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise _missing(str(error)) from error


def _missing(reason: str) -> NotFoundError:
    return NotFoundError(
        f"ffmpeg could not be started ({reason}); `pip install --force-reinstall imageio-ffmpeg` brings one, "
        "or set IMAGEIO_FFMPEG_EXE to the path of yours"
    )


class EncoderPipe:
    """At most one running ffmpeg, fed through its standard input.

    Parameters
    ----------
    what : str
        What is being made, for messages: ``"mp4"``.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._state = threading.Lock()  # guards _process and _killed
        self._pipe = threading.Lock()  # held while standard input is written or closed
        self._killed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._frames = 0

    def start(self, *arguments: str) -> None:
        """Start ``ffmpeg arguments``; the one before must have been finished.

        Raises
        ------
        NotFoundError
            If there is no ffmpeg.
        """
        command = [executable(), *QUIET, *arguments]
        with self._state:
            if self._killed:
                raise EncodingError(f"{self.what}: aborted")
            self._lines.clear()
            self._frames = 0
            try:
                # A session of its own: Ctrl-C in the terminal reaches us and not ffmpeg, so that we decide.
                self._process = subprocess.Popen(
                    command,
                    bufsize=0,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                    env=os.environ | KEEP_FRAMES,
                )
            except OSError as error:
                raise _missing(f"{command[0]}: {error.strerror}") from error
            assert self._process.stdin is not None
            assert self._process.stderr is not None
            _enlarge(self._process.stdin)
            self._listener = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
            self._listener.start()

    def write(self, pixels: Pixels) -> None:
        """Hand one frame to ffmpeg; returns when it is in the pipe.

        Raises
        ------
        EncodingError, OutputError
            If ffmpeg has ended.
        """
        process = self._process
        assert process is not None
        assert process.stdin is not None
        rest = np.ascontiguousarray(pixels).data.cast("B")
        try:
            with self._pipe:
                while rest:
                    rest = rest[process.stdin.write(rest) :]
        except (OSError, ValueError):  # a broken pipe, or one that `kill` has closed
            self._wait()
            raise self._failure() from None

    def finish(self) -> int:
        """Close standard input, wait until ffmpeg is done, and return the number of frames that it encoded.

        Raises
        ------
        EncodingError
            If ffmpeg ended with another status than 0.
        OutputError
            If the disk is full.
        """
        self._close_pipe()
        if self._wait() != 0 or self._killed:
            raise self._failure()
        return self._frames

    def run(self, *arguments: str, frames: Iterable[Pixels] = ()) -> int:
        """Start ffmpeg, hand it `frames` and finish it."""
        self.start(*arguments)
        for frame in frames:
            self.write(frame)
        return self.finish()

    def kill(self) -> None:
        """End the running process, and let no other start; may be called from any thread, and twice."""
        with self._state:
            self._killed = True
        if self._process is not None:
            _kill(self._process)  # first, so that a blocked write ends and gives the pipe free
            self._close_pipe()
            self._wait()

    def _close_pipe(self) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with self._pipe, contextlib.suppress(OSError):
            self._process.stdin.close()

    def _wait(self) -> int:
        assert self._process is not None
        assert self._listener is not None
        status = self._process.wait()
        self._listener.join(LISTEN_S)
        return status

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").strip()
                if not PROGRESS_LINE.match(line):
                    self._lines.append(line)
                elif line.startswith("frame="):
                    self._frames = int(line.removeprefix("frame="))

    def _failure(self) -> EncodingError | OutputError:
        self._close_pipe()
        status = 0 if self._process is None else self._process.returncode
        said = "\n".join(f"  {line}" for line in self._lines if line)
        if self._killed:
            return EncodingError(f"{self.what}: aborted")
        if status == -getattr(signal, "SIGXFSZ", signal.SIGTERM) or DISK_FULL.search(said):
            return OutputError(f"{self.what}: the disk, or what may be written to it, is full\n{said}".rstrip())
        return EncodingError(f"{self.what}: ffmpeg {_exit_text(status)}; its last words:\n{said or '  (none)'}")


def _exit_text(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and, where "ffmpeg" is a script, what it has started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # `start_new_session` made it the leader of its group
    else:
        process.kill()


def _enlarge(pipe: IO[bytes]) -> None:
    """Make the pipe hold more than Linux's 64 KiB, where that can be done."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
