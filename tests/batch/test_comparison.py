"""Several runs in one film: in step, told apart, and the same however many are trained at a time."""

from __future__ import annotations

import csv
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from color_measures import lab, linear
from matplotlib.text import Text

from backprop_anim.batch.compared_runs import load_compared_variants
from backprop_anim.batch.comparison import FILM_ALONE, MOST, _align_snapshots, _trained, compare
from backprop_anim.common.errors import ExperimentError, UsageError
from backprop_anim.common.progress import silent
from backprop_anim.config.sweep import Variant, read_variants
from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.experiment.themes import themes
from backprop_anim.film.compared_losses import _curve
from backprop_anim.film.run_colors import run_colors
from backprop_anim.film.run_measures import measure_runs
from backprop_anim.film.small_multiples import SmallMultiples, tile_panel
from backprop_anim.story.timeline import timeline

TASKS = {
    "curve": "{kind: curve, curve: circle, points: 12}",
    "series": "{kind: series, series: bell, points: 12, noise: 0.05}",
    "classes": "{kind: points, shape: moons, points: 16}",
    "table": "{kind: table, inputs: [a, b, c], targets: [y], columns: [a, b, c, y], rows: [[0, 1, 0, 1], [1, 0, 1, 0]]}",  # noqa: E501
    "many inputs": "{kind: table, inputs: [a, b, c], targets: [kind], columns: [a, b, c, kind], rows: [[0.2, 1, 5, no], [1, 0.3, 7, yes], [0.4, 3, 9, no], [3, 4, 2, yes]]}",  # noqa: E501
}


def text(task: str = "curve", size: str = "320x180") -> str:
    return f"""\
subtitle: All of them
task: {TASKS[task]}
network: {{hidden: 3, activation: sigmoid}}
training: {{steps: 40, aggression: 0.5}}
snapshots: {{count: 8}}
video: {{size: {size}, fps: 5, hold: 0.2, formats: [mp4]}}
"""


def variants(*sweeps: str, task: str = "curve", size: str = "320x180") -> list[Variant]:
    found = read_variants(
        text(task, size), label="here", name="here", folder=Path(), overrides=FILM_ALONE, sweeps=sweeps
    )
    return list(found)


def board(chosen: list[Variant]) -> tuple[SmallMultiples, int]:
    contenders = _align_snapshots(chosen, _trained([each.experiment for each in chosen], 1, silent))
    moments = timeline(contenders[0].recording.experiment.video, contenders[0].recording)
    return SmallMultiples(contenders, moments), len(moments)


def test_it_leaves_a_film_a_poster_a_table_and_a_summary(tmp_path: Path) -> None:
    made = compare(variants("training.aggression=0.1,1,2"), "three", tmp_path)
    folder = tmp_path / "three"
    assert {path.name for path in folder.iterdir()} == {"three.mp4", "three.png", "comparison.csv", "summary.json"}
    assert {path.name for path in made.files} == {path.name for path in folder.iterdir()}
    rows = list(csv.DictReader((folder / "comparison.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["label"], float(row["aggression"])) for row in rows] == [
        ("aggression 0.1", 0.1),
        ("aggression 1", 1.0),
        ("aggression 2", 2.0),
    ]
    assert all(float(row["final_loss"]) < float(row["initial_loss"]) for row in rows)
    assert all(float(row["largest_distance"]) > 0 and row["diverged_at"] == "" for row in rows)
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert told["runs"][2]["final_loss"] == float(rows[2]["final_loss"])


def test_the_results_do_not_depend_on_how_many_are_trained_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backprop_anim.batch.comparison.SHORT_S", 0.0)  # or two would not be worth a process
    for n_jobs in (1, 2):
        compare(variants("seed=1,2,3", "training.noise=0,0.5"), f"jobs{n_jobs}", tmp_path, n_jobs)
    one, two = tmp_path / "jobs1", tmp_path / "jobs2"
    assert (one / "jobs1.mp4").read_bytes() == (two / "jobs2.mp4").read_bytes()


def test_all_show_the_states_of_the_same_steps() -> None:
    chosen = variants("training.steps=40,10,25", "seed=1,2")
    runs = _trained([each.experiment for each in chosen], 1, silent)
    contenders = _align_snapshots(chosen, runs)
    steps = contenders[0].recording.steps
    assert steps[-1] == 40
    for variant, run, contender in zip(chosen, runs, contenders, strict=True):
        last = variant.experiment.training.steps
        assert np.array_equal(contender.recording.steps, steps)
        for row, step in enumerate(steps):
            (exact,) = np.flatnonzero(run.recording.steps == min(step, last)) if step <= last else [-1]
            assert np.array_equal(contender.recording.parameters[row], run.recording.parameters[exact])


def test_a_run_that_diverges_is_shown_up_to_there(tmp_path: Path) -> None:
    chosen = variants("training.aggression=1000000,0.1", "network.activation=[[linear, linear]]")
    made = compare(chosen, "wild", tmp_path)
    assert made.told["runs"][0]["diverged_at"] > 0
    assert made.told["runs"][1]["diverged_at"] is None
    assert made.told["runs"][0]["final_loss"] is None
    assert made.told["runs"][0]["steps"] == made.told["runs"][0]["diverged_at"]
    runs = _align_snapshots(chosen, _trained([each.experiment for each in chosen], 1, silent))
    wild = runs[0]
    ended = wild.recording.diverged_at
    assert ended is not None
    steps, losses = _curve(wild)
    assert steps[-1] < ended
    assert len(steps) == len(losses)
    measures = measure_runs(runs)
    assert measures.best == {1}
    said = measures.texts[0]
    after = wild.recording.steps >= ended
    assert after.any()
    assert {text for text, is_after in zip(said, after, strict=True) if is_after} == {f"diverged at {ended:,}"}
    assert not any("diverged" in text for text, is_after in zip(said, after, strict=True) if not is_after)


def test_runs_that_learned_enough_early_keep_their_own_states_up_to_there() -> None:
    chosen = variants("training.aggression=0.3,0.1,0.01", "training.stop=[{loss: 0.115}]", "training.steps=[2000]")
    runs = _trained([each.experiment for each in chosen], 1, silent)
    ended = [run.recording.stopped_at for run in runs]
    assert ended[2] is None
    assert ended[0] is not None
    assert ended[1] is not None
    assert ended[0] < ended[1]
    aligned = _align_snapshots(chosen, runs)
    assert [one.last_step for one in aligned] == [ended[0], ended[1], 2000]
    steps, losses = _curve(aligned[1])
    assert steps[-1] == ended[1]
    assert losses[-1] <= 0.115


@pytest.mark.parametrize("size", ["640x360", "360x360", "360x640"])
@pytest.mark.parametrize("task", TASKS)
def test_no_text_stands_on_another_or_leaves_the_frame(task: str, size: str) -> None:
    for count in (2, 5):
        shown, n_frames = board(variants(f"seed={','.join(map(str, range(count)))}", task=task, size=size))
        for frame in (0, n_frames - 1):
            shown.draw(shown_moment(shown, frame))
            hold_apart(shown)


@pytest.mark.parametrize("size", ["640x360", "360x360", "360x640"])
@pytest.mark.parametrize("task", TASKS)
def test_in_a_grid_too_no_text_stands_on_another(task: str, size: str) -> None:
    shown, n_frames = board(variants("training.aggression=0.05,1,2", "training.noise=0,0.125", task=task, size=size))
    for frame in (0, n_frames - 1):
        shown.draw(shown_moment(shown, frame))
        hold_apart(shown)


def shown_moment(shown: SmallMultiples, frame: int):  # type: ignore[no-untyped-def]
    return shown.stages["header"].moments[frame]


def hold_apart(shown: SmallMultiples) -> None:
    renderer = shown.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    written = [one for one in shown.figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    boxes = [(one.get_text(), one.get_window_extent(renderer)) for one in written]
    changing = [one for stage in shown.stages.values() for one in stage.animated if isinstance(one, ChangingText)]
    boxes += [(one.content, one.get_window_extent(renderer)) for one in changing if one.content]
    width, height = shown.figure.canvas.get_width_height()
    for words, box in boxes:
        assert -2 < box.x0 <= box.x1 < width + 2, words
        assert -2 < box.y0 <= box.y1 < height + 2, words
    for (one, box), (other, second) in combinations(boxes, 2):
        wide = min(box.x1, second.x1) - max(box.x0, second.x0)
        high = min(box.y1, second.y1) - max(box.y0, second.y0)
        assert wide <= 1.5 or high <= 1.5, f"{one!r} stands on {other!r}"


@pytest.mark.parametrize(
    ("task", "panel"),
    [("curve", "fit"), ("series", "fit"), ("classes", "boundary"), ("table", "table"), ("many inputs", "boundary")],
)
def test_a_tile_shows_what_fits_all(task: str, panel: str) -> None:
    assert tile_panel([each.experiment for each in variants("seed=1,2", task=task)]) == panel


@pytest.mark.parametrize("n", [2, 8, 9, MOST])
def test_every_run_has_a_colour_of_its_own(n: int) -> None:
    for theme in themes:
        assert len(set(run_colors(n, themes[theme]()))) == n


@pytest.mark.parametrize("theme", themes)
@pytest.mark.parametrize("n_classes", [2, 3, 4])
def test_a_runs_colour_is_none_of_a_class_nor_of_the_ground(n_classes: int, theme: str) -> None:
    look = themes[theme]()
    for n in range(2, 7):
        colors = run_colors(n, look, n_classes)
        for color in colors:
            for other in (*look.classes[:n_classes], look.background):
                assert np.linalg.norm(lab(linear(color)) - lab(linear(other))) > 25
        for one, other in combinations(colors, 2):
            assert np.linalg.norm(lab(linear(one)) - lab(linear(other))) > 20


@pytest.mark.parametrize("sweep", ["seed=1", f"seed={','.join(map(str, range(MOST + 1)))}"])
def test_too_few_or_too_many_are_refused(sweep: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="takes from 2 to"):
        compare(variants(sweep), "none", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_are_told_apart_by_title_or_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("title: One\n" + text())
    (tmp_path / "b.yaml").write_text("title: Two\n" + text())
    (tmp_path / "c.yaml").write_text("title: Two\n" + text())
    found, name = load_compared_variants(["a.yaml", "b.yaml", "c.yaml"], [], [])
    assert [each.label for each in found] == ["One", "b", "c"]
    assert name == "a-comparison"
    (tmp_path / "c.yaml").write_text("task: 3")
    (tmp_path / "b.yaml").write_text("task: 4")
    with pytest.raises(ExperimentError) as caught:
        load_compared_variants(["a.yaml", "b.yaml", "c.yaml"], [], [])
    assert {problem.place.partition(":")[0] for problem in caught.value.problems} == {"b.yaml", "c.yaml"}
