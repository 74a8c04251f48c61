"""A job that travels with its files: what comes back is what would have been made here, and all of it or nothing."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny_font import write_font

from backprop_anim.batch.batch_plan import plan_batch
from backprop_anim.batch.jobs import Job, run_job
from backprop_anim.batch.portable_jobs import PackedJob, PackedResult, pack_job, run_packed_job, unpack_result
from backprop_anim.common.errors import BackpropAnimError, OutputError
from backprop_anim.config import read_experiment

CSV = "x,y\n" + "".join(f"{x},{x * x}\n" for x in range(12))
TABLE = """\
title: A table
task: {kind: table, file: "../my data.csv", inputs: [x], targets: [y]}
network: {hidden: 3, init: {kind: file, file: start.npz}}
training: {steps: 20, noise: 0.5}
snapshots: {count: 4}
video: {size: 160x90, fps: 5, hold: 0.2, opening: 0, formats: [mp4, gif], font: ../tiny.ttf}
"""
START = """\
task: {kind: curve, curve: circle, points: 5}
network: {layers: [1, 3, 1]}
training: {steps: 1}
video: {size: 160x90, fps: 5, hold: 0.2, opening: 0, formats: [png]}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an experiment that reads three files; two of them lie elsewhere."""
    folder = tmp_path / "here" / "configs"
    folder.mkdir(parents=True)
    (tmp_path / "here" / "my data.csv").write_text(CSV)
    write_font(tmp_path / "here" / "tiny.ttf")
    (folder / "first.yaml").write_text(START.replace("curve, curve: circle", 'series, y: "t"'))
    made = run_job(job(folder, "first.yaml"))
    assert not made.failed, made.reason
    shutil.copyfile(tmp_path / "here" / "outputs" / "first" / "weights.npz", folder / "start.npz")
    (folder / "run.yaml").write_text(TABLE)
    return folder


def job(folder: Path, name: str = "run.yaml", *settings: str, frames: bool = False, force: bool = False) -> Job:
    (task,) = plan_batch([folder / name], folder.parent / "outputs", settings, (), frames, force).tasks
    assert not task.error
    return task.job


def sent(packed: PackedJob, scratch: Path) -> PackedResult:
    """Through pickle, as over a network, there and back."""
    scratch.mkdir()
    packed_result = run_packed_job(pickle.loads(pickle.dumps(packed)), scratch)
    shutil.rmtree(scratch)
    found: PackedResult = pickle.loads(pickle.dumps(packed_result))
    return found


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "summary.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_what_comes_back_is_what_would_have_been_made_here(place: Path, tmp_path: Path) -> None:
    here = place.parent / "outputs" / "run"
    wanted = job(place, frames=True)
    packed = pack_job(wanted)
    assert set(packed.files) == {"my data.csv", "start.npz", "tiny.ttf"}
    shutil.move(place.parent, tmp_path / "away")  # the worker shares no disk
    packed_result = sent(packed, tmp_path / "scratch")
    shutil.move(tmp_path / "away", place.parent)
    result = unpack_result(packed_result, Path(wanted.output))
    assert (result.did, result.reason, result.label) == ("trained", "there is no finished run", wanted.label)
    travelled = contents(here)
    assert {"run.mp4", "frames/000000.png", "my data.csv", "experiment.yaml"} <= set(travelled)
    plan = job(place, frames=True).plan
    assert plan is not None
    assert plan.stage == "nothing", "what was made elsewhere is up to date here"
    assert run_job(job(place, frames=True, force=True)).did == "trained"
    assert contents(here) == travelled


def test_a_run_that_is_only_drawn_again_takes_its_recording_along(place: Path, tmp_path: Path) -> None:
    assert run_job(job(place)).did == "trained"
    here = place.parent / "outputs" / "run"
    before = contents(here)
    wanted = job(place, "run.yaml", "video.theme=dark")
    packed_result = sent(pack_job(wanted), tmp_path / "scratch")
    result = unpack_result(packed_result, Path(wanted.output))
    assert (result.did, result.reason) == ("drew", "video.theme changed from light to dark")
    assert result.told["seconds"]["train"] < 0.1
    after = contents(here)
    assert after["recording.npz"] != before["recording.npz"], "it holds the theme"
    assert after["losses.csv"] == before["losses.csv"]
    assert after["run.mp4"] != before["run.mp4"]
    plan = job(place, "run.yaml", "video.theme=dark").plan
    assert plan is not None
    assert plan.stage == "nothing"


def test_other_versions_are_refused_before_any_work(place: Path, tmp_path: Path) -> None:
    packed = pack_job(job(place))
    other = PackedJob(packed.job, packed.files, None, {**packed.versions, "numpy": "9.9"})
    packed_result = sent(other, tmp_path / "scratch")
    assert packed_result.result.failed
    assert "numpy" in packed_result.result.reason
    assert "instead of 9.9" in packed_result.result.reason
    assert not packed_result.files


def test_a_run_that_fails_there_leaves_what_stood_here(place: Path, tmp_path: Path) -> None:
    assert not run_job(job(place)).failed
    here = place.parent / "outputs" / "run"
    before = contents(here)
    weights = place / "weights.npz"
    given = read_experiment(job(place).text, label="run", name="run", folder=place)
    np.savez(weights, **{name: np.full(shape, 1e300) for name, shape in given.network.layout.shapes().items()})
    wild = job(place, "run.yaml", f"network.init={{kind: file, file: {weights}}}")
    packed_result = sent(pack_job(wild), tmp_path / "scratch")
    assert unpack_result(packed_result, Path(wild.output)).failed
    assert "diverged: at step 0" in packed_result.result.reason
    assert contents(here) == before


def test_a_run_that_diverges_there_comes_back_with_its_film(place: Path, tmp_path: Path) -> None:
    wild = job(place, "run.yaml", "training.aggression=1e6", "training.steps=500", "network.activation=linear")
    packed_result = sent(pack_job(wild), tmp_path / "scratch")
    result = unpack_result(packed_result, Path(wild.output))
    assert result.failed
    assert "at step" in result.reason
    assert result.told["diverged_at"] > 0
    assert {"recording.npz", "run.png"} <= contents(place.parent / "outputs" / "run").keys()


def test_a_delivery_that_does_not_fit_leaves_what_stood_here(place: Path, tmp_path: Path) -> None:
    assert not run_job(job(place)).failed
    here = place.parent / "outputs" / "run"
    before = contents(here)
    packed_result = sent(pack_job(job(place, force=True)), tmp_path / "scratch")
    files = dict(packed_result.files)
    files["x" * 300] = files["run.mp4"]
    with pytest.raises(OutputError, match="cannot write"):
        unpack_result(PackedResult(packed_result.result, files), place.parent / "outputs")
    assert contents(here) == before
    assert not list(here.glob(".unfinished-*"))


def test_a_file_that_went_away_is_said(place: Path) -> None:
    wanted = job(place)
    (place / "start.npz").unlink()
    with pytest.raises(BackpropAnimError, match=r"start\.npz"):
        pack_job(wanted)
