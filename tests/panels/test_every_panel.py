"""What holds for every registered panel."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from small_runs import NAMES, experiment, film

from backprop_anim.drawing.layout import Rect, grid_cells
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import default_grid, panels


def fitting(panel: str) -> list[str]:
    return [name for name in NAMES if panels[panel]().unsupported_reason(experiment(name)) is None]


def test_there_are_panels() -> None:
    assert {"fit", "network", "loss"} <= set(panels)


@pytest.mark.parametrize("panel", panels)
def test_a_panel_is_a_frozen_dataclass_that_says_what_it_shows(panel: str) -> None:
    cls = panels[panel]
    assert is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert panels.summary(panel).endswith(".")
    assert cls.stretch > 0
    assert "stretch" not in {option.name for option in fields(cls)}


@pytest.mark.parametrize("theme", themes)
@pytest.mark.parametrize("panel", panels)
def test_it_draws_in_its_place_in_every_theme(panel: str, theme: str) -> None:
    """Alone on the frame, it draws something and leaves the header alone."""
    name = fitting(panel)[0]
    shown = film(name, "video.size=320x180", f"video.theme={theme}", f"video.panels=[[{panel}]]")
    pixels = shown.draw(len(shown.moments) // 2)
    ground = tuple(round(int(themes[theme]().background[k : k + 2], 16)) for k in (1, 3, 5))
    drawn = (pixels[..., :3] != ground).any(axis=-1)
    body = drawn[round(98 / 4) :]
    assert body.mean() > 0.005
    assert not drawn[:, :10].any()  # the margin
    assert not drawn[:, -8:].any()


@pytest.mark.parametrize("panel", panels)
def test_where_it_does_not_fit_it_says_why(panel: str) -> None:
    reasons = [panels[panel]().unsupported_reason(experiment(name)) for name in NAMES]
    assert any(reason is None for reason in reasons)
    for reason in filter(None, reasons):
        assert reason[0].islower()
        assert not reason.endswith(".")


@pytest.mark.parametrize("aspect", [16 / 9, 4 / 3, 1.0, 9 / 16])
@pytest.mark.parametrize("name", NAMES)
def test_the_usual_layout_is_of_panels_that_fit(name: str, aspect: float) -> None:
    grid = default_grid(experiment(name), aspect)
    assert len({len(row) for row in grid}) == 1
    chosen = {panel for row in grid for panel in row}
    assert chosen <= set(panels)
    assert "network" in chosen
    assert all(panels[panel]().unsupported_reason(experiment(name)) is None for panel in chosen)


@pytest.mark.parametrize("aspect", [16 / 9, 1.0, 9 / 16])
def test_the_cells_of_a_layout_neither_meet_nor_leave_the_body(aspect: float) -> None:
    body = Rect(52, 34, 720 * aspect, 600)
    cells = grid_cells(default_grid(experiment("heart"), aspect), body, lambda name: panels[name].stretch)
    assert len(cells) == 3
    rects = list(cells.values())
    for index, rect in enumerate(rects):
        assert rect.width > 0
        assert rect.height > 0
        assert rect.left >= body.left - 1e-6
        assert rect.right <= body.right + 1e-6
        assert rect.bottom >= body.bottom - 1e-6
        assert rect.top <= body.top + 1e-6
        for other in rects[:index]:
            beside = rect.right <= other.left or other.right <= rect.left
            assert beside or rect.top <= other.bottom or other.top <= rect.bottom


def test_naming_the_panels_does_not_import_matplotlib() -> None:
    code = "import sys, backprop_anim.panels as p; assert len(p.panels); print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("panel", panels)
def test_it_moves_with_the_run(panel: str) -> None:
    """The first and the last moment differ, or the panel shows something that does not change."""
    name = fitting(panel)[-1]
    shown = film(name, "video.size=320x180", f"video.panels=[[{panel}]]")
    pictures = [shown.draw(frame)[30:] for frame in shown.some_frames() if not shown.moments[frame].card]
    assert any(not np.array_equal(pictures[0], picture) for picture in pictures[1:])
