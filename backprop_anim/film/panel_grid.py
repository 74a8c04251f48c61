"""Which panels a film has, where they stand, and how many points the frame has, so that their words can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from backprop_anim.drawing import LEAST_PX, LEAST_SIZE, NARROWEST, FrameLayout, Rect, column_width, grid_cells
from backprop_anim.experiment import Experiment
from backprop_anim.panels import BETWEEN_STEPS, LEADS, default_grid, panels, reflowed

__all__ = ["PanelGrid", "choose_grid"]

THINNEST = 0.45
"""A panel that leads is at least so wide, as a share of its height."""

LEAST_ROOM = {
    "fit": (200.0, 150.0),
    "boundary": (230.0, 200.0),
    "field": (250.0, 190.0),
    "scatter": (220.0, 190.0),
    "network": (200.0, 170.0),
    "loss": (180.0, 150.0),
    "gradients": (230.0, 150.0),
    "equations": (330.0, 165.0),
}
"""The width and the height, in points, in which a panel still has its words in letters that can be read."""

LEAST_ROOM_OF_OTHERS = (160.0, 150.0)

LASTING = ("fit", "boundary", "field", "scatter", "network")
LASTING_WHERE_TOLD = ("equations", "network")
"""What stays longest, the first of them to the end: the view that leads, or in a film of one step its formulas."""

TRIED = 12
"""Numbers of points that are tried for a small frame."""

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class PanelGrid:
    """A frame and its panels.

    Attributes
    ----------
    frame : FrameLayout
    rows : sequence of sequence of str
    notes : list of str
        What a user should know: that panels were moved or left out, or have small letters.
    between : mapping of str to str
        What stands in the place of a panel while no step is told.
    """

    frame: FrameLayout
    rows: Grid
    notes: list[str]
    between: Mapping[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> dict[str, Rect]:
        """The place of each panel."""
        return _cells(self.rows, self.frame)


def choose_grid(experiment: Experiment, explains: bool = False) -> PanelGrid:
    """Return the panels of a film, on a frame that has fewer points where it is small, so that letters are not.

    Then there is less room: of a layout of our own panels are left out, of one that was asked for none is, and its
    letters are as large as it has room for. A film that `explains` is all about one step.
    """
    frame = FrameLayout(experiment.video.width_px, experiment.video.height_px)
    written = experiment.video.panels
    if written:
        grid, notes = _fitting_order(written, frame)
        return _with_large_letters(grid, frame, notes)
    grid = default_grid(experiment, frame.width / frame.height)
    names, dropped = list(dict.fromkeys(name for row in grid for name in row)), list[str]()
    lasting = LASTING_WHERE_TOLD if experiment.video.slow_motion else LASTING
    least = frame.with_least_points()
    while len(names) > 1 and least != frame and _crowded(_cells(grid, least)):
        dropped.append(max(names, key=lambda name: lasting.index(name) if name in lasting else len(lasting)))
        names.remove(dropped[-1])
        grid = (tuple(names),) if frame.width > frame.height else tuple((name,) for name in names)
    between = {name: other for name, other in BETWEEN_STEPS.items() if name in names}
    if not explains and "equations" in names:  # the view that leads gives way to the formulas only while a step is told
        leading = next((name for name in dropped if name in LASTING), "loss")
        between, dropped = {"equations": leading}, [name for name in dropped if name != leading]
    said = f"left out: {'its' if len(dropped) == 1 else 'their'} text would be under {LEAST_PX:.0f} pixels"
    found = replace(_with_large_letters(grid, frame, []), between=between)
    return replace(found, notes=[f"at {_size(frame)} {_panels(dropped)} {said}"]) if dropped else found


def _with_large_letters(grid: Grid, frame: FrameLayout, notes: list[str]) -> PanelGrid:
    """Return a grid on a frame of as few points as leave its panels enough room, where the frame is small at all."""
    least = frame.with_least_points()
    if least == frame:
        return PanelGrid(frame, grid, notes)
    tried = [least, *(frame.with_points(points) for points in np.linspace(least.points, frame.points, TRIED)[1:])]
    roomy = next((one for one in tried if not _crowded(_cells(grid, one))), frame)
    if roomy.scale * LEAST_SIZE < LEAST_PX - 1e-6:
        few = f"at {_size(frame)} some text is under {LEAST_PX:.0f} pixels"
        notes = [
            *notes,
            f"{few}: a larger frame{' or fewer panels' if len(_cells(grid, frame)) > 1 else ''} would help",
        ]
    return PanelGrid(roomy, grid, notes)


def _fitting_order(grid: Grid, frame: FrameLayout) -> tuple[Grid, list[str]]:
    """Return the rows of panels that were asked for, in another order where they would not fit the frame."""
    cells = _cells(grid, frame)
    thin = (cell.width < THINNEST * cell.height for name, cell in cells.items() if panels[name].stretch > LEADS)
    if column_width(grid, frame.body) >= NARROWEST and not any(thin):
        return grid, []
    note = f"{len(grid[0])} columns of panels are too narrow for this size: they stand in another order"
    return reflowed(grid, frame.width / frame.height), [note]


def _crowded(cells: Mapping[str, Rect]) -> bool:
    """Return whether a panel has less room than its words need."""
    needs = {name: LEAST_ROOM.get(name, LEAST_ROOM_OF_OTHERS) for name in cells}
    return any(cell.width < needs[name][0] or cell.height < needs[name][1] for name, cell in cells.items())


def _cells(grid: Grid, frame: FrameLayout) -> dict[str, Rect]:
    return grid_cells(grid, frame.body, lambda name: panels[name].stretch)


def _size(frame: FrameLayout) -> str:
    return f"{frame.width_px}x{frame.height_px}"


def _panels(names: Sequence[str]) -> str:
    *most, last = names
    return f"the panels {', '.join(most)} and {last} are" if most else f"the panel {last} is"
