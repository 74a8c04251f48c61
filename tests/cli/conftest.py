"""A finished run that all tests of the command line look at, and a place of one's own for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import TINY, call


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``tiny.yaml`` and its run in ``outputs/tiny``."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "tiny.yaml").write_text(TINY)
    assert call("train", folder / "tiny.yaml", "-o", folder / "outputs", "-q").status == 0
    return folder


@pytest.fixture
def place(finished: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, which is the present folder."""
    folder, before = tmp_path / "place", Path.cwd()
    shutil.copytree(finished, folder)
    os.chdir(folder)
    yield folder
    os.chdir(before)
