"""A sheet of rows and columns: a heading, what stays, and room for what changes; it knows no data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matplotlib.lines import Line2D

from backprop_anim.drawing.changing_text import Align
from backprop_anim.drawing.layout import Rect
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.text_fitting import truncate_text
from backprop_anim.drawing.text_rows import TextLine, TextRows, TextSpan, column_ends

__all__ = ["Column", "TextTable", "fits_column"]

SIZES = ((21.0, 37.0), (18.0, 31.0), (16.0, 25.0))
"""Size of the letters and distance of the lines; the first with which all fits, or the last."""

MOST_SPREAD = 2.0
"""Where there is height to spare, lines stand so many times as far apart at most."""

HEADING_RISE, HEADING_LINE = 14.0, 22.0
RULE_DROP = 10.0  # of the hairline, from the heading
MIDDLE = 0.33  # of a row's digits, over their baseline, in font sizes
COLUMN_GAPS = (14.0, 46.0)
WIDEST_NAME, WIDEST_SHARE = 150.0, 0.2
"""How wide words may be: in points, or in a wide panel as a share of its width."""

DOT_ROOM = 18.0  # at the right, for the dot behind a row
DOT = "•"
ROW_RISE = 0.28
"""How high in its line a row stands, as a share of the room that its letters leave there."""


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


class TextTable:
    """Rows and columns in a panel.

    Parameters
    ----------
    stage : PanelArea
    choices : iterable of sequence of Column
        The first that fits the panel's width is taken; of the last one, columns at the left are left out.
    n_wanted : int
        Rows that there are.
    says_more : bool
        Whether a last line says how many rows have no room.
    beside : float
        The width of what shall stand at the right of the rows, where all columns have room beside it.

    Attributes
    ----------
    columns : sequence of Column
    n_rows : int
        Rows that fit.
    changing : TextRows
        What changes, `write` adds to it.
    """

    def __init__(
        self,
        stage: PanelArea,
        choices: Iterable[Sequence[Column]],
        n_wanted: int,
        says_more: bool = True,
        beside: float = 0.0,
    ) -> None:
        self._stage, self._rect, self._kept = stage, stage.rect, 0.0
        cut_choices = [[_cut(stage, column) for column in columns] for columns in choices]
        grouped = any(column.group for column in cut_choices[0])
        self._heading = self._rect.top - HEADING_RISE - (HEADING_LINE if grouped else 0)
        self._headings = TextRows(stage)
        for size, self._line in SIZES:
            room = int((self._heading - RULE_DROP - self._rect.bottom - 4) // self._line)
            cut_short = n_wanted > room and says_more
            self.n_rows = max(0, min(n_wanted, room - cut_short))
            self._still = TextRows(stage, size)
            if room >= n_wanted and self._fitted(cut_choices[0]) is not None:
                break
        if not cut_short and self.n_rows:
            most = (self._heading - RULE_DROP - self._rect.bottom - 4) / self.n_rows
            self._line = max(self._line, min(most, MOST_SPREAD * self._line))
        for artist in (self._still, self._headings):
            stage.figure.add_artist(artist)  # never animated: a part of the static picture
        self.changing, self._dot = TextRows(stage, size), TextRows(stage, size)
        stage.animate(self.changing, self._dot)
        self._kept = beside
        self._kept = beside if self._fitted(cut_choices[0]) is not None else 0.0
        self.columns, self._ends = self._chosen(cut_choices)
        self._write_headings()
        self._write_still()
        if cut_short and room > 0:
            more = f"… {n_wanted - self.n_rows:,} more"
            self._write_line(self._still, self._y(self.n_rows), [TextSpan(self._rect.left, more)])

    @property
    def changing_places(self) -> list[tuple[int, int]]:
        """For each changing column, which number of the data it shows, and its place on the sheet."""
        return [(column.index, place) for place, column in enumerate(self.columns) if column.changing]

    @property
    def beside(self) -> Rect | None:
        """What is free at the right of the rows, from the baseline of the heads down; None without what was wanted."""
        if not self._kept:
            return None
        left = self._ends[-1][1] + DOT_ROOM + COLUMN_GAPS[0]
        return Rect(left, self._rect.bottom, self._rect.right - left, self._heading - self._rect.bottom)

    @property
    def middles(self) -> list[float]:
        """The middle of each row, in points."""
        return [self._y(row) + MIDDLE * self._still.size for row in range(self.n_rows)]

    def before_heading(self, place: int) -> tuple[float, float]:
        """Return where the heading of a column begins, and its baseline."""
        (left, right), column = self._ends[place], self.columns[place]
        return (left if column.align == "left" else right - self._headings.width(column.heading)), self._heading

    def clear(self) -> None:
        """Take away what changes."""
        self.changing.lines = []
        self._dot.lines = []

    def write(
        self, row: int, words: Iterable[tuple[int, str]], color: str, weight: str = "regular", opacity: float = 1.0
    ) -> None:
        """Write what changes into a row: words, each with the place of its column."""
        parts = tuple(self._part(place, word) for place, word in words if word)
        self.changing.lines.append(TextLine(self._y(row), parts, color, weight, opacity))

    def name_dot(self, word: str) -> None:
        """Write over the dots what they mean; there is room for a short word between two panels."""
        if self._ends and self.n_rows:
            line = [TextSpan(self._ends[-1][1] + DOT_ROOM / 2, word)]
            self._write_line(self._headings, self._heading, line)

    def point_at(self, row: int) -> None:
        """Put a dot behind a row, if it is on the sheet."""
        if 0 <= row < self.n_rows and self._ends:
            dot = TextSpan(self._ends[-1][1] + DOT_ROOM, DOT, "right")
            self._dot.lines = [TextLine(self._y(row), (dot,), self._stage.theme.accent, "bold")]

    def _chosen(self, choices: Sequence[Sequence[Column]]) -> tuple[Sequence[Column], list[tuple[float, float]]]:
        for columns in [*choices, *(choices[-1][drop:] for drop in range(1, len(choices[-1])))]:
            ends = self._fitted(columns)
            if ends is not None:
                return columns, ends
        return [], []

    def _fitted(self, columns: Sequence[Column]) -> list[tuple[float, float]] | None:
        """Return both ends of each column, or None where there is no room for all."""
        widths = [self._width(column) for column in columns]
        starts = column_ends(widths, self._rect.left, self._rect.width - DOT_ROOM - self._kept, COLUMN_GAPS)
        if starts is None:
            return None
        return [(start, start + width) for start, width in zip(starts, widths, strict=False)]

    def _width(self, column: Column) -> float:
        cells = column.cells if column.changing else column.cells[: self.n_rows]
        weight = "bold" if column.changing else "regular"
        widths = [self._still.width(text, weight) for text in {*cells} if text]
        return max([self._headings.width(column.heading), *widths])

    def _part(self, place: int, content: str) -> TextSpan:
        (left, right), align = self._ends[place], self.columns[place].align
        return TextSpan(left if align == "left" else right, content, align)

    def _y(self, row: int) -> float:
        return self._heading - RULE_DROP - (row + 1) * self._line + ROW_RISE * (self._line - self._still.size)

    def _write_headings(self) -> None:
        """Write the headings, the words over groups of them, and a hairline below."""
        headings = [self._part(place, column.heading) for place, column in enumerate(self.columns)]
        self._write_line(self._headings, self._heading, headings)
        groups: dict[str, list[float]] = {}
        for column, ends in zip(self.columns, self._ends, strict=True):
            groups.setdefault(column.group, []).extend(ends)
        above = [TextSpan((min(x) + max(x)) / 2, group, "center") for group, x in groups.items()]
        self._write_line(self._headings, self._heading + HEADING_LINE, above)
        if self.columns:
            y, color = self._heading - RULE_DROP, self._stage.theme.hairline
            line = Line2D([self._ends[0][0], self._ends[-1][1]], [y, y], color=color, linewidth=1.2)
            self._stage.canvas_axes().add_line(line)

    def _write_still(self) -> None:
        still = [(place, column) for place, column in enumerate(self.columns) if not column.changing and column.cells]
        for row in range(self.n_rows):
            self._write_line(
                self._still, self._y(row), [self._part(place, column.cells[row]) for place, column in still]
            )

    def _write_line(self, rows: TextRows, y: float, parts: Iterable[TextSpan]) -> None:
        rows.lines.append(TextLine(y, tuple(parts), self._stage.theme.muted))


def fits_column(stage: PanelArea, text: str) -> bool:
    """Return whether words are short enough for a column of such a panel."""
    return stage.text_width(text, SIZES[-1][0]) <= max(WIDEST_NAME, WIDEST_SHARE * stage.rect.width)


def _cut(stage: PanelArea, column: Column) -> Column:
    """Return a column whose words are not too long."""

    def fits(text: str) -> bool:
        return fits_column(stage, text)

    cells = {text: truncate_text(text, fits) if len(text) > 12 else text for text in {*column.cells}}
    return replace(
        column, heading=truncate_text(column.heading, fits), cells=tuple(cells[text] for text in column.cells)
    )
