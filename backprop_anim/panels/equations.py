"""One step in formulas: where in the step the film is, what happens there, and with which numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import BitmapLayer, PanelArea
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import DerivationStep, Moment, StepPhase, Tint

__all__ = ["EquationsPanel"]

SENTENCE_SIZE, FORMULA_SIZE, SMALLEST_SIZE = 19.0, 18.0, 9.0
NOTE_SIZE, NOTE_SHARE = 15.0, 0.85  # the way down to the note, in the distance of lines
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
        from backprop_anim.story import compute_step_values, derivation_at, derivation_steps, general_formulas

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
            bars.show(moment.act)
            if moment.act is None:
                _write(stage, bitmaps, general, 1.0)
                return
            shown = derivation_at(told[moment.act.motion], moment.act)
            _write(stage, bitmaps, shown.passage, shown.share)

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
        self._empty = LineCollection(empty, colors=theme.hairline, linewidths=4, capstyle="round")
        self._done = LineCollection([], linewidths=4, capstyle="round")
        for lines in (self._empty, self._done):
            axes.add_collection(lines, autolim=False)
            stage.animate(lines)

    def show(self, act: StepPhase | None) -> None:
        """Fill the bars as far as a step has come, all of them at its outcome; there are none outside of a step."""
        theme, stage = self._stage.theme, self._stage
        for shown in (self._empty, self._done):
            shown.set_visible(act is not None)
        if act is None:
            return
        now = self._phases.index(act.phase) if act.phase in self._phases else len(self._phases)
        lines, colors = [], []
        for index, start in enumerate(self._starts):
            current = index == now
            color = theme.accent if current else theme.muted
            weight = "bold" if current else "regular"
            self._pasted.add(
                self._phases[index].capitalize(), start, self._y + 13, stage.fonts.properties(16, weight), color
            )
            if index <= now:
                end = start + self._width * (act.progress if current else 1.0)
                lines.append([(start, self._y), (end, self._y)])
                colors.append(theme.accent if current else theme.ink)
        self._done.set_segments(lines)
        self._done.set_color(colors or theme.ink)


def _write(stage: PanelArea, bitmaps: BitmapLayer, passage: DerivationStep, progress: float) -> None:
    """Write a sentence, one after another its formulas, and its note; each is made smaller where it must be."""
    rect, lettering, theme = stage.rect, stage.fonts, stage.theme
    below, above = theme.number_colors
    colors: dict[Tint, str] = {"": theme.ink, "minus": below, "plus": above, "error": theme.accent}
    n, note = len(passage.tinted_lines), passage.note
    gap = min(LINE_GAP, (rect.height - BARS - 4) / (n + 1 + (NOTE_SHARE if note else 0)))
    y = rect.top - BARS - gap
    size = _fitting_words(stage, passage.sentence, min(SENTENCE_SIZE, 0.6 * gap), "bold")
    bitmaps.add(passage.sentence, rect.left, y, lettering.properties(size, "bold"), theme.ink)
    for index, line in enumerate(passage.tinted_lines):
        y -= gap
        size = _fitting_size(stage, passage.lines[index], min(FORMULA_SIZE, max(SMALLEST_SIZE, 0.58 * gap)))
        appeared = min(1.0, max(0.0, (progress - 0.5 * index / n) * 6))
        bitmaps.add_formula(line, rect.left, y, lettering.properties(size), colors, opacity=appeared)
    y -= NOTE_SHARE * gap
    most = min(NOTE_SIZE, max(SMALLEST_SIZE, 0.5 * gap))
    for line in _note_lines(stage, note, most):
        bitmaps.add(line, rect.left, y, lettering.properties(most), theme.muted)
        y -= 1.3 * most


def _note_lines(stage: PanelArea, note: str, size: float) -> list[str]:
    """Return the explanations of a note in lines that the panel is wide enough for."""
    lines: list[str] = []
    for part in note.split("; ") if note else ():
        longer = f"{lines[-1]};  {part}" if lines else ""
        if lines and stage.text_width(longer, size) <= stage.rect.width:
            lines[-1] = longer
        else:
            lines.append(stage.truncate_text(part, stage.rect.width, size))
    return lines


def _fitting_words(stage: PanelArea, words: str, most: float, weight: str) -> float:
    """Return the largest font size, up to `most`, at which words are no wider than the panel."""
    width = stage.text_width(words, most, weight)
    return most if width <= stage.rect.width else max(SMALLEST_SIZE, int(2 * most * stage.rect.width / width) / 2)


def _fitting_size(stage: PanelArea, line: str, most: float) -> float:
    """Return the largest font size, up to `most`, at which a formula is no wider than the panel.

    Only a formula that is too wide at `most` is set twice: setting it is what takes time.
    """
    from backprop_anim.drawing import rasterize_text

    width = rasterize_text(line, stage.fonts.properties(most), stage.figure.dpi, formula=True).width / stage.scale
    if width <= stage.rect.width:
        return most
    return max(SMALLEST_SIZE, int(2 * most * stage.rect.width / width) / 2)
