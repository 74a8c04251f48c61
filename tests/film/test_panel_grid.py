"""A frame of few pixels has larger letters and fewer panels, and says so; one that is large enough stays as it was."""

from __future__ import annotations

from itertools import pairwise

import pytest
from small_runs import experiment, film, letter_sizes

from backprop_anim.drawing.layout import LEAST_PX, FrameLayout
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.film.panel_grid import PanelGrid, choose_grid
from backprop_anim.panels import default_grid, panels
from backprop_anim.story.timeline import timeline

LEFT_OUT = "left out: "


def chosen(name: str, size: str, *settings: str) -> PanelGrid:
    shown = film(name, f"video.size={size}", *settings)
    return choose_grid(shown.recording.experiment)


@pytest.mark.parametrize("size", ["1280x720", "832x468", "1920x1080", "720x1280", "480x480"])
@pytest.mark.parametrize("name", ["heart", "classes", "slow"])
def test_a_frame_that_is_large_enough_has_720_points_and_all_panels(name: str, size: str) -> None:
    found = chosen(name, size)
    width, height = map(int, size.split("x"))
    assert found.frame == FrameLayout(width, height)
    assert found.rows == default_grid(found_experiment(name, size), width / height)
    assert found.notes == []


def found_experiment(name: str, size: str) -> Experiment:
    return film(name, f"video.size={size}").recording.experiment


@pytest.mark.parametrize("size", ["640x360", "480x270", "360x640", "400x400"])
@pytest.mark.parametrize("name", ["heart", "series", "classes", "slow", "target"])
def test_every_letter_of_a_small_frame_can_be_read(name: str, size: str) -> None:
    shown = film(name, f"video.size={size}")
    scale = shown.stage("header").scale
    for frame in shown.some_frames():
        shown.draw(frame)
        assert {(text, size) for text, size in letter_sizes(shown.canvas) if size * scale < LEAST_PX - 1e-6} == set()


@pytest.mark.parametrize("size", ["640x360", "480x270", "320x180", "360x640", "180x180"])
@pytest.mark.parametrize("name", ["heart", "classes", "slow"])
def test_what_is_left_out_is_told(name: str, size: str) -> None:
    found = chosen(name, size)
    usual = {panel for row in default_grid(experiment(name), found.frame.width / found.frame.height) for panel in row}
    missing = usual - set(found.cells) - set(found.between.values())
    told = [note for note in found.notes if LEFT_OUT in note]
    assert len(told) == bool(missing)
    for note in told:
        assert note.startswith(f"at {size} the panel")
        assert {panel for panel in panels if panel in note.replace(",", "").split()} == missing


def test_at_640x360_what_leads_stays_and_gives_way_to_the_formulas_of_a_step() -> None:
    assert set(chosen("heart", "640x360").cells) == {"fit", "network"}
    assert chosen("heart", "640x360").notes == [
        "at 640x360 the panel loss is left out: its text would be under 9 pixels"
    ]
    assert set(chosen("slow", "640x360").cells) == {"equations", "network"}
    assert chosen("slow", "640x360").between == {"equations": "boundary"}
    assert chosen("slow", "640x360").notes == []
    run = film("slow", "video.size=640x360").recording
    explained = Canvas(run, timeline(run.experiment.video, run, explain=True))
    assert set(explained.stages) == {"header", "network", "equations"}
    assert list(chosen("heart", "320x180").cells) == ["fit"]


def test_what_was_asked_for_stays_with_letters_as_large_as_it_has_room_for() -> None:
    alone = chosen("heart", "640x360", "video.panels=[[loss]]")
    many = chosen("heart", "640x360", "video.panels=[[fit, network], [loss, table], [weights, updates]]")
    assert alone.notes == []
    assert alone.frame.scale * 14 == pytest.approx(LEAST_PX)
    assert set(many.cells) == {"fit", "network", "loss", "table", "weights", "updates"}
    assert many.frame == FrameLayout(640, 360)
    assert many.notes == ["at 640x360 some text is under 9 pixels: a larger frame or fewer panels would help"]


@pytest.mark.parametrize("name", ["heart", "classes", "slow"])
def test_smaller_frames_never_have_more_panels(name: str) -> None:
    counts = [len(chosen(name, f"{16 * k}x{9 * k}").cells) for k in range(10, 60, 4)]
    assert all(more >= fewer for fewer, more in pairwise(counts))
    assert counts[0] == 1
    assert counts[-1] == 3


@pytest.mark.parametrize("size", ["64x64", "64x300", "300x64", "96x96"])
@pytest.mark.parametrize("panel", panels)
def test_no_frame_is_too_small_to_be_drawn(panel: str, size: str) -> None:
    for name in ("slow", "heart"):
        if panels[panel]().unsupported_reason(experiment(name)) is None:
            assert film(name, f"video.panels=[[{panel}]]", f"video.size={size}").draw(-1).any()
