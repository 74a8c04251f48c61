"""A sheet of rows and columns: a heading, what stays, and room for what changes; it knows no data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matplotlib.lines import Line2D

from backprop_anim.drawing.rows import Entry, Rows, column_ends
from backprop_anim.drawing.stage import Stage
from backprop_anim.drawing.text import Align
from backprop_anim.drawing.words import cut

__all__ = ["Column", "Sheet"]

SIZES = ((18.0, 31.0), (16.0, 25.0))
"""Size of the letters and distance of the lines; the first with which every row fits, or the last."""

HEADING_RISE, HEADING_LINE = 14.0, 22.0
FIRST_LINE = 32.0  # from the heading to the first row
COLUMN_GAPS = (14.0, 46.0)
WIDEST_NAME = 150.0
MARGIN = 18.0  # at the left, for the dot before a row
DOT = "•"


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    heading : str
    cells : tuple of str
        Its words, row by row; of a changing column, what may stand in it, for its width.
    group : str
        A word over the headings of neighbours that share it.
    align : {"left", "right"}
    changing : bool
    index : int
        Which number of the data it shows.
    """

    heading: str
    cells: tuple[str, ...] = ()
    group: str = ""
    align: Align = "left"
    changing: bool = False
    index: int = 0


class Sheet:
    """Rows and columns in a panel.

    Parameters
    ----------
    stage : Stage
    choices : iterable of sequence of Column
        The first that fits the panel's width is taken; of the last one, columns at the left are left out.
    n_wanted : int
        Rows that there are.
    says_more : bool
        Whether a last line says how many rows have no room.

    Attributes
    ----------
    columns : sequence of Column
    n_rows : int
        Rows that fit.
    changing : Rows
        What changes, `write` adds to it.
    """

    def __init__(
        self, stage: Stage, choices: Iterable[Sequence[Column]], n_wanted: int, says_more: bool = True
    ) -> None:
        self._stage, self._rect = stage, stage.rect
        choices = [[_cut(stage, column) for column in columns] for columns in choices]
        grouped = any(column.group for column in choices[0])
        self._heading = self._rect.top - HEADING_RISE - (HEADING_LINE if grouped else 0)
        for self._size, self._line in SIZES:
            room = int((self._heading - FIRST_LINE - self._rect.bottom - 4) // self._line) + 1
            if room >= n_wanted:
                break
        cut_short = n_wanted > room and says_more
        self.n_rows = max(0, min(n_wanted, room - cut_short))
        self._still = Rows(stage, self._size)
        self.changing = Rows(stage, self._size)
        self._dot = Rows(stage, self._size)
        stage.animate(self.changing, self._dot)
        self.columns, self._ends = self._chosen(choices)
        self._write_headings()
        self._write_still()
        if cut_short and room > 0:
            more = f"… {n_wanted - self.n_rows:,} more"
            self._still.entries.append(Entry(self._rect.left + MARGIN, self._y(self.n_rows), more, stage.theme.muted))

    @property
    def changing_places(self) -> list[tuple[int, int]]:
        """For each changing column, which number of the data it shows, and its place on the sheet."""
        return [(column.index, place) for place, column in enumerate(self.columns) if column.changing]

    def clear(self) -> None:
        """Take away what changes."""
        self.changing.entries = []
        self._dot.entries = []

    def write(
        self, row: int, place: int, content: str, color: str, weight: str = "regular", opacity: float = 1.0
    ) -> None:
        """Write what changes into a row of the column at a place."""
        align = self.columns[place].align
        x = self._x(place)
        self.changing.entries.append(Entry(x, self._y(row), content, color, opacity, weight, align))

    def point_at(self, row: int) -> None:
        """Put a dot before a row, if it is on the sheet."""
        if 0 <= row < self.n_rows:
            self._dot.entries = [Entry(self._rect.left, self._y(row), DOT, self._stage.theme.accent, weight="bold")]

    def _chosen(self, choices: list[list[Column]]) -> tuple[list[Column], list[tuple[float, float]]]:
        for columns in [*choices, *(choices[-1][drop:] for drop in range(1, len(choices[-1])))]:
            widths = [self._width(column) for column in columns]
            starts = column_ends(widths, self._rect.left + MARGIN, self._rect.width - MARGIN, COLUMN_GAPS)
            if starts is not None:
                ends = [(start, start + width) for start, width in zip(starts, widths, strict=False)]
                return columns, ends
        return [], []

    def _width(self, column: Column) -> float:
        cells = column.cells if column.changing else column.cells[: self.n_rows]
        weight = "bold" if column.changing else "regular"
        widths = [self._still.width(text, weight) for text in {*cells} if text]
        heading = self._still.width(column.heading) if column.heading else 0.0
        return max([heading, *widths])

    def _x(self, place: int) -> float:
        left, right = self._ends[place]
        return left if self.columns[place].align == "left" else right

    def _y(self, row: int) -> float:
        return self._heading - FIRST_LINE - row * self._line

    def _write_headings(self) -> None:
        """Write the headings, the words over groups of them, and a hairline below."""
        muted, entries = self._stage.theme.muted, self._still.entries
        groups: dict[str, list[int]] = {}
        for place, column in enumerate(self.columns):
            entries.append(Entry(self._x(place), self._heading, column.heading, muted, align=column.align))
            if column.group:
                groups.setdefault(column.group, []).append(place)
        for group, places in groups.items():
            right = self._ends[places[-1]][1]
            entries.append(Entry(right, self._heading + HEADING_LINE, group, muted, align="right"))
        if self.columns:
            y = self._heading - 0.3 * FIRST_LINE
            line = Line2D(
                [self._ends[0][0], self._ends[-1][1]], [y, y], color=self._stage.theme.hairline, linewidth=1.2
            )
            self._stage.canvas_axes().add_line(line)

    def _write_still(self) -> None:
        for place, column in enumerate(self.columns):
            for row, content in enumerate(column.cells[: self.n_rows] if not column.changing else ()):
                entry = Entry(self._x(place), self._y(row), content, self._stage.theme.muted, align=column.align)
                self._still.entries.append(entry)


def _cut(stage: Stage, column: Column) -> Column:
    """Return a column whose words are not too long."""

    def fits(text: str) -> bool:
        return stage.text_width(text, SIZES[-1][0]) <= WIDEST_NAME

    cells = {text: cut(text, fits) if len(text) > 12 else text for text in {*column.cells}}
    return replace(column, heading=cut(column.heading, fits), cells=tuple(cells[text] for text in column.cells))
