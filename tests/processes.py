"""Real processes for the tests: started, watched, ended; and what they must not leave behind."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROGRAM = (sys.executable, "-m", "backprop_anim")
CHILDREN = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
needs_proc = pytest.mark.skipif(not CHILDREN.exists(), reason="needs the children of a process in /proc")


def start(cwd: Path, *words: str | Path, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """Start the program, in a group of its own, so that signals to a group do not reach the tests.

    `before` is called in the new process before the program begins.
    """
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)],
        preexec_fn=before,  # noqa: PLW1509  # no other thread of the tests holds a lock
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = 90) -> tuple[int, str, str]:
    """Wait for the end, and return the status and what was printed."""
    out, err = process.communicate(timeout=seconds)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def wait_until(found: Callable[[], Any], process: subprocess.Popen[Any] | None = None, seconds: float = 60) -> None:
    """Wait until something is so; it must come while `process` runs."""
    deadline = time.monotonic() + seconds
    while not found() and (process is None or process.poll() is None) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert found(), None if process is None or process.poll() is None else process.communicate()


def family(pid: int) -> list[int]:
    """The processes that come from one, itself not among them."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *family(child)]
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ffmpegs(place: Path) -> list[str]:
    """The commands of encoders that still write into `place`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"ffmpeg" in words[0] and any(str(place).encode() in word for word in words):
            found.append(str(words))
    return found


def without_privilege() -> None:
    """Hold this process, if it is the superuser's, to the permissions of files like any other."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
            if libc.prctl(24, capability, 0, 0, 0) != 0:  # PR_CAPBSET_DROP: gone with the next program
                raise OSError(ctypes.get_errno(), "prctl")
