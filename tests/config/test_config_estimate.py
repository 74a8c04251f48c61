"""What a run will need, known before anything is allocated."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from config_helpers import NETWORK, SMALL, TASK, only, read

from backprop_anim.config.estimate import estimate
from backprop_anim.tasks import tasks


def test_the_numbers_of_a_run() -> None:
    found = estimate(read(SMALL))
    assert (found.parameters, found.samples, found.states) == (3 * 2 + 2 * 4, 20, 51)
    assert found.frames == 30 + 51 + 60  # with the opening, and the hold
    assert found.film_s == pytest.approx(141 / 30)
    assert found.memory_bytes >= 51 * 14 * 3 * 8
    assert 0 < found.train_s < 1
    assert 0 < found.draw_s < 60


def test_seconds_decide_the_length_of_the_film() -> None:
    found = estimate(read(SMALL + "video: {seconds: 4, fps: 25, hold: 1, opening: 0}\n"))
    assert (found.frames, found.film_s) == (125, 5.0)


def test_the_card_and_slow_motion_are_part_of_the_film() -> None:
    still = estimate(read(SMALL))
    found = estimate(read(SMALL + "video: {intro: 1.5, slow_motion: [{step: 0, seconds: 4}, {step: 9, seconds: 5}]}\n"))
    assert found.frames == still.frames + 45 + 9 * 30


def test_the_candidates_of_motion_snapshots_count_in_memory() -> None:
    text = SMALL.replace("[3]", "[300]").replace("steps: 50", "steps: 5000")
    evenly = estimate(read(text + "snapshots: {schedule: linear, count: 100}\n"))
    motion = estimate(read(text + "snapshots: {schedule: motion, count: 100}\n"))
    assert motion.states == evenly.states == 100
    assert motion.memory_bytes - evenly.memory_bytes == 200 * evenly.parameters * 3 * 8


def test_more_of_anything_costs_more() -> None:
    experiment = read(SMALL)
    base = estimate(experiment)
    longer = estimate(replace(experiment, training=replace(experiment.training, steps=5000)))
    larger = estimate(experiment.with_video(width_px=3840, height_px=2160))
    wider = estimate(read(SMALL.replace("[3]", "[300, 300]")))
    assert longer.train_s > 10 * base.train_s
    assert larger.draw_s > 3 * base.draw_s
    assert wider.train_s > 2 * base.train_s
    assert wider.memory_bytes > base.memory_bytes + 100 * wider.parameters


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (SMALL.replace("[3]", "[4096, 4096]"), "2:19", "16,793,601 parameters; at most 5,000,000 are allowed"),
        (
            SMALL.replace("hidden: [3]", "layers: [1, 4096, 4096, 2]"),
            "2:19",
            "16,797,698 parameters; at most 5,000,000 are allowed",
        ),
        (SMALL.replace("steps: 50", "steps: 1000000000"), "3:19", "the recording would take 48.0 GB"),
        (SMALL.replace("steps: 50", "steps: 1000000") + "snapshots: {every: 1}\n", "4:12", "1,000,001 states would be"),
        (
            SMALL.replace("[3]", "[1500, 1500]") + "snapshots: {budget: 1MB}\n",
            "4:21",
            "is 1 MB; the fewest states of 2,256,001 parameters that make a film take 72 MB: raise it",
        ),
        (
            SMALL.replace("[3]", "[1000]").replace("points: 20", "points: 100000"),
            "2:19",
            "a pass over 100,000 samples would take 4.8 GB; at most 2.0 GB",
        ),
        (SMALL + "video: {seconds: 3600, fps: 120}\n", "4:18", "the film has 432,360 frames; at most 200,000"),
        (
            SMALL.replace("[3]", "[2000, 2000]")
            .replace("steps: 50", "steps: 35000000")
            .replace("points: 20", "points: 60")
            + "snapshots: {count: 2, schedule: linear}\n",
            "3:19",
            "training would take about 11 days (35,000,000 steps of 60 samples",
        ),
    ],
)
def test_absurd_sizes_are_refused_before_anything_is_allocated(
    text: str, place: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*_: object) -> None:
        raise AssertionError("the data set was built")

    monkeypatch.setattr(tasks["curve"], "build", build)
    tracemalloc.start()
    start = time.perf_counter()
    try:
        problem = only(text)
        assert time.perf_counter() - start < 1
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert problem.place == f"e.yaml:{place}"
    assert words in problem.message


def test_files_of_data_are_judged_once_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n" + "1,2\n" * 30_000)
    text = TASK.replace("kind: curve, curve: circle, points: 20", "kind: table, file: data.csv, inputs: a, targets: b")
    problem = only(text + NETWORK.replace("[3]", "[2000]") + "training: {steps: 5}\n", folder=tmp_path)
    assert "a pass over 30,000 samples" in problem.message
