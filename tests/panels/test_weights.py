"""The weights as matrices of colour."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from panel_checks import THEMES, alone, places, stays_inside
from small_runs import DrawnFilm, film, texts

from backprop_anim.drawing.heatmaps import limit_text, nice_limit
from backprop_anim.drawing.signed_map import SignedMap, pool_matrix
from backprop_anim.panels.weights import WeightsPanel
from backprop_anim.story.moment import shown_state


def weights(name: str, size: str = "640x360", theme: str = "light") -> DrawnFilm:
    return film(name, *alone("weights", size, theme))


def shown_map(shown: DrawnFilm) -> SignedMap:
    (found,) = shown.animated("weights", SignedMap)
    return found


def limit_of(shown: DrawnFilm) -> float:
    return nice_limit(np.abs(shown.recording.parameters), 0.98)


def test_it_shows_every_weight_and_bias_of_the_state() -> None:
    shown = weights("heart")
    shown.draw(20)
    arrays = shown.recording.experiment.network.layout.arrays(shown.parameters(20))
    expected = [np.atleast_2d(arrays[name].T).T for name in ("W1", "b1", "W2", "b2", "W3", "b3")]
    values = shown_map(shown).values
    assert [value.shape for value in values] == [(6, 1), (6, 1), (7, 6), (7, 1), (2, 7), (2, 1)]
    for value, matrix in zip(values, expected, strict=True):
        np.testing.assert_allclose(value, np.clip(matrix / limit_of(shown), -1, 1))


def test_without_biases_there_is_no_column_for_them() -> None:
    shown = weights("table")
    shown.draw(3)
    assert [value.shape for value in shown_map(shown).values] == [(4, 3), (1, 4)]
    assert "b" not in texts(shown.canvas)


@pytest.mark.parametrize("theme", THEMES)
def test_the_middle_of_a_cell_has_the_colour_of_its_sign(theme: str) -> None:
    shown = weights("table", theme=theme)
    pixels = shown.draw(-1)
    artist, colors = shown_map(shown), shown.stage("weights").theme
    tile, values = artist.tiles[0], artist.values[0]
    strongest = {sign: np.unravel_index((sign * values).argmax(), values.shape) for sign in (-1, 1)}
    ground = np.array(to_rgb(colors.background))
    for sign, (row, column) in strongest.items():
        assert sign * values[row, column] > 0
        top = pixels.shape[0] - tile.top_px + row * tile.cell_height_px
        left = tile.left_px + column * tile.cell_width_px
        cell = pixels[top + 2 : top + tile.cell_height_px - 2, left + 2 : left + tile.cell_width_px - 2, :3] / 255
        full = np.array(to_rgb(colors.positive if sign > 0 else colors.negative))
        expected = ground + abs(values[row, column]) * (full - ground)
        distance = np.abs(cell - expected).max(axis=-1)
        striped = theme == "paper" and sign < 0
        assert (distance < 0.01).mean() == pytest.approx(0.5 if striped else 1.0, abs=0.15)


def test_titles_give_the_true_shapes_even_of_pooled_matrices() -> None:
    shown = weights("deep", "1280x720")
    assert {"W¹", "1200×1", "W²", "300×1200", "W³", "3×300"} <= set(texts(shown.canvas))
    assert any("largest of each block" in text for text in texts(shown.canvas))
    shown.draw(0)
    assert max(max(value.shape) for value in shown_map(shown).values) <= WeightsPanel().max_cells


@pytest.mark.parametrize(("name", "size"), places("heart", "deep", "table", "series"))
def test_it_stays_in_its_place(name: str, size: str) -> None:
    assert stays_inside(weights(name, size), "weights")


@pytest.mark.parametrize("name", ["heart", "deep"])
def test_matrices_do_not_overlap(name: str) -> None:
    boxes = [(t.left_px, t.bottom_px, t.right_px, t.top_px) for t in shown_map(weights(name)).tiles]
    assert len(boxes) > 5
    for index, (left, bottom, right, top) in enumerate(boxes):
        for other in boxes[:index]:
            assert right < other[0] or other[2] < left or top < other[1] or other[3] < bottom


def test_while_a_step_updates_them_they_are_on_their_way() -> None:
    shown = weights("slow")
    frames = [k for k, moment in enumerate(shown.moments) if moment.act and moment.act.phase == "update"]
    assert len(frames) >= 2
    limit = limit_of(shown)
    for frame in frames:
        shown.draw(frame)
        state = shown_state(shown.recording, shown.moments[frame])
        first = shown.recording.experiment.network.layout.arrays(state)["W1"]
        np.testing.assert_allclose(shown_map(shown).values[0], np.clip(first / limit, -1, 1))


def test_the_same_moment_gives_the_same_pixels() -> None:
    shown = weights("heart")
    first = shown.draw(7)
    assert not np.array_equal(first, shown.draw(40))
    np.testing.assert_array_equal(first, shown.draw(7))


def test_a_block_shows_its_largest_entry_with_its_sign() -> None:
    matrix = np.array([[1.0, -3.0, 0.0, 2.0], [0.5, 1.0, -1.0, 1.5]])
    np.testing.assert_array_equal(pool_matrix(matrix, 1, 2), [[-3.0, 2.0]])
    np.testing.assert_array_equal(pool_matrix(matrix, 2, 4), matrix)


@pytest.mark.parametrize(
    ("limit", "largest", "text"),
    [(0.36, 0.36, "0.36"), (12.0, 13.0, "12 and beyond"), (6.3, 6.3, "6.3"), (1.7e-5, 1e-5, "1.7·10⁻⁵")],
)
def test_the_key_says_what_full_colour_is(limit: float, largest: float, text: str) -> None:
    assert limit_text(limit, largest) == text


def test_full_colour_is_a_round_number() -> None:
    assert nice_limit(np.array([0.1234, 0.2]), 0.0) == pytest.approx(0.13)
    assert nice_limit(np.zeros(3), 0.9) > 0
