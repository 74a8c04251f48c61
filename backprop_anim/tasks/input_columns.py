"""The columns of a file that a network reads, and how cells of new rows become its inputs; it reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.table_column import Column

__all__ = ["InputColumn"]


@dataclass(frozen=True)
class InputColumn:
    """One column of the file; words take an input each, all else takes one.

    Attributes
    ----------
    name : str
        As the file has it.
    kind : {"numbers", "words", "dates", "true or false"}
    words : tuple of str
        In the order of their inputs.
    """

    name: str
    kind: Literal["numbers", "words", "dates", "true or false"]
    words: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many inputs it becomes."""
        return len(self.words) if self.kind == "words" else 1

    def encoded(self, column: Column) -> NDArray[np.float64]:
        """Return cells as inputs in the units of the file, shape (N, width): 1 for a cell's word and 0 for the others.

        Raises
        ------
        TaskError
            If a cell is missing or is none of what the column held.
        """
        gaps = np.flatnonzero(column.missing)
        if gaps.size:
            raise column.error(int(gaps[0]), "the cell is empty")
        if self.kind != "words":
            is_truth = self.kind == "true or false" and set(column.values.tolist()) <= {0.0, 1.0}
            if self.kind not in (column.kind, "numbers") and not is_truth:
                raise TaskError(f"column '{self.name}' held {self.kind}, and this is {column.kind}", "inputs")
            return column.numbers()[:, np.newaxis]
        place = {_folded(word): index for index, word in enumerate(self.words)}
        found = np.zeros((len(column.cells), self.width))
        for row, cell in enumerate(column.cells):
            index = place.get(_folded(cell))
            if index is None:
                known = ", ".join(self.words[:12]) + (", …" if len(self.words) > 12 else "")
                raise column.error(row, f"'{cell}' is none of the words that it held: {known}")
            found[row, index] = 1.0
        return found


def _folded(cell: object) -> str:
    return " ".join(str(cell).casefold().split())
