"""What only a real process shows: terminals, pipes that close, and interruptions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")

PROGRAM = [sys.executable, "-m", "backprop_anim"]


def on_terminal(words: list[str], place: Path, stream: str, **environment: str) -> str:
    """Run a command with one of its streams on a terminal; return what that terminal got."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    others = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    variables = {"TERM": "xterm", "PYTHONIOENCODING": "utf-8"} | environment
    kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen([*PROGRAM, *words], cwd=place, env=kept | variables, **(others | {stream: theirs}))
    os.close(theirs)
    got = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux says so when nobody holds the other end any more
            break
        if not part:
            break
        got += part
    os.close(ours)
    assert process.wait(60) == 0
    return got.decode("utf-8", "replace")


def test_bars_are_for_terminals(place: Path) -> None:
    got = on_terminal(["train", "tiny.yaml", "--force"], place, "stderr")
    assert "training" in got
    assert "drawing" in got
    assert "30/30" in got
    assert on_terminal(["train", "tiny.yaml", "-q"], place, "stderr") == ""


def test_emphasis_is_for_terminals_that_want_it(place: Path) -> None:
    words = ["check", "tiny.yaml"]
    assert "\033[1mtiny\033[0m" in on_terminal(words, place, "stdout")
    assert "\033" not in on_terminal(words, place, "stdout", NO_COLOR="1")
    assert "\033" not in on_terminal(words, place, "stdout", TERM="dumb")
    assert "\033" in on_terminal(words, place, "stdout", NO_COLOR="")  # empty means not set (no-color.org)


@pytest.mark.parametrize("words", [["list"], ["schema"], ["check", "tiny.yaml"], ["train", "tiny.yaml"]])
def test_a_reader_who_has_had_enough_is_no_error(words: list[str], place: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PROGRAM, *words], cwd=place, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interruption_ends_with_130_and_leaves_what_was_there(place: Path) -> None:
    before = {path.name: path.read_bytes() for path in (place / "outputs" / "tiny").iterdir()}
    command = [*PROGRAM, "train", "tiny.yaml", "--set", "training.steps=2000000", "--set", "snapshots.count=9"]
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not list((place / "outputs" / "tiny").glob(".unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert out == ""
    assert "with --resume goes on" in err
    left = {path.name: path.read_bytes() for path in (place / "outputs" / "tiny").iterdir()}
    assert left.pop("checkpoint.npz")
    assert left == before


def test_the_program_is_installed_under_its_name(place: Path) -> None:
    program = Path(sys.executable).with_name("backprop-anim")
    if not program.exists():
        pytest.skip("the package is not installed in this environment")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("backprop-anim ")


def test_letters_that_a_terminal_lacks_end_nothing(place: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [*PROGRAM, "check", "tiny.yaml"], cwd=place, env=environment, capture_output=True, text=True, check=True
    )
    assert "1 ? 4 ? 2" in done.stdout
