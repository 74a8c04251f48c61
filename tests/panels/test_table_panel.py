"""Predicted against actual."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from panel_checks import THEMES, alone, ends_of, narrow, places, rows_of, stays_inside, still_words
from small_runs import DrawnFilm, film, texts

from backprop_anim.drawing.text_rows import column_ends
from backprop_anim.story.moment import shown_state
from backprop_anim.story.shown_samples import probe_samples


def table(name: str, size: str = "640x360", theme: str = "light") -> DrawnFilm:
    return film(name, *alone("table", size, theme))


def predicted(shown: DrawnFilm) -> list[list[str]]:
    return [[part.content for part in line.parts] for line in rows_of(shown, "table")[0].lines]


def outputs(shown: DrawnFilm, frame: int) -> np.ndarray:
    recording = shown.recording
    state = shown_state(recording, shown.moments[frame])
    return recording.experiment.network.outputs(state, recording.experiment.dataset.inputs)


def test_the_published_table_of_exclusive_or() -> None:
    shown = table("table")
    assert still_words(shown) == [*"0010", *"0111", *"1011", *"1110", "x1", "x2", "x3", "actual", "predicted"]
    for frame in shown.some_frames():
        shown.draw(frame)
        assert predicted(shown) == [[f"{value:.3f}"] for value in outputs(shown, frame)[:, 0]]


def test_a_curve_has_a_column_for_each_coordinate_and_says_how_many_are_left() -> None:
    shown = table("heart")
    words = still_words(shown)
    assert words[-7:] == ["t", "x", "y", "x", "y", "actual", "predicted"]
    shown.draw(30)
    numbers = predicted(shown)
    assert words[-8] == f"… {100 - len(numbers)} more"
    expected = outputs(shown, 30)[: len(numbers)]
    np.testing.assert_allclose(np.array(numbers, dtype=float), expected, atol=0.000501)


@pytest.mark.parametrize("theme", THEMES)
def test_classes_have_names_probabilities_and_a_mark_where_they_are_wrong(theme: str) -> None:
    shown = table("slow", theme=theme)
    dataset, colors = shown.recording.experiment.dataset, shown.stage("table").theme
    assert dataset.labels is not None
    assert {"actual", "predicted", "probability"} <= set(still_words(shown))
    marks = set()
    for frame in shown.some_frames():
        shown.draw(frame)
        for row, line in enumerate(rows_of(shown, "table")[0].lines):
            name, number = (part.content for part in line.parts)
            output = outputs(shown, frame)[row, 0]
            chosen = int(output >= 0.5)
            wrong = chosen != dataset.labels[row]
            marks.add(wrong)
            assert name == dataset.class_names[chosen] + ("  ×" if wrong else "  ✓")
            assert number == f"{max(output, 1 - output):.3f}"
            assert line.color == (colors.accent if wrong else colors.ink)
    assert marks == {True, False}


def test_of_several_outputs_the_largest_is_the_answer() -> None:
    shown = table("classes")
    dataset = shown.recording.experiment.dataset
    frame = len(shown.moments) // 2
    shown.draw(frame)
    found = outputs(shown, frame)
    rows = predicted(shown)
    assert rows
    for row, (name, number) in enumerate(rows):
        chosen = dataset.class_names[found[row].argmax()]
        assert name.removesuffix("  ×").removesuffix("  ✓").rstrip("…") in chosen
        assert float(number) == pytest.approx(found[row].max(), abs=0.000501)


@pytest.mark.parametrize("name", ["table", "slow", "classes"])
def test_each_error_is_a_line_from_the_answer_to_the_target(name: str) -> None:
    """On an axis from 0 to 1 a dot at the answer, a tick at the target; of several classes that of the right one."""
    shown = film(name, *alone("table", "1280x720"))
    targets = shown.recording.experiment.targets()
    gaps, ticks = shown.animated("table", LineCollection)
    (dots,) = shown.animated("table", Line2D)
    tracks = shown.canvas.figure.findobj(LineCollection)
    (track,) = [lines for lines in tracks if not lines.get_animated()]
    (left, _), (right, _) = track.get_segments()[0]
    for frame in shown.some_frames():
        shown.draw(frame)
        rows = len(gaps.get_segments())
        answers, wanted = outputs(shown, frame)[:rows], targets[:rows]
        if name == "slow":  # of one output what it gives to the class that is right
            answers, wanted = np.where(wanted == 1, answers, 1 - answers), np.ones_like(wanted)
        told = wanted.argmax(axis=1)
        answers, wanted = answers[np.arange(rows), told], wanted[np.arange(rows), told]
        ends = np.array([segment[:, 0] for segment in gaps.get_segments()])
        np.testing.assert_allclose((ends - left) / (right - left), np.column_stack([answers, wanted]), atol=1e-9)
        np.testing.assert_allclose(dots.get_xdata(), ends[:, 0])
        np.testing.assert_allclose([segment[0, 0] for segment in ticks.get_segments()], ends[:, 1])
        places = [segment[0, 1] for segment in gaps.get_segments()]
        baselines = [line.y for line in rows_of(shown, "table")[0].lines]
        assert all(0 < place - line < 10 for place, line in zip(places, baselines, strict=True))
    assert {"0", "error" if name == "table" else "error of actual", "1"} <= set(texts(shown.canvas))
    rect = shown.stage("table").rect
    assert rect.left < left < right <= rect.right - 4


def test_several_numbers_and_narrow_panels_have_no_axis_of_errors() -> None:
    for shown in (film("heart", *alone("table", "1280x720")), film("table", *narrow("table"))):
        assert not shown.animated("table", LineCollection)
        assert "error" not in texts(shown.canvas)


@pytest.mark.parametrize("size", ["1280x720", "720x720", "720x1280"])
def test_few_rows_spread_over_the_height(size: str) -> None:
    shown = film("table", *alone("table", size))
    shown.draw(5)
    rect, lines = shown.stage("table").rect, rows_of(shown, "table")[0].lines
    apart = {round(one.y - other.y, 6) for one, other in pairwise(lines)}
    assert len(apart) == 1
    assert 60 <= apart.pop() <= 80
    assert lines[-1].y > rect.bottom


def test_the_current_sample_has_a_dot() -> None:
    shown = table("table")
    samples = probe_samples(shown.recording, shown.moments)
    _, dot = rows_of(shown, "table")
    answers = rows_of(shown, "table")[0]
    for frame in shown.some_frames():
        shown.draw(frame)
        assert [line.y for line in dot.lines] == [answers.lines[samples[frame]].y]
    assert len(set(samples[shown.some_frames()])) > 1
    curve = table("heart")  # its probe is between the samples
    curve.draw(10)
    assert not rows_of(curve, "table")[1].lines


@pytest.mark.parametrize(("name", "size"), places("table", "heart", "classes", "series", "target", "slow"))
def test_it_stays_in_its_place(name: str, size: str) -> None:
    assert stays_inside(table(name, size), "table")


@pytest.mark.parametrize("name", ["heart", "classes", "target"])
def test_columns_do_not_meet_and_narrow_panels_have_fewer(name: str) -> None:
    for shown in (table(name), film(name, *narrow("table"))):
        shown.draw(-1)
        rect, rows = shown.stage("table").rect, rows_of(shown, "table")[0]
        assert rows.lines
        for line in rows.lines:
            ends = ends_of(rows, line)
            assert rect.left <= ends[0][0]
            assert ends[-1][1] <= rect.right
            assert all(a[1] + 5 < b[0] for a, b in pairwise(ends))


def test_columns_share_the_room_between_the_least_and_the_greatest_gap() -> None:
    assert column_ends([10.0, 10.0], 5.0, 100.0, (14.0, 46.0)) == [5.0, 61.0, 71.0]
    assert column_ends([10.0, 10.0], 5.0, 40.0, (14.0, 46.0)) == [5.0, 35.0, 45.0]
    assert column_ends([10.0, 10.0], 5.0, 33.0, (14.0, 46.0)) is None
    assert column_ends([50.0], 0.0, 40.0, (14.0, 46.0)) is None


def test_the_same_moment_gives_the_same_pixels() -> None:
    shown = table("table")
    first = shown.draw(2)
    assert not np.array_equal(first, shown.draw(25))
    np.testing.assert_array_equal(first, shown.draw(2))
