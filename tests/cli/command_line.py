"""The program inside of this process: quick, and just as the shell would start it."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from backprop_anim.cli.main import main

TINY = """\
title: Tiny
task: {kind: curve, curve: circle, points: 20}
network: {hidden: 4}
training: {steps: 30, noise: 0.2}
snapshots: {count: 8}
video: {size: 320x200, panels: [[fit]], fps: 10, hold: 0.2, opening: 0, formats: [mp4]}
"""


@dataclass(frozen=True)
class Said:
    """What a command printed, and the status that it ended with."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def call(*words: str | Path, text: str | bytes = "") -> Said:
    """Run ``backprop-anim words`` with `text` on standard input; nothing but a `SystemExit` may leave it."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(text.encode() if isinstance(text, str) else text), encoding="utf-8")
    status: object = None
    with (
        mock.patch.multiple(sys, argv=["backprop-anim", *map(str, words)], stdin=stdin, stdout=out, stderr=err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code
    assert isinstance(status, int)
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    assert "Traceback" not in said[1]
    return Said(status, *said)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}
