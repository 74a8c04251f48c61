"""Axes: round ticks inside the limits, all written alike, and never on each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_runs import film

from backprop_anim.drawing.layout import Rect
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.plot import (
    LegendEntry,
    Scale,
    legend_lines,
    legend_width,
    linear_scale,
    log_scale,
    plot_axes,
    steps_scale,
)

RANGES = [(0, 1), (0.1, 0.9), (-3, 7), (0, 250), (-1e6, 1e6), (0, 3e-7), (99.9, 100.1), (-2e12, 5e12), (5, 5)]


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_linear_ticks_are_inside_and_their_labels_differ(low: float, high: float) -> None:
    scale = linear_scale(low, high)
    assert scale.low <= low <= high <= scale.high
    assert 2 <= len(scale.ticks) <= 8
    assert scale.ticks == tuple(sorted(scale.ticks))
    assert all(scale.low - 1e-9 <= tick <= scale.high + 1e-9 for tick in scale.ticks)
    assert len(set(scale.labels)) == len(scale.labels)
    assert max(map(len, scale.labels)) <= 10


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 1, ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (-1, 1, ("−1.0", "−0.5", "0.0", "0.5", "1.0")),
        (0, 100, ("0", "20", "40", "60", "80", "100")),
        (0, 10_000, ("0", "2,000", "4,000", "6,000", "8,000", "10,000")),
        (1990, 1998, ("1990", "1992", "1994", "1996", "1998")),
        (1600, 2000, ("1,600", "1,700", "1,800", "1,900", "2,000")),
        (-1e6, 1e6, ("−1.0·10⁶", "−0.5·10⁶", "0", "0.5·10⁶", "1.0·10⁶")),
        (0, 2e-7, ("0", "0.5·10⁻⁷", "1.0·10⁻⁷", "1.5·10⁻⁷", "2.0·10⁻⁷")),
    ],
)
def test_labels(low: float, high: float, labels: tuple[str, ...]) -> None:
    assert linear_scale(low, high).labels == labels


def test_padding_widens_both_ends() -> None:
    scale = linear_scale(0, 10, pad=0.1)
    assert (scale.low, scale.high) == (-1, 11)


@pytest.mark.parametrize(("low", "high"), [(0.002, 0.3), (1e-12, 50), (3, 4), (1e-300, 1e300)])
def test_log_ticks_are_powers_of_ten(low: float, high: float) -> None:
    scale = log_scale(low, high)
    assert scale.kind == "log"
    assert scale.low <= low < high <= scale.high
    assert 1 <= len(scale.ticks) <= 6
    exponents = np.log10(scale.ticks)
    np.testing.assert_allclose(exponents, np.rint(exponents), atol=1e-9)
    assert scale.labels[0].startswith("10")
    assert len(set(scale.labels)) == len(scale.labels)


@pytest.mark.parametrize("n_steps", [1, 2, 9, 10, 1500, 20_000, 10**9])
@pytest.mark.parametrize("logarithmic", [True, False])
def test_steps_run_from_nothing_to_the_last(n_steps: int, logarithmic: bool) -> None:
    scale = steps_scale(n_steps, logarithmic)
    assert (scale.low, scale.high) == (0, n_steps)
    assert scale.ticks[0] == 0
    assert scale.labels[0] == "0"
    assert all(0 <= tick <= n_steps for tick in scale.ticks)
    assert len(scale.ticks) <= 8


def stage(width: float, height: float) -> PanelArea:
    return replace(film("heart").stage("loss"), rect=Rect(60, 40, width, height))


def test_the_axes_and_their_labels_stay_in_the_rectangle() -> None:
    place = stage(400, 200)
    axes = plot_axes(place, linear_scale(0, 1), linear_scale(0, 5), "A title", "a label")
    rect, scale = place.rect, place.scale
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        box = label.get_window_extent()
        assert rect.left - 1 <= box.x0 / scale
        assert box.x1 / scale <= rect.right + 1
        assert rect.bottom - 1 <= box.y0 / scale
        assert box.y1 / scale <= rect.top + 1
    axes.remove()


@pytest.mark.parametrize(("width", "height"), [(90, 300), (150, 80), (400, 60)])
def test_where_room_is_short_there_are_fewer_ticks(width: float, height: float) -> None:
    x = Scale(
        "linear", 0, 10_000, tuple(np.linspace(0, 10_000, 6)), ("0", "2,000", "4,000", "6,000", "8,000", "10,000")
    )
    y = linear_scale(0, 1)
    axes = plot_axes(stage(width, height), x, y)
    assert 1 <= len(axes.get_xticks()) <= 6
    assert len(axes.get_xticks()) + len(axes.get_yticks()) < 12
    axes.remove()


def test_a_key_is_broken_where_it_is_too_wide() -> None:
    place = stage(1000, 200)
    keys = [LegendEntry(word, "#000000", "line") for word in ("observations", "true curve", "network")]
    assert legend_lines(place, keys, 1000) == [keys]
    width = legend_width(place, keys[:2])
    assert legend_lines(place, keys, width) == [keys[:2], keys[2:]]
    assert legend_lines(place, keys, 10) == [[key] for key in keys]
