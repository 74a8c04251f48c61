"""Grids of panels: rectangles of panels that are there and fit the task, with their options."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from config_helpers import SERIES, SMALL, only, problems_of, read

from backprop_anim.panels import panels


@pytest.fixture
def narrow_panel() -> object:
    """A panel that shows series only, registered for one test."""

    @dataclass(frozen=True)
    class Narrow:
        """Shows series."""

        depth: int = 1

        def unsupported_reason(self, experiment: object) -> str | None:
            kind = experiment.dataset.kind  # type: ignore[attr-defined]
            return None if kind == "series" else f"it draws series, and this task is a {kind}"

    panels.register("narrow")(Narrow)  # type: ignore[type-var]
    panels.register("wide")(type("Wide", (Narrow,), {"unsupported_reason": lambda *_: None}))
    yield Narrow
    del panels._classes["narrow"], panels._classes["wide"]


class TestPanels:
    def test_an_unknown_panel(self, narrow_panel: object) -> None:
        problem = only(SMALL + "video: {panels: [[wide, narow]]}\n")
        assert problem.place == "e.yaml:4:25"
        assert problem.path == ("video", "panels", 0, 1)
        assert "there is no panel 'narow' (did you mean 'narrow'?)" in problem.message

    def test_rows_of_different_length(self, narrow_panel: object) -> None:
        problem = only(SMALL + "video:\n  panels:\n    - [wide, wide]\n    - [wide]\n")
        assert problem.place == "e.yaml:7:7"
        assert problem.message == "this row has 1, the first has 2; all rows must be equally long"

    def test_a_shape_that_is_no_rectangle(self, narrow_panel: object) -> None:
        problem = only(
            SERIES + "video: {panels: [[wide, narrow], [narrow, wide]]}\n".replace("narrow, wide", "wide, wide")
        )
        assert problem.path == ("video", "panels", 1, 1)
        assert "the places of wide do not form a rectangle" in problem.message

    def test_rectangles_that_span_are_fine(self, narrow_panel: object) -> None:
        experiment = read(SERIES + "video: {panels: [[wide, narrow], [wide, narrow]]}\n")
        assert experiment.video.panels == (("wide", "narrow"), ("wide", "narrow"))

    def test_a_panel_that_does_not_fit_the_task(self, narrow_panel: object) -> None:
        problem = only(SMALL + "video: {panels: [[wide, narrow]]}\n")
        assert problem.place == "e.yaml:4:25"
        assert problem.message == "the panel narrow does not fit here: it draws series, and this task is a curve"
        assert read(SERIES + "video: {panels: [[wide, narrow]]}\n")

    def test_a_misfit_is_found_beside_other_mistakes(self, narrow_panel: object) -> None:
        paths = [problem.path for problem in problems_of(SMALL + "video: {fps: 0, panels: [[wide, narrow]]}\n")]
        assert paths == [("video", "fps"), ("video", "panels", 0, 1)]

    def test_options_of_panels(self, narrow_panel: object) -> None:
        experiment = read(SMALL + "video: {panel_options: {wide: {depth: 3}}}\n")
        assert experiment.video.panel_options == {"wide": {"depth": 3}}
        assert only(SMALL + "video: {panel_options: {wide: {depth: x}}}\n").path[-1] == "depth"
        assert "did you mean 'wide'" in only(SMALL + "video: {panel_options: {wied: {depth: 3}}}\n").message

    @pytest.mark.parametrize("grid", ["3", "[]", "[[]]", "[fit]", "auto1", "[[1]]", "{a: 1}"])
    def test_what_is_no_grid(self, grid: str) -> None:
        assert all(
            problem.path[:2] == ("video", "panels") for problem in problems_of(SMALL + f"video: {{panels: {grid}}}\n")
        )

    def test_a_grid_has_a_largest_size(self, narrow_panel: object) -> None:
        rows = ", ".join(["[wide]"] * 13)
        assert "at most 12" in only(SMALL + f"video: {{panels: [{rows}]}}\n").message
