"""Colour fields lie between the places of their grid as they should, inside their axes and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop_anim.drawing.color_field import ColorField, class_shares
from backprop_anim.drawing.dotted_field import DITHER
from backprop_anim.drawing.marker_sprite import MarkerSprite
from backprop_anim.engine.activations import activations

GROUND, FIRST, SECOND = "#fcfaf7", "#d9a514", "#d32f4a"


def blank(dpi: float = 72.0) -> tuple[RendererAgg, Axes]:
    """Axes whose edges lie between pixels, and the renderer of their figure, all in one grey."""
    figure = Figure((4, 3), dpi=dpi, facecolor="#808080")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1234, 0.17, 0.7531, 0.66))
    axes.set_axis_off()
    axes.set_xlim(-2, 3)
    axes.set_ylim(10, 11)
    canvas.draw()
    return canvas.get_renderer(), axes


def pixels_of(renderer: RendererAgg) -> NDArray[np.uint8]:
    return np.asarray(renderer.buffer_rgba())


def inside(axes: Axes, height: int) -> tuple[slice, slice]:
    box = axes.bbox
    left, right, bottom, top = (int(np.floor(edge + 0.5)) for edge in (box.x0, box.x1, box.y0, box.y1))
    return slice(height - top, height - bottom), slice(left, right)


def rgb(color: str) -> NDArray[np.float64]:
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)


def centres(axes: Axes, rows: slice, columns: slice, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The data at the middle of every pixel, both (rows, columns)."""
    x, y = np.meshgrid(np.arange(columns.start, columns.stop) + 0.5, height - np.arange(rows.start, rows.stop) - 0.5)
    data = axes.transData.inverted().transform(np.column_stack([x.ravel(), y.ravel()]))
    return data[:, 0].reshape(x.shape), data[:, 1].reshape(x.shape)


@pytest.mark.parametrize("dpi", [36.0, 72.0, 101.0, 200.0])
def test_every_pixel_has_the_colour_of_its_place(dpi: float) -> None:
    renderer, axes = blank(dpi)
    field = ColorField(axes, activations["sigmoid"](), 1, (FIRST, SECOND), GROUND, 0.4)
    x, y = np.meshgrid(field.x, field.y)
    field.set_values((2 * x + 3 * np.sin(4 * (y - 10)) - 1).astype(np.float32)[:, np.newaxis])
    field.draw(renderer)
    pixels = pixels_of(renderer)
    rows, columns = inside(axes, len(pixels))
    x, y = centres(axes, rows, columns, len(pixels))
    p = 1 / (1 + np.exp(-(2 * x + 3 * np.sin(4 * (y - 10)) - 1)))[..., np.newaxis]
    tint = np.where(p < 0.5, (1 - 2 * p) * (rgb(FIRST) - rgb(GROUND)), (2 * p - 1) * (rgb(SECOND) - rgb(GROUND)))
    error = np.abs(pixels[rows, columns, :3] - (rgb(GROUND) + 0.4 * tint))
    assert error.size > 10_000
    assert np.quantile(error, 0.97) < DITHER + 1
    assert error.max() < DITHER + (4 if dpi > 50 else 8)  # every second pixel of a small picture is far away
    means = [block_means(part) for part in (pixels[rows, columns, :3], rgb(GROUND) + 0.4 * tint)]
    assert np.quantile(np.abs(means[0] - means[1]), 0.97) < 2.2  # of a whole tint that is brought to a level, half one
    assert (pixels[..., 3] == 255).all()


def block_means(pixels: NDArray[Any], side: int = 8) -> NDArray[np.float64]:
    height, width = (n // side for n in pixels.shape[:2])
    cut = pixels[: height * side, : width * side].astype(np.float64)
    return cut.reshape(height, side, width, side, -1).mean(axis=(1, 3))


@pytest.mark.parametrize("ground", [GROUND, "#0f131d", "#ffffff", "#000000"])
def test_a_slow_change_of_colour_is_dots_of_two_levels(ground: str) -> None:
    """They stand at the same places in every picture, and their means have no bands."""
    renderer, axes = blank()
    field = ColorField(axes, activations["sigmoid"](), 1, (FIRST, "#ffffff"), ground, 1.0)
    rows, columns = inside(axes, len(pixels_of(renderer)))
    pictures = []
    for least in (0.50, 0.51, 0.50):
        p = np.linspace(least, least + 0.06, len(field.x))
        z = np.broadcast_to(np.log(p / (1 - p)), (len(field.y), 1, len(field.x)))
        field.set_values(np.ascontiguousarray(z, np.float32))
        field.draw(renderer)
        pictures.append(pixels_of(renderer)[rows, columns, :3].astype(int))
    for picture in pictures:
        assert (np.abs(picture - rgb(ground)) % DITHER == 0).all()
        assert np.abs(np.diff(picture, axis=1)).max() <= DITHER
        means = block_means(picture).mean(axis=0)
        assert np.abs(np.diff(means, axis=0)).max() < DITHER / 2
    assert (pictures[0] == pictures[2]).all()
    changed = np.sign(pictures[1] - pictures[0]).reshape(-1, 3)
    for channel in changed.T:
        assert len(set(channel.tolist()) - {0}) <= 1  # a dot comes or goes, and none comes where another goes


@pytest.mark.parametrize("dpi", [72.0, 96.3])
def test_nothing_outside_the_axes_changes(dpi: float) -> None:
    renderer, axes = blank(dpi)
    before = pixels_of(renderer).copy()
    field = ColorField(axes, activations["softmax"](), 3, (FIRST, SECOND, "#2f74c0"), GROUND, 0.4)
    field.draw(renderer)
    assert (pixels_of(renderer) == before).all()  # there is nothing to show yet
    field.set_values(np.zeros((len(field.y), 3, len(field.x)), np.float32))
    field.draw(renderer)
    changed = (pixels_of(renderer) != before).any(axis=2)
    rows, columns = inside(axes, len(before))
    assert changed[rows, columns].all()
    changed[rows, columns] = False
    assert not changed.any()
    assert (pixels_of(renderer)[rows, columns, :3] == rgb(GROUND)).all()  # no class is likelier than another


@pytest.mark.parametrize("value", [1e6, -1e6])
def test_a_sure_network_is_drawn_in_full_colour_and_in_peace(value: float) -> None:
    renderer, axes = blank()
    field = ColorField(axes, activations["sigmoid"](), 1, (FIRST, SECOND), GROUND, 1.0)
    field.set_values(np.full((len(field.y), 1, len(field.x)), value, np.float32))
    field.draw(renderer)
    rows, columns = inside(axes, len(pixels_of(renderer)))
    drawn = pixels_of(renderer)[rows, columns, :3]
    assert (drawn == drawn[0, 0]).all()
    assert np.abs(drawn[0, 0] - rgb(SECOND if value > 0 else FIRST)).max() <= DITHER / 2 + 1


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([0.5], [0.0, 0.0]),
        ([1.0], [0.0, 1.0]),
        ([0.25], [0.5, 0.0]),
        ([-3.0], [1.0, 0.0]),
        ([0.2, 0.8], [0.0, 0.6]),
        ([1 / 3, 1 / 3, 1 / 3], [0.0, 0.0, 0.0]),
        ([0.0, 0.5, 0.5], [0.0, 0.25, 0.25]),
        ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0]),
    ],
)
def test_a_class_has_a_share_where_it_is_likelier_than_by_chance(answers: list[float], expected: list[float]) -> None:
    out = np.empty((len(expected), 1), np.float32)
    class_shares(np.array(answers, np.float32)[:, np.newaxis], out, add_up=True)
    assert out[:, 0] == pytest.approx(expected, abs=1e-6)


def test_shares_of_answers_that_do_not_add_up_are_no_more_than_all() -> None:
    out = np.empty((2, 2), np.float32)
    class_shares(np.array([[1, 0.1], [1, 0.2]], np.float32), out, add_up=False)
    assert out[:, 0] == pytest.approx([0.5, 0.5])
    assert out[:, 1] == pytest.approx([0, 0])


def test_a_stamp_is_what_it_was_made_of() -> None:
    """Over any picture, and as often as it is laid, as if the artists were drawn there."""
    renderer, axes = blank()
    (line,) = axes.plot([-2, 0, 3], [10, 10.9, 10.2], "o-", color=SECOND, ms=20, mec=GROUND, alpha=0.7)
    stamp, ground = (
        MarkerSprite([line]),
        np.random.default_rng(0).integers(0, 256, pixels_of(renderer).shape, dtype=np.uint8),
    )
    ground[..., 3] = 255
    pictures = []
    for artist in (line, stamp, stamp):
        pixels_of(renderer)[...] = ground
        artist.draw(renderer)
        pictures.append(pixels_of(renderer).astype(int))
    assert (pictures[0] != ground).any(axis=2).sum() > 500
    assert np.abs(pictures[1] - pictures[0]).max() <= 2
    assert (pictures[2] == pictures[1]).all()
