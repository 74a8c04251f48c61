"""Title and subtitle on the left, step and loss on the right; it never changes size from frame to frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_anim.common import number_text
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.story import Moment, loss_decimals, n_right, pace_texts
from backprop_anim.training import Recording

__all__ = ["SUBTITLE_SIZE", "TITLE_SIZE", "create_header", "draw_titles"]

TITLE_SIZE, SMALLEST_TITLE = 36.0, 18.0
SUBTITLE_SIZE, SMALLEST_SUBTITLE = 19.0, 14.0
ROOM_BETWEEN, WORD_GAP = 32.0, 12.0


@dataclass(frozen=True)
class _LineStyle:
    """How a line is written that may have to be made smaller; sizes in points."""

    size: float
    smallest: float
    weight: str
    color: str


def create_header(stage: PanelArea) -> Callable[[Moment], None]:
    """Write the title and return what brings step and loss to a moment."""
    experiment, recording, rect, theme = stage.recording.experiment, stage.recording, stage.rect, stage.theme
    step_text = [f"{step:,}" for step in recording.steps]
    widest = max(step_text, key=len)
    loss_text = _measures(recording)
    subtitle = stage.text_width(experiment.subtitle, SUBTITLE_SIZE) + ROOM_BETWEEN
    if subtitle + stage.text_width(max(loss_text, key=len), SUBTITLE_SIZE) > rect.width:
        loss_text = _measures(recording, briefly=True)
    paces = pace_texts(recording, stage.moments)
    paces = [f"{pace}  ·  " if pace else "" for pace in paces]
    longest = max(loss_text, key=len)
    if subtitle + stage.text_width(max(paces, key=len) + longest, SUBTITLE_SIZE) > rect.width:
        paces = [""] * len(paces)
    baseline, below = draw_titles(stage, widest + 3 * "0", max(paces, key=len) + longest)
    step = stage.changing_text(rect.right, baseline, TITLE_SIZE, theme.ink, "bold", "right")
    word = stage.changing_text(rect.right, baseline, SUBTITLE_SIZE, align="right")
    loss = stage.changing_text(rect.right, below, SUBTITLE_SIZE, theme.muted, align="right")
    left_of_it = rect.right - stage.text_width(longest, SUBTITLE_SIZE)  # a text of its own: the other stands still
    pace = stage.changing_text(left_of_it, below, SUBTITLE_SIZE, theme.muted, align="right")

    def show(moment: Moment) -> None:
        step.set_content(step_text[moment.snapshot])
        word.set_content(experiment.step_word)
        word.x = step.get_window_extent().x0 - WORD_GAP * stage.scale  # it moves only with the count of digits
        loss.set_content(loss_text[moment.snapshot])
        pace.set_content(paces[moment.frame])

    return show


def _measures(recording: Recording, briefly: bool = False) -> list[str]:
    """Return what is said of each state: its loss over all data, and of classes how many are right."""
    experiment, decimals = recording.experiment, loss_decimals(recording)
    of_what = "loss" if experiment.training.batch is None or briefly else "loss over all data"
    if recording.test_losses is not None and not briefly:
        of_what = "training loss"
    said = [f"{of_what} {number_text(loss, decimals)}" for loss in recording.snapshot_losses]
    if recording.test_losses is not None:
        word = "test" if briefly else "held out"
        said = [
            f"{text}, {word} {number_text(loss, decimals)}"
            for text, loss in zip(said, recording.test_losses, strict=True)
        ]
    if experiment.dataset.kind != "classes":
        return said
    n, held_out = experiment.dataset.n_samples, experiment.dataset.held_out
    rights = [f"{right:,.0f} of {n:,} right" for right in n_right(recording)]
    if held_out is not None and recording.test_accuracies is not None and not briefly:
        m = held_out.n_samples
        shares = np.rint(recording.test_accuracies * m)
        rights = [f"{text}, {share:,.0f} of {m:,} held out" for text, share in zip(rights, shares, strict=True)]
    return [f"{right}  ·  {text}" for right, text in zip(rights, said, strict=True)]


def draw_titles(stage: PanelArea, beside_title: str, beside_subtitle: str) -> tuple[float, float]:
    """Write title and subtitle so that these words have room at their right; return the baselines of both lines."""
    experiment, theme = stage.recording.experiment, stage.theme
    title = _LineStyle(TITLE_SIZE, SMALLEST_TITLE, "bold", theme.ink)
    subtitle = _LineStyle(SUBTITLE_SIZE, SMALLEST_SUBTITLE, "regular", theme.muted)
    baseline, below = stage.rect.top - 54, stage.rect.top - 83
    _draw_fitted(stage, experiment.title, baseline, title, beside_title)
    _draw_fitted(stage, experiment.subtitle, below, subtitle, beside_subtitle)
    return baseline, below


def _draw_fitted(stage: PanelArea, content: str, y: float, style: _LineStyle, beside: str) -> None:
    """Write a line that leaves room for `beside`: smaller where it must be, and cut as a last resort."""
    if not content:
        return
    size, weight = style.size, style.weight
    room = stage.rect.width - stage.text_width(beside, size, weight) - ROOM_BETWEEN
    while size > style.smallest and stage.text_width(content, size, weight) > room:
        size -= 1
    stage.text(stage.rect.left, y, stage.truncate_text(content, room, size, weight), size, style.color, weight)
