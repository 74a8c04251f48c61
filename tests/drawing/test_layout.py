"""Frames are measured in points of 720 a short side, and a grid of names becomes rectangles."""

from __future__ import annotations

import pytest

from backprop_anim.drawing.layout import GAP, FrameLayout, Rect, grid_cells
from backprop_anim.drawing.text_fitting import first_free_position, spread_labels, truncate_text, wrap_text

BODY = Rect(50, 30, 1000, 600)


@pytest.mark.parametrize(
    ("size", "points"), [((1280, 720), (1280, 720)), ((640, 360), (1280, 720)), ((1080, 1920), (720, 1280))]
)
def test_the_shorter_side_is_720_points(size: tuple[int, int], points: tuple[int, int]) -> None:
    frame = FrameLayout(*size)
    assert (frame.width, frame.height) == pytest.approx(points)
    assert frame.body.top == pytest.approx(frame.header.bottom)
    assert frame.header.top == pytest.approx(frame.height)
    assert 0 < frame.body.left < frame.body.right < frame.width


def test_a_rectangle_has_edges_and_insets() -> None:
    rect = Rect(1, 2, 10, 20)
    assert (rect.right, rect.top) == (11, 22)
    assert rect.inset(1, 2, 3, 4) == Rect(2, 4, 6, 14)


def test_one_panel_fills_the_body() -> None:
    assert grid_cells([["fit"]], BODY, lambda name: 1.0) == {"fit": BODY}


def test_repeated_names_span() -> None:
    cells = grid_cells([["fit", "network"], ["fit", "loss"]], BODY, lambda name: {"network": 2.0}.get(name, 1.0))
    assert cells["fit"] == Rect(BODY.left, BODY.bottom, (BODY.width - GAP) / 2, BODY.height)
    network, loss = cells["network"], cells["loss"]
    assert network.height == pytest.approx(2 * loss.height)
    assert network.bottom - loss.top == pytest.approx(GAP)
    assert network.top == pytest.approx(BODY.top)
    assert loss.bottom == pytest.approx(BODY.bottom)
    assert network.left - cells["fit"].right == pytest.approx(GAP)
    assert network.right == pytest.approx(BODY.right)


def test_a_wide_panel_spans_columns() -> None:
    cells = grid_cells([["a", "a", "b"], ["c", "d", "b"]], BODY, lambda name: 1.0)
    assert cells["a"].left == cells["c"].left
    assert cells["a"].right == pytest.approx(cells["d"].right)
    assert cells["b"].height == pytest.approx(BODY.height)


def at_most(n: int) -> object:
    return lambda line: len(line) <= n


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [("short", 10, "short"), ("a long title", 8, "a long…"), ("abcdef", 3, "ab…"), ("ab", 0, "…"), ("", 0, "")],
)
def test_cut(text: str, room: int, expected: str) -> None:
    assert truncate_text(text, at_most(room)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("sweetness of fruit", 2, "sweetness of\nfruit"),
        ("sweetness of fruit", 1, "sweetness o…"),
        ("days since the first case", 2, "days since\nthe first c…"),
        ("uncharacteristically long", 2, "uncharacter…\nlong"),
        ("x", 2, "x"),
        ("", 2, ""),
    ],
)
def test_broken(text: str, lines: int, expected: str) -> None:
    assert wrap_text(text, lines, at_most(12)) == expected  # type: ignore[arg-type]


def test_words_stand_apart_or_make_way_for_shorter_ones() -> None:
    assert spread_labels([0, 20], [10, 10], 10)
    assert not spread_labels([0, 20], [10, 12], 10)
    assert spread_labels([0, 5, 20], [10, 0, 10], 10)  # what is not there needs no room
    choices = [["input", "hidden 1", "output"], ["input", "1", "output"], ["input", "", "output"]]
    width = len
    assert first_free_position(choices, [0, 10, 20], width, 1) == choices[0]
    assert first_free_position(choices, [0, 5, 10], width, 1) == choices[1]
    assert first_free_position(choices, [0, 4, 8], width, 1) == choices[2]
    assert first_free_position(choices, [0, 1, 2], width, 1) == ["", "", ""]
