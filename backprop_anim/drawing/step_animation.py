"""A step in slow motion on the diagram: pulses along the lines, values in the nodes, deltas below them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgb

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

NUMBER_SIZE = 13.5
"""Of the numbers under a picture."""

TWO_LINES = 30.0
"""What a value and a delta need under a picture; where there is less, the delta takes the value's place."""

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
        self._keeps_values = diagram.pictures is None or diagram.below >= TWO_LINES
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
        if act.phase not in ("backward", "update") or self._keeps_values:
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
        if self._diagram.pictures is not None:
            for layer in range(int(reached + 1e-9) + 1):
                texts = [f"{value:.2f}".replace("-", "−") for value in values[layer]]
                self._write_below(layer, texts, opacity, self._stage.theme.ink, "bold")
            return
        size = 0.68 * self._diagram.radius
        properties = self._stage.fonts.properties(size, "bold")
        for layer, x, y, unit in self._diagram.nodes():
            if layer <= reached + 1e-9:
                value = f"{values[layer][unit]:.2f}".replace("-", "−")
                self._words.add(
                    value, x, y - 0.36 * size, properties, self._stage.theme.ink, align=0.5, opacity=opacity
                )

    def _write_targets(self, numbers: StepValues, opacity: float) -> None:
        line = 1 if self._diagram.below >= TWO_LINES else 0
        texts = [f"target {value:.4g}" for value in numbers.target]
        self._write_below(self._last, texts, opacity, self._stage.theme.ink, line=line)

    def _write_deltas(self, numbers: StepValues, reached: float, opacity: float) -> None:
        for layer in range(1, self._last + 1):
            if layer >= reached - 1e-9:
                texts = [_delta(value) for value in numbers.delta[layer - 1]]
                line = 1 if self._diagram.below >= TWO_LINES else 0
                self._write_below(layer, texts, opacity, self._stage.theme.accent, line=line)

    def _write_below(
        self, layer: int, texts: Sequence[str], opacity: float, color: str, weight: str = "regular", line: int = 0
    ) -> None:
        size = max(9.0, min(13.0, 0.5 * self._diagram.radius + 3))
        size = NUMBER_SIZE if self._diagram.pictures is not None else size
        properties = self._stage.fonts.properties(size, weight)
        for node_layer, x, y, unit in self._diagram.nodes():
            if node_layer == layer:
                below = y - self._diagram.radius - (0.95 + 1.15 * line) * size
                self._words.add(texts[unit], x, below, properties, color, align=0.5, opacity=opacity)


def _delta(value: float) -> str:
    """Return a delta with its sign and four decimals, or two significant digits where that is nothing."""
    text = f"{value:+.4f}" if abs(value) >= 5e-4 or value == 0 else f"{value:+.1e}"
    return f"δ {text}".replace("-", "−")
