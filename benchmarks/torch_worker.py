"""PyTorch in a process of its own, with another interpreter; what it computes stands in the script that it runs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.common import HERE, leave

__all__ = ["TorchWorker"]


class TorchWorker:
    """A process that runs PyTorch's steps on demand and waits, idle, in between."""

    def __init__(self, python: str, script: str, start: Path, *words: str) -> None:
        command = [python, str(HERE / script), str(start), *words]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = self._read()

    def ask(self, line: str) -> Any:
        """Send one line and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            leave("the PyTorch process ended; see above")
        return json.loads(line)
