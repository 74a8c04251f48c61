"""What one step adds to the weights."""

from __future__ import annotations

import numpy as np
import pytest
from panel_checks import THEMES, alone, ends_of, narrow, places, rows_of, stays_inside
from small_runs import DrawnFilm, experiment, film

from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.drawing.signed_map import SignedMap
from backprop_anim.engine.parameters import Layout
from backprop_anim.panels.updates import UpdatesPanel, compress_range, parameter_names, shown_update
from backprop_anim.story.moment import knows_update, told_row


def updates(name: str, size: str = "640x360", theme: str = "light") -> DrawnFilm:
    return film(name, *alone("updates", size, theme))


def title(shown: DrawnFilm) -> str:
    (found,) = shown.animated("updates", ChangingText)
    return found.content


def value_of(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("name", ["table", "slow"])
def test_a_small_network_has_a_number_for_every_parameter(name: str) -> None:
    shown = updates(name)
    (numbers,) = rows_of(shown, "updates")
    for frame in shown.some_frames():
        shown.draw(frame)
        row = shown_update(shown.recording, told_row(shown.recording, shown.moments[frame]))
        written = numbers.contents
        if not knows_update(shown.moments[frame]):
            assert not written
            continue
        decimals = {len(text.partition(".")[2]) for text in written}
        assert len(decimals) == 1
        expected = shown.recording.updates[row]
        assert len(written) == len(expected)
        np.testing.assert_allclose(
            [value_of(text) for text in written], expected, atol=0.5001 * 10.0 ** -decimals.pop()
        )
        assert not any("-" in text for text in written)


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_have_the_colour_of_their_sign(theme: str) -> None:
    shown = updates("table", theme=theme)
    shown.draw(len(shown.moments) // 2)
    (numbers,) = rows_of(shown, "updates")
    colors = shown.stage("updates").theme
    signs = {line.parts[0].content[0]: line.color for line in numbers.lines}
    assert {"+", "−"} <= set(signs)
    assert (signs["+"], signs["−"]) == colors.number_colors[::-1]


@pytest.mark.parametrize("name", ["table", "heart"])
def test_the_title_names_the_step_whose_update_is_shown(name: str) -> None:
    shown = updates(name)
    for frame in shown.some_frames():
        shown.draw(frame)
        row = shown_update(shown.recording, shown.moments[frame].snapshot)
        is_last = row != shown.moments[frame].snapshot
        assert title(shown) == f"Δw of step {shown.recording.steps[row]:,}{', the last kept' * is_last}"
    last = shown.recording.n_snapshots - 1
    assert shown_update(shown.recording, last) == last - 1  # nothing leaves the last state
    assert shown_update(shown.recording, last - 1) == last - 1


def test_a_larger_network_is_shown_in_colours() -> None:
    shown = updates("heart")
    assert not rows_of(shown, "updates")
    shown.draw(10)
    (found,) = shown.animated("updates", SignedMap)
    update = shown.recording.experiment.network.layout.arrays(shown.recording.updates[shown.moments[10].snapshot])
    np.testing.assert_array_equal(np.sign(found.values[2]), np.sign(update["W2"]))
    order = np.argsort(np.abs(update["W2"]), axis=None)
    assert (np.diff(np.abs(found.values[2]).ravel()[order]) >= 0).all()


def test_colours_are_logarithmic_and_odd() -> None:
    values = np.array([-1.0, -0.01, 0.0, 0.01, 1.0])
    seen = compress_range(values)
    np.testing.assert_allclose(seen, -seen[::-1], atol=1e-15)
    assert seen[-1] == 1
    assert 0.2 < seen[3] < 0.5


def test_every_parameter_has_its_own_name_in_the_order_of_the_vector() -> None:
    assert parameter_names(Layout((2, 2, 1))) == [
        ["w_{11}^{(1)}", "w_{12}^{(1)}", "b_{1}^{(1)}"],
        ["w_{21}^{(1)}", "w_{22}^{(1)}", "b_{2}^{(1)}"],
        ["w_{1}^{(2)}", "w_{2}^{(2)}", "b^{(2)}"],
    ]
    names = [name for group in parameter_names(Layout((12, 11, 12), bias=False)) for name in group]
    assert len(set(names)) == len(names) == 12 * 11 * 2


@pytest.mark.parametrize(("name", "size"), places("table", "slow", "heart", "deep"))
def test_it_stays_in_its_place(name: str, size: str) -> None:
    assert stays_inside(updates(name, size), "updates")


@pytest.mark.parametrize("name", ["table", "slow"])
def test_in_a_narrow_panel_there_are_fewer_columns(name: str) -> None:
    shown = film(name, *narrow("updates"))
    shown.draw(-1)
    rect, (numbers,) = shown.stage("updates").rect, rows_of(shown, "updates")
    assert numbers.lines
    for line in numbers.lines:
        ((left, right),) = ends_of(numbers, line)
        assert rect.left <= left
        assert right <= rect.right
        assert rect.bottom <= line.y


def test_too_many_numbers_are_refused_in_one_sentence() -> None:
    reason = UpdatesPanel(view="numbers").unsupported_reason(experiment("deep"))
    assert reason is not None
    assert reason.startswith("it has room for 96 numbers, and this network has ")
    assert UpdatesPanel().unsupported_reason(experiment("deep")) is None


@pytest.mark.parametrize("name", ["table", "heart"])
def test_the_same_moment_gives_the_same_pixels(name: str) -> None:
    shown = updates(name)
    first = shown.draw(5)
    assert not np.array_equal(first, shown.draw(20))
    np.testing.assert_array_equal(first, shown.draw(5))
