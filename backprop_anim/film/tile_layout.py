"""Where the tiles of a comparison, their heads, their key and the losses stand in a frame; nothing here draws."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from backprop_anim.drawing import ROOM_BELOW_AXES, FrameLayout, Rect

__all__ = ["LABEL_ROOM", "TileLayout", "TileNeeds", "arrange_tiles"]

GAP, GAP_TO_LOSSES, LABEL_ROOM, KEY_ROOM, HEAD_ROOM = 24.0, 40.0, 30.0, 30.0, 28.0
ROW_HEAD_WIDTH = 92.0
SHARES_BESIDE, SHARES_BELOW = (0.24, 0.27, 0.3, 0.36, 0.42), (0.25, 0.3, 0.36, 0.45)
"""How much of the frame the losses may take: of its width at the right, of its height at the foot."""

NARROWEST_LOSSES, LOWEST_LOSSES = 280.0, 165.0
"""In a smaller panel the lines of the losses cannot be told apart."""

LOSSES_EDGES = 50.0, 76.0
"""What words and numbers take of the width and the height of the losses."""

WORTH_OF_LOSSES, WORTH_OF_FULLNESS, WORTH_OF_ORDER = 0.35, 4.0, 0.15
"""How much larger losses, a grid without holes, and one without the losses in it, count beside larger tiles."""


@dataclass(frozen=True)
class TileNeeds:
    """What the tiles of a comparison ask of a layout.

    Attributes
    ----------
    n : int
    aspect : float
        The best proportion of what a tile shows, width to height.
    left : float
        Points at its left that are for numbers.
    has_axes : bool
        Whether there are numbers and a name below the last tile of each column.
    has_key : bool
        Whether a key stands over all tiles.
    columns : tuple of int
        How many there may be, with heads over them and at the rows; none leaves it to the frame.
    """

    n: int
    aspect: float = 1.15
    left: float = 0.0
    has_axes: bool = False
    has_key: bool = False
    columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class TileLayout:
    """Rectangles that do not overlap, but for what tiles with axes write below themselves.

    Attributes
    ----------
    tiles : tuple of Rect
        Row by row, each with its label at its top.
    losses : Rect
    key : Rect or None
    column_heads, row_heads : tuple of Rect
    columns : int
    """

    tiles: tuple[Rect, ...]
    losses: Rect
    key: Rect | None
    column_heads: tuple[Rect, ...]
    row_heads: tuple[Rect, ...]
    columns: int

    def is_left(self, index: int) -> bool:
        """Return whether a tile is the first of its row."""
        return index % self.columns == 0

    def is_lowest(self, index: int) -> bool:
        """Return whether a tile is the last of its column."""
        return index + self.columns >= len(self.tiles)


def arrange_tiles(frame: FrameLayout, needs: TileNeeds) -> TileLayout:
    """Return the layout that shows tiles and losses as large as they can be, with as little left empty as possible."""
    body = frame.body
    return max(_candidates(body, needs), key=lambda layout: _worth(layout, needs))


def _candidates(body: Rect, needs: TileNeeds) -> Iterator[TileLayout]:
    """Yield layouts with the losses at the right, at the foot, or in what the last row leaves."""
    for columns in needs.columns or range(1, needs.n + 1):
        for share in SHARES_BESIDE:
            width = share * body.width
            losses = Rect(body.right - width, body.bottom, width, body.height)
            yield _layout(body.inset(right=width + GAP_TO_LOSSES), losses, needs, columns)
        for share in SHARES_BELOW:
            height = share * body.height
            losses = Rect(body.left, body.bottom, body.width, height)
            yield _layout(body.inset(bottom=height + GAP), losses, needs, columns)
        free = -needs.n % columns
        if free and not needs.columns and needs.n > columns:
            layout = _layout(body, body, needs, columns)
            last, above = layout.tiles[-1], layout.tiles[-columns]
            left = last.right + GAP_TO_LOSSES
            # The tiles over it have their numbers below them.
            top = above.bottom - (ROOM_BELOW_AXES if needs.has_axes else 0) - GAP
            losses = Rect(left, body.bottom, body.right - left, top - body.bottom)
            yield TileLayout(layout.tiles, losses, layout.key, (), (), columns)


def _layout(space: Rect, losses: Rect, needs: TileNeeds, columns: int) -> TileLayout:
    """Return tiles of one size in so many columns."""
    rows = -(-needs.n // columns)
    key = None
    if needs.has_key:
        key = Rect(space.left, space.top - KEY_ROOM, space.width, KEY_ROOM)
        space = space.inset(top=KEY_ROOM)
    grid = space.inset(bottom=ROOM_BELOW_AXES) if needs.has_axes else space
    if needs.columns:
        grid = grid.inset(left=ROW_HEAD_WIDTH, top=HEAD_ROOM)
    width = (grid.width - GAP * (columns - 1)) / columns
    height = (grid.height - GAP * (rows - 1)) / rows
    across = [grid.left + index * (width + GAP) for index in range(columns)]
    down = [grid.top - height - index * (height + GAP) for index in range(rows)]
    tiles = tuple(Rect(across[k % columns], down[k // columns], width, height) for k in range(needs.n))
    if not needs.columns:
        return TileLayout(tiles, losses, key, (), (), columns)
    column_heads = tuple(Rect(left, grid.top, width, HEAD_ROOM) for left in across)
    row_heads = tuple(Rect(space.left, bottom, ROW_HEAD_WIDTH, height) for bottom in down)
    return TileLayout(tiles, losses, key, column_heads, row_heads, columns)


def _worth(layout: TileLayout, needs: TileNeeds) -> float:
    """Return how good a layout is: by the areas that its pictures fill, and the share of places that stay empty."""
    tile, losses = layout.tiles[0], layout.losses
    width, height = tile.width - needs.left, tile.height - LABEL_ROOM
    across, up = losses.width - LOSSES_EDGES[0], losses.height - LOSSES_EDGES[1]
    if min(width, height, across, up) <= 0:
        return -math.inf
    filled = min(width, height * needs.aspect) * min(height, width / needs.aspect) * needs.n
    drawn = min(across, 4 * up) * min(up, 1.2 * across)
    places = -(-needs.n // layout.columns) * layout.columns
    fills_row = losses.left > layout.tiles[-1].right and losses.top < layout.tiles[0].bottom
    empty = 0 if fills_row else (places - needs.n) / places
    small = max(0.0, NARROWEST_LOSSES / losses.width - 1) + max(0.0, LOWEST_LOSSES / losses.height - 1)
    return (
        math.log(filled)
        + WORTH_OF_LOSSES * math.log(drawn)
        - WORTH_OF_FULLNESS * (empty + small)
        - WORTH_OF_ORDER * fills_row
    )
