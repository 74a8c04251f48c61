"""Grids in frames that they were not made for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_anim.config import load_experiment
from backprop_anim.config.examples import examples_folder
from backprop_anim.drawing.layout import NARROWEST, FrameLayout, column_width, grid_cells
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels import panels, reflowed
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

WIDE = (("boundary", "network", "network", "updates"), ("loss", "equations", "equations", "steps"))


def test_an_upright_frame_has_one_leading_panel_to_a_row() -> None:
    rows = reflowed(WIDE, 9 / 16)
    assert [tuple(dict.fromkeys(row)) for row in rows] == [
        ("boundary",),
        ("network",),
        ("equations",),
        ("updates", "loss", "steps"),
    ]


def test_a_square_frame_has_two() -> None:
    rows = reflowed(WIDE, 1.0)
    assert [tuple(dict.fromkeys(row)) for row in rows] == [
        ("boundary", "network"),
        ("equations",),
        ("updates", "loss", "steps"),
    ]


@given(st.lists(st.sampled_from(list(panels)), min_size=1, unique=True), st.sampled_from([0.5, 1.0, 2.0]))
def test_no_panel_is_lost_and_every_column_is_wide_enough(names: list[str], aspect: float) -> None:
    rows = reflowed((names,), aspect)
    assert {name for row in rows for name in row} == set(names)
    assert len({len(row) for row in rows}) == 1
    body = FrameLayout(int(1080 * aspect), 1080).body
    cells = grid_cells(rows, body, lambda name: panels[name].stretch)
    assert min(cell.width for cell in cells.values()) > NARROWEST


@pytest.mark.parametrize(("size", "moved"), [("320x180", False), ("180x180", True), ("180x320", True)])
def test_a_film_says_that_its_panels_moved(size: str, moved: bool) -> None:
    few = ["training.steps=4", "snapshots={count: 3}", "video.slow_motion=[{step: 2, seconds: 2}]"]
    grid = "video.panels=[[boundary, network, network, updates], [loss, equations, equations, steps]]"
    run = train(load_experiment(examples_folder() / "fruit.yaml", [*few, grid, f"video.size={size}"]))
    canvas = Canvas(run, timeline(run.experiment.video, run))
    assert any("another order" in note for note in canvas.notes) == moved
    body = FrameLayout(*map(int, size.split("x"))).body
    assert (column_width(run.experiment.video.panels or (), body) < NARROWEST) == moved
