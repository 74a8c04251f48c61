"""Whatever the experiment and the frame: no word on another, and none cut off by the edge."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.transforms import Bbox
from small_runs import NAMES, SIZES, Film, film, words

from backprop_anim.panels import panels
from backprop_anim.theme import themes

TOLERANCE = 2.6
"""Points by which boxes may meet: they are as high as the font's lines, which is more than what is inked."""

ALONE = {"row": lambda names: [names], "column": lambda names: [[name] for name in names]}


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


def hold(shown: Film, size: str) -> None:
    for frame in shown.some_frames():
        if shown.moments[frame].card:  # it covers the panels
            continue
        shown.draw(frame)
        found = words(shown.canvas)
        assert len(found) > 8
        assert overlaps(found, shown.stage("header").scale) == []
        assert clipped(found, size) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_in_the_usual_layout(name: str, size: str) -> None:
    hold(film(name, f"video.size={size}"), size)


@pytest.mark.parametrize("theme", themes)
def test_in_every_theme(theme: str) -> None:
    hold(film("classes", "video.size=540x540", f"video.theme={theme}"), "540x540")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layout", ALONE)
@pytest.mark.parametrize("name", ["series", "target", "classes", "heart"])
def test_in_narrow_and_in_low_panels(name: str, layout: str, size: str) -> None:
    fitting = [
        panel for panel in ("fit", "network", "loss") if not panels[panel]().misfit(film(name).recording.experiment)
    ]
    grid = str(ALONE[layout](fitting)).replace("'", "")
    hold(film(name, f"video.size={size}", f"video.panels={grid}"), size)


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
