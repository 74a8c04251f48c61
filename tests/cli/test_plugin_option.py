"""``--plugin FILE.py``: parts of one's own for one command, in its worker processes too."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from processes import PROGRAM

EXPERIMENT = """\
task: {kind: table, columns: [a, b], rows: [[0, 0], [1, 2], [2, 4]], targets: b}
network: {hidden: 2, activation: loaded_twice}
training: {steps: 3}
video: {formats: [png], size: 640x360, theme: SEEN, panels: [[loss]]}
"""
PLUGIN = '''\
from dataclasses import dataclass

from backprop_anim.engine.activations import Elementwise, activations
from backprop_anim.experiment.themes import Light, themes


@activations.register("loaded_twice")
@dataclass(frozen=True)
class Twice(Elementwise):
    """2·z, for a test."""

    def value(self, z, out):
        out[...] = 2 * z

    def derivative(self, z, a, out):
        out[...] = 2


@themes.register("seen")
@dataclass(frozen=True)
class Seen(Light):
    """A theme for a test."""
'''


def said(folder: Path, *words: str, status: int = 0) -> str:
    """Run the program in a process of its own, for a plug-in stays in the one that loaded it."""
    done = subprocess.run([*PROGRAM, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugged")
    (folder / "parts.py").write_text(PLUGIN)
    (folder / "mine.yaml").write_text(EXPERIMENT.replace("SEEN", "seen"))
    (folder / "other.yaml").write_text(EXPERIMENT.replace("SEEN", "light"))
    said(folder, "train", "mine.yaml", "--plugin", "parts.py", "-q")
    return folder


def test_a_run_is_made_with_it_and_says_what_is_missing_without(folder: Path) -> None:
    assert "there is no activation 'loaded_twice'" in said(folder, "check", "mine.yaml", status=3)
    assert "up to date" in said(folder, "train", "mine.yaml", "--plugin", "parts.py")
    hint = "there is no activation 'loaded_twice'; if a plug-in made it, load that first: --plugin FILE.py"
    assert hint in said(folder, "render", "mine", status=1)
    assert hint in said(folder, "check", "outputs/mine/experiment.yaml", status=3)
    assert "answers" not in said(folder, "predict", "mine", "--row", "1", "--plugin", "parts.py")
    assert said(folder, "still", "mine", "--step", "1", "--plugin", "parts.py").endswith("mine-step-1.png\n")
    assert "loaded_twice  2·z, for a test." in said(folder, "list", "activations", "--plugin", "parts.py")
    assert "the plug-in none.py" not in said(folder, "check", "mine.yaml", "--plugin", "parts.py")


def test_worker_processes_have_it_too(folder: Path) -> None:
    told = said(folder, "batch", "mine.yaml", "other.yaml", "--plugin", "parts.py", "-o", "many", "-j", "2")
    assert "2 trained" in told
    words = ("--sweep", "training.steps=2,3", "--set", "video.theme=light", "-o", "side", "--formats", "png")
    assert "2 runs" in said(folder, "compare", "other.yaml", *words, "--plugin", "parts.py")


def test_a_run_is_made_again_when_its_part_of_the_file_changes(folder: Path) -> None:
    (folder / "changing.py").write_text(PLUGIN)
    words = ("train", "mine.yaml", "-o", "changing", "--plugin", "changing.py")
    said(folder, *words, "-q")
    (folder / "changing.py").write_text(PLUGIN + "\n")
    assert "training, since the contents of plug-in changing.py changed" in said(folder, *words)
    said(folder, "train", "xor", "-o", "plain", "--set", "training.steps=3", "--formats", "png", "-q")
    plain = ("train", "xor", "-o", "plain", "--set", "training.steps=3", "--formats", "png")
    assert "up to date" in said(folder, *plain, "--plugin", "changing.py"), "it uses no part of the file"


def test_a_mistake_ends_the_command_at_once(folder: Path) -> None:
    (folder / "bad.py").write_text("x = 1 / 0\n")
    told = said(folder, "train", "mine.yaml", "--plugin", "bad.py", status=2)
    assert told == "error: the plug-in bad.py, line 1: ZeroDivisionError: division by zero\n"
    assert "there is no plug-in none.py" in said(folder, "check", "xor", "--plugin", "none.py", status=4)
