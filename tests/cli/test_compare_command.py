"""The compare command, and files with a sweep elsewhere."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import processes
import pytest
from command_line import TINY, call
from processes import alive, family, finish, needs_proc, wait_until


def test_compare_makes_one_film_and_says_what_came_of_each(place: Path) -> None:
    said = call("compare", "tiny.yaml", "--sweep", "training.aggression=0.1,1", "-o", "films")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("tiny-comparison  2 runs\n")
    assert "aggression 0.1" in said.out
    assert (place / "films" / "tiny-comparison" / "tiny-comparison.mp4").is_file()
    quiet = call(
        "compare", "tiny.yaml", "--sweep", "seed=1,2", "-o", "films", "--name", "seeds", "-q", "--formats", "png"
    )
    assert (quiet.status, quiet.out) == (0, "")
    assert (place / "films" / "seeds" / "comparison.csv").is_file()


def test_compare_as_json(place: Path) -> None:
    said = call("compare", "tiny.yaml", "--sweep", "seed=1,2", "--json", "--formats", "png")
    assert [row["label"] for row in said.json["runs"]] == ["seed 1", "seed 2"]


@pytest.mark.parametrize("run", ["tiny-comparison", "outputs/tiny-comparison"])
def test_a_comparison_can_be_shown_in_a_post(run: str, place: Path) -> None:
    assert call("compare", "tiny.yaml", "--sweep", "training.aggression=0.1,1", "--formats", "mp4", "-q").status == 0
    said = call("embed", run, "--base", "https://example.org")
    assert said.status == 0
    assert 'src="https://example.org/tiny-comparison.mp4"' in said.out
    assert "2 runs side by side; the least final loss is 0." in said.out


def test_a_file_with_a_sweep_is_for_batch_and_compare(place: Path) -> None:
    (place / "sweep.yaml").write_text(TINY + "sweep: {seed: [1, 2]}\n")
    said = call("train", "sweep.yaml")
    assert said.status == 3
    assert "sweep.yaml:7:1: sweep: this file means several runs" in said.err
    said = call("batch", "sweep.yaml", "--formats", "png")
    assert said.status == 0
    assert {path.name for path in (place / "outputs").iterdir()} >= {"sweep--seed-1", "sweep--seed-2"}


def test_mistakes_of_compare(place: Path) -> None:
    assert call("compare", "tiny.yaml").status == 2
    said = call("compare", "tiny.yaml", "--sweep", "training.nois=1,2")
    assert (said.status, "did you mean 'noise'" in said.err) == (3, True)
    assert call("compare", "nowhere.yaml", "tiny.yaml").status == 4


@needs_proc
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("n_runs", [1, 3])
def test_an_interruption_while_training_leaves_nothing(n_runs: int, end: signal.Signals, place: Path) -> None:
    """While the first run is trained alone, and while others are trained side by side."""
    steps = (
        {"training.steps": "[30000000, 29999999]"}
        if n_runs == 1
        else {"training.steps": "[60000]", "seed": "[1, 2, 3]"}
    )
    sweep = ", ".join(f"{key}: {values}" for key, values in steps.items())
    (place / "long.yaml").write_text(TINY.replace("count: 8", "every: 30000") + f"sweep: {{{sweep}}}\n")
    process = processes.start(place, "compare", "long.yaml", "-j", "2", "--set", "training.noise=0.2")
    if n_runs == 1:
        wait_until(lambda: list((place / "outputs").glob("long-comparison/.unfinished-*")), process)
    else:
        wait_until(lambda: len(family(process.pid)) > 2, process)
    others = family(process.pid)
    os.killpg(process.pid, end)
    status, out, err = finish(process)
    assert (status, out) == (128 + end, "")
    assert err.startswith("interrupted while training; of ")
    wait_until(lambda: not any(map(alive, others)))
    assert not (place / "outputs" / "long-comparison").exists()
