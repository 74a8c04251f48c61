"""A step in slow motion on the diagram: pulses along the lines, values in the nodes, deltas below them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from backprop_anim.drawing.diagram import Diagram
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.text_bitmaps import BitmapLayer
from backprop_anim.engine import Array
from backprop_anim.story import StepPhase, StepValues, eased

__all__ = ["StepAnimation"]

PULSE = 0.1
"""Length of a pulse, as a share of its line."""

FEW_LINES = 12
"""Up to this many lines carry wide pulses; more carry thinner ones, or they would run into each other."""

WIDE_PULSE, THIN_PULSE = 5.0, 2.6
FLASH = 11.0
"""Width of a line that lights up for the largest change of a step."""


class StepAnimation:
    """What a step in slow motion adds to a diagram.

    Parameters
    ----------
    stage : PanelArea
    diagram : Diagram
    numbers : sequence of StepValues
        One for each entry of ``video.slow_motion``.
    changes : sequence of ndarray, each (lines,)
        What each of these steps adds to the weights that have a line, from -1 to 1.
    """

    def __init__(
        self, stage: PanelArea, diagram: Diagram, numbers: Sequence[StepValues], changes: Sequence[Array]
    ) -> None:
        self._stage, self._diagram, self._numbers, self._changes = stage, diagram, numbers, changes
        self._last = len(stage.recording.experiment.network.sizes) - 1
        self._pulses = diagram.pulses
        self._words = BitmapLayer(stage.figure.dpi)
        stage.animate(self._words)

    def reached(self, act: StepPhase | None) -> float:
        """Return the last layer that the forward pass has come to; all of them outside of it."""
        return eased(act.progress) * self._last if act is not None and act.phase == "forward" else self._last

    def show(self, act: StepPhase | None) -> None:
        """Bring pulses, values and deltas to a moment; outside of slow motion there are none."""
        self._words.clear()
        self._pulses.set_segments([])
        if act is None:
            return
        numbers = self._numbers[act.motion]
        fading = max(0.0, 1 - 2 * act.progress) if act.phase == "update" else 1.0
        self._write_values(numbers.a, self.reached(act), fading)
        if act.phase == "forward":
            self._pulse(self.reached(act), self._stage.theme.ink)
        elif act.phase == "loss":
            self._write_targets(numbers, eased(3 * act.progress))
        elif act.phase == "backward":
            back = eased(act.progress) * self._last
            self._pulse(self._last - back, self._stage.theme.accent)
            self._write_deltas(numbers, self._last - back, 1.0)
        else:
            self._write_deltas(numbers, 0.0, fading)
            self._flash(self._changes[act.motion], act.progress)
            self._write_values(numbers.a_after, self._last, max(0.0, 2 * act.progress - 1))

    def _flash(self, changes: Array, progress: float) -> None:
        """Let every line light up in the colour of its change, as wide as that is large: the changes are small."""
        strength = np.sin(np.pi * progress) * np.abs(changes)
        theme = self._stage.theme
        rgb = np.where(changes[:, np.newaxis] >= 0, to_rgb(theme.positive), to_rgb(theme.negative))
        ends = [np.stack(self._diagram.ends(layer), axis=1) for layer in self._diagram.drawn_connections]
        self._pulses.set_segments(list(np.concatenate(ends)) if ends else [])
        self._pulses.set_color(np.column_stack([rgb, 0.2 + 0.8 * strength]))  # type: ignore[arg-type]
        self._pulses.set_linewidth(FLASH * strength)

    def _pulse(self, place: float, color: str) -> None:
        """Put a pulse on every line at `place`, counted in layers from the input."""
        layer = min(int(place), self._last - 1)
        share = place - layer
        if layer in self._diagram.drawn_connections and 0 < share < 1:
            start, end = self._diagram.ends(layer)
            way = end - start
            low, high = max(0.0, share - PULSE / 2), min(1.0, share + PULSE / 2)
            self._pulses.set_segments(list(np.stack([start + low * way, start + high * way], axis=1)))
            self._pulses.set_color(color)
            self._pulses.set_linewidth(WIDE_PULSE if len(start) <= FEW_LINES else THIN_PULSE)

    def _write_values(self, values: Sequence[Array], reached: float, opacity: float) -> None:
        size = 0.68 * self._diagram.radius
        properties = self._stage.fonts.properties(size, "bold")
        for layer, x, y, unit in self._diagram.nodes():
            if layer <= reached + 1e-9:
                value = f"{values[layer][unit]:.2f}".replace("-", "−")
                self._words.add(
                    value, x, y - 0.36 * size, properties, self._stage.theme.ink, align=0.5, opacity=opacity
                )

    def _write_targets(self, numbers: StepValues, opacity: float) -> None:
        self._write_below(self._last, [f"y = {value:.4g}" for value in numbers.target], opacity, self._stage.theme.ink)

    def _write_deltas(self, numbers: StepValues, reached: float, opacity: float) -> None:
        for layer in range(1, self._last + 1):
            if layer >= reached - 1e-9:
                texts = [_delta(value) for value in numbers.delta[layer - 1]]
                self._write_below(layer, texts, opacity, self._stage.theme.accent)

    def _write_below(self, layer: int, texts: Sequence[str], opacity: float, color: str) -> None:
        size = max(9.0, min(13.0, 0.5 * self._diagram.radius + 3))
        properties = self._stage.fonts.properties(size)
        for node_layer, x, y, unit in self._diagram.nodes():
            if node_layer == layer:
                below = y - self._diagram.radius - 0.95 * size
                self._words.add(texts[unit], x, below, properties, color, align=0.5, opacity=opacity)


def _delta(value: float) -> str:
    """Return a delta with its sign and four decimals, or two significant digits where that is nothing."""
    text = f"{value:+.4f}" if abs(value) >= 5e-4 or value == 0 else f"{value:+.1e}"
    return f"δ {text}".replace("-", "−")


def masked(levels: Sequence[Array], reached: float) -> list[NDArray[np.float64]]:
    """Return the layers' levels with those empty that the forward pass has not come to."""
    return [level if layer <= reached + 1e-9 else np.zeros_like(level) for layer, level in enumerate(levels)]
