"""Borders between classes lie where two scores are equal, and each is drawn once."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from backprop_anim.drawing.class_borders import border_path


def test_a_border_lies_where_the_scores_are_equal() -> None:
    x, y = np.linspace(-1, 1, 41), np.linspace(-2, 2, 61)
    away = np.hypot(*np.meshgrid(x, y))
    path = border_path(np.stack([np.zeros_like(away), 0.7 - away]), x, y)
    assert len(path.vertices) > 40
    assert np.abs(np.hypot(*path.vertices.T) - 0.7).max() < 0.002
    assert (path.codes == path.MOVETO).sum() == 1


def test_each_of_several_borders_is_drawn_once() -> None:
    """Three sectors that meet in the middle: three rays, each as long as the way to the edge."""
    x = y = np.linspace(-1, 1, 82)
    across, up = np.meshgrid(x, y)
    angles = np.deg2rad([90, 210, 330])
    path = border_path(np.stack([across * np.cos(angle) + up * np.sin(angle) for angle in angles]), x, y)
    steps = np.hypot(*np.diff(path.vertices, axis=0).T)[path.codes[1:] == path.LINETO]
    rays = [1.0, *2 * [1 / np.cos(np.pi / 6)]]  # down to the lower edge, and up to both sides
    assert steps.sum() == pytest.approx(sum(rays), abs=5 * (x[1] - x[0]))
    assert steps.max() < 2 * (x[1] - x[0])


@pytest.mark.parametrize("scores", [np.zeros((2, 9, 9)), np.stack([np.ones((9, 9)), np.zeros((9, 9)), np.eye(9)])])
def test_where_one_class_is_everywhere_there_is_no_border(scores: NDArray[np.float64]) -> None:
    assert len(border_path(scores, np.arange(9.0), np.arange(9.0)).vertices) == 0
