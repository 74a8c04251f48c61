"""The numbers of a formula at their places in a network's diagram: beside neurons and on lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backprop_anim.common import SUBSCRIPTS
from backprop_anim.drawing.diagram import Diagram
from backprop_anim.drawing.layout import LEAST_SIZE
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.text_bitmaps import BitmapLayer
from backprop_anim.story import Edge, Focus, Mark

__all__ = ["DiagramNumbers"]

SIZE, LINE = LEAST_SIZE, 16.0
FAN_IN, FAN_OUT, ALONE = 0.3, 0.72, 0.5
"""Where on its line a weight is written: where the lines are furthest from each other."""


class DiagramNumbers:
    """What is written into a diagram while a passage is told.

    Parameters
    ----------
    stage : PanelArea
    diagram : Diagram
    """

    def __init__(self, stage: PanelArea, diagram: Diagram) -> None:
        self._stage, self._diagram = stage, diagram
        self._last = len(stage.recording.experiment.network.sizes) - 1
        self._n_outputs = stage.recording.experiment.network.sizes[-1]
        self._words = BitmapLayer(stage.figure.dpi)
        self._places = {(layer, unit): (x, y) for layer, x, y, unit in diagram.nodes()}
        half = diagram.radius
        self._nodes = [_Box(x - half, x + half, y - half, y + half) for x, y in self._places.values()]
        self._lines = {
            (edge.layer, edge.unit, edge.source): index
            for layer in diagram.drawn_connections
            for index, edge in enumerate(edge for edge in diagram.edges if edge.layer == layer + 1)
        }
        stage.animate(self._words)

    def clear(self) -> None:
        """Write nothing."""
        self._words.clear()
        self._taken: list[_Box] = []

    def write(self, focus: Focus, result_seen: float) -> None:
        """Write the numbers of a passage; what it comes to appears with its signals, 0 to 1."""
        result = {"forward": "value", "backward": "delta"}.get(focus.direction, "")
        at_nodes: dict[tuple[int, int], list[Mark]] = {}
        for mark in focus.marks:
            if mark.kind != "weight":
                at_nodes.setdefault((mark.layer, mark.unit), []).append(mark)
        for node, marks in at_nodes.items():
            told = node == (focus.layer, focus.unit)
            self._write_node(node, marks, result if told else "", result_seen)
        weights = [mark for mark in focus.marks if mark.kind == "weight"]
        for mark in weights:  # after what has no choice where to stand
            self._write_weight(mark, weights)

    def _write_node(self, node: tuple[int, int], marks: list[Mark], result: str, seen: float) -> None:
        """Write the numbers of a neuron: value, target and delta below it while there is room, the rest above.

        Where its layer is so crowded that there is room for none, they stand to its left; elsewhere around it what
        would meet something else, and nowhere what meets something everywhere: the formula says it too.
        """
        if node not in self._places:
            return
        x, y = self._places[node]
        for mark, baseline, align in self._node_places(node, marks):
            text, color, weight = self._words_of(mark)
            half, reach = self._stage.text_width(text, SIZE, weight) / 2, self._diagram.radius + 6
            middle = y - 0.36 * SIZE
            wanted = (x - reach - half if align == 1.0 else x, baseline)
            around = [(x - reach - half, middle), (x + reach + half, middle), (x, y + reach), (x, y - reach - LINE + 5)]
            opacity = seen if mark.kind == result else 1.0
            self._add_where_free(text, [wanted, *around], color, weight, opacity)

    def _node_places(self, node: tuple[int, int], marks: list[Mark]) -> list[tuple[Mark, float, float]]:
        """Return the numbers of a neuron with the baseline of each; at its left, which is 1.0, or about its middle."""
        y = self._places[node][1]
        order = ("value", "target", "delta")
        below = sorted((mark for mark in marks if mark.kind in order), key=lambda mark: order.index(mark.kind))
        room = int((self._room_below(node) + 2) / LINE)
        above = [mark for mark in marks if mark.kind == "bias"]
        places = []
        if room < 1:
            aside = [*above, *below]
            first = y - 0.36 * SIZE + LINE * (len(aside) - 1) / 2
            places = [(mark, first - LINE * row, 1.0) for row, mark in enumerate(aside)]
        else:
            above += below[room:][::-1]
            lower, upper = y - self._diagram.radius - 4, y + self._diagram.radius + 6
            places = [(mark, lower - LINE * (row + 1) + 3, 0.5) for row, mark in enumerate(below[:room])]
            places += [(mark, upper + LINE * row, 0.5) for row, mark in enumerate(above)]
        return places

    def _words_of(self, mark: Mark) -> tuple[str, str, str]:
        """Return what is written for a number of a neuron, its colour and its weight."""
        theme = self._stage.theme
        minus, plus = theme.number_colors
        if mark.kind == "target":
            return f"target {mark.text}", theme.ink, "regular"
        if mark.kind == "delta":
            return f"δ = {mark.text}", theme.accent, "bold"
        if mark.kind == "bias":
            return f"bias {mark.text}", (minus if mark.value < 0 else plus), "bold"
        index = str(mark.unit + 1).translate(SUBSCRIPTS) if self._n_outputs > 1 else ""
        return (f"ŷ{index} = " if mark.layer == self._last else "") + mark.text, theme.ink, "bold"

    def _write_weight(self, mark: Mark, weights: list[Mark]) -> None:
        """Write a weight on its line, where the lines that are told are far from each other and nothing stands yet."""
        edge = Edge(mark.layer, mark.unit, mark.source)
        if edge not in self._lines:
            return
        same = [one for one in weights if one.layer == mark.layer]
        into, out_of = len({one.source for one in same}), len({one.unit for one in same})
        wanted = FAN_IN if into > 1 else FAN_OUT if out_of > 1 else ALONE
        starts, ends = self._diagram.ends(mark.layer - 1)
        start, end = starts[self._lines[edge]], ends[self._lines[edge]]
        rim = self._diagram.radius / max(float(np.linalg.norm(end - start)), 1e-9)

        def place(share: float) -> tuple[float, float]:
            x, y = start + (rim + share * (1 - 2 * rim)) * (end - start)
            return float(x), float(y) - 0.36 * SIZE

        shares = sorted(np.linspace(0.16, 0.84, 18).tolist(), key=lambda share: abs(share - wanted))
        minus, plus = self._stage.theme.number_colors
        color = minus if mark.value < 0 else plus
        self._add_where_free(mark.text, [place(share) for share in [wanted, *shares]], color, "bold", 1.0)

    def _is_free(self, box: _Box) -> bool:
        return not any(
            box.left < other.right and other.left < box.right and box.bottom < other.top and other.bottom < box.top
            for other in (*self._nodes, *self._taken)
        )

    def _room_below(self, node: tuple[int, int]) -> float:
        """Return the points from a node down to the next one of its layer, or to the foot of the panel."""
        y = self._places[node][1]
        lower = [other for (layer, _), (_, other) in self._places.items() if layer == node[0] and other < y]
        foot = max(lower) + self._diagram.radius if lower else self._diagram.foot
        return y - self._diagram.radius - foot

    def _add_where_free(
        self, text: str, places: list[tuple[float, float]], color: str, weight: str, opacity: float
    ) -> None:
        """Write a number about the first of these places where it meets neither a neuron nor another number."""
        half, rect = self._stage.text_width(text, SIZE, weight) / 2, self._stage.rect
        for place, y in places:
            x = min(max(place, rect.left + half), rect.right - half)
            box = _box(x, y, half)
            if self._is_free(box):
                properties = self._stage.fonts.properties(SIZE, weight)
                self._taken.append(box)
                self._words.add_on_ground(text, x, y, properties, color, self._stage.theme.background, opacity)
                return


class _Box(NamedTuple):
    """What a number covers, in points."""

    left: float
    right: float
    bottom: float
    top: float


def _box(x: float, y: float, half: float) -> _Box:
    return _Box(x - half - 1, x + half + 1, y - 0.06 * SIZE, y + 0.74 * SIZE)
