"""Whatever the experiment and the frame: no word on another, and none cut off by the edge."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.transforms import Bbox
from small_runs import NAMES, SIZES, DrawnFilm, experiment, film, words

from backprop_anim.config import load_experiment
from backprop_anim.config.examples import example_names, examples_folder
from backprop_anim.experiment.themes import themes
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels import panels
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

TOLERANCE = 2.6
"""Points by which boxes may meet: they are as high as the font's lines, which is more than what is inked."""


def overlaps(found: list[tuple[str, Bbox]], scale: float) -> list[tuple[str, str]]:
    most = TOLERANCE * scale
    return [
        (one, other)
        for (one, a), (other, b) in combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > most and min(a.y1, b.y1) - max(a.y0, b.y0) > most
    ]


def clipped(found: list[tuple[str, Bbox]], size: str) -> list[str]:
    width, height = map(int, size.split("x"))
    return [
        text for text, box in found if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]


def unsupported_reason(name: str, panel: str) -> str | None:
    return panels[panel]().unsupported_reason(experiment(name))


def hold(shown: DrawnFilm, size: str, least: int = 8) -> None:
    for frame in shown.some_frames()[::2]:
        if shown.moments[frame].card:  # it covers the panels
            continue
        shown.draw(frame)
        found = words(shown.canvas)
        assert len(found) >= least
        assert overlaps(found, shown.stage("header").scale) == []
        assert clipped(found, size) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_in_the_usual_layout(name: str, size: str) -> None:
    hold(film(name, f"video.size={size}"), size)


@pytest.mark.parametrize("theme", themes)
def test_in_every_theme(theme: str) -> None:
    hold(film("classes", "video.size=540x540", f"video.theme={theme}"), "540x540")


@pytest.mark.parametrize(("size", "columns"), [("540x960", 3), ("640x360", 1)])
@pytest.mark.parametrize("name", ["series", "target", "classes"])
def test_in_narrow_and_in_low_panels(name: str, size: str, columns: int) -> None:
    names = [panel for panel in ("fit", "network", "loss") if not unsupported_reason(name, panel)]
    grid = [names] if columns > 1 else [[panel] for panel in names]
    hold(film(name, f"video.size={size}", f"video.panels={grid}".replace("'", "")), size)


@pytest.mark.parametrize("panel", panels)
def test_in_every_panel(panel: str) -> None:
    fitting = [name for name in NAMES if not unsupported_reason(name, panel)]
    assert fitting, f"no experiment of these tests shows {panel}"
    for name in fitting[-2:]:
        hold(film(name, "video.size=540x540", f"video.panels=[[{panel}]]"), "540x540", least=3)


@pytest.mark.parametrize("size", ["540x540", "540x960"])
@pytest.mark.parametrize("name", example_names())
def test_in_the_examples(name: str, size: str) -> None:
    """Their layouts are for wide frames; in others they may look odd, but can still be read."""
    path = examples_folder() / f"{name}.yaml"
    few = ["training.steps=40", "snapshots={count: 5}", "video.seconds=null", f"video.size={size}", "video.fps=5"]
    slow = load_experiment(path).video.slow_motion
    few.append("video.slow_motion=[{step: 7, seconds: 2}]" if slow else "video.milestones=false")
    run = train(load_experiment(path, few))
    moments = timeline(run.experiment.video, run)
    hold(DrawnFilm(Canvas(run, moments), moments, run), size)


def test_in_the_size_of_a_real_film() -> None:
    hold(film("series", "video.size=1280x720"), "1280x720")


def test_the_test_sees_what_overlaps() -> None:
    one, other, apart = (
        Bbox.from_extents(0, 0, 10, 10),
        Bbox.from_extents(5, 5, 20, 20),
        Bbox.from_extents(30, 0, 40, 9),
    )
    assert overlaps([("one", one), ("other", other), ("apart", apart)], 1.0) == [("one", "other")]
    assert clipped([("one", one), ("apart", apart)], "35x20") == ["apart"]
