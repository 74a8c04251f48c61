"""From an experiment to files: true, complete, the same again, and never half of them."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from folder_contents import hashes, names
from numpy.typing import NDArray
from PIL import Image

from backprop_anim import __version__
from backprop_anim.common.errors import ExperimentError, UsageError
from backprop_anim.config import load_experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.runs.pipeline import draw_run, run
from backprop_anim.runs.recordings import open_run, revised
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.runs.stills import draw_still
from backprop_anim.runs.summary import Summary
from backprop_anim.story.timeline import timeline
from backprop_anim.writers import formats
from backprop_anim.writers.encoder_pipe import executable

OWN = {"recording.npz", "weights.npz", "losses.csv", "states.csv", "experiment.yaml", "summary.json"}
PICTURES = {"tiny.mp4", "tiny.gif", "tiny.png"}
BESIDE = {"rows.csv", "initial-weights.npz"}


def decoded(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    command = [executable(), "-v", "error", "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo"]
    raw = subprocess.run([*command, "-pix_fmt", "rgb24", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def said_by_ffmpeg(path: Path) -> str:
    return subprocess.run([executable(), "-i", path], capture_output=True, text=True, check=False).stderr


# what a run leaves


def test_a_run_leaves_just_its_files(finished: Summary) -> None:
    assert names(finished.folder) == OWN | PICTURES | BESIDE
    assert {path.name for path in finished.files} == names(finished.folder)
    assert {path.name for path in finished.pictures} == PICTURES
    assert finished.pictures[0].name == "tiny.mp4"


def test_the_summary_is_what_the_film_is(finished: Summary) -> None:
    told = json.loads((finished.folder / "summary.json").read_text(encoding="utf-8"))
    frames = decoded(finished.folder / "tiny.mp4", told["width"], told["height"])
    assert len(frames) == told["frames"] == 8 + 4 + 5
    assert "10 fps" in said_by_ffmpeg(finished.folder / "tiny.mp4")
    assert told["fps"] == 10
    expected = {"name": "tiny", "seed": 0, "steps": 30, "parameters": 13}
    assert {key: told[key] for key in expected} == expected | {"seed": finished.experiment.seed}
    assert set(told["files"]) == names(finished.folder)
    assert set(told["seconds"]) == {"train", "draw", "total"}
    assert told["seconds"]["total"] >= told["seconds"]["train"] + told["seconds"]["draw"] - 0.002
    assert told["versions"]["backprop-anim"] == __version__
    assert {"numpy", "matplotlib", "pillow", "imageio-ffmpeg"} <= set(told["versions"])
    assert told == finished.as_mapping() | {"made_by": told["made_by"]}


def test_the_losses_of_the_summary_are_those_of_the_engine(finished: Summary) -> None:
    run = finished.recording
    for loss, parameters in ((finished.initial_loss, run.parameters[0]), (finished.final_loss, run.parameters[-1])):
        outputs = run.experiment.network.outputs(parameters, run.experiment.dataset.inputs)
        assert loss == pytest.approx(np.mean(np.sum((outputs - run.experiment.targets()) ** 2, axis=1)), rel=1e-12)


def test_the_table_of_losses_has_a_row_for_every_step_with_all_its_digits(finished: Summary) -> None:
    lines = (finished.folder / "losses.csv").read_text(encoding="ascii").splitlines()
    assert lines[0] == "step,loss"
    rows = [line.split(",") for line in lines[1:]]
    assert [int(step) for step, _ in rows] == list(range(1, 31))
    np.testing.assert_array_equal([float(loss) for _, loss in rows], finished.recording.losses)  # to the last bit
    assert float(rows[0][1]) == pytest.approx(finished.initial_loss, rel=1e-14)  # before the first update


def test_the_weights_are_those_of_the_last_state(finished: Summary) -> None:
    arrays = finished.experiment.network.layout.arrays(finished.recording.parameters[-1])
    with np.load(finished.folder / "weights.npz", allow_pickle=False) as stored:
        assert set(stored.files) == set(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(stored[name], array)


def test_the_poster_is_the_last_frame_before_it_fades_out(finished: Summary) -> None:
    moments = timeline(finished.experiment.video, finished.recording)
    last = Canvas(finished.recording, moments).draw(moments[8 + 4 - 1])
    with Image.open(finished.folder / "tiny.png") as poster:
        np.testing.assert_array_equal(np.asarray(poster.convert("RGB")), last[..., :3])


def test_the_film_shows_the_frames_in_order(finished: Summary) -> None:
    moments = timeline(finished.experiment.video, finished.recording)
    canvas = Canvas(finished.recording, moments)
    frames = decoded(finished.folder / "tiny.mp4", 160, 90).astype(int)
    for frame in (0, 4, 7):
        drawn = canvas.draw(moments[frame])[..., :3].astype(int)
        distances = np.abs(frames - drawn).mean(axis=(1, 2, 3))
        assert distances[frame] < distances.min() + 0.05  # the held ones at the end are equal but for the encoder


def test_data_and_weights_stand_beside(finished: Summary, source: Path) -> None:
    assert (finished.folder / "rows.csv").read_bytes() == (source / "rows.csv").read_bytes()
    assert (finished.folder / "initial-weights.npz").read_bytes() == (source / "weights.npz").read_bytes()
    text = (finished.folder / "experiment.yaml").read_text(encoding="utf-8")
    assert "name: tiny" in text
    assert str(source) not in text


# the same again


def test_the_experiment_that_is_left_gives_the_same_run(finished: Summary, tmp_path: Path) -> None:
    run(load_experiment(finished.folder / "experiment.yaml"), tmp_path)
    assert hashes(tmp_path / "tiny", "summary.json") == hashes(finished.folder, "summary.json")


def test_run_in_its_own_place_it_is_the_same(place: Path, finished: Summary) -> None:
    run(load_experiment(place / "experiment.yaml"), place.parent)
    assert hashes(place, "summary.json") == hashes(finished.folder, "summary.json")


def test_drawn_again_it_is_the_same(place: Path, finished: Summary) -> None:
    summary = draw_run(open_run(place / "recording.npz"), place, place)
    assert hashes(place, "summary.json") == hashes(finished.folder, "summary.json")
    told, before = summary.as_mapping(), finished.as_mapping()
    assert {key: told[key] for key in told if key != "seconds"} == {
        key: before[key] for key in before if key != "seconds"
    }


def test_another_seed_is_another_run(source: Path, tmp_path: Path) -> None:
    settings = ["seed=5", "video.formats=[png]"]
    other = run(load_experiment(source / "tiny.yaml", settings), tmp_path)
    assert other.recording.experiment.seed == 5
    assert other.final_loss != open_run(tmp_path / "tiny" / "recording.npz").losses[0]


# other films of the same run


def test_another_film_of_the_same_run(finished: Summary, tmp_path: Path) -> None:
    settings = ["video.theme=dark", "video.size=90x160", "video.fps=5", "title=Tall", "video.formats=[mp4]"]
    again = revised(open_run(finished.folder / "recording.npz"), settings)
    summary = draw_run(again, tmp_path / "tall", finished.folder)
    assert names(tmp_path / "tall") == (OWN | PICTURES | BESIDE) - {"tiny.gif"}
    frames = decoded(tmp_path / "tall" / "tiny.mp4", 90, 160)
    assert len(frames) == summary.n_frames == 8 + 2
    assert frames[0].mean() < 60  # dark
    np.testing.assert_array_equal(again.parameters, finished.recording.parameters)
    for name in ("losses.csv", "weights.npz"):
        assert (tmp_path / "tall" / name).read_bytes() == (finished.folder / name).read_bytes()


def test_only_the_film_can_be_changed(finished: Summary) -> None:
    recording = open_run(finished.folder / "recording.npz")
    with pytest.raises(UsageError, match="without training anew"):
        revised(recording, ["training.steps=7"])
    with pytest.raises(ExperimentError, match="was not recorded in full"):
        revised(recording, ["video.slow_motion=[{step: 3}]"])


@pytest.mark.parametrize("name", formats)
def test_every_format_can_be_asked_for(name: str, finished: Summary, tmp_path: Path) -> None:
    recording = revised(finished.recording, [f"video.formats=[{name}]"])
    summary = draw_run(recording, tmp_path, finished.folder)
    made = tmp_path / (f"tiny{formats[name].suffix}" if formats[name].suffix else name)
    assert made in summary.pictures
    assert made.exists()
    assert (tmp_path / "tiny.png").exists()


def test_frames_are_kept_on_demand(finished: Summary, tmp_path: Path) -> None:
    for _ in range(2):  # the second replaces the first
        summary = draw_run(finished.recording, tmp_path, finished.folder, RunOptions(keep_frames=True))
        assert tmp_path / "frames" in summary.pictures
        assert names(tmp_path / "frames") == {f"{frame:06d}.png" for frame in range(17)}
    with Image.open(tmp_path / "frames" / "000011.png") as last, Image.open(tmp_path / "tiny.png") as poster:
        np.testing.assert_array_equal(np.asarray(last), np.asarray(poster))


@pytest.mark.parametrize(("step", "shown"), [(0, 0), (30, 30), (10**6, 30)])
def test_a_still_is_the_state_at_a_step(step: int, shown: int, finished: Summary, tmp_path: Path) -> None:
    picture, found = draw_still(finished.recording, step, tmp_path / "stills")
    assert (picture, found) == (tmp_path / "stills" / f"tiny-step-{shown}.png", shown)
    with Image.open(picture) as image:
        assert image.size == (160, 90)
    assert names(tmp_path / "stills") == {picture.name}


def test_a_picture_alone_is_the_films_last_frame_and_all_that_is_drawn(
    finished: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, usual = [], Canvas.draw
    monkeypatch.setattr(Canvas, "draw", lambda self, moment: (drawn.append(moment), usual(self, moment))[1])
    summary = draw_run(revised(finished.recording, ["video.formats=[png]"]), tmp_path, finished.folder)
    assert len(drawn) == summary.n_frames == 1
    with Image.open(tmp_path / "tiny.png") as alone, Image.open(finished.folder / "tiny.png") as poster:
        np.testing.assert_array_equal(np.asarray(alone), np.asarray(poster))


def test_a_still_between_two_states_shows_the_earlier(finished: Summary, tmp_path: Path) -> None:
    steps = finished.recording.steps.tolist()
    gap = next(step + 1 for step, after in pairwise(steps) if after > step + 1)
    for settings in ((), ("video.seconds=0.2",)):  # even where the film itself skips that state
        recording = revised(finished.recording, settings)
        assert draw_still(recording, gap, tmp_path)[1] == gap - 1
