from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


def children() -> list[str]:
    """The processes that this one has started and that are still there, finished or not."""
    pids = []
    for task in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            pids += task.read_text().split()
    return pids


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Whatever a test does, no thread and no process survives it."""
    threads, processes = set(threading.enumerate()), set(children())
    yield
    assert set(threading.enumerate()) <= threads
    assert set(children()) <= processes


@pytest.fixture
def fake_ffmpeg(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a shell script in ffmpeg's place."""

    def install(script: str) -> Path:
        path = tmp_path_factory.mktemp("bin") / "ffmpeg"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", os.fspath(path))
        return path

    return install
