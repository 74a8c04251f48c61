"""Tiles, key and losses stand beside each other in the frame, and leave little of it empty."""

from __future__ import annotations

from itertools import combinations

import pytest

from backprop_anim.drawing.layout import FrameLayout, Rect
from backprop_anim.drawing.plot import ROOM_BELOW_AXES
from backprop_anim.film.tile_layout import GAP, LABEL_ROOM, LOWEST_LOSSES, NARROWEST_LOSSES, TileNeeds, arrange_tiles

SIZES = [(1280, 720), (1080, 1080), (1080, 1920), (640, 360)]
NEEDS = {
    "plane": {"aspect": 1.0, "left": 40.0, "has_axes": True, "has_key": True},
    "series": {"aspect": 1.4, "left": 46.0, "has_axes": True, "has_key": True},
    "curve": {"has_key": True},
    "table": {},
}


def apart(one: Rect, other: Rect) -> bool:
    beside = one.right <= other.left + 1e-6 or other.right <= one.left + 1e-6
    return beside or one.top <= other.bottom + 1e-6 or other.top <= one.bottom + 1e-6


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", NEEDS)
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 9, 11, 16, 36])
def test_nothing_overlaps_or_leaves_the_frame(n: int, kind: str, size: tuple[int, int]) -> None:
    frame, needs = FrameLayout(*size), TileNeeds(n, **NEEDS[kind])  # type: ignore[arg-type]
    layout = arrange_tiles(frame, needs)
    below = ROOM_BELOW_AXES if needs.has_axes else 0.0
    tiles = [tile.inset(bottom=-below * layout.is_lowest(k)) for k, tile in enumerate(layout.tiles)]
    assert len(tiles) == n
    assert (layout.key is not None) == needs.has_key
    everything = [*tiles, layout.losses, *([layout.key] if layout.key else [])]
    for one, other in combinations(everything, 2):
        assert apart(one, other)
    for rect in everything:
        assert rect.left >= frame.body.left - 1e-6
        assert rect.right <= frame.body.right + 1e-6
        assert rect.top <= frame.body.top + 1e-6
        assert rect.bottom >= frame.body.bottom - 1e-6
    assert len({(round(tile.width, 6), round(tile.height, 6)) for tile in layout.tiles}) == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", NEEDS)
@pytest.mark.parametrize("n", range(2, 13))
def test_no_quarter_of_the_frame_is_empty(n: int, kind: str, size: tuple[int, int]) -> None:
    frame, needs = FrameLayout(*size), TileNeeds(n, **NEEDS[kind])  # type: ignore[arg-type]
    layout = arrange_tiles(frame, needs)
    places = -(-n // layout.columns) * layout.columns
    last, losses = layout.tiles[-1], layout.losses
    stands_in_it = losses.left > last.right and last.bottom < losses.top < layout.tiles[0].bottom
    assert places == n or stands_in_it or (places - n) / places <= 1 / 8
    assert losses.width > NARROWEST_LOSSES - GAP
    assert losses.height > 0.8 * LOWEST_LOSSES


def test_rows_and_columns_of_two_keys_have_heads() -> None:
    frame = FrameLayout(1280, 720)
    layout = arrange_tiles(frame, TileNeeds(6, columns=(3,)))
    assert layout.columns == len(layout.column_heads) == 3
    assert len(layout.row_heads) == 2
    for k, tile in enumerate(layout.tiles):
        head, row = layout.column_heads[k % 3], layout.row_heads[k // 3]
        assert head.left == tile.left
        assert head.bottom >= tile.top - 1e-6
        assert row.bottom == tile.bottom
        assert row.right <= tile.left + 1e-6
    for one, other in combinations([*layout.tiles, *layout.column_heads, *layout.row_heads, layout.losses], 2):
        assert apart(one, other)


def test_two_planes_beside_their_losses_leave_little_empty_below() -> None:
    """Planes are as wide as they are high: what the losses do not need is theirs."""
    frame, needs = FrameLayout(1280, 720), TileNeeds(2, aspect=1.0, left=28.0, has_axes=True, has_key=True)
    layout = arrange_tiles(frame, needs)
    assert layout.columns == 2
    side = layout.tiles[0].width - needs.left
    assert layout.tiles[0].height - LABEL_ROOM - side <= 100
    assert layout.losses.width >= NARROWEST_LOSSES
