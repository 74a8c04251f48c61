"""A large run can be filmed, stopped at any step, put on a page and compared as any other."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from large_runs import KINDS, large, large_experiment, whole

from backprop_anim.batch import compare
from backprop_anim.batch.comparison import _trained
from backprop_anim.common.progress import silent
from backprop_anim.config import Variant, describe
from backprop_anim.experiment import UNBOUNDED
from backprop_anim.experiment.snapshot_schedules import EverySnapshots
from backprop_anim.film.canvas import Canvas
from backprop_anim.runs import draw_page, predict, revised, run, with_step
from backprop_anim.story.timeline import timeline
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train
from backprop_anim.webpage.page_data import page_data

GRID = "video.panels=[[boundary, network, weights], [gradients, updates, loss]]"
EACH = pytest.mark.parametrize("kind", KINDS)
SOME = pytest.mark.parametrize("kind", ["full", "adam"])


def pictures(recording: Recording, rows: list[int]) -> list[Any]:
    shown = revised(recording, [GRID, "video.size=1280x720"])
    moments = timeline(shown.experiment.video, shown)
    canvas = Canvas(shown, moments)
    wanted = [next(moment for moment in moments if moment.snapshot == row and moment.act is None) for row in rows]
    return [canvas.draw(moment)[..., :3].astype(int) for moment in wanted]


@EACH
def test_its_film_looks_like_that_of_the_run_that_kept_everything(kind: str) -> None:
    n = large(kind).n_snapshots
    rows = [0, n // 3, n - 2, n - 1]
    ours, theirs = (pictures(run_of(kind), rows) for run_of in (large, whole))
    for picture, twin in zip(ours, theirs, strict=True):
        assert (np.abs(picture - twin).max(axis=-1) > 24).mean() < 2e-4  # where rounding moved an edge
    assert (np.abs(ours[0] - ours[-1]).max(axis=-1) > 24).mean() > 0.01


@EACH
def test_a_step_that_was_not_kept_is_made_again(kind: str) -> None:
    kept = large(kind)
    every = train(replace(kept.experiment, snapshots=EverySnapshots(1), snapshot_budget=UNBOUNDED))
    step = next(step for step in range(20, 140) if step not in kept.steps)
    found = with_step(kept, step, Path())
    assert found is not None
    row = found.nearest(step)
    assert (found.n_snapshots, found.steps[row]) == (kept.n_snapshots + 1, step)
    np.testing.assert_array_equal(found.parameters[row].astype(np.float32), every.parameters[step].astype(np.float32))
    size = np.abs(every.updates[step]).max()
    np.testing.assert_allclose(found.updates[row], every.updates[step], rtol=0, atol=1e-5 * size)
    np.testing.assert_allclose(found.snapshot_losses[row], every.snapshot_losses[step], rtol=1e-6)
    np.testing.assert_array_equal(found.parameters[row + 1], kept.parameters[row])


def test_a_large_run_that_does_not_repeat_is_not_told_as_if_it_did() -> None:
    kept = large()
    parted = kept.parameters.numbers.copy()  # type: ignore[attr-defined]
    parted[0] = np.nextafter(parted[0], np.float32(np.inf))
    step = next(step for step in range(20, 140) if step not in kept.steps)
    assert with_step(replace(kept, parameters=replace(kept.parameters, numbers=parted)), step, Path()) is None  # type: ignore[type-var]


def test_it_is_asked_at_any_of_its_states() -> None:
    rows = [[0.5, 0.2], [-0.3, 0.1]]
    step = int(large().steps[20])
    np.testing.assert_allclose(predict(large(), rows, step).outputs, predict(whole(), rows, step).outputs, rtol=1e-5)
    np.testing.assert_array_equal(predict(large(), rows).outputs, predict(whole(), rows).outputs)


def unpacked(packed: dict[str, str]) -> Any:
    return np.frombuffer(zlib.decompress(base64.b64decode(packed["bytes"])), dtype=f"<{packed['type']}")


@EACH
def test_its_page_knows_what_that_of_the_other_knows(kind: str) -> None:
    ours, theirs = (page_data(run_of(kind))["states"] for run_of in (large, whole))
    assert ours.keys() == theirs.keys()
    for key in ("steps", "ends", "between", "rows"):
        assert (ours[key] is None) == (theirs[key] is None)
        if ours[key] is not None:
            np.testing.assert_array_equal(unpacked(ours[key]), unpacked(theirs[key]))
    for key in ("noise", "updates"):
        assert (ours[key] is None) == (theirs[key] is None)
        if ours[key] is not None:
            numbers, twins = (unpacked(each[key]).reshape(large(kind).n_snapshots, -1)[:-1] for each in (ours, theirs))
            np.testing.assert_allclose(numbers, twins, rtol=1e-6, atol=1e-12)


@SOME
def test_its_page_is_written(kind: str, tmp_path: Path) -> None:
    path, notes = draw_page(large(kind), tmp_path)
    assert path.stat().st_size > 300_000
    assert notes == []


def test_the_command_says_what_the_budget_leaves(tmp_path: Path) -> None:
    given = large_experiment("full", "video.seconds=0.2", "video.hold=0", "video.opening=0")
    summary = run(given, tmp_path)
    n, wanted = large().n_snapshots, 151
    said = f"{n} of {wanted} are kept, in single precision but for the first and the last: "
    assert any(said in note and "snapshots.budget: 1 MB" in note for note in summary.notes)
    (line,) = (line for line in describe(given) if line.startswith("states "))
    assert said in line
    assert not [line for line in describe(large_experiment("full", "snapshots.budget=20MB")) if f"of {wanted}" in line]
    assert (summary.folder / "e.mp4").exists()


def test_runs_of_other_sizes_are_compared_in_step(tmp_path: Path) -> None:
    settings = {"few": "network.hidden=[60, 60]", "more": "network.hidden=[80, 80]"}
    variants = [
        Variant(large_experiment("full", setting, "video.seconds=0.2", "video.size=320x180"), {"hidden": label}, ())
        for label, setting in settings.items()
    ]
    found = compare(variants, "both", tmp_path)
    assert [row["steps"] for row in found.told["runs"]] == [150, 150]


def test_the_budget_of_a_comparison_is_for_all_its_runs() -> None:
    given = large_experiment("full", "snapshots.budget=3MB")
    alone, shared = train(given), [run.recording for run in _trained([given, given, given], 1, silent)]
    assert {run.n_snapshots for run in shared} == {large().n_snapshots}
    assert large().n_snapshots < alone.n_snapshots
    np.testing.assert_array_equal(shared[0].steps, shared[2].steps)
