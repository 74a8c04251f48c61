"""What is up to date is left as it is; what is not is made again, and the reason is given."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tiny_font import write_font

from backprop_anim.config import load_experiment
from backprop_anim.experiment import FontChoice
from backprop_anim.runs import freshness, up_to_date
from backprop_anim.runs.freshness import UpdatePlan
from backprop_anim.runs.pipeline import draw_run
from backprop_anim.runs.recordings import open_run, revised
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.runs.up_to_date import RunOutcome, bring_up_to_date, plan_update

TINY = """\
title: Tiny
seed: 0
task: {kind: table, file: rows.csv, inputs: [x], targets: [y]}
network: {hidden: 3, activation: tanh}
training: {steps: 12, aggression: 0.2}
snapshots: {count: 4}
video: {size: 160x90, fps: 5, hold: 0.2, opening: 0, formats: [mp4]}
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("original")
    (place / "rows.csv").write_text("x,y\n0,0\n0.5,0.7\n1,0.2\n")
    (place / "tiny.yaml").write_text(TINY)
    assert bring_up_to_date(load_experiment(place / "tiny.yaml"), place / "outputs").plan.stage == "train"
    return place


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "place"))  # times are kept


def plan(place: Path, *settings: str, frames: bool = False, force: bool = False) -> UpdatePlan:
    return plan_update(load_experiment(place / "tiny.yaml", settings), place / "outputs", frames, force)


def remake(place: Path, *settings: str) -> RunOutcome:
    return bring_up_to_date(load_experiment(place / "tiny.yaml", settings), place / "outputs")


def test_a_finished_run_is_up_to_date(place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (place / "outputs" / "tiny").iterdir()}
    made = remake(place)
    assert (made.plan.stage, made.summary, made.as_mapping()["did"]) == ("nothing", None, "nothing")
    assert made.as_mapping()["name"] == "tiny"
    assert {path: path.stat().st_mtime_ns for path in (place / "outputs" / "tiny").iterdir()} == before


def test_other_times_of_the_same_bytes_do_not_matter(place: Path) -> None:
    for path in (place / "outputs" / "tiny").iterdir():
        path.touch()
    assert plan(place).stage == "nothing"


@pytest.mark.parametrize(
    ("setting", "stage", "reason"),
    [
        ("title=Another", "draw", "title changed from Tiny to Another"),
        ("video.theme=dark", "draw", "video.theme changed from light to dark"),
        ("video.formats=[gif]", "draw", "video.formats changed"),
        ("video.panels=[[loss]]", "draw", "video.panels changed"),
        ("training.noise=0.5", "train", "training.noise changed from 0.0 to 0.5"),
        ("training.optimizer=adamw", "train", "training.optimizer changed from sgd to adamw"),
        ("seed=3", "train", "seed changed from 0 to 3"),
        ("network.hidden=4", "train", "network.layers changed from [1, 3, 1] to [1, 4, 1]"),
        ("snapshots.count=5", "train", "snapshots.count changed from 4 to 5"),
        ("video.slow_motion=[{step: 3, seconds: 2}]", "train", "steps in slow motion changed from [] to [3]"),
    ],
)
def test_a_setting_that_changed_is_named(place: Path, setting: str, stage: str, reason: str) -> None:
    found = plan(place, setting)
    assert (found.stage, found.is_news) == (stage, True)
    assert found.reason.startswith(reason)


def test_training_comes_before_drawing(place: Path) -> None:
    found = plan(place, "video.theme=dark", "training.noise=0.5")
    assert (found.stage, found.reason) == ("train", "training.noise changed from 0.0 to 0.5, and 1 more")


def test_other_data_are_noticed(place: Path) -> None:
    (place / "rows.csv").write_text("x,y\n0,0\n0.5,0.7\n1,0.3\n")
    assert plan(place) == UpdatePlan("train", "the contents of task.file changed")


def test_a_drawing_goes_with_its_run_and_another_is_noticed(tmp_path: Path) -> None:
    text = (
        "task: {kind: curve, file: one.svg, points: 5}\nnetwork: {layers: [1, 2]}\ntraining: {steps: 2}\n"
        "video: {size: 160x90, fps: 5, seconds: 0.4, hold: 0, opening: 0, formats: [png]}\n"
    )
    (tmp_path / "drawn.yaml").write_text(text)
    drawing = tmp_path / "one.svg"
    drawing.write_text("<svg><path d='M0 0h9'/></svg>")
    bring_up_to_date(load_experiment(tmp_path / "drawn.yaml"), tmp_path / "outputs")
    left = load_experiment(tmp_path / "outputs" / "drawn" / "experiment.yaml")
    assert plan_update(left, tmp_path / "outputs", False, False).stage == "nothing"
    drawing.write_text("<svg><path d='M0 0v9'/></svg>")
    found = plan_update(load_experiment(tmp_path / "drawn.yaml"), tmp_path / "outputs", False, False)
    assert found == UpdatePlan("train", "the contents of task.file changed")


def test_a_font_file_goes_with_its_run_and_another_draws_again(tmp_path: Path) -> None:
    text = (
        "title: abc\ntask: {kind: curve, curve: circle, points: 5}\nnetwork: {layers: [1, 2]}\ntraining: {steps: 2}\n"
        "video: {size: 160x90, fps: 5, seconds: 0.4, hold: 0, opening: 0, formats: [png], font: mine.ttf}\n"
    )
    (tmp_path / "said.yaml").write_text(text)
    font, outputs = tmp_path / "mine.ttf", tmp_path / "outputs"
    write_font(font)
    bring_up_to_date(load_experiment(tmp_path / "said.yaml"), outputs)
    assert (outputs / "said" / "mine.ttf").read_bytes() == font.read_bytes()
    picture = (outputs / "said" / "said.png").read_bytes()
    write_font(font, letters="x")
    found = plan_update(load_experiment(tmp_path / "said.yaml"), outputs, False, False)
    assert found == UpdatePlan("draw", "the contents of video.font.file changed")
    moved = (outputs / "said").rename(outputs / "moved")  # a run has all that it needs beside it
    font.unlink()
    draw_run(open_run(moved / "recording.npz"), tmp_path / "again", moved)
    assert (tmp_path / "again" / "said.png").read_bytes() == picture
    other = revised(open_run(moved / "recording.npz"), ["video.font=null"])
    draw_run(other, tmp_path / "other", moved)
    assert (tmp_path / "other" / "said.png").read_bytes() != picture
    same = revised(open_run(moved / "recording.npz"), ["video.hold=1"])
    assert same.experiment.video.font == FontChoice(file="mine.ttf")
    assert same.experiment.video.font.place == moved / "mine.ttf"


def test_another_name_of_the_same_data_is_not(place: Path) -> None:
    (place / "rows.csv").rename(place / "others.csv")
    assert plan(place, "task.file=others.csv").stage == "nothing"


@pytest.mark.parametrize(("package", "stage"), [("numpy", "train"), ("drawn by matplotlib", "draw")])
def test_another_version_is_noticed(place: Path, package: str, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = freshness.current_versions() | {package: "99.1"}
    monkeypatch.setattr(freshness, "current_versions", lambda: newer)
    assert plan(place).stage == stage
    assert "99.1" in plan(place).reason


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("tiny.mp4", "draw"),
        ("tiny.png", "draw"),
        ("losses.csv", "draw"),
        ("rows.csv", "draw"),
        ("recording.npz", "train"),
    ],
)
def test_a_file_that_is_not_whole_is_made_again(place: Path, name: str, stage: str) -> None:
    path = place / "outputs" / "tiny" / name
    whole = path.read_bytes()
    for harm in (
        lambda: path.write_bytes(whole[:-1]),
        lambda: path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1])),
        path.unlink,
    ):
        harm()
        found = plan(place)
        assert (found.stage, name in found.reason) == (stage, True)
    assert remake(place).plan.stage == stage
    assert path.read_bytes() == whole
    assert plan(place).stage == "nothing"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"made_by": 3}', '{"made_by": {"settings": {}}}', "[" * 100_000])
def test_a_summary_that_says_nothing_means_no_run(place: Path, text: str) -> None:
    (place / "outputs" / "tiny" / "summary.json").write_text(text)
    assert plan(place) == UpdatePlan("train", "there is no finished run", is_news=False)


def test_drawing_again_gives_what_a_new_run_gives(place: Path, tmp_path: Path) -> None:
    made = remake(place, "video.theme=dark", "title=Dark")
    assert made.plan.stage == "draw"
    fresh = bring_up_to_date(
        load_experiment(place / "tiny.yaml", ["video.theme=dark", "title=Dark"]), tmp_path / "fresh"
    )
    assert fresh.summary is not None
    assert made.summary is not None
    for path in fresh.summary.files:
        if path.name != "summary.json":
            assert path.read_bytes() == (made.summary.folder / path.name).read_bytes(), path.name
    assert json.loads((place / "outputs" / "tiny" / "summary.json").read_text())["seconds"]["train"] < 0.5


def test_frames_are_added_and_then_there(place: Path) -> None:
    assert plan(place, frames=True).stage == "draw"
    bring_up_to_date(load_experiment(place / "tiny.yaml"), place / "outputs", RunOptions(keep_frames=True))
    assert plan(place, frames=True).stage == "nothing"
    next((place / "outputs" / "tiny" / "frames").iterdir()).unlink()
    assert plan(place, frames=True).stage == "draw"


def test_a_damaged_recording_whose_time_was_kept_is_trained_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place / "outputs" / "tiny" / "recording.npz"
    path.write_bytes(b"?" * path.stat().st_size)
    monkeypatch.setattr(freshness, "_is_whole", lambda *_: True)
    made = remake(place, "video.theme=dark")
    assert made.plan.stage == "train"
    assert made.summary is not None


def test_force_does_everything(place: Path) -> None:
    assert plan(place, force=True).stage == "train"


def test_what_draws_is_not_imported_for_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up_to_date, "_drawn_again", None)
    assert remake(place).plan.stage == "nothing"
