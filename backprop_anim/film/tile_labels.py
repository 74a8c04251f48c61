"""What stands over each tile of a comparison, and at the rows and columns of a grid of two settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from backprop_anim.drawing import LABEL_SIZE, LEAST_SIZE, PanelArea, Rect
from backprop_anim.film.run_measures import ComparedRun, Measures
from backprop_anim.film.tile_layout import TileLayout
from backprop_anim.story import Moment

__all__ = ["TileLabels", "create_label", "draw_heads", "plan_labels"]

STROKE, BESIDE_STROKE, BETWEEN = 22.0, 8.0, 14.0
SIZES = (LABEL_SIZE, 15.0, LEAST_SIZE)

Choice = tuple[str, str]


@dataclass(frozen=True)
class TileLabels:
    """How all tiles are labelled, each alike.

    Attributes
    ----------
    labels : tuple of str
        Empty ones in a grid, whose rows and columns have heads.
    size : float
        Of the letters, in points.
    has_numbers : bool
        Whether there is room for the measure beside every label.
    """

    labels: tuple[str, ...]
    size: float
    has_numbers: bool


def plan_labels(
    stage: PanelArea, width: float, runs: Sequence[ComparedRun], measures: Measures, in_grid: bool
) -> TileLabels:
    """Return labels with numbers if they fit into every tile: smaller, or without the setting that the title names."""
    room = width - STROKE - BESIDE_STROKE
    numbers = [text for said in measures.texts for text in said if text[:1].isdigit()]
    longest = max(numbers, key=len, default="")
    choices = [("",) * len(runs)] if in_grid else list(_wordings(stage, runs))

    def fits(labels: Sequence[str], size: float, number: str) -> bool:
        free = room - (stage.text_width(number, size, "bold") + BETWEEN * (not in_grid) if number else 0.0)
        return all(stage.text_width(label, size, "bold") <= free for label in labels)

    for labels in choices:
        for size in SIZES:
            if fits(labels, size, longest):
                return TileLabels(labels, size, True)
    for labels in choices:
        for size in SIZES:
            if fits(labels, size, ""):
                return TileLabels(labels, size, False)
    return TileLabels(choices[0], SIZES[-1], False)


def _wordings(stage: PanelArea, runs: Sequence[ComparedRun]) -> Iterator[tuple[str, ...]]:
    """Yield the labels, and the values alone of a single setting that the title names."""
    yield tuple(each.label for each in runs)
    keys = {tuple(key for key, _ in each.choices) for each in runs}
    title = stage.recording.experiment.title.lower()
    if len(keys) == 1 and len(key := keys.pop()) == 1 and key[0] and key[0].replace("_", " ") in title:
        yield tuple(each.choices[0][1] for each in runs)


def create_label(
    stage: PanelArea, rect: Rect, plan: TileLabels, number: int, measures: Measures
) -> Callable[[Moment], None]:
    """Write what sets a run apart over its tile, behind a stroke of its line, and its measure where there is room.

    The first tile says what the number is called; the best number of the last state says that it is the best.
    """
    axes, baseline = stage.canvas_axes(rect), rect.top - 18
    y, left = baseline + LABEL_SIZE * 0.33, rect.left + STROKE + BESIDE_STROKE
    axes.plot([rect.left, rect.left + STROKE], [y, y], color=stage.theme.accent, linewidth=3.5, clip_on=False)
    room, size, label = rect.right - left, plan.size, plan.labels[number]
    stage.text(left, baseline, stage.truncate_text(label, room, size, "bold"), size, stage.theme.ink, "bold")
    used = stage.text_width(label, size, "bold") + BETWEEN if label else 0.0

    def fits(text: str) -> bool:
        return stage.text_width(text, size, "bold") <= room - used

    said = measures.texts[number]
    if not plan.has_numbers and stage.recording.diverged_at is None:
        return lambda moment: None
    named = [f"{measures.title} {text}" if text[:1].isdigit() else text for text in said]
    if number == 0 and all(map(fits, set(named))):
        said = named
    said = [text if fits(text) else text.split()[0] for text in said]
    if not plan.has_numbers:
        said = ["" if text[:1].isdigit() else text for text in said]
    last, is_best = said[-1], number in measures.best
    if is_best:
        given = (
            f"{measures.best_word} {name}{measures.texts[number][-1]}"
            for name in (f"{measures.title} ", f"{measures.name} ", "")
        )
        last = next((text for text in given if fits(text)), last)
    x = rect.right if label else left
    plain = stage.changing_text(x, baseline, size, stage.theme.muted, align="right" if label else "left")
    strong = stage.changing_text(x, baseline, size, stage.theme.ink, "bold", "right" if label else "left")
    end = len(said) - 1

    def show(moment: Moment) -> None:
        now = is_best and moment.snapshot == end
        plain.set_content("" if now else said[moment.snapshot])
        strong.set_content(last if now else "")

    return show


def draw_heads(stage: PanelArea, layout: TileLayout, columns: Sequence[Choice], rows: Sequence[Choice]) -> None:
    """Write the value of one setting over each column, and that of the other at each row."""
    ink = stage.theme.ink
    for rect, (key, value) in zip(layout.column_heads, columns, strict=True):
        words = stage.truncate_text(f"{key} {value}".strip(), rect.width, LABEL_SIZE, "bold")
        stage.text(rect.left, rect.bottom + 8, words, LABEL_SIZE, ink, "bold")
    for rect, (key, value) in zip(layout.row_heads, rows, strict=True):
        middle, room = rect.bottom + rect.height / 2, rect.width - 10
        if key:
            stage.text(rect.left, middle + 4, stage.truncate_text(key, room), LABEL_SIZE)
        words = stage.truncate_text(value, room, LABEL_SIZE, "bold")
        stage.text(rect.left, middle - 18, words, LABEL_SIZE, ink, "bold")
