"""Numbers for many frames are found a block at a time, and are the right ones in any order."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from small_runs import film

from backprop_anim.drawing.frame_blocks import BLOCK, FrameBlocks


@pytest.mark.parametrize("n_rows", [1, 4, 5, 13])
def test_every_row_is_found_in_any_order(n_rows: int) -> None:
    asked: list[tuple[int, int]] = []

    def compute(start: int, stop: int) -> list[int]:
        asked.append((start, stop))
        return list(range(start, stop))

    blocks = FrameBlocks(compute, n_rows, size=4)
    for row in (*range(n_rows), *reversed(range(n_rows)), n_rows // 2, 0, n_rows - 1):
        block, place = blocks.at(row)
        assert block[place] == row
    assert all(0 <= start < stop <= min(n_rows, start + 4) for start, stop in asked)


def test_a_block_is_computed_once_while_it_is_read() -> None:
    asked = []
    blocks = FrameBlocks(lambda start, stop: asked.append(start), 12, size=4)
    for row in range(12):
        blocks.at(row)
    assert asked == [0, 4, 8]


def test_a_film_that_is_longer_than_a_block_shows_the_right_states() -> None:
    states = BLOCK + 40
    settings = (f"training.steps={states}", f"snapshots={{count: {states}, schedule: linear}}")
    shown = film("heart", "video.size=320x180", "video.panels=[[fit]]", trained=settings)
    run = shown.recording
    assert run.n_snapshots == states
    line = max(shown.animated("fit", LineCollection), key=lambda one: len(one.get_paths()))
    for frame in (0, BLOCK + 7, 3, BLOCK - 1, BLOCK, 5):
        shown.draw(frame)
        first = line.get_paths()[0].vertices[0]
        np.testing.assert_allclose(first, run.experiment.network.outputs(run.parameters[frame], np.zeros((1, 1)))[0])
