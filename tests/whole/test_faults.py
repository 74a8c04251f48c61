"""Faults of the machine, injected into real processes: a message, the right status, and nothing lost or left behind."""

from __future__ import annotations

import hashlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import processes
import pytest
from helpers import altered
from processes import PROGRAM, ffmpegs, finish, wait_until, without_privilege

from backprop_anim.writers import Staging
from backprop_anim.writers.encoder_pipe import executable

RUN = """\
task: {kind: curve, curve: circle, points: 12}
network: {hidden: 3}
training: {steps: 300}
snapshots: {count: 40}
video: {size: 320x180, fps: 10, hold: 0.2, formats: [mp4, gif]}
"""
FAKES = {
    "at the start": ("echo 'Unknown encoder' >&2; exit 1", "ended with status 1"),
    "in the middle": ("head -c 400000 > /dev/null; echo 'out of registers' >&2; exit 3", "out of registers"),
    "at the end": ("{real} \"$@\"; status=$?; echo 'bad weather' >&2; exit $((status + 7))", "bad weather"),
    "by a signal": ("head -c 400000 > /dev/null; kill -SEGV $$", "was killed by SIGSEGV"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``run.yaml`` and its run."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "run.yaml").write_text(RUN)
    assert finish(processes.start(folder, "train", "run.yaml", "-q"))[0] == 0
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, which is as whole after the test as before, with nothing beside it and nobody at work."""
    folder = tmp_path / "place"
    shutil.copytree(made, folder)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = contents(folder)
    yield folder
    assert contents(folder) == before
    assert not list(temporary.iterdir())
    assert not ffmpegs(folder)


def contents(folder: Path) -> dict[str, str]:
    """Every file and folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


AGAIN = ("train", "run.yaml", "--force", "-q", "--theme", "dark")


def train(place: Path, *words: str, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Train again with another look."""
    status, out, err = finish(processes.start(place, *AGAIN, *words, before=before))
    assert out == ""
    return status, err


@pytest.mark.parametrize("limit", [0, 500, 3000, 9500, 20_000, 40_000])
def test_a_disk_that_fills_at_any_point(limit: int, place: Path) -> None:
    """The smallest files are some hundred bytes, the largest is a film of fifty thousand."""
    sizes = sorted(path.stat().st_size for path in (place / "outputs" / "run").iterdir())
    assert sizes[0] > 500
    assert sizes[-1] > 40_000
    status, err = train(place, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert status == 1
    assert err.startswith("error: ")
    assert "full" in err or "File too large" in err


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk of its own, where the tests may mount one."""
    folder = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("only the superuser may mount a disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


@pytest.mark.parametrize("left", [0, 60_000, 100_000])
def test_a_full_disk(left: int, made: Path, disk: Path) -> None:
    shutil.copytree(made, disk, dirs_exist_ok=True)
    room = shutil.disk_usage(disk).free
    assert room > left
    (disk / "ballast").write_bytes(bytes(room - left))
    before = contents(disk)
    status, err = train(disk)
    assert status == 1
    assert "full" in err or "No space left" in err
    assert contents(disk) == before
    (disk / "ballast").unlink()
    assert train(disk)[0] == 0


def test_a_disk_that_turns_read_only(made: Path, disk: Path) -> None:
    shutil.copytree(made, disk, dirs_exist_ok=True)
    before = contents(disk)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    status, err = train(disk)
    assert (status, err) == (1, "error: cannot write outputs/run: Read-only file system\n")
    assert contents(disk) == before


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a shell script in ffmpeg's place."""
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(path))


@pytest.mark.parametrize("how", FAKES)
def test_an_encoder_that_dies(how: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, said = FAKES[how]
    fake(tmp_path, script.replace("{real}", executable()), monkeypatch)
    status, err = train(place)
    assert status == 1
    assert said in err


def test_no_encoder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    status, err = train(place)
    assert status == 4
    assert "/nowhere/ffmpeg" in err
    assert train(place, "--formats", "png", "-o", "others")[0] == 0, "a picture needs none"
    shutil.rmtree(place / "others")


def test_an_encoder_that_hangs_lets_go_after_ctrl_c(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one waits for the frame that never ends; the second one does not."""
    pid = tmp_path / "pid"
    fake(tmp_path, f"echo $$ > {pid}; exec sleep 1000", monkeypatch)
    process = processes.start(place, "train", "run.yaml", "--force", "-q", "--formats", "mp4")
    wait_until(lambda: pid.exists() and pid.read_text().strip(), process)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    status, _, err = finish(process)
    assert status == 130
    assert "Traceback" not in err
    assert not processes.alive(int(pid.read_text()))


def test_a_folder_that_is_a_file(place: Path) -> None:
    (place / "file").write_text("not a folder")
    status, err = train(place, "-o", "file")
    assert status == 1
    assert err.startswith("error: cannot write file/run: ")
    (place / "file").unlink()


@pytest.mark.parametrize("command", [["render"], ["still", "--step", "3"], ["predict", "--row", "0.5"]])
def test_a_damaged_recording(command: list[str], place: Path) -> None:
    """Through the program; what is refused and why is held elsewhere."""
    name, *options = command
    recording = place / "outputs" / "run" / "recording.npz"
    whole = recording.read_bytes()
    for damaged in (b"PK", *altered(whole, 1)):
        recording.write_bytes(damaged)
        before = contents(place)
        done = subprocess.run(
            [*PROGRAM, name, "outputs/run", *options], cwd=place, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, done.stderr
        assert done.stderr.startswith("error: ")
        assert "recording.npz" in done.stderr
        assert "Traceback" not in done.stderr
        assert contents(place) == before
    recording.write_bytes(whole)


@pytest.mark.parametrize("when", ["from the start", "in the middle"])
def test_a_folder_that_may_not_be_written(when: str, place: Path) -> None:
    folder = place / "outputs" / "run"
    if when == "from the start":
        folder.chmod(0o555)
    process = processes.start(place, *AGAIN, "--set", "training.steps=20000", before=without_privilege)
    if when == "in the middle":
        wait_until(lambda: list(folder.glob(".unfinished-*")), process)
        folder.chmod(0o555)
    status, _, err = finish(process)
    folder.chmod(0o755)
    assert status == 1
    assert err.startswith("error: cannot write outputs/run")
    assert "Permission denied" in err
    for left in folder.glob(".unfinished-*"):  # nobody could take it away; the next run does, some time later
        assert not list(left.iterdir())
        left.rename(folder / ".unfinished-1-old")
    with Staging(folder):
        pass
