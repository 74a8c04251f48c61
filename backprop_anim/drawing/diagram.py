"""The nodes and lines of a network on a panel, in colours for values; it never decides where they stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_rgb, to_rgba
from numpy.typing import NDArray

from backprop_anim.drawing.diagram_layout import HEAD_ROOM, SideNames, arrange_nodes
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea
from backprop_anim.drawing.text_fitting import first_free_position
from backprop_anim.engine import Array

__all__ = ["Diagram"]

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
        Whether the nodes have to be large enough for numbers, in them and below them.
    """

    def __init__(
        self, stage: PanelArea, sizes: tuple[int, ...], max_nodes: int, labels: bool, readable: bool = False
    ) -> None:
        self._stage, self._sizes = stage, sizes
        self._layout = arrange_nodes(stage, sizes, max_nodes, labels, readable)
        self.radius = self._layout.radius
        self._units, self._columns = self._layout.units, self._layout.columns
        self._axes = stage.canvas_axes()
        self._colors = _Colors(stage)
        self._lines = self._make_lines()
        self.pulses = LineCollection([], capstyle="round")  # over the lines, under the nodes
        self._axes.add_collection(self.pulses, autolim=False)
        stage.animate(self.pulses)
        self._nodes = self._make_nodes()
        self._draw_ellipses()
        if labels:
            self._name_layers(counted=not readable)  # where numbers stand below the nodes there is no room
        for layer, side in zip((0, len(sizes) - 1), self._layout.sides, strict=False):
            self._write_side(layer, side)

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

    def set_rings(self, strengths: Array) -> None:
        """Redden the rims of the last layer's nodes, shape (nodes of it,), from 0 to 1."""
        self._rims[-len(strengths) :] = self._colors.of_rings(strengths)
        self._rim_widths[-len(strengths) :] = self._rim_width + 2.2 * strengths
        self._nodes.set_edgecolor(self._rims)  # type: ignore[arg-type]
        self._nodes.set_linewidth(self._rim_widths)  # type: ignore[arg-type]

    def set_nodes(self, levels: Array) -> None:
        """Colour the nodes by activation, shape (nodes,), from -1 to 1, layer by layer."""
        self._nodes.set_facecolor(self._colors.of_levels(levels))  # type: ignore[arg-type]

    def set_edges(self, signed: Array) -> None:
        """Colour and widen the lines by weight, shape (lines,), from -1 to 1."""
        self._lines.set_color(self._colors.of_weights(signed))  # type: ignore[arg-type]
        self._lines.set_linewidth(0.5 + 4.6 * np.abs(signed))  # type: ignore[arg-type]

    def _make_lines(self) -> LineCollection:
        ends = [np.stack(self.ends(layer), axis=1) for layer in self.drawn_connections]
        segments = list(np.concatenate(ends)) if ends else []
        lines = LineCollection(segments, capstyle="butt")
        self._axes.add_collection(lines, autolim=False)
        self._stage.animate(lines)
        return lines

    def _make_nodes(self) -> EllipseCollection:
        self._rim_width = min(1.6, self.radius / 6)
        centres = np.concatenate(list(self._columns.values()))
        size = np.full(len(centres), 2 * self.radius)
        nodes = EllipseCollection(
            size,
            size,
            np.zeros(len(centres)),
            units="points",
            offsets=centres,
            offset_transform=self._axes.transData,
            edgecolors=self._stage.theme.muted,
            linewidths=self._rim_width,
        )
        self._rims = np.tile(to_rgba(self._stage.theme.muted), (len(centres), 1))
        self._rim_widths = np.full(len(centres), self._rim_width)
        self._axes.add_collection(nodes, autolim=False)
        self._stage.animate(nodes)
        return nodes

    def _draw_ellipses(self) -> None:
        """Put three dots where units or whole layers are left out."""
        color, size = self._stage.theme.muted, max(2.4, self.radius / 4)
        for layer, shown in self._units.items():
            if shown.elided:
                x = self._columns[layer][0, 0]
                y = (self._columns[layer][shown.gap - 1, 1] + self._columns[layer][shown.gap, 1]) / 2
                self._axes.plot([x] * 3, y + 2.2 * size * np.arange(-1, 2), "o", color=color, markersize=size)
        layers, rect = self._layout.layers, self._layout.rect
        if layers.elided:
            before, after = layers.units[layers.gap - 1], layers.units[layers.gap]
            x = (self._columns[int(before)][0, 0] + self._columns[int(after)][0, 0]) / 2
            y = rect.bottom + rect.height / 2
            self._axes.plot(x + 9.0 * np.arange(-1, 2), [y] * 3, "o", color=color, markersize=4)

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


class _Colors:
    """Colours of nodes and lines for values from -1 to 1."""

    def __init__(self, stage: PanelArea) -> None:
        theme = stage.theme
        self._positive, self._negative = np.array(to_rgb(theme.positive)), np.array(to_rgb(theme.negative))
        self._empty, self._full = np.array(to_rgb(theme.surface)), np.array(to_rgb(theme.accent))
        self._below = np.array(to_rgb(theme.muted))

    def of_levels(self, levels: Array) -> Array:
        """Return (nodes, 4): from empty to the accent above zero, to grey below."""
        strength = np.abs(levels)[:, np.newaxis]
        ends = np.where(levels[:, np.newaxis] >= 0, self._full, self._below)
        rgb = self._empty + strength * (ends - self._empty)
        return np.column_stack([rgb, np.ones(len(levels))])

    def of_rings(self, strengths: Array) -> Array:
        """Return (nodes, 4): from the usual rim to the accent."""
        rgb = self._below + strengths[:, np.newaxis] * (self._full - self._below)
        return np.column_stack([rgb, np.ones(len(strengths))])

    def of_weights(self, signed: Array) -> Array:
        """Return (lines, 4): hue by sign, opacity by size."""
        rgb = np.where(signed[:, np.newaxis] >= 0, self._positive, self._negative)
        return np.column_stack([rgb, 0.16 + 0.74 * np.abs(signed)])
