"""A canvas draws any moment, in any order, with the same pixels; and what does not change does not move."""

from __future__ import annotations

import numpy as np
import pytest
from small_runs import NAMES, DrawnFilm, experiment, film

from backprop_anim.drawing.layout import FrameLayout, Rect
from backprop_anim.panels import panels

WORDLESS = ("video.milestones=false",)


def rows_and_columns(rect: Rect, shown: DrawnFilm) -> tuple[slice, slice]:
    """The pixels of a rectangle in points."""
    scale, height = shown.stage("header").scale, shown.canvas.pixels.shape[0]
    top, bottom = height - rect.top * scale, height - rect.bottom * scale
    return slice(int(top), int(np.ceil(bottom))), slice(int(rect.left * scale), int(np.ceil(rect.right * scale)))


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_drawing_leaves_no_trace(name: str) -> None:
    shown = film(name, "video.size=320x180")
    frames = shown.some_frames()
    first = {frame: shown.draw(frame) for frame in frames}
    for frame in (*reversed(frames), frames[2], frames[0], frames[2]):
        np.testing.assert_array_equal(shown.draw(frame), first[frame])


def test_another_canvas_draws_the_same() -> None:
    one, other = (film("slow", "video.size=320x180", f"video.quality={word}") for word in ("draft", "high"))
    for frame in one.some_frames():
        np.testing.assert_array_equal(one.draw(frame), other.draw(frame))


@pytest.mark.parametrize("size", [(640, 360), (320, 320), (150, 270), (64, 64), (333, 201)])
def test_frames_are_opaque_pictures_of_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    shown = film("heart", f"video.size={size[0]}x{size[1]}")
    pixels = shown.canvas.draw(shown.moments[0])
    assert pixels.shape == (size[1], size[0], 4)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    for frame in shown.some_frames():
        assert (shown.draw(frame)[..., 3] == 255).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_frame_is_opaque(name: str) -> None:
    shown = film(name, "video.size=320x180")
    for frame in shown.some_frames():
        assert (shown.draw(frame)[..., 3] == 255).all()


@pytest.mark.parametrize("name", NAMES)
def test_held_frames_are_the_frame_before(name: str) -> None:
    shown = film(name, "video.size=320x180")
    held = [moment.frame for moment in shown.moments if moment.held]
    assert held
    for frame in held:
        np.testing.assert_array_equal(shown.draw(frame), shown.draw(frame - 1))


def test_what_is_not_animated_is_the_same_in_every_frame() -> None:
    """Tick labels, axis titles, names of layers and the title: everything but the moving parts."""
    shown = film("heart", *WORDLESS)
    stacked = np.array([shown.draw(frame) for frame in range(0, len(shown.moments), 3)])
    still = (stacked == stacked[0]).all(axis=(0, 3))
    header = shown.stage("header").rect
    title = rows_and_columns(Rect(header.left, header.bottom, header.width * 0.6, header.height), shown)
    assert still[title].all()
    network = shown.stage("network").rect
    names = rows_and_columns(Rect(network.left, network.top - 18, network.width, 18), shown)
    assert still[names].all()
    loss = shown.stage("loss").rect
    foot = rows_and_columns(Rect(loss.left, loss.bottom - 6, loss.width, 34), shown)
    assert still[foot].all()
    gutter = rows_and_columns(Rect(shown.stage("fit").rect.right + 8, 34, 20, 580), shown)
    assert still[gutter].all()
    assert not still.all()


@pytest.mark.parametrize("panel", panels)
def test_limits_of_axes_never_change(panel: str) -> None:
    name = next(name for name in NAMES if panels[panel]().unsupported_reason(experiment(name)) is None)
    shown = film(name, "video.size=320x180", f"video.panels=[[{panel}]]")
    seen = set()
    for frame in shown.some_frames():
        shown.draw(frame)
        axes = shown.canvas.figure.axes
        seen.add(tuple((*each.get_xlim(), *each.get_ylim(), each.get_position().bounds) for each in axes))
    assert len(seen) == 1


def test_panels_stay_in_their_cells() -> None:
    """Nothing that moves is drawn over another panel or over the margin."""
    shown = film("heart", *WORDLESS)
    frames = range(0, len(shown.moments), 6)
    stacked = np.array([shown.draw(frame) for frame in frames])
    moving = (stacked != stacked[0]).any(axis=(0, 3))
    allowed = np.zeros_like(moving)
    for name, stage in shown.canvas.stages.items():
        rect = stage.rect.inset(-8, -8, -8, -8 if name != "header" else 0)
        allowed[rows_and_columns(rect, shown)] = True
    assert not (moving & ~allowed).any()


def test_numbers_in_the_header_do_not_shake() -> None:
    """The words beside the numbers stand still while the numbers change."""
    shown = film("heart", *WORDLESS)
    header = shown.stage("header").rect
    line = rows_and_columns(Rect(header.right - 84, header.bottom, 40, 36), shown)  # "step · loss"
    stacked = np.array([shown.draw(frame)[line] for frame in range(0, len(shown.moments), 4)])
    assert (stacked == stacked[0]).all()
    assert (stacked[0] != stacked[0, 0, 0]).any()


def test_all_sizes_show_the_same_picture() -> None:
    """Points, not pixels, are the measure, down to where letters would be too small."""
    small, large = (
        film("heart", f"video.size={size}").draw(-1)[..., :3].astype(float) for size in ("960x540", "1920x1080")
    )
    halved = large.reshape(540, 2, 960, 2, 3).mean(axis=(1, 3))
    assert np.abs(halved - small).mean() < 4
    assert FrameLayout(960, 540).body == FrameLayout(1920, 1080).body
