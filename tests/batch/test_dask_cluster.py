"""Runs on a real scheduler with real workers, each a process that can be killed; nothing is shared but the network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import processes
import pytest
from processes import family, finish, needs_proc, wait_until

from backprop_anim.common.errors import NotFoundError

pytest.importorskip("distributed")

TINY = """\
task: {kind: table, file: data.csv, inputs: [x], targets: [y]}
network: {hidden: 3}
training: {steps: 30}
snapshots: {count: 4}
video: {size: 160x90, fps: 5, hold: 0.2, opening: 0, formats: [mp4]}
"""
LONG = TINY.replace("steps: 30", "steps: 60000, noise: 0.3")
CSV = "x,y\n" + "".join(f"{x},{x * x}\n" for x in range(12))
ALONE = {"start_new_session": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass
class Cluster:
    """A scheduler and its workers, by their folders."""

    place: Path
    scheduler: subprocess.Popen[bytes]
    address: str
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def hire(self, name: str) -> None:
        local = self.place / name
        local.mkdir()
        words = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--local-directory", local]
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, *map(str, words)]
        self.workers[name] = subprocess.Popen(command, cwd=local, **ALONE)  # type: ignore[call-overload]

    def at_work(self) -> list[str]:
        """The workers that have begun a run."""
        return [name for name in self.workers if self._is_at_work(name)]

    def _is_at_work(self, name: str) -> bool:
        """Look while folders come and go, which only `os.walk` bears."""
        walk = os.walk(self.place / name)
        return any(folder.startswith(".unfinished-") for _, folders, _ in walk for folder in folders)

    def end(self) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = tmp_path / "scheduler.json"
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(found)]
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *words]
    scheduler = subprocess.Popen(command, **ALONE)  # type: ignore[call-overload]
    made = Cluster(tmp_path, scheduler, "")
    try:
        wait_until(lambda: found.exists() and found.read_text())
        made.address = json.loads(found.read_text())["address"]
        yield made
    finally:
        made.end()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "data.csv").write_text(CSV)
    return folder


def start(place: Path, *words: str) -> subprocess.Popen[str]:
    return processes.start(place, "batch", *words)


def records(out: str) -> dict[str, Any]:
    return {record["name"]: record for record in map(json.loads, out.splitlines())}


def test_a_lost_workers_run_is_made_elsewhere(
    cluster: Cluster, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (place / f"{name}.yaml").write_text(LONG)
    (place / "broken.yaml").write_text(TINY.replace("steps", "stepps"))
    with_module(place, "import backprop_anim.batch.dask_cluster as c\nc.LOOK_S = 0.2\n", monkeypatch)
    err = tmp_path / "err"
    with err.open("w") as written:
        command = [*processes.PROGRAM, "batch", ".", "--cluster", cluster.address, "--json"]
        process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=written, text=True)
    monkeypatch.undo()
    wait_until(lambda: err.read_text().count("has no workers; the runs wait") == 1, process)
    cluster.hire("one")
    wait_until(lambda: cluster.at_work() == ["one"], process)
    time.sleep(1)
    os.killpg(cluster.workers["one"].pid, signal.SIGKILL)
    wait_until(lambda: err.read_text().count("has no workers; the runs wait") == 2, process)
    cluster.hire("two")
    out, _ = process.communicate(timeout=90)
    status = process.returncode
    found = records(out)
    assert status == 1
    assert {name: record["did"] for name, record in found.items()} == {
        "a": "trained",
        "b": "trained",
        "broken": "failed",
    }
    status, out, _ = finish(start(place, "a.yaml", "b.yaml", "--dry-run", "--json"))
    assert {record["would"] for record in records(out).values()} == {"nothing"}
    files = ("a.mp4", "recording.npz", "losses.csv")
    made = [(place / "outputs" / "a" / name).read_bytes() for name in files]
    assert finish(start(place, "a.yaml", "--force"))[0] == 0
    assert made == [(place / "outputs" / "a" / name).read_bytes() for name in files]


def test_ctrl_c_cancels_and_running_jobs_stop(cluster: Cluster, place: Path) -> None:
    for name in ("a", "b", "c"):
        (place / f"{name}.yaml").write_text(LONG.replace("60000", "2000000"))
    cluster.hire("one")
    process = start(place, ".", "--cluster", cluster.address)
    wait_until(cluster.at_work)
    process.send_signal(signal.SIGINT)
    status, _, err = finish(process)
    assert status == 130
    assert err == "interrupted: 0 of 3 runs are there; the same command goes on with the others\n"
    wait_until(lambda: not cluster.at_work(), seconds=10)
    time.sleep(1)
    assert not cluster.at_work(), "what waited does not begin either"
    assert not (place / "outputs").exists()


@pytest.mark.parametrize("where", ["scheduler", "tcp://1", "tcp://2"])
def test_who_lacks_the_program_is_named_before_a_job_waits_for_ever(where: str) -> None:
    from backprop_anim.batch.dask_cluster import PACKAGE, _WorkerWait

    class Fake:
        """What is asked of a client, where one place has nothing installed."""

        status = "running"

        def nthreads(self) -> dict[str, int]:
            return {"tcp://1": 1, "tcp://2": 1}

        def get_versions(self, packages: list[str]) -> dict[str, Any]:
            def told(place: str) -> dict[str, Any]:
                return {"packages": {PACKAGE: None if place == where else "1"}}

            return {"scheduler": told("scheduler"), "workers": {place: told(place) for place in self.nthreads()}}

    with pytest.raises(NotFoundError, match=f"not installed where these run: {where}$"):
        _WorkerWait(Fake(), "tcp://0", print).poll()  # type: ignore[arg-type]


def test_a_scheduler_that_goes_away_ends_the_batch(cluster: Cluster, place: Path) -> None:
    (place / "a.yaml").write_text(LONG.replace("60000", "2000000"))
    cluster.hire("one")
    process = start(place, ".", "--cluster", cluster.address)
    wait_until(cluster.at_work)
    cluster.scheduler.kill()
    status, _, err = finish(process)
    assert status == 1
    assert "failed: a.yaml: the connection to the scheduler was lost" in err
    assert not list((place / "outputs").rglob("*.mp4"))


@needs_proc
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0.0, 2.0])
def test_a_cluster_of_this_machine_can_be_interrupted(after: float, end: signal.Signals, place: Path) -> None:
    """While it starts, and while it works; a terminal tells the whole group."""
    (place / "a.yaml").write_text(LONG.replace("60000", "2000000"))
    process = start(place, ".", "--cluster", "local")
    wait_until(lambda: family(process.pid), process)
    time.sleep(after)
    os.killpg(process.pid, end)
    status, _, err = finish(process)
    assert status == 128 + end
    assert err == "interrupted: 0 of 1 runs are there; the same command goes on with the others\n"


HEARING = """
from pathlib import Path
from backprop_anim.batch.batch_plan import plan_batch
from backprop_anim.batch.dask_cluster import LOCAL, run_on_cluster

if __name__ == "__main__":
    heard = []
    jobs = plan_batch([Path("a.yaml"), Path("b.yaml")], Path("outputs")).pending
    for result in run_on_cluster(jobs, LOCAL, 1, lambda job, stage, *_: heard.append((job.name, stage)), print):
        assert not result.failed, result.reason
    print(sorted(set(heard)))
"""


def test_progress_comes_from_the_workers(place: Path) -> None:
    for name in ("a", "b"):
        (place / f"{name}.yaml").write_text(TINY)
    (place / "hearing.py").write_text(HEARING)
    done = subprocess.run([sys.executable, "hearing.py"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = sorted((name, stage) for name in "ab" for stage in ("", "training", "drawing"))
    assert done.stdout.strip() == str(expected)


def test_a_cluster_of_this_machine(place: Path) -> None:
    for name in ("a", "b"):
        (place / f"{name}.yaml").write_text(TINY)
    status, out, _ = finish(start(place, ".", "--cluster", "local", "-j", "1", "--json"))
    assert status == 0
    assert {record["did"] for record in records(out).values()} == {"trained"}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--cluster", "nonsense"], 2, "use tcp://HOST:PORT or local"),
        (["--cluster", "tcp://127.0.0.1:8786", "-j", "2"], 2, "-j is for this machine"),
    ],
)
def test_an_address_that_is_none(words: list[str], status: int, said: str, place: Path) -> None:
    (place / "a.yaml").write_text(TINY)
    found, _, err = finish(start(place, ".", *words))
    assert (found, said in err) == (status, True), err


def with_module(place: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every process that starts from now on run `text` first."""
    (place / "sitecustomize.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", f"{place}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


def test_nobody_answers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "a.yaml").write_text(TINY)
    with_module(place, "import backprop_anim.batch.dask_cluster as c\nc.PATIENCE_S = 1\n", monkeypatch)
    status, _, err = finish(start(place, "a.yaml", "--cluster", "tcp://127.0.0.1:9"))
    assert status == 4
    assert "no Dask scheduler answers at tcp://127.0.0.1:9 within 1 s" in err


def test_without_dask_it_says_what_to_install(place: Path) -> None:
    (place / "a.yaml").write_text(TINY)
    code = "import sys; sys.modules['distributed'] = None; from backprop_anim.cli.main import main; main()"
    command = [sys.executable, "-c", code, "batch", "a.yaml", "--cluster", "local"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "pip install 'backprop-anim[cluster]'" in done.stderr
