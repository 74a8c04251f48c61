"""What nobody gives by mistake: names that lead elsewhere, files that are none, texts that want all of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from processes import PROGRAM

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import read_experiment

RUN = """\
task: {kind: curve, curve: circle, points: 12}
network: {hidden: 3}
training: {steps: 20}
snapshots: {count: 4}
video: {size: 320x200, panels: [[fit]], fps: 5, hold: 0.2, opening: 0, formats: [png]}
"""
NAMES = ["../x", "/x", "~", "~root", "a/b", "a\\b", "", ".", "..", ".x", "-x", "x" * 300, "x.", "x y", "a:b", "é"]
DEVICES = ["CON", "con.txt", "nul", "AUX", "com1", "LPT9.mp4"]


@pytest.mark.parametrize("name", [*NAMES, *DEVICES])
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    quoted = name.replace("\\", "\\\\")
    with pytest.raises(ExperimentError, match=r"e\.yaml:1:7: name: must be a name of letters"):
        read_experiment(f'name: "{quoted}"\n{RUN}', label="e.yaml", name="e", folder=Path("nowhere"))


@pytest.mark.parametrize("stem", ["../x", "-x", "CON", "x" * 300, "é y", "...", "a\nb", "~"])
def test_a_files_name_becomes_a_name_that_cannot(stem: str) -> None:
    name = read_experiment(RUN, label="e.yaml", name=stem, folder=Path("nowhere")).name
    with_it = f"name: {name}\n{RUN}"
    assert read_experiment(with_it, label="e.yaml", name="e", folder=Path("nowhere")).name == name


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "run.yaml").write_text(RUN)
    return tmp_path


def call(place: Path, *words: str, stdout: int = subprocess.PIPE) -> tuple[int, str]:
    done = subprocess.run(
        [*PROGRAM, *words], cwd=place, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=30
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        (["train", "run.yaml"], "run"),
        (["batch", "run.yaml"], "run"),
        (["compare", "run.yaml", "--sweep", "seed=1,2"], "run-comparison"),
    ],
)
def test_a_runs_folder_that_is_a_link_is_refused(command: list[str], folder: str, place: Path) -> None:
    (place / "elsewhere").mkdir()
    (place / "outputs").mkdir()
    (place / "outputs" / folder).symlink_to(place / "elsewhere")
    status, err = call(place, *command)
    assert status == 1
    assert "is a link to" in err
    assert not list((place / "elsewhere").iterdir())


SPECIAL = ["pipe", "/dev/zero", "/dev", "missing", "x" * 300]


@pytest.mark.parametrize("file", SPECIAL)
@pytest.mark.parametrize("key", ["task", "init"])
def test_data_that_is_no_file(key: str, file: str, place: Path) -> None:
    """A pipe would be waited for, and a device never ends."""
    os.mkfifo(place / "pipe")
    task = f"{{kind: table, file: {file}, inputs: [x], targets: [y]}}"
    init = f"network: {{hidden: 3, init: {{kind: file, file: {file}}}}}"
    old, new = (RUN.splitlines()[0], f"task: {task}") if key == "task" else (RUN.splitlines()[1], init)
    (place / "run.yaml").write_text(RUN.replace(old, new))
    status, err = call(place, "check", "run.yaml")
    assert status == 3
    assert "file: " in err


@pytest.mark.parametrize("file", SPECIAL)
@pytest.mark.parametrize("command", ["check", "batch", "render", "predict"])
def test_a_config_or_a_run_that_is_no_file(command: str, file: str, place: Path) -> None:
    os.mkfifo(place / "pipe")
    options = ["--row", "1"] if command == "predict" else []
    status, err = call(place, command, file, *options)
    assert (status, err[:7]) == (4, "error: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [["list"], ["schema"], ["check", "run.yaml"], ["train", "run.yaml"]])
def test_results_that_cannot_be_printed(command: list[str], place: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        status, err = call(place, *command, stdout=full.fileno())
    assert (status, err) == (1, "error: cannot write to standard output: No space left on device\n")


@pytest.mark.parametrize("closed", ["1", "2", "1 2"])
def test_streams_that_are_closed(closed: str, place: Path) -> None:
    shell = " ".join(f"{number}>&-" for number in closed.split())
    for words, status in (["check", "run.yaml"], 0), (["check", "missing"], 4):
        command = f'exec "$0" -m backprop_anim {" ".join(words)} {shell}'
        done = subprocess.run(["sh", "-c", command, sys.executable], cwd=place, capture_output=True, check=False)
        assert done.returncode == status
        assert b"Traceback" not in done.stderr


GREEDY = """
import re, sys, time
from pathlib import Path
from backprop_anim.config.sweep import read_variants
from backprop_anim.common.errors import ExperimentError

RUN = sys.stdin.read()
FULL = 250_000
HOLD = "hold: 0.2"
CURVE = "{kind: curve, curve: circle, points: 12}"
TABLE = "{kind: table, columns: [x, y], inputs: [x], targets: [y], rows: [%s]}"
def nested(opening, closing, n=FULL // 2): return "x: " + opening * n + closing * n
def task(text): return RUN.replace("curve: circle", text)
TEXTS = {
    "aliases": "a0: &a0 [x]\\n" + "".join(f"a{k + 1}: &a{k + 1} [{', '.join([f'*a{k}'] * 9)}]\\n" for k in range(20)),
    "deep flow": nested("[", "]"),
    "deep braces": nested("{a: ", "}", FULL // 5),
    "deep block": "".join(" " * k + "a:\\n" for k in range(600)),
    "open for ever": "x: " + "[" * FULL,
    "questions": "? " * (FULL // 2),
    "a long list": "x: [" + "1," * (FULL // 2) + "]",
    "many keys": "".join(f"k{k}: 1\\n" for k in range(FULL // 9)),
    "same keys": "k: 1\\n" * (FULL // 5),
    "a long text": "title: " + "x" * FULL,
    "a long number": "seed: " + "9" * FULL,
    "a long exponent": "seed: 1e" + "9" * 1000,
    "a long key": "x" * FULL + ": 1",
    "anchors": "x: [" + "".join(f"&a{k} 1," for k in range(FULL // 12)) + "]",
    "quotes": "x: '" + "''" * (FULL // 2) + "'",
    "escapes": 'x: "' + "\\\\u0041" * (FULL // 7) + '"',
    "tags": "x: " + "!!int " * (FULL // 7) + "1",
    "comments": "# x\\n" * (FULL // 4) + RUN,
    "too long": "x" * 10_000_000,
    "documents": "---\\n" * (FULL // 4),
    "merge keys": "a: &a {b: 1}\\n" + "c: {" + ", ".join(["<<: *a"] * 2000) + "}",
    "a formula's power": task('x: "9^9^9^9^9^9", y: "t"'),
    "a formula's depth": task('x: "' + "(" * 900 + '", y: "t"'),
    "a formula's length": task('x: "' + "t+" * 100_000 + 't", y: "t"'),
    "a formula's minus signs": task('x: "' + "-" * 999 + 't", y: "t"'),
    "layers": RUN.replace("hidden: 3", "hidden: [" + "4096, " * 61 + "4096]"),
    "units": RUN.replace("hidden: 3", "hidden: 999999999999"),
    "points": RUN.replace("points: 12", "points: 999999999999"),
    "steps": RUN.replace("steps: 20", "steps: 999999999"),
    "states": RUN.replace("count: 4", "count: 999999999"),
    "every step": RUN.replace("count: 4", "every: 1").replace("steps: 20", "steps: 999999999"),
    "listed steps": RUN.replace("count: 4", "steps: [" + ",".join(map(str, range(18_000))) + "]"),
    "pixels": RUN.replace("320x200", "99999999x99999999"),
    "digits of a size": RUN.replace("320x200", "9" * 5000 + "x90"),
    "seconds": RUN.replace(HOLD, "hold: 1e300"),
    "captions": RUN.replace(HOLD, "captions: [" + "{step: 1, text: x}," * 5000 + "]"),
    "slow motion": RUN.replace(HOLD, "slow_motion: [" + "{step: 1}," * 5000 + "]"),
    "panels": RUN.replace(HOLD, "panels: [" + "[fit]," * 9000 + "]"),
    "rows of a sweep": RUN.replace(CURVE, TABLE % ("[1, 2]," * 3_500)) + "sweep: {seed: [1, 2, 3, 4, 5, 6]}",
    "a sweep": RUN + "sweep: {seed: [" + "1," * 18_000 + "]}",
    "rows": RUN.replace(CURVE, TABLE % ("[1, 2]," * 6_000)),
}
def seconds(text):
    began, said = time.process_time(), ""
    try:
        read_variants(text, label="e.yaml", name="e", folder=Path("nowhere"))
    except ExperimentError as error:
        said = str(error)
    assert len(said) < 20_000
    return time.process_time() - began

usual = max(seconds("x: [" + "1," * 11_990 + "]") for _ in range(2))  # about half a second
slow = {name: took for name, text in TEXTS.items() if (took := seconds(text)) > 3 * usual}
slow = {name: took for name in slow if (took := seconds(TEXTS[name])) > 3 * usual}  # once more, for a busy machine
status = Path("/proc/self/status")  # getrusage would tell the peak of the process that this one was forked from
peak = re.search("VmHWM: *([0-9]+)", status.read_text().replace("\\t", " "))[1] if status.exists() else 0
print(len(TEXTS), int(peak) // 1024, slow)
"""


def test_no_text_takes_long_or_more_than_300_mb() -> None:
    """Longer than three times what a long and harmless list takes, which is about half a second."""
    done = subprocess.run(
        [sys.executable, "-c", GREEDY], input=RUN, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    count, most_mb, slow = done.stdout.split(maxsplit=2)
    assert int(count) > 30
    assert slow.strip() == "{}"
    assert int(most_mb) < 300
