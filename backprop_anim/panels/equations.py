"""One step in formulas: where in the step the film is, what happens there, and with which numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import BitmapLayer, PanelArea
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["EquationsPanel"]

SENTENCE_SIZE, FORMULA_SIZE, SMALLEST_SIZE = 19.0, 18.0, 9.0
BAR_GAP, LINE_GAP = 24.0, 45.0
BARS = 28.0  # from the top of the panel down to the bars of the phases


@panels.register("equations")
@dataclass(frozen=True)
class EquationsPanel:
    """The formulas of a step in slow motion with its numbers; while training goes on, those of every step."""

    stretch: ClassVar[float] = 1.5
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        if experiment.video.slow_motion:
            return None
        return "it shows steps in slow motion, and video.slow_motion names none"

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import BitmapLayer
        from backprop_anim.story import compute_step_values, derivation_steps, general_formulas

        recording = stage.recording
        experiment = recording.experiment
        told = [
            derivation_steps(experiment, compute_step_values(recording, index))
            for index in range(len(experiment.video.slow_motion))
        ]
        bitmaps = BitmapLayer(stage.figure.dpi)
        stage.animate(bitmaps)
        bars, general = _PhaseBars(stage, bitmaps), general_formulas(experiment)

        def show(moment: Moment) -> None:
            bitmaps.clear()
            if moment.act is None:
                bars.show(None, 0.0)
                _write(stage, bitmaps, general.sentence, general.lines, 1.0)
                return
            group = told[moment.act.motion][moment.act.phase]
            index = min(int(moment.act.progress * len(group)), len(group) - 1)
            bars.show(moment.act.phase, moment.act.progress)
            _write(stage, bitmaps, group[index].sentence, group[index].lines, moment.act.progress * len(group) - index)

        return show


class _PhaseBars:
    """The names of the four phases over a bar each, filled as far as the step has come."""

    def __init__(self, stage: PanelArea, bitmaps: BitmapLayer) -> None:
        from matplotlib.collections import LineCollection

        from backprop_anim.story import PHASES

        self._stage, self._pasted, self._phases = stage, bitmaps, PHASES
        rect, theme = stage.rect, stage.theme
        width = (rect.width - BAR_GAP * (len(PHASES) - 1)) / len(PHASES)
        self._starts = [rect.left + index * (width + BAR_GAP) for index in range(len(PHASES))]
        self._width, self._y = width, rect.top - BARS
        axes = stage.canvas_axes()
        empty = [[(x, self._y), (x + width, self._y)] for x in self._starts]
        axes.add_collection(LineCollection(empty, colors=theme.hairline, linewidths=4, capstyle="round"), autolim=False)
        self._done = LineCollection([], linewidths=4, capstyle="round")
        axes.add_collection(self._done, autolim=False)
        stage.animate(self._done)

    def show(self, phase: str | None, progress: float) -> None:
        """Fill the bars up to `progress` of `phase`; none of them where it is None."""
        theme, stage = self._stage.theme, self._stage
        now = self._phases.index(phase) if phase in self._phases else -1
        lines, colors = [], []
        for index, start in enumerate(self._starts):
            current = index == now
            color = theme.accent if current else theme.muted
            weight = "bold" if current else "regular"
            self._pasted.add(
                self._phases[index].capitalize(), start, self._y + 13, stage.fonts.properties(16, weight), color
            )
            if 0 <= index <= now:
                end = start + self._width * (progress if current else 1.0)
                lines.append([(start, self._y), (end, self._y)])
                colors.append(theme.accent if current else theme.ink)
        self._done.set_segments(lines)
        self._done.set_color(colors or theme.ink)


def _write(stage: PanelArea, bitmaps: BitmapLayer, sentence: str, lines: tuple[str, ...], progress: float) -> None:
    """Write a sentence and, one after another, its formulas; each is made smaller where it must be."""
    rect, lettering, theme = stage.rect, stage.fonts, stage.theme
    shown = [line for line in lines if line]
    gap = min(LINE_GAP, (rect.height - BARS - 4) / (len(shown) + 1))
    y = rect.top - BARS - gap
    size = min(SENTENCE_SIZE, 0.6 * gap)
    bitmaps.add(sentence, rect.left, y, lettering.properties(size, "bold"), theme.ink)
    for index, line in enumerate(shown):
        y -= gap
        size = _fitting_size(stage, line, min(FORMULA_SIZE, max(SMALLEST_SIZE, 0.58 * gap)))
        appeared = min(1.0, max(0.0, (progress - 0.5 * index / len(shown)) * 6))
        bitmaps.add_formula(line, rect.left, y, lettering.properties(size), theme.ink, opacity=appeared)


def _fitting_size(stage: PanelArea, line: str, most: float) -> float:
    """Return the largest font size, up to `most`, at which a formula is no wider than the panel.

    Only a formula that is too wide at `most` is set twice: setting it is what takes time.
    """
    from backprop_anim.drawing import rasterize_text

    width = rasterize_text(line, stage.fonts.properties(most), stage.figure.dpi, formula=True).width / stage.scale
    if width <= stage.rect.width:
        return most
    return max(SMALLEST_SIZE, int(2 * most * stage.rect.width / width) / 2)
