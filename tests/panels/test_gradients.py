"""The sizes of the gradients over the run."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from panel_checks import THEMES, alone, stays_inside
from small_runs import DrawnFilm, film, texts, words

from backprop_anim.drawing.reveal import Reveal
from backprop_anim.panels.gradients import gradient_sizes, spread_apart


def gradients(name: str, size: str = "640x360", theme: str = "light") -> DrawnFilm:
    return film(name, *alone("gradients", size, theme))


def points(shown: DrawnFilm) -> PathCollection:
    (found,) = shown.animated("gradients", PathCollection)
    return found


def test_the_quantiles_are_those_of_each_layers_gradients() -> None:
    recording = gradients("heart").recording
    sizes = gradient_sizes(recording, np.arange(3))
    assert sizes.shape == (3, recording.n_snapshots, 3)
    arrays = recording.experiment.network.layout.arrays(recording.gradients[11])
    second = np.abs(np.concatenate([arrays["W2"].ravel(), arrays["b2"]]))
    np.testing.assert_allclose(sizes[1, 11], np.quantile(second, [0.1, 0.5, 0.9]))


def test_a_point_for_each_layer_runs_along_its_median() -> None:
    shown = gradients("heart")
    medians = gradient_sizes(shown.recording, np.arange(3))[..., 1]
    for frame in shown.some_frames():
        shown.draw(frame)
        row = shown.moments[frame].snapshot
        offsets = np.asarray(points(shown).get_offsets())
        np.testing.assert_allclose(offsets[:, 0], shown.recording.steps[row])
        np.testing.assert_allclose(offsets[:, 1], medians[:, row])


def test_the_lines_are_uncovered_from_the_left() -> None:
    shown = gradients("heart")
    (layer,) = shown.animated("gradients", Reveal)
    stops = []
    for frame in shown.some_frames():
        shown.draw(frame)
        stops.append(layer._stop)
    assert stops == sorted(stops)
    assert stops[-1] - stops[0] > 200
    first, last = shown.draw(0), shown.draw(-1)
    changed = (first != last).any(axis=(0, 2))
    assert changed[stops[0] + 20 : stops[-1]].mean() > 0.9


def test_every_layer_is_named_at_the_right_end_and_no_names_meet() -> None:
    for name, named in (("heart", 3), ("deep", 6)):
        shown = gradients(name)
        boxes = [box for text, box in words(shown.canvas) if text.startswith("layer ")]
        assert len(boxes) == named
        boxes.sort(key=lambda box: box.y0)
        for low, high in pairwise(boxes):
            assert low.y1 <= high.y0 + 1
    assert {"layer 1", "layer 16"} <= set(texts(gradients("deep").canvas))


@pytest.mark.parametrize(("size", "theme"), [("360x640", "light"), *(("640x360", theme) for theme in THEMES)])
def test_it_stays_in_its_place(size: str, theme: str) -> None:
    assert stays_inside(gradients("heart", size, theme), "gradients", slack=8.0)


@pytest.mark.parametrize("name", ["deep", "classes", "table", "target"])
def test_it_draws_any_run(name: str) -> None:
    shown = gradients(name)
    assert np.isfinite(np.asarray(points(shown).get_offsets())).all()
    assert stays_inside(shown, "gradients", slack=8.0)


def test_the_same_moment_gives_the_same_pixels() -> None:
    shown = gradients("heart")
    first = shown.draw(7)
    assert not np.array_equal(first, shown.draw(40))
    np.testing.assert_array_equal(first, shown.draw(7))


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ([10.0, 50.0], [10.0, 50.0]),
        ([50.0, 50.0], [45.0, 55.0]),
        ([52.0, 50.0, 48.0], [60.0, 50.0, 40.0]),
        ([0.0, 0.0], [0.0, 10.0]),
        ([100.0, 99.0], [100.0, 90.0]),
    ],
)
def test_labels_move_as_little_as_they_must(heights: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(spread_apart(np.array(heights), 10.0, 0.0, 100.0), expected)


def test_many_labels_keep_their_distance_and_their_order() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        heights = rng.uniform(0, 200, 8)
        placed = spread_apart(heights, 10.0, 0.0, 200.0)
        order = np.argsort(heights)
        assert (np.diff(placed[order]) >= 10 - 1e-9).all()
        assert placed.min() >= 0
        assert placed.max() <= 200 + 1e-9
