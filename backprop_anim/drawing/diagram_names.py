"""The names of a network's layers, inputs and outputs around its diagram."""

from __future__ import annotations

from backprop_anim.common import INDICES
from backprop_anim.drawing.diagram_layout import HEAD_ROOM, DiagramLayout, SideNames
from backprop_anim.drawing.layout import LEAST_SIZE
from backprop_anim.drawing.panel_area import LABEL_SIZE, PanelArea
from backprop_anim.drawing.text_fitting import first_free_position

__all__ = ["name_layers", "write_side"]

FAR = 64.0
"""How high above the nodes the names of the layers may stand, in points."""

LAYER_GAP = 10.0


def name_layers(stage: PanelArea, layout: DiagramLayout, sizes: tuple[int, ...], counted: bool) -> None:
    """Write the layers' names over their columns and the sizes of shortened ones below, shorter where they meet."""
    last, layers = len(sizes) - 1, list(layout.units)
    places = [float(layout.columns[layer][0, 0]) for layer in layers]
    of_features = stage.recording.experiment.dataset.features is not None
    ends, hidden = {0: "features" if of_features else "input", last: "output"}, "hidden" if last == 2 else "hidden {}"
    choices = [[ends.get(k, word.format(k)) for k in layers] for word in (hidden, "{}" if last > 2 else "", "")]
    names = first_free_position(choices, places, lambda name: stage.text_width(name, LABEL_SIZE), LAYER_GAP)
    choices = [
        [f"{sizes[k]:,}{unit}" if counted and layout.units[k].elided else "" for k in layers] for unit in (" units", "")
    ]
    counts = first_free_position(choices, places, lambda count: stage.text_width(count, LEAST_SIZE), LAYER_GAP)
    head = stage.rect.top - 14
    top = max(float(column[0, 1]) for column in layout.columns.values()) + layout.radius
    if head - top > FAR:  # a small network in a high panel
        head = top + HEAD_ROOM
    for layer, x, name, count in zip(layers, places, names, counts, strict=True):
        below = layout.columns[layer][-1, 1] - layout.radius - 6
        stage.text(x, head, name, LABEL_SIZE, ha="center", va="baseline")
        stage.text(x, below, count, LEAST_SIZE, ha="center", va="top")


def write_side(stage: PanelArea, layout: DiagramLayout, layer: int, side: SideNames) -> None:
    """Write the names beside the first or the last layer."""
    outwards, align = (-1, "right") if layer == 0 else (1, "left")
    for (x, y), unit in zip(layout.columns[layer], layout.units[layer].units if side.texts else (), strict=False):
        text = side.texts[unit]
        single = len(text.rstrip(INDICES)) == 1  # a variable, and set as one
        stage.text(
            x + outwards * (layout.radius + 10),
            y,
            text,
            side.size,
            stage.theme.ink if single else None,
            italic=single,
            ha=align,
            va="center" if "\n" in text else "center_baseline",
            linespacing=1.1,
        )
