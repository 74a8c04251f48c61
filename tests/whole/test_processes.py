"""The command line through real processes: what a run leaves, what is said, and with which exit status it ends."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

TINY = """
task: {kind: curve, curve: circle, points: 20}
network: {hidden: 4}
training: {steps: 30, noise: 0.2}
snapshots: {count: 10}
video: {size: 320x200, panels: [[fit]], fps: 10, hold: 0.5, opening: 0, formats: [mp4, gif]}
"""


def backprop_anim(*words: str, cwd: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backprop_anim", *words]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=cwd, input=text, capture_output=True, text=True, timeout=120, check=False, env=environment
    )


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run in outputs/tiny."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "tiny.yaml").write_text(TINY)
    done = backprop_anim("train", "tiny.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def frames_and_rate(film: Path) -> tuple[int, float]:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    said = subprocess.run(
        [ffmpeg, "-i", str(film), "-map", "0:v:0", "-f", "null", "-"], capture_output=True, text=True, check=True
    ).stderr
    rate = re.search(r"([0-9.]+) fps", said)
    assert rate
    return int(re.findall(r"frame=\s*(\d+)", said)[-1]), float(rate[1])


def test_a_run_leaves_just_the_files_of_the_contract(place: Path) -> None:
    names = {path.name for path in (place / "outputs" / "tiny").iterdir()}
    assert names == {
        *("tiny.mp4", "tiny.gif", "tiny.png", "recording.npz", "weights.npz"),
        *("losses.csv", "states.csv", "experiment.yaml", "summary.json"),
    }


def test_the_summary_is_true(place: Path) -> None:
    folder = place / "outputs" / "tiny"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert frames_and_rate(folder / "tiny.mp4") == (summary["frames"], summary["fps"]) == (10 + 5 + 5, 10)
    assert (summary["width"], summary["height"], summary["steps"], summary["parameters"]) == (320, 200, 30, 18)
    assert set(summary["seconds"]) == {"train", "draw", "total"}
    assert set(summary["files"]) == {path.name for path in folder.iterdir()}
    rows = (folder / "losses.csv").read_text().splitlines()
    assert rows[0] == "step,loss"
    assert len(rows) == 31
    step, loss = rows[1].split(",")
    assert (step, float(loss)) == ("1", pytest.approx(summary["initial_loss"], rel=1e-14))
    with np.load(folder / "weights.npz") as weights:
        assert {name: weights[name].shape for name in weights.files} == {
            **{"W1": (4, 1), "b1": (4,)},
            **{"W2": (2, 4), "b2": (2,)},
        }


def test_the_experiment_that_is_left_gives_the_same_run(place: Path, tmp_path: Path) -> None:
    again = backprop_anim("train", str(place / "outputs" / "tiny" / "experiment.yaml"), "-q", cwd=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    ours, theirs = hashes(place / "outputs" / "tiny"), hashes(tmp_path / "outputs" / "tiny")
    for name in ("recording.npz", "weights.npz", "losses.csv", "experiment.yaml", "tiny.mp4", "tiny.gif", "tiny.png"):
        assert ours[name] == theirs[name], name


def test_a_run_is_drawn_again_without_training(place: Path) -> None:
    done = backprop_anim("render", "tiny", "--theme", "dark", "--size", "180x320", "-o", "tall", "--json", cwd=place)
    summary = json.loads(done.stdout)
    assert (summary["width"], summary["height"], summary["seconds"]["train"]) == (180, 320, pytest.approx(0, abs=0.1))
    same = backprop_anim("render", "outputs/tiny", "-o", "same", "-q", cwd=place)
    assert same.returncode == 0, same.stderr
    assert hashes(place / "same" / "tiny")["tiny.mp4"] == hashes(place / "outputs" / "tiny")["tiny.mp4"]
    refused = backprop_anim("render", "tiny", "--set", "training.steps=3", cwd=place)
    assert refused.returncode == 2


def test_a_still_and_predictions(place: Path) -> None:
    done = backprop_anim("still", "tiny", "--step", "7", "-o", "stills", cwd=place)
    assert (place / done.stdout.strip()).read_bytes().startswith(b"\x89PNG")
    done = backprop_anim("predict", "tiny", "--row", "0.25", "--row", "0.5", "--json", cwd=place)
    table = json.loads(done.stdout)
    assert table["inputs"] == [[0.25], [0.5]]
    assert np.shape(table["outputs"]) == (2, 2)


def test_the_film_of_one_step(place: Path) -> None:
    done = backprop_anim("explain", "tiny.yaml", "--step", "3", "--seconds", "2", "--formats", "mp4", cwd=place)
    assert done.returncode == 0, done.stderr
    frames, rate = frames_and_rate(place / "outputs" / "tiny-step-3" / "tiny-step-3.mp4")
    assert frames / rate == pytest.approx(2 + 0.5 + 0.2, abs=0.4)


def test_an_experiment_from_standard_input(tmp_path: Path) -> None:
    done = backprop_anim("train", "-", "--formats", "png", "--json", cwd=tmp_path, text=TINY)
    assert json.loads(done.stdout)["name"] == "stdin"


def test_check_gradcheck_list_schema_and_new(place: Path) -> None:
    assert "1 → 4 → 2" in backprop_anim("check", "tiny.yaml", cwd=place).stdout
    assert "ok" in backprop_anim("gradcheck", "tiny.yaml", cwd=place).stdout
    assert "boundary" in backprop_anim("list", "panels", cwd=place).stdout
    assert json.loads(backprop_anim("schema", cwd=place).stdout)["type"] == "object"
    assert backprop_anim("new", "mine", cwd=place).returncode == 0
    assert backprop_anim("check", "mine.yaml", cwd=place).returncode == 0
    assert backprop_anim("new", "mine", cwd=place).returncode == 1  # and the file is still there
    done = backprop_anim("check", "heart", cwd=place)
    assert "using the built-in example heart" in done.stderr


@pytest.mark.parametrize(
    "command",
    ["train", "explain", "render", "still", "predict", "check", "gradcheck", "new", "list", "schema"],
)
def test_every_help_shows_an_example(command: str, tmp_path: Path) -> None:
    assert "Example: backprop-anim" in backprop_anim(command, "--help", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["bogus"], 2, "No such command"),
        (["train"], 2, "CONFIG"),
        (["train", "nowhere.yaml"], 4, "no experiment at nowhere.yaml"),
        (["render", "nowhere"], 4, "no run at nowhere"),
        (["train", "tiny.yaml", "--size", "321x180"], 3, "nearest allowed size is 320x180"),
        (["train", "tiny.yaml", "--set", "training.nois=1"], 3, "did you mean 'noise'"),
        (["train", "tiny.yaml", "--set", "video.panels=[[boundary]]"], 3, "does not fit"),
        (["train", "tiny.yaml", "-o", "tiny.yaml/x"], 1, "cannot write"),
        (["predict", "tiny", "--row", "1,2"], 2, "takes 1 number"),
        (["list", "pannels"], 2, "did you mean 'panels'"),
    ],
)
def test_a_mistake_ends_with_its_status_and_loses_nothing(
    words: list[str], status: int, said: str, place: Path
) -> None:
    before = hashes(place / "outputs" / "tiny")
    done = backprop_anim(*words, cwd=place)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
    assert before.items() <= hashes(place / "outputs" / "tiny").items()
    assert not [path for path in (place / "outputs" / "tiny").iterdir() if path.name.startswith(".")]


def test_the_program_starts_without_what_is_heavy() -> None:
    code = "import sys, backprop_anim.cli.main; print([m for m in ('numpy', 'matplotlib') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    code = "import sys, backprop_anim.config as c; c.load_experiment; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
