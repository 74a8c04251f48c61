"""Where things stand in a frame, in points: 720 on its shorter side, fewer on a small one's; nothing here draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

__all__ = ["LEAST_PX", "LEAST_SIZE", "NARROWEST", "FrameLayout", "Rect", "column_width", "grid_cells"]

SHORT_SIDE = 720.0
LEAST_SIZE = 14.0
"""No letters that have to be read are smaller, in points; indices are a share of theirs."""

LEAST_PX = 9.0
"""Nor are they in pixels, where there is room: a small frame has fewer points instead of smaller letters."""


MARGIN = 52.0
HEADER = 98.0
FOOT, LOW_FOOT = 56.0, 0.11
"""The strip of captions below the panels; of an upright frame, whose foot a phone covers, this share."""
ABOVE_CAPTION = 34.0
GAP = 46.0
NARROWEST = 150.0
"""A narrower column has no room for axes with their numbers."""

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Rect:
    """A rectangle, in points from the lower left corner of the frame."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.bottom + self.height

    def inset(self, left: float = 0, bottom: float = 0, right: float = 0, top: float = 0) -> Rect:
        """Return the rectangle without strips at its edges."""
        return Rect(self.left + left, self.bottom + bottom, self.width - left - right, self.height - bottom - top)


@dataclass(frozen=True)
class FrameLayout:
    """A frame of so many pixels, measured in points.

    Attributes
    ----------
    width_px, height_px : int
    points : float
        Those of its shorter side.
    """

    width_px: int
    height_px: int
    points: float = SHORT_SIDE

    @property
    def scale(self) -> float:
        """Pixels in a point."""
        return min(self.width_px, self.height_px) / self.points

    def with_scale(self, scale: float) -> FrameLayout:
        """Return the frame with other pixels, and the same in points."""
        return FrameLayout(round(self.width * scale), round(self.height * scale), self.points)

    def with_points(self, points: float) -> FrameLayout:
        """Return the frame with another measure: all that is given in points is larger where it has fewer of them."""
        return replace(self, points=float(points))

    def with_least_points(self) -> FrameLayout:
        """Return the frame with so few points that the least letters have `LEAST_PX`; itself where they have."""
        return self.with_points(min(self.points, min(self.width_px, self.height_px) * LEAST_SIZE / LEAST_PX))

    @property
    def width(self) -> float:
        """The width in points."""
        return self.width_px / self.scale

    @property
    def height(self) -> float:
        """The height in points."""
        return self.height_px / self.scale

    @property
    def header(self) -> Rect:
        """The strip of title and step."""
        return Rect(MARGIN, self.height - HEADER, self.width - 2 * MARGIN, HEADER)

    @property
    def body(self) -> Rect:
        """What is left for the panels."""
        return Rect(MARGIN, self.foot, self.width - 2 * MARGIN, self.height - HEADER - self.foot)

    @property
    def foot(self) -> float:
        """The height of the strip below the panels."""
        return max(FOOT, LOW_FOOT * self.height) if self.height > 1.3 * self.width else FOOT

    @property
    def caption_baseline(self) -> float:
        """How high a caption stands: close under the panels."""
        return self.foot - ABOVE_CAPTION


def grid_cells(grid: Grid, body: Rect, stretch: Callable[[str], float]) -> dict[str, Rect]:
    """Return the rectangle of each panel of a grid whose repeated names form rectangles.

    Columns are equally wide. A row is as high as its most demanding panel asks for, `stretch` giving a panel's
    share of height.
    """
    spans = {name: _span(grid, name) for row in grid for name in row}
    shares = [max(stretch(name) / (spans[name][1] - spans[name][0]) for name in row) for row in grid]
    heights = [(body.height - GAP * (len(grid) - 1)) * share / sum(shares) for share in shares]
    width = column_width(grid, body)
    cells = {}
    for name, (top, bottom, left, right) in spans.items():
        y = body.top - sum(heights[:bottom]) - GAP * (bottom - 1)
        height = sum(heights[top:bottom]) + GAP * (bottom - top - 1)
        cells[name] = Rect(body.left + left * (width + GAP), y, (right - left) * (width + GAP) - GAP, height)
    return cells


def column_width(grid: Grid, body: Rect) -> float:
    """Return how wide each column of a grid is."""
    return (body.width - GAP * (len(grid[0]) - 1)) / len(grid[0])


def _span(grid: Grid, name: str) -> tuple[int, int, int, int]:
    """Return the first row, the row after the last, and likewise the columns that `name` covers."""
    rows = [index for index, row in enumerate(grid) if name in row]
    columns = [index for row in grid for index, cell in enumerate(row) if cell == name]
    return rows[0], rows[-1] + 1, min(columns), max(columns) + 1
