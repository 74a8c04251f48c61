"""What tells a step stands on the frame only while one is told; in between its place shows something else."""

from __future__ import annotations

import numpy as np
from small_runs import DrawnFilm, film, texts

from backprop_anim.drawing.text_bitmaps import BitmapLayer


def frames(shown: DrawnFilm, told: bool) -> list[int]:
    every = [moment.frame for moment in shown.moments if (moment.act is not None) == told]
    return every[:: max(1, len(every) // 4)]


def pasted(shown: DrawnFilm) -> int:
    (layer,) = shown.animated("equations", BitmapLayer)
    return len(layer.boxes())


def test_formulas_and_losses_take_turns_in_one_place() -> None:
    shown = film("slow", "video.panels=auto")
    assert shown.stage("equations").rect == shown.stage("loss").rect
    for told in (False, True):
        for frame in frames(shown, told):
            shown.draw(frame)
            assert ("training step" in texts(shown.canvas)) != told
            drawn = shown.canvas.animated
            assert (shown.stage("loss").animated[0] in drawn) != told
            assert (shown.stage("equations").animated[0] in drawn) == told


def test_the_turns_leave_nothing_behind() -> None:
    shown = film("slow", "video.panels=auto")
    first = {frame: shown.draw(frame) for told in (False, True) for frame in frames(shown, told)}
    for told in (False, True, False):
        for frame in frames(shown, told):
            np.testing.assert_array_equal(shown.draw(frame), first[frame])


def test_a_written_grid_keeps_its_formulas_without_the_bars_of_a_step() -> None:
    shown = film("slow", "video.panels=[[network, equations]]")
    assert "loss" not in shown.canvas.stages
    running, slow = frames(shown, False)[1], frames(shown, True)[1]
    shown.draw(slow)
    assert any("Backward" in word for word in words_of(shown))
    shown.draw(running)
    assert pasted(shown) > 0
    assert not any("Backward" in word for word in words_of(shown))


def words_of(shown: DrawnFilm) -> list[str]:
    (layer,) = shown.animated("equations", BitmapLayer)
    return layer.contents
