"""A step in slow motion on the diagram: the neuron that is spoken of, the signals on the lines, the small changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_rgb, to_rgba

from backprop_anim.drawing.diagram import Diagram
from backprop_anim.drawing.diagram_numbers import DiagramNumbers
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.spotlight import Spotlight, blended, light_on
from backprop_anim.engine import Array
from backprop_anim.story import (
    DerivationStep,
    Edge,
    Focus,
    Passages,
    StepPhase,
    StepValues,
    derivation_at,
    eased,
    reading_s,
    told_so_far,
)

__all__ = ["StepAnimation"]

ARRIVAL = 0.45
"""The share of a passage after which its signals have arrived."""

FEW_LINES = 12
"""Up to this many lines carry wide pulses; more carry smaller ones, or they would run into each other."""

LEAST_PULSE, WIDE_PULSE, THIN_PULSE = 3.0, 17.0, 11.0
MOVING_S = 0.3
"""Seconds, at the pace of reading, in which the light moves on."""

DIMMED, DIMMED_IN_UPDATE, ASIDE = 0.25, 0.6, 0.4
"""What stays of nodes and lines that are not spoken of; and of the pulses on such lines."""
SLEEVE = 2.2
"""The width of the line beside a weight for the largest change of a step."""


class StepAnimation:
    """What a step in slow motion adds to a diagram.

    Parameters
    ----------
    stage : PanelArea
    diagram : Diagram
    numbers : sequence of StepValues
        One for each entry of ``video.slow_motion``.
    told : sequence of Passages
        What is said of each of these steps.
    changes : sequence of ndarray, each (lines,)
        What each of these steps adds to the weights that have a line, from -1 to 1.
    """

    def __init__(
        self,
        stage: PanelArea,
        diagram: Diagram,
        numbers: Sequence[StepValues],
        told: Sequence[Passages],
        changes: Sequence[Array],
    ) -> None:
        self._stage, self._diagram, self._told, self._changes = stage, diagram, told, changes
        self._last = len(stage.recording.experiment.network.sizes) - 1
        self._numbers = DiagramNumbers(stage, diagram)
        self._signals = [_signals(diagram, one) for one in numbers]

    def reached(self, act: StepPhase | None) -> float:
        """Return the last layer that the forward pass has come to; all of them outside of it."""
        if act is None or act.phase != "forward":
            return self._last
        return _place(self._told[act.motion]["forward"], act, start=0)

    def show(self, act: StepPhase | None) -> None:
        """Bring spotlight, signals, numbers and changes to a moment; outside of slow motion there are none."""
        diagram, theme = self._diagram, self._stage.theme
        self._numbers.clear()
        diagram.sleeves.set_segments([])
        diagram.pulses.set_offsets(np.empty((0, 2)))
        if act is None:
            diagram.show_light(None)
            return
        shown = derivation_at(self._told[act.motion], act)
        diagram.show_light(self._light(act))
        if shown.passage.focus is None:
            return
        focus, signals = shown.passage.focus, self._signals[act.motion]
        if act.phase == "forward":
            self._pulse(
                _place(self._told[act.motion]["forward"], act, start=0), signals.forward, focus.edges, theme.ink
            )
        elif act.phase == "backward":
            place = _place(self._told[act.motion]["backward"], act, start=self._last)
            self._pulse(place, signals.backward, focus.edges, theme.accent)
        elif act.phase == "update":
            self._show_changes(self._changes[act.motion], act.progress)
        self._numbers.write(focus, result_seen=eased((shown.share - ARRIVAL) * 6 + 0.5))

    def _light(self, act: StepPhase) -> Spotlight:
        """Return the light on what is spoken of, on its way from what was before."""
        told, diagram, theme = self._told[act.motion], self._diagram, self._stage.theme

        def light(focus: Focus | None) -> Spotlight:
            direction = focus.direction if focus else ""
            dimmed = DIMMED_IN_UPDATE if direction == "update" else DIMMED
            ring = theme.accent if direction in ("backward", "update") else theme.ink
            return light_on(focus, diagram.node_places, diagram.edges, dimmed, ring)

        shown, so_far = derivation_at(told, act), [passage.focus for passage in told_so_far(told, act)]
        moved = eased(shown.share * reading_s(shown.passage) / MOVING_S)
        return blended(light(so_far[-2] if len(so_far) > 1 else None), light(so_far[-1]), moved)

    def _pulse(self, place: float, signals: Array, spoken: Collection[Edge], color: str) -> None:
        """Put a pulse on every line at `place`, counted in layers from the input: as large as what runs there."""
        diagram, layer = self._diagram, min(int(place), self._last - 1)
        share = place - layer
        if layer not in diagram.drawn_connections or not 0 < share < 1:
            return
        start, end = diagram.ends(layer)
        here = np.array([edge.layer == layer + 1 for edge in diagram.edges])
        sizes = signals[here]
        runs = np.abs(sizes) > 1e-6
        most = WIDE_PULSE if len(start) <= FEW_LINES else THIN_PULSE
        diameters = LEAST_PULSE + (most - LEAST_PULSE) * np.sqrt(np.abs(sizes[runs]))
        ground = self._stage.theme.background
        told = np.array([1.0 if edge in spoken else ASIDE for edge in diagram.edges])[here][runs]
        diagram.pulses.set_offsets((start + share * (end - start))[runs])
        diagram.pulses.set_sizes(diameters**2)
        fills = [ground if size < 0 else color for size in sizes[runs]]  # hollow for a minus
        diagram.pulses.set_facecolor([to_rgba(fill, opacity) for fill, opacity in zip(fills, told, strict=True)])
        diagram.pulses.set_edgecolor([to_rgba(color, opacity) for opacity in told])

    def _show_changes(self, changes: Array, progress: float) -> None:
        """Lay a thin line along each weight in the colour of its change, as wide as that is large: they are small."""
        strength = np.abs(changes) * np.sin(np.pi * min(1.0, progress)) ** 0.5
        theme, ends = self._stage.theme, []
        for layer in self._diagram.drawn_connections:
            start, end = self._diagram.ends(layer)
            way = end - start
            across = np.column_stack([-way[:, 1], way[:, 0]]) / np.linalg.norm(way, axis=1, keepdims=True)
            ends.append(np.stack([start + 3.4 * across, end + 3.4 * across], axis=1))
        rgb = np.where(changes[:, np.newaxis] >= 0, to_rgb(theme.positive), to_rgb(theme.negative))
        self._diagram.sleeves.set_segments(list(np.concatenate(ends)) if ends else [])
        self._diagram.sleeves.set_color(np.column_stack([rgb, np.minimum(1.0, 1.6 * strength)]))  # type: ignore[arg-type]
        self._diagram.sleeves.set_linewidth(0.4 + (SLEEVE - 0.4) * strength)


class _Signals(NamedTuple):
    """What runs along each line of the diagram, from -1 to 1 of the step's largest: w·a forward, w·δ backward."""

    forward: Array
    backward: Array


def _signals(diagram: Diagram, numbers: StepValues) -> _Signals:
    """Return the signals of a step; nothing runs back into the inputs, whose weights are the last to learn."""
    forward = [
        numbers.weights[f"W{edge.layer}"][edge.unit, edge.source] * numbers.a[edge.layer - 1][edge.source]
        for edge in diagram.edges
    ]
    backward = [
        numbers.weights[f"W{edge.layer}"][edge.unit, edge.source] * numbers.delta[edge.layer - 1][edge.unit]
        if edge.layer > 1
        else 0.0
        for edge in diagram.edges
    ]
    found = [np.nan_to_num(np.array(part, dtype=np.float64)) for part in (forward, backward)]
    first, second = (part / max(float(np.abs(part).max(initial=0.0)), 1e-300) for part in found)
    return _Signals(first, second)


def _place(passages: Sequence[DerivationStep], act: StepPhase, start: int) -> float:
    """Return where the signals are, in layers from the input: on their way to the layer that is spoken of."""
    _, number, share = derivation_at({act.phase: passages}, act)
    layers = [start, *(passage.focus.layer if passage.focus is not None else start for passage in passages)]
    before, after = layers[number], layers[number + 1]
    return before + (after - before) * eased(share / ARRIVAL)
