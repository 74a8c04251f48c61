"""The nodes and lines of a network on a panel, in colours for values; it never decides where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_rgb, to_rgba
from numpy.typing import NDArray

from backprop_anim.drawing.diagram_colors import DiagramColors
from backprop_anim.drawing.diagram_key import KEY_ROOM, draw_key
from backprop_anim.drawing.diagram_layout import arrange_nodes
from backprop_anim.drawing.diagram_names import name_layers, write_side
from backprop_anim.drawing.node_pictures import NodePictures, Palette
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.spotlight import Spotlight
from backprop_anim.engine import Array
from backprop_anim.story import Edge

__all__ = ["Diagram"]

STRONG_LINE = 2.4
"""The least width of a line in the spotlight."""

LEAST_HEIGHT_FOR_KEY = 190.0
COUNT_ROOM, NUMBERS_ROOM = 14.0, 36.0


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
    told : collection of (layer, unit)
        Neurons that are shown in any case, because a step is told by them.

    Attributes
    ----------
    axes : Axes
        Whose data are points of the frame.
    radius : float
        Of a node, or half of a picture's side, in points.
    edges : list of Edge
        The weights that have a line, in the order of the lines.
    sleeves : LineCollection
        Beside the lines, for changes; empty until it is filled.
    pulses : PathCollection
        On the lines, for signals.
    foot : float
        How far down numbers may stand, in points.
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
        told: Collection[tuple[int, int]] = (),
    ) -> None:
        has_key = labels and stage.rect.height >= LEAST_HEIGHT_FOR_KEY
        self._stage, self._sizes = stage, sizes
        for foot in (KEY_ROOM, KEY_ROOM + COUNT_ROOM):
            place = replace(stage, rect=stage.rect.inset(bottom=foot)) if has_key else stage
            self._layout = arrange_nodes(place, sizes, max_nodes, labels, readable, pictures)
            if not any(shown.elided for shown in self._layout.units.values()):
                break  # the sizes of shortened layers stand between nodes and key
        self.radius, self.foot = self._layout.radius, place.rect.bottom
        told_of = {layer: {unit for other, unit in told if other == layer} for layer in self._layout.units}
        self._units = {layer: shown.holding(told_of[layer]) for layer, shown in self._layout.units.items()}
        self._columns = self._layout.columns
        self.axes = stage.canvas_axes()
        self._colors = DiagramColors(stage)
        self._palettes = self._palettes_of_nodes(self._layout.pictures)
        self._lines = self._make_lines()
        self.edges = [
            Edge(layer + 1, unit, source)
            for layer in self.drawn_connections
            for unit in self._units[layer + 1].units.tolist()
            for source in self._units[layer].units.tolist()
        ]
        self.node_places = {(layer, unit): index for index, (layer, _, _, unit) in enumerate(self.nodes())}
        self._light: Spotlight | None = None
        self.sleeves = LineCollection([], capstyle="butt")  # over the lines, as the pulses are, and under the nodes
        self.pulses = self.axes.scatter([], [], linewidths=2.0)
        self.axes.add_collection(self.sleeves, autolim=False)
        stage.animate(self.sleeves, self.pulses)
        self.pictures: NodePictures | None = None
        if self._layout.pictures:
            self.pictures = NodePictures(stage, self.centres, self.radius, self._palettes)
            stage.animate(self.pictures)
        else:
            self._nodes = self._make_nodes()
        self._draw_ellipses()
        if has_key:
            lowest = float(self.centres[:, 1].min()) - self.radius - (NUMBERS_ROOM if readable else 0.0)
            draw_key(stage, self._colors, self._key_ramp(), lowest)
        if labels:
            name_layers(stage, self._layout, sizes, counted=not readable)  # below are the numbers of a step
        for layer, side in zip((0, len(sizes) - 1), self._layout.sides, strict=False):
            write_side(stage, self._layout, layer, side)

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
        colors, theme = self._colors.of_levels(levels, self._palettes), self._stage.theme
        rims, widths = np.tile(to_rgba(theme.muted), (len(colors), 1)), np.full(len(colors), self._rim_width)
        if self._light is not None:
            ground, shares = np.array(to_rgb(theme.background)), self._light.nodes[:, np.newaxis]
            colors[:, :3] = ground + shares * (colors[:, :3] - ground)
            rims[:, :3] = ground + shares * (rims[:, :3] - ground)
            if self._light.ringed is not None:
                rims[self._light.ringed], widths[self._light.ringed] = to_rgba(self._light.ring), 3.2
        self._nodes.set(facecolor=colors, edgecolor=rims, linewidth=widths)

    def set_edges(self, signed: Array) -> None:
        """Colour and widen the lines by weight, shape (lines,), from -1 to 1; those in the spotlight are strong."""
        colors, widths = self._colors.of_weights(signed), 0.5 + 4.6 * np.abs(signed)
        if self._light is not None:
            strong, dimmed = self._light.strong, colors[:, 3] * self._light.edges
            colors[:, 3] = dimmed + strong * (0.95 - dimmed)
            widths += strong * np.maximum(STRONG_LINE - widths, 0.0)
        self._lines.set_color(colors)  # type: ignore[arg-type]
        self._lines.set_linewidth(widths)  # type: ignore[arg-type]
        if self._colors.dashes is not None:
            broken = (0, self._colors.dashes)
            self._lines.set_linestyle([broken if below else "solid" for below in (signed < 0).tolist()])

    def show_light(self, light: Spotlight | None) -> None:
        """Leave some nodes and lines as they are and dim the rest, from the next `set_nodes` and `set_edges` on."""
        if self.pictures is not None and (light or self._light):
            n, theme = len(self.node_places), self._stage.theme
            ringed = None if light is None else light.ringed
            self.pictures.opacities = np.ones(n) if light is None else light.nodes
            self.pictures.strong = np.arange(n) == (-1 if ringed is None else ringed)
            self.pictures.rims = [light.ring if light and place == ringed else theme.muted for place in range(n)]
        self._light = light

    def _make_lines(self) -> LineCollection:
        ends = [np.stack(self.ends(layer), axis=1) for layer in self.drawn_connections]
        segments = list(np.concatenate(ends)) if ends else []
        lines = LineCollection(segments, capstyle="butt")
        self.axes.add_collection(lines, autolim=False)
        self._stage.animate(lines)
        return lines

    def _make_nodes(self) -> EllipseCollection:
        centres, self._rim_width = self.centres, min(1.6, self.radius / 6)
        size = np.full(len(centres), 2 * self.radius)
        nodes = EllipseCollection(
            size,
            size,
            np.zeros(len(centres)),
            units="points",
            offsets=centres,
            offset_transform=self.axes.transData,
            edgecolors=self._stage.theme.muted,
            linewidths=self._rim_width,
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
