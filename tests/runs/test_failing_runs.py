"""A run that fails, diverges or is interrupted leaves what was there, and of its own only what is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folder_contents import hashes

from backprop_anim.common.errors import DivergedError, OutputError
from backprop_anim.config import load_experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.runs.pipeline import draw_run, run
from backprop_anim.runs.recordings import open_run
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.runs.stills import draw_still
from backprop_anim.runs.up_to_date import bring_up_to_date


def boom(at: int) -> Callable[..., Any]:
    """A `Canvas.draw` that fails after some frames."""
    usual, calls = Canvas.draw, []

    def draw(self: Canvas, moment: Any) -> Any:
        calls.append(moment)
        if len(calls) > at:
            raise RuntimeError("the lights went out")
        return usual(self, moment)

    return draw


@pytest.mark.parametrize("at", [0, 12])
def test_an_error_while_drawing_leaves_what_was_there(at: int, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashes(place)
    experiment = load_experiment(place / "experiment.yaml", ["seed=9"])
    monkeypatch.setattr(Canvas, "draw", boom(at))
    with pytest.raises(RuntimeError, match="lights"):
        run(experiment, place.parent)
    with pytest.raises(RuntimeError, match="lights"):
        draw_still(open_run(place / "recording.npz"), 3, place)
    assert hashes(place) == before


def test_an_interruption_leaves_what_was_there(place: Path) -> None:
    before = hashes(place)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "drawing" and done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(load_experiment(place / "experiment.yaml"), place.parent, RunOptions(progress=interrupt))
    assert hashes(place) == before


def test_a_run_that_diverges_is_filmed_as_far_as_it_came(place: Path) -> None:
    settings = ["training.aggression=100000", "training.steps=300"]
    experiment = load_experiment(place / "experiment.yaml", settings)
    summary = run(experiment, place.parent)
    told, recording = summary.as_mapping(), summary.recording
    assert told["diverged_at"] == recording.diverged_at == len(recording.losses) > 0
    assert told["steps"] == recording.steps[-1] < told["diverged_at"]
    assert len((place / "losses.csv").read_text().splitlines()) == 1 + told["diverged_at"]
    again = open_run(place / "recording.npz")
    assert again.diverged_at == recording.diverged_at
    drawn = draw_run(again, place / "again", place)
    assert hashes(drawn.folder)["tiny.mp4"] == hashes(place)["tiny.mp4"]
    for made in (bring_up_to_date(experiment, place.parent), bring_up_to_date(experiment, place.parent)):
        assert made.plan.stage == "nothing"
        assert f"at step {told['diverged_at']:,} the loss is not finite" in made.failure


def test_slow_motion_of_a_step_that_a_run_did_not_reach_is_left_out_and_said(place: Path) -> None:
    settings = ["training.aggression=100000", "training.steps=300", "video.slow_motion=[{step: 299, seconds: 2}]"]
    summary = run(load_experiment(place / "experiment.yaml", settings), place.parent)
    assert any("no slow motion of step 299" in note for note in summary.notes)
    assert "step: 299" in (place / "experiment.yaml").read_text()
    with pytest.raises(DivergedError, match="training diverged"):
        run(load_experiment(place / "experiment.yaml"), place.parent, RunOptions(explain=True))


def test_a_place_that_is_a_file(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        run(load_experiment(source / "tiny.yaml"), tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


def test_progress_is_told_from_start_to_end(source: Path, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    run(
        load_experiment(source / "tiny.yaml", ["video.formats=[mp4]"]),
        tmp_path,
        RunOptions(progress=lambda *told: heard.append(told)),
    )
    for stage, total in (("training", 30), ("drawing", 12)):
        told = [(done, of) for name, done, of in heard if name == stage]
        assert told[0] == (0, total)
        assert told[-1] == (total, total)
        assert [done for done, _ in told] == sorted(done for done, _ in told)
