"""Where three pictures of one shape stand in a panel, so that they are as large as they can be; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop_anim.drawing import Rect

__all__ = ["CAPTION", "KEY", "picture_places"]

CAPTION, KEY, GAP = 26.0, 26.0, 22.0
"""The height of a line over a picture and of the key under the last one, and the room between two pictures."""

WORTH_OF_FIRST = 2.0
"""How much the area of the first picture counts beside that of the others."""

Box = tuple[float, float, float]
"""The left edge and the upper edge of a picture from the corner of all, and its height."""


def picture_places(rect: Rect, aspect: float) -> list[Rect]:
    """Return the rectangles of three pictures whose width is `aspect` times their height, without their captions.

    Of five arrangements the one in which they are largest: in a row, in a column, or a large one with two small ones
    beside it, one over the other or next to each other, or below it. A caption has room over each, the key under the
    last.
    """
    from backprop_anim.drawing import Rect

    width, height = rect.width, rect.height - KEY
    found = [arrange(width, height, aspect) for arrange in (_beside, _below, _row, _leading_row, _column)]
    boxes = max(found, key=_worth)
    used = max(left + aspect * side for left, _, side in boxes)
    left = rect.left + (rect.width - used) / 2
    return [Rect(left + x, rect.top - y - side, aspect * side, side) for x, y, side in boxes]


def _worth(boxes: Sequence[Box]) -> float:
    first, *others = (side * abs(side) for _, _, side in boxes)
    return WORTH_OF_FIRST * first + sum(others) if min(side for _, _, side in boxes) > 0 else first - 1e9


def _beside(width: float, height: float, aspect: float) -> list[Box]:
    """Place a large picture, and right of it two small ones that are together as high."""
    between = GAP + CAPTION
    large = min(height - CAPTION, (width - GAP + aspect * between / 2) / (1.5 * aspect))
    small = (large - between) / 2
    x = aspect * large + GAP
    return [(0, CAPTION, large), (x, CAPTION, small), (x, CAPTION + small + between, small)]


def _below(width: float, height: float, aspect: float) -> list[Box]:
    """Place a large picture, and below it two small ones that are together as wide."""
    between = GAP + CAPTION
    large = min(width / aspect, (height - CAPTION - between + GAP / (2 * aspect)) / 1.5)
    small = (large - GAP / aspect) / 2
    y = CAPTION + large + between
    return [(0, CAPTION, large), (0, y, small), (aspect * small + GAP, y, small)]


def _row(width: float, height: float, aspect: float) -> list[Box]:
    side = min(height - CAPTION, (width - 2 * GAP) / (3 * aspect))
    return [(k * (aspect * side + GAP), CAPTION, side) for k in range(3)]


def _leading_row(width: float, height: float, aspect: float) -> list[Box]:
    """Place a large picture as high as there is room, and right of it two that share the rest of the width."""
    large = height - CAPTION
    small = min(large, (width - aspect * large - 2 * GAP) / (2 * aspect))
    x = aspect * large + GAP
    return [(0, CAPTION, large), (x, CAPTION, small), (x + aspect * small + GAP, CAPTION, small)]


def _column(width: float, height: float, aspect: float) -> list[Box]:
    side = min((height - 3 * CAPTION - 2 * GAP) / 3, width / aspect)
    return [(0, CAPTION + k * (side + GAP + CAPTION), side) for k in range(3)]
