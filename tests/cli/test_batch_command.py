"""The batch command through real processes: workers that die, interruptions, and what is printed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
from pathlib import Path

import processes
import pytest
from command_line import TINY, call
from processes import alive, family, needs_proc, wait_until

LONG = ("training: {steps: 30", "training: {steps: 30000000")


@pytest.fixture
def many(place: Path) -> Path:
    (place / "many").mkdir()
    for number in range(3):
        (place / "many" / f"run{number}.yaml").write_text(f"seed: {number}\n{TINY}")
    return place


def start(*words: str, cwd: Path) -> subprocess.Popen[str]:
    return processes.start(cwd, "batch", *words)


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "summary.json"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_bytes_do_not_depend_on_how_many_run_at_a_time(many: Path) -> None:
    for n_jobs in ("1", "3"):
        every = ("--formats", "mp4,gif,webm,webp", "--frames")
        said = call("batch", "many", "-o", f"with{n_jobs}", "-j", n_jobs, "-q", *every)
        assert (said.status, said.out, said.err) == (0, "", "")
    one, three = digests(many / "with1"), digests(many / "with3")
    assert one == three
    assert {"run0/run0.mp4", "run1/recording.npz", "run2/run2.png", "run2/frames/000009.png"} <= set(one)
    assert len(one) == 3 * (4 + 1 + 15 + 5), "films, poster, frames, and what else a run leaves"


def test_it_says_what_it_did_and_what_failed(many: Path) -> None:
    (many / "many" / "run1.yaml").write_text("seed: -1\n" + TINY.replace("hidden", "hiden"))
    said = call("batch", "many")
    assert said.status == 1
    assert sorted(line.split()[0] for line in said.out.splitlines()[:2]) == ["run0", "run2"]
    assert said.out.splitlines()[-1].startswith("2 trained, 1 failed; ")
    assert said.err.startswith("failed: many/run1.yaml: ")
    assert "did you mean 'hidden'" in said.err
    assert "seed" in said.err
    again = call("batch", "many")
    assert again.out.splitlines()[-1].startswith("2 up to date, 1 failed; ")


def test_a_dry_run_says_what_would_run_and_why(many: Path) -> None:
    call("batch", "many/run0.yaml", "-q")
    (many / "many" / "run1.yaml").write_text("task: 3")
    said = call("batch", "many", "--dry-run", "--theme", "dark")
    rows = [line.split(maxsplit=2) for line in said.out.splitlines()]
    assert said.status == 1, "one of them is invalid"
    assert rows[0] == ["run0", "draw", "video.theme changed from light to dark"]
    assert rows[1][:2] == ["run1", "invalid"]
    assert rows[2] == ["run2", "train", "there is no finished run"]
    assert not (many / "outputs" / "run2").exists()


def test_json_gives_one_record_a_run(many: Path) -> None:
    (many / "many" / "run2.yaml").write_text("task: 3")
    said = call("batch", "many", "--json")
    records = {record["name"]: record for record in map(json.loads, said.out.splitlines())}
    assert (said.status, said.err) == (1, "")
    assert {name: record["did"] for name, record in records.items()} == {
        "run0": "trained",
        "run1": "trained",
        "run2": "failed",
    }
    assert records["run0"]["config"] == "many/run0.yaml"
    assert records["run0"]["frames"] == 10
    assert "run2.yaml:1:7: task" in records["run2"]["reason"]


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (["batch"], 2, "CONFIG"),
        (["batch", "nowhere*.yaml"], 4, "no file is called nowhere*.yaml"),
        (["batch", "many", "tiny.yaml", "--set", "name=same"], 2, "would both be written to"),
        (["batch", "many", "-j", "0"], 2, "-j"),
    ],
)
def test_a_mistake_costs_nothing(words: list[str], status: int, part: str, many: Path) -> None:
    before = digests(many)
    said = call(*words)
    assert said.status == status
    assert part in said.err
    assert digests(many) == before


@needs_proc
def test_a_worker_that_dies_takes_only_its_own_job_with_it(many: Path) -> None:
    (many / "many" / "run0.yaml").write_text(TINY.replace(*LONG))
    process = start("many", "-j", "1", cwd=many)
    wait_until(lambda: list((many / "outputs").glob("run0/.unfinished-*")), process)
    (worker,) = [child for child in family(process.pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out.splitlines()[-1].startswith("2 trained, 1 failed; ")
    assert "failed: many/run0.yaml: the process that made it was killed by SIGKILL" in err


@needs_proc
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_every_process_and_leaves_no_half_of_a_file(end: signal.Signals, many: Path) -> None:
    for number in (0, 1):
        (many / "many" / f"run{number}.yaml").write_text(TINY.replace(*LONG))
    process = start("many", "-j", "2", cwd=many)
    wait_until(lambda: len(list((many / "outputs").glob("run?/.unfinished-*"))) == 2, process)
    others = family(process.pid)
    process.send_signal(end)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + end
    assert err == "interrupted: 0 of 3 runs are there; the same command goes on with the others\n"
    assert others
    wait_until(lambda: not any(map(alive, others)))  # Python's own tracker of resources takes a moment
    left = [path.name for path in (many / "outputs").rglob("*") if path.is_file() and "run" in path.parent.name]
    assert not [name for name in left if "checkpoint" not in name and ".partial" not in name]
    assert not list((many / "outputs").rglob(".unfinished-*"))
