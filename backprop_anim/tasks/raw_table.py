"""Columns of cells, each with its name, before anybody says what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from backprop_anim.common import did_you_mean
from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.table_cells import Cell, NumberMarks
from backprop_anim.tasks.table_column import Column, DataSource

__all__ = ["RawTable"]


@dataclass(frozen=True, eq=False)
class RawTable:
    """Columns of cells, each with its name.

    Attributes
    ----------
    names : tuple of str
        Of all columns, in their order; a name may stand twice.
    cells : tuple of sequences
        The cells of each column.
    places : sequence of int or str
        Where each row was written; a text names another file too.
    origin : DataSource
    marks : NumberMarks
    guesses : tuple of str
        What was found out about how it is written, where that is not the usual.
    """

    names: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]
    places: Sequence[int | str]
    origin: DataSource
    marks: NumberMarks = field(default_factory=NumberMarks)
    guesses: tuple[str, ...] = ()

    def column(self, name: str, option: str) -> Column:
        """Return a column.

        Raises
        ------
        TaskError
            If there is none of that name, or more than one.
        """
        if name not in self.names:
            there = ", ".join(self.names[:20]) + (", …" if len(self.names) > 20 else "")
            hint = did_you_mean(name, self.names)
            raise TaskError(f"there is no column '{name}'{hint}; there are {there}", option)
        if self.names.count(name) > 1:
            raise TaskError(f"two columns are named '{name}'", self.origin.header_option)
        return self.columns[self.names.index(name)]

    def joined(self, other: RawTable, name: str) -> RawTable:
        """Return this table with the rows of another below its own, whose places say that they stand in `name`.

        Raises
        ------
        TaskError
            If the other lacks a column, or has it twice.
        """
        chosen = [other.column(each, "test_file").cells for each in self.names]
        cells = tuple([*ours, *theirs] for ours, theirs in zip(self.cells, chosen, strict=True))
        places = [*self.places, *(f"{place} of {name}" for place in other.places)]
        return replace(self, cells=cells, places=places)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in their order."""
        named = zip(self.names, self.cells, strict=True)
        return tuple(Column(name, cells, self.places, self.origin, self.marks) for name, cells in named)
