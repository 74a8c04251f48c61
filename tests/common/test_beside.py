"""Work beside what a process has to do anyway; each case runs in an interpreter of its own, where nothing else runs."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from backprop_anim.common import do_beside

HEAD = """
import os, signal, sys, time
from backprop_anim.common import BackpropAnimError, Interruption, do_beside
told = []
tell = lambda *said: told.append(said)
quiet = lambda: None
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not copied")


def said_by(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + textwrap.dedent(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_what_was_made_comes_back_and_so_does_the_progress() -> None:
    script = """
        def work(progress):
            progress("working", 1, 1)
            return os.getpid()
        made = do_beside(work, lambda: told.append("meanwhile"), tell)
        print(made == os.getpid(), told)
    """
    copied, inline = "False ['meanwhile', ('working', 1, 1)]", "True [('working', 1, 1)]"
    assert said_by(script) == (copied if sys.platform == "linux" else inline)


def test_what_was_met_is_raised_with_its_notes() -> None:
    script = """
        def work(progress):
            error = BackpropAnimError("it failed")
            error.add_note("badly")
            raise error
        try:
            do_beside(work, quiet, tell)
        except BackpropAnimError as error:
            print(error, error.__notes__)
    """
    assert said_by(script) == "it failed ['badly']"


@linux
def test_a_process_that_dies_is_no_riddle() -> None:
    script = """
        try:
            do_beside(lambda progress: os.kill(os.getpid(), signal.SIGKILL), quiet, tell)
        except BackpropAnimError as error:
            print(error)
    """
    assert said_by(script) == "the process that did it ended with status -9; was there enough memory?"


@linux
def test_the_copy_hears_wishes_and_no_signals() -> None:
    script = """
        wish = Interruption()
        def work(progress):
            progress("working", 0, 1)
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            while not wish.wanted:
                time.sleep(0.01)
            return wish.status
        print(do_beside(work, quiet, lambda *said: wish.request(signal.SIGTERM)))
    """
    assert said_by(script) == "143"


@linux
def test_the_copy_ends_with_its_parent() -> None:
    script = """
        def work(progress):
            print(os.getpid(), flush=True)
            os.close(1)
            time.sleep(60)
        do_beside(work, lambda: (time.sleep(0.5), os.kill(os.getpid(), signal.SIGKILL)), tell)
    """
    copy = int(said_by(script))
    deadline = time.monotonic() + 10
    while _is_alive(copy):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_thread_beside_us_keeps_the_work_here() -> None:
    """What it holds at the moment of copying would be held for ever in the copy."""
    script = """
        import threading
        threading.Thread(target=time.sleep, args=(0.5,)).start()
        print(do_beside(lambda progress: os.getpid(), quiet, tell) == os.getpid())
    """
    assert said_by(script) == "True"


def test_here_too_it_makes_what_it_should() -> None:
    assert do_beside(lambda progress: 7, lambda: None, lambda stage, done, total: None) == 7
