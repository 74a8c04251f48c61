"""Where the nodes of a network stand, which of many are shown, and the names beside them; it never draws."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.drawing.formulas import as_plain
from backprop_anim.drawing.layout import LEAST_SIZE, Rect
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.text_fitting import told_apart, wrap_text
from backprop_anim.engine import Array

__all__ = ["HEAD_ROOM", "DiagramLayout", "SideNames", "VisibleUnits", "arrange_nodes", "shown_units"]

HEAD_ROOM = 30.0
"""What the names of the layers take above the nodes, in points."""

CLOSEST_LAYERS, CLOSEST_FOR_NUMBERS = 64.0, 70.0
SIDE_NAMES = ((2, 17.0), (1, 17.0), (1, LEAST_SIZE))
"""Lines and font size of the names of inputs and outputs; the first that leaves them apart is taken."""
LINE_HEIGHT = 1.15  # in font sizes
LONGEST_NAME = 12
NARROWEST_SIDE = 34.0  # half of the word "output", which stands over the last column
MOST_FOR_NAMES = 0.26  # of the panel's width, on either side
WIDEST_NODE = 0.25  # the largest radius, as a share of the way to the next layer


@dataclass(frozen=True)
class _Room:
    """How large nodes may be, how close they may stand, and what they need below, in points."""

    least: float
    most: float
    closest: float
    below: float


SMALL, READABLE = _Room(2.8, 38.0, 10.4, 0.0), _Room(12.0, 38.0, 33.0, 16.0)
PICTURES = (_Room(8.5, 60.0, 21.0, 0.0),)
READABLE_PICTURES = (_Room(14.0, 48.0, 66.0, 35.0), _Room(9.5, 26.0, 36.0, 17.0), _Room(8.0, 26.0, 27.0, 12.0))
"""Pictures with room below each for its value and its delta, for one of them, or just so."""

MOST_PICTURES = 24
FAR_APART = 46.0  # the most between two pictures, in points
FILLED = 0.85  # of the way that the nodes of the longest column could be apart, at least
FAN = 1.7  # how much further apart pictures may stand where their column is short


@dataclass(frozen=True)
class VisibleUnits:
    """Which of a row of things are shown.

    Attributes
    ----------
    units : ndarray of int
        The ones that are shown.
    gap : int
        How many of them stand before the ellipsis; all of them where nothing is left out.
    """

    units: NDArray[np.intp]
    gap: int

    @property
    def places(self) -> int:
        """How many places the row takes, the ellipsis included."""
        return len(self.units) + self.elided

    @property
    def elided(self) -> bool:
        """Whether some are left out."""
        return self.gap < len(self.units)

    def holding(self, wanted: Collection[int]) -> VisibleUnits:
        """Return the same places with these units among them: each takes that of the last one before the ellipsis."""
        shown = self.units.tolist()
        missing = sorted(set(wanted) - set(shown))
        kept = [unit for unit in shown[: self.gap] if unit in wanted]
        spare = [unit for unit in shown[: self.gap] if unit not in wanted]
        head = sorted([*kept, *spare[: max(0, self.gap - len(kept) - len(missing))], *missing[: self.gap - len(kept)]])
        return VisibleUnits(np.array([*head, *shown[self.gap :]], np.intp), self.gap) if missing else self

    def place(self, index: int) -> int:
        """Return the place of the `index`-th shown one."""
        return index + (1 if index >= self.gap and self.elided else 0)


def shown_units(n: int, most: int) -> VisibleUnits:
    """Return all of `n` if at most `most`, else the first and the last with a place for an ellipsis between."""
    if n <= most:
        return VisibleUnits(np.arange(n), n)
    head = most // 2
    tail = max(1, most - 1 - head)
    return VisibleUnits(np.concatenate([np.arange(head), np.arange(n - tail, n)]), head)


@dataclass(frozen=True)
class SideNames:
    """The names beside one end of the network, their font size, and the width that they take."""

    texts: tuple[str, ...] = ()
    size: float = 0.0
    room: float = NARROWEST_SIDE


@dataclass(frozen=True, eq=False)
class DiagramLayout:
    """A network's place in a panel, in points.

    Attributes
    ----------
    rect : Rect
        What the nodes have of the panel.
    radius : float
        Of a node.
    layers : VisibleUnits
        The layers that are shown.
    units : dict of int to VisibleUnits
        The units that are shown of each of these layers.
    columns : dict of int to ndarray, each (nodes, 2)
        The centres of each of these layers' nodes.
    sides : tuple of SideNames
        What stands beside the inputs and beside the outputs; empty where nothing is named.
    pictures : bool
        Whether the nodes are large enough, and all of them shown, so that each can hold a picture.
    """

    rect: Rect
    radius: float
    layers: VisibleUnits
    units: dict[int, VisibleUnits]
    columns: dict[int, Array]
    sides: tuple[SideNames, ...]
    pictures: bool = False


def arrange_nodes(
    stage: PanelArea, sizes: tuple[int, ...], max_nodes: int, labels: bool, readable: bool, pictures: bool = False
) -> DiagramLayout:
    """Return where the nodes of a network stand, with pictures where these are wanted and there is room.

    The parameters are those of a `Diagram`.
    """
    if pictures and sum(sizes) <= MOST_PICTURES:
        for room in READABLE_PICTURES if readable else PICTURES:
            found = _arranged(stage, sizes, max(sizes), labels, room, True)
            whole = not found.layers.elided and not any(shown.elided for shown in found.units.values())
            if whole and found.radius >= room.least:
                return found
    return _arranged(stage, sizes, max_nodes, labels, READABLE if readable else SMALL, False)


def _arranged(
    stage: PanelArea, sizes: tuple[int, ...], max_nodes: int, labels: bool, room: _Room, pictures: bool
) -> DiagramLayout:
    """Return where the nodes stand if each has this room; those that have none are left out."""
    rect = stage.rect.inset(bottom=2.0, top=HEAD_ROOM) if labels else stage.rect
    most = max(3, min(max_nodes, int(rect.height / room.closest)))
    tallest = max(shown_units(n, most).places for n in sizes)
    radius = max(room.least, min(room.most, 0.36 * (rect.height - room.below) / tallest))
    if pictures:
        each = rect.height / tallest - room.below
        radius = min(room.most, (0.42 if room.below == 0 else 0.48) * each)
    rect = rect.inset(bottom=room.below)
    most_pitch = 2 * radius + room.below + FAR_APART if pictures else 3.2 * room.most
    whole_pitch = (rect.height - 2 * radius) / max(tallest - 1, 1)
    pitch = min(whole_pitch, max(most_pitch, FILLED * whole_pitch))  # a small network fills a high panel
    sides = _side_names(stage, sizes, pitch) if labels else ()
    if sides and room.below and _apart(rect, sides, radius, len(sizes)) < CLOSEST_FOR_NUMBERS:
        sides = (SideNames(), SideNames())  # the numbers of a step need the way between the layers
    rect = rect.inset(left=sides[0].room, right=sides[1].room) if sides else rect
    layers = shown_units(len(sizes), max(3, int(rect.width / CLOSEST_LAYERS) + 1))
    apart = (rect.width - 2 * radius) / max(layers.places - 1, 1)
    radius = min(radius, WIDEST_NODE * apart if pictures else max(room.least, WIDEST_NODE * apart))
    units = {int(k): shown_units(sizes[k], most) for k in layers.units}
    middle, columns = rect.bottom + rect.height / 2, {}
    for index, (layer, shown) in enumerate(units.items()):
        column = layers.place(index) / max(layers.places - 1, 1)
        x = rect.left + radius + column * (rect.width - 2 * radius)
        places = np.array([shown.place(unit) for unit in range(len(shown.units))])
        spread = pitch
        if pictures or room.below:  # short columns fan out, so that the lines between them part
            spread = min(FAN * pitch, pitch * (tallest - 1) / max(shown.places - 1, 1)) if tallest > 1 else pitch
        y = middle + spread * ((shown.places - 1) / 2 - places)
        columns[layer] = np.column_stack([np.full(len(y), x), y])
    return DiagramLayout(rect, radius, layers, units, columns, sides, pictures)


def _apart(rect: Rect, sides: tuple[SideNames, ...], radius: float, n_layers: int) -> float:
    """Return the points between two layers beside such names."""
    return (rect.width - sum(side.room for side in sides) - 2 * radius) / max(n_layers - 1, 1)


def _side_names(stage: PanelArea, sizes: tuple[int, ...], pitch: float) -> tuple[SideNames, SideNames]:
    """Return what stands beside the inputs and beside the outputs, whose nodes are `pitch` points apart."""
    ends = ((stage.recording.experiment.dataset.given_names, sizes[0]), (_output_names(stage), sizes[-1]))
    left, right = (_fitting_names(stage, names if len(names) == n else (), pitch) for names, n in ends)
    return left, right


def _fitting_names(stage: PanelArea, names: Sequence[str], pitch: float) -> SideNames:
    """Return names in lines that keep apart: whole where they can be, else cut, and as a last resort none.

    A single name that would have to be cut is left out: the axes of other panels say it whole.
    """
    most = MOST_FOR_NAMES * stage.rect.width
    found = []
    for n_lines, size in SIDE_NAMES if names else ():

        def fits(line: str, size: float = size) -> bool:
            return len(line) <= LONGEST_NAME and stage.text_width(line, size) + 14 <= most

        if len(names) == 1 or n_lines * LINE_HEIGHT * size + 2 <= pitch:
            plain = [as_plain(name) for name in names]
            texts = tuple(told_apart(plain, [wrap_text(name, n_lines, fits) for name in plain], fits))
            widest = max(stage.text_width(line, size) for text in texts for line in text.split("\n"))
            found.append(SideNames(texts, size, max(widest + 14, NARROWEST_SIDE)))
    whole = (side for side in found if not any("…" in text for text in side.texts))
    return next(whole, found[0] if found and len(names) > 1 else SideNames())


def _output_names(stage: PanelArea) -> tuple[str, ...]:
    experiment = stage.recording.experiment
    return experiment.dataset.names_of_outputs(experiment.network.sizes[-1])
