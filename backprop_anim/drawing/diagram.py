"""The nodes and lines of a network on a panel, in colours for values; it never decides where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from matplotlib.collections import EllipseCollection, LineCollection
from numpy.typing import NDArray

from backprop_anim.drawing.diagram_colors import DiagramColors
from backprop_anim.drawing.diagram_key import KEY_ROOM, draw_key
from backprop_anim.drawing.diagram_layout import HEAD_ROOM, SideNames, arrange_nodes
from backprop_anim.drawing.node_pictures import NodePictures, Palette
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea
from backprop_anim.drawing.text_fitting import first_free_position
from backprop_anim.engine import Array

__all__ = ["Diagram"]

LEAST_HEIGHT_FOR_KEY = 190.0
COUNT_ROOM = 14.0
FAR = 64.0
"""How high above the nodes the names of the layers may stand, in points."""

LAYER_GAP = 10.0


class Diagram:
    """The picture of one network's topology.

    Parameters
    ----------
    stage : PanelArea
    sizes : tuple of int
        Neurons of each layer.
    max_nodes : int
        Places in a column; larger layers are shortened with an ellipsis.
    labels : bool
        Whether layers, inputs and outputs are named.
    readable : bool
        Whether the nodes have to be large enough for numbers, in them or below them.
    pictures : bool
        Whether nodes shall be pictures, where there is room for all of them.

    Attributes
    ----------
    axes : Axes
        Whose data are points of the frame.
    radius : float
        Of a node, or half of a picture's side, in points.
    below : float
        The room under each picture for its numbers.
    pictures : NodePictures or None
        What the nodes are, where they are not plain discs.
    """

    def __init__(
        self,
        stage: PanelArea,
        sizes: tuple[int, ...],
        max_nodes: int,
        labels: bool,
        readable: bool = False,
        pictures: bool = False,
    ) -> None:
        has_key = labels and stage.rect.height >= LEAST_HEIGHT_FOR_KEY
        self._stage, self._sizes = stage, sizes
        for foot in (KEY_ROOM, KEY_ROOM + COUNT_ROOM):
            place = replace(stage, rect=stage.rect.inset(bottom=foot)) if has_key else stage
            self._layout = arrange_nodes(place, sizes, max_nodes, labels, readable, pictures)
            if not any(shown.elided for shown in self._layout.units.values()):
                break  # the sizes of shortened layers stand between nodes and key
        self.radius, self.below = self._layout.radius, self._layout.below
        self._units, self._columns = self._layout.units, self._layout.columns
        self.axes = stage.canvas_axes()
        self._colors = DiagramColors(stage)
        self._palettes = self._palettes_of_nodes(self._layout.pictures)
        self._lines = self._make_lines()
        self.pulses = LineCollection([], capstyle="round")  # over the lines, under the nodes
        self.axes.add_collection(self.pulses, autolim=False)
        stage.animate(self.pulses)
        self.pictures: NodePictures | None = None
        if self._layout.pictures:
            self.pictures = NodePictures(stage, self.centres, self.radius, self._palettes)
            stage.animate(self.pictures)
        else:
            self._nodes = self._make_nodes()
        self._draw_ellipses()
        if has_key:
            draw_key(stage, self._colors, self._key_ramp())
        if labels:
            self._name_layers(counted=not readable)  # where numbers stand below the nodes there is no room
        for layer, side in zip((0, len(sizes) - 1), self._layout.sides, strict=False):
            self._write_side(layer, side)

    @property
    def centres(self) -> Array:
        """The centres of all nodes that are shown, layer by layer, (nodes, 2)."""
        return np.concatenate(list(self._columns.values()))

    @property
    def drawn_connections(self) -> list[int]:
        """The layers whose weights to the next layer are drawn."""
        return [k for k in self._units if k + 1 in self._units]

    def shown_units(self, layer: int) -> NDArray[np.intp]:
        """Return which units of a layer have a node; none for a layer that is left out."""
        return self._units[layer].units if layer in self._units else np.empty(0, dtype=np.intp)

    def ends(self, layer: int) -> tuple[Array, Array]:
        """Return where the lines from a layer to the next start and end, each (lines, 2), in the order of W's rows."""
        before, after = self._columns[layer], self._columns[layer + 1]
        return np.tile(before, (len(after), 1)), np.repeat(after, len(before), axis=0)

    def nodes(self) -> Iterator[tuple[int, float, float, int]]:
        """Yield every shown node: its layer, its centre and which unit of the layer it is."""
        for layer, shown in self._units.items():
            for (x, y), unit in zip(self._columns[layer].tolist(), shown.units.tolist(), strict=True):
                yield layer, x, y, unit

    def set_nodes(self, levels: Array) -> None:
        """Colour plain nodes by activation, shape (nodes,), from -1 to 1, layer by layer."""
        self._nodes.set_facecolor(self._colors.of_levels(levels, self._palettes))  # type: ignore[arg-type]

    def set_edges(self, signed: Array) -> None:
        """Colour and widen the lines by weight, shape (lines,), from -1 to 1."""
        self._lines.set_color(self._colors.of_weights(signed))  # type: ignore[arg-type]
        self._lines.set_linewidth(0.5 + 4.6 * np.abs(signed))  # type: ignore[arg-type]
        if self._colors.dashes is not None:
            broken = (0, self._colors.dashes)
            self._lines.set_linestyle([broken if below else "solid" for below in (signed < 0).tolist()])

    def _make_lines(self) -> LineCollection:
        ends = [np.stack(self.ends(layer), axis=1) for layer in self.drawn_connections]
        segments = list(np.concatenate(ends)) if ends else []
        lines = LineCollection(segments, capstyle="butt")
        self.axes.add_collection(lines, autolim=False)
        self._stage.animate(lines)
        return lines

    def _make_nodes(self) -> EllipseCollection:
        centres = self.centres
        size = np.full(len(centres), 2 * self.radius)
        nodes = EllipseCollection(
            size,
            size,
            np.zeros(len(centres)),
            units="points",
            offsets=centres,
            offset_transform=self.axes.transData,
            edgecolors=self._stage.theme.muted,
            linewidths=min(1.6, self.radius / 6),
        )
        self.axes.add_collection(nodes, autolim=False)
        self._stage.animate(nodes)
        return nodes

    def _palettes_of_nodes(self, pictures: bool) -> list[Palette]:
        """Return the colours of -1, 0 and 1 for every node that is shown."""
        experiment, theme, colors = self._stage.recording.experiment, self._stage.theme, self._colors
        last, outputs, found = len(self._sizes) - 1, self._colors.of_outputs(), []
        for layer, shown in self._units.items():
            for unit in shown.units.tolist():
                palette = colors.signs if pictures else colors.greys
                if layer == last and outputs is not None:
                    palette = outputs[unit]
                elif pictures and experiment.dataset.n_inputs == 1:
                    pen = theme.accent if layer == last else theme.ink
                    palette = (theme.surface, theme.surface, pen)
                found.append(palette)
        return found

    def _key_ramp(self) -> tuple[Palette, str] | None:
        """Return the colours that nodes have and what they say; None where pictures are curves."""
        if self.pictures is None:
            return self._colors.greys, "activation"
        curves = self._stage.recording.experiment.dataset.n_inputs == 1
        return None if curves else (self._colors.signs, "activation")

    def _draw_ellipses(self) -> None:
        """Put three dots where units or whole layers are left out."""
        color, size = self._stage.theme.muted, max(2.4, self.radius / 4)
        for layer, shown in self._units.items():
            if shown.elided:
                x = self._columns[layer][0, 0]
                y = (self._columns[layer][shown.gap - 1, 1] + self._columns[layer][shown.gap, 1]) / 2
                self.axes.plot([x] * 3, y + 2.2 * size * np.arange(-1, 2), "o", color=color, markersize=size)
        layers, rect = self._layout.layers, self._layout.rect
        if layers.elided:
            before, after = layers.units[layers.gap - 1], layers.units[layers.gap]
            x = (self._columns[int(before)][0, 0] + self._columns[int(after)][0, 0]) / 2
            y = rect.bottom + rect.height / 2
            self.axes.plot(x + 9.0 * np.arange(-1, 2), [y] * 3, "o", color=color, markersize=4)

    def _name_layers(self, counted: bool) -> None:
        """Write the layers' names over their columns and the sizes of shortened ones below, shorter where they meet."""
        stage, last, layers = self._stage, len(self._sizes) - 1, list(self._units)
        places = [float(self._columns[layer][0, 0]) for layer in layers]
        ends, hidden = {0: "input", last: "output"}, "hidden" if last == 2 else "hidden {}"
        choices = [[ends.get(k, word.format(k)) for k in layers] for word in (hidden, "{}" if last > 2 else "", "")]
        names = first_free_position(choices, places, lambda name: stage.text_width(name, LABEL_SIZE), LAYER_GAP)
        choices = [
            [f"{self._sizes[k]:,}{unit}" if counted and self._units[k].elided else "" for k in layers]
            for unit in (" units", "")
        ]
        counts = first_free_position(choices, places, lambda count: stage.text_width(count, LABEL_SIZE - 3), LAYER_GAP)
        head = stage.rect.top - 14
        top = max(float(column[0, 1]) for column in self._columns.values()) + self.radius
        if head - top > FAR:  # a small network in a high panel
            head = top + HEAD_ROOM
        for layer, x, name, count in zip(layers, places, names, counts, strict=True):
            below = self._columns[layer][-1, 1] - self.radius - 6
            stage.text(x, head, name, LABEL_SIZE, ha="center", va="baseline")
            stage.text(x, below, count, LABEL_SIZE - 3, ha="center", va="top")

    def _write_side(self, layer: int, side: SideNames) -> None:
        """Write the names beside the first or the last layer."""
        outwards, align = (-1, "right") if layer == 0 else (1, "left")
        for (x, y), unit in zip(self._columns[layer], self._units[layer].units if side.texts else (), strict=False):
            text = side.texts[unit]
            single = len(text) == 1  # a variable, and set as one
            self._stage.text(
                x + outwards * (self.radius + 10),
                y,
                text,
                side.size,
                self._stage.theme.ink if single else None,
                italic=single,
                ha=align,
                va="center" if "\n" in text else "center_baseline",
                linespacing=1.1,
            )
