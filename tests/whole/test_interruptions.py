"""Interrupted through real processes at any time: what was done is kept, what was there before too, and it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import processes
import pytest
from processes import ffmpegs, wait_until

from backprop_anim.writers.encoder_pipe import executable

SLOW_TRAINING = """\
task: {kind: curve, curve: circle, points: 12}
network: {hidden: 3}
training: {steps: 30000, noise: 0.2}
snapshots: {count: 6}
video: {size: 320x200, panels: [[fit]], fps: 5, hold: 0.2, opening: 0}
"""
SLOW_DRAWING = """\
task: {kind: curve, curve: circle, points: 12}
network: {hidden: 3}
training: {steps: 3000}
snapshots: {count: 900}
video: {size: 640x360, fps: 30, hold: 0.2, opening: 0}
"""
TRAINED = ("recording.npz", "weights.npz", "losses.csv")


def start(place: Path, *options: str) -> subprocess.Popen[str]:
    return processes.start(place, "train", "run.yaml", "--formats", "mp4,gif", *options)


def hidden(place: Path, name: str = "*") -> list[Path]:
    return list((place / "outputs" / "run").glob(f".unfinished-*/{name}"))


def is_drawing(place: Path) -> bool:
    return any(path.stat().st_size > 4096 for path in hidden(place, ".*.fragments"))


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    status, _, err = processes.finish(process)
    return status, err


def bytes_of(folder: Path, *names: str) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names}


def n_frames(path: Path) -> int:
    command = [executable(), "-v", "error", "-i", path, "-map", "0:v", "-f", "framemd5", "-"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sum(not line.startswith("#") for line in listed.splitlines())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_training_is_kept_and_goes_on_to_the_last_bit(end: signal.Signals, place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_TRAINING)
    folder = place / "outputs" / "run"
    process = start(place)
    wait_until(lambda: hidden(place), process)
    time.sleep(0.2)
    process.send_signal(end)
    status, err = finish(process)
    assert status == 128 + end
    assert "interrupted while training, after step" in err
    assert "the same command with --resume goes on" in err
    assert [path.name for path in folder.iterdir()] == ["checkpoint.npz"]
    assert finish(start(place, "--resume"))[0] == 0
    assert not list(folder.glob("*checkpoint*"))
    resumed = bytes_of(folder, *TRAINED, "run.mp4", "run.gif")
    assert finish(start(place, "--force"))[0] == 0
    assert bytes_of(folder, *resumed) == resumed


def test_a_killed_run_starts_again_where_it_was_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "run.yaml").write_text(SLOW_TRAINING)
    (place / "sitecustomize.py").write_text(
        "import backprop_anim.training.checkpoint_store as c\n"
        "c.EVERY_S = 0.2\nc.SHARE = 1\n"  # or the test would last longer
    )
    monkeypatch.setenv("PYTHONPATH", f"{place}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    folder = place / "outputs" / "run"
    process = start(place)
    wait_until((folder / "checkpoint.npz").exists, process)
    process.kill()
    process.communicate()
    assert finish(start(place, "--resume"))[0] == 0
    assert not hidden(place)
    resumed = bytes_of(folder, *TRAINED)
    assert finish(start(place, "--force"))[0] == 0
    assert bytes_of(folder, *resumed) == resumed


def test_a_film_plays_up_to_where_it_was_interrupted(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_DRAWING)
    folder = place / "outputs" / "run"
    folder.mkdir(parents=True)
    (folder / "run.mp4").write_bytes(b"of an earlier run")
    process = start(place)
    wait_until(lambda: is_drawing(place), process)
    process.send_signal(signal.SIGINT)
    status, err = finish(process)
    assert status == 130
    assert "interrupted while drawing, after frame" in err
    assert "run.partial.mp4" in err
    done = int(err.partition("after frame ")[2].partition(" ")[0].replace(",", ""))
    assert n_frames(folder / "run.partial.mp4") == done < 906
    assert n_frames(folder / "run.partial.gif") > 0
    assert (folder / "run.mp4").read_bytes() == b"of an earlier run"
    assert not hidden(place)
    assert not ffmpegs(place)


def test_a_second_interruption_ends_at_once(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_DRAWING)
    process = start(place)
    wait_until(lambda: is_drawing(place), process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    status, _ = finish(process)
    assert status == 130
    assert not ffmpegs(place)
    assert not hidden(place)


def test_a_killed_drawing_leaves_the_next_run_a_clean_place(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_DRAWING)
    process = start(place)
    wait_until(lambda: is_drawing(place), process)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 30
    while ffmpegs(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not ffmpegs(place)  # their input is closed, so they end by themselves
    (place / "run.yaml").write_text(SLOW_DRAWING.replace("900", "5"))
    assert finish(start(place))[0] == 0
    assert not hidden(place)


def test_a_second_run_into_the_same_folder_is_refused(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_TRAINING.replace("30000", "6000000"))
    first = start(place)
    wait_until(lambda: hidden(place), first)
    status, err = finish(start(place))
    assert (status, "another run is being written to" in err) == (1, True)
    first.send_signal(signal.SIGINT)
    assert finish(first)[0] == 130


def test_nothing_to_resume_means_the_beginning(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_TRAINING.replace("30000", "10"))
    status, err = finish(start(place, "--resume"))
    assert (status, err) == (0, "nothing to resume: starting from the beginning\n")


def test_a_checkpoint_of_another_experiment_is_not_used(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_TRAINING)
    process = start(place)
    wait_until(lambda: hidden(place), process)
    process.send_signal(signal.SIGINT)
    assert finish(process)[0] == 130
    status, err = finish(start(place, "--resume", "--set", "training.noise=0.3"))
    assert status == 2
    assert "belongs to another run (training.noise was 0.2, now 0.3)" in err
    (place / "outputs" / "run" / "checkpoint.npz").write_bytes(b"broken")
    status, err = finish(start(place, "--resume"))
    assert status == 1
    assert "checkpoint.npz is not a checkpoint" in err


def test_a_folder_that_goes_in_the_middle_is_said(place: Path) -> None:
    (place / "run.yaml").write_text(SLOW_DRAWING)
    process = start(place)
    wait_until(lambda: is_drawing(place), process)
    subprocess.run(["rm", "-rf", str(place / "outputs")], check=True)
    status, err = finish(process)
    assert status == 1
    assert err.startswith("error: ")
    assert not ffmpegs(place)
