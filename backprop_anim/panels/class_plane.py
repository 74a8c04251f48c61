"""Axes for two inputs and the key of their classes; it knows neither samples nor the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backprop_anim.drawing import PanelArea, Scale
    from backprop_anim.engine import Array
    from backprop_anim.panels.plane_section import PlaneSection

__all__ = [
    "CURRENT",
    "HELD_OUT",
    "KEY_GAP",
    "WRONG",
    "bare_plane",
    "class_color",
    "class_key_width",
    "class_mark",
    "draw_class_key",
    "halo_marks",
    "have_one_unit",
    "held_out_mark",
    "input_scale",
    "plane_axes",
    "ring_mark",
]

MARKERS = (("D", 0.86), ("o", 1.0), ("s", 0.9), ("^", 1.1), ("v", 1.1), ("P", 1.1), ("X", 1.1), ("p", 1.1), ("*", 1.4))
"""The shape of each class and its size; their number is prime to that of the usual colours."""

KEY_MARK, KEY_GAP, KEY_ROW, KEY_BASELINE = 20.0, 20.0, 26.0, 16.0
FRAME = 2.5
SAID_ROOM, SAID_SHARE = 26.0, 0.3
"""Points that the words on the plane take below it; and how much of the key's line they may take."""

TITLE_BASELINE = 12.0
ONE_UNIT = 2.0
KEY_SIZE, HALO_ROOM, WRONG, HELD_OUT = 9.5, 6.0, "wrong", "held out"
CURRENT, CURRENT_SIZE = "current", 14.0
LEAST_NAME = 34.0
"""Points below which a name is left out of the key rather than cut."""


def plane_axes(stage: PanelArea, section: PlaneSection, halos: bool) -> Axes:
    """Draw axes with the inputs' names, and the key of the classes, and of halos, beside or above the name of y."""
    from backprop_anim.drawing import LABEL_SIZE, axes_rect, truncate_text

    stage = _without_words(stage, section.said)
    dataset = stage.recording.experiment.dataset

    def width(text: str) -> float:
        return stage.text_width(text, LABEL_SIZE)

    every = section.places_of_all([each.experiment for each in stage.recordings_on_axes])
    names = [truncate_text(name, lambda text: width(text) < 0.8 * stage.rect.width) for name in section.names]
    x, y = (input_scale(values, of_days) for values, of_days in zip(every.T, section.are_days(dataset), strict=True))
    if stage.shared:
        axes = bare_plane(stage, x, y, names[0])
        frame_plane(axes, stage.shared.color)
        if key := stage.shared.key:
            name = stage.truncate_text(f"↑ {names[1]}", 0.4 * key.width) if names[1] else ""
            stage.text(key.left, key.bottom + KEY_BASELINE, name)
            start = key.left + (width(name) + KEY_GAP if name else 0)
            labels, more = _key_labels(dataset.class_names, key.right - start, width)
            after = _draw_key(stage, labels, more, start, key.bottom + KEY_BASELINE)
            if halos and after + KEY_MARK + width(WRONG) <= key.right:
                _draw_mark(stage, WRONG, after, key.bottom + KEY_BASELINE)
        return axes
    marks = [WRONG, CURRENT] if halos else [CURRENT]
    marks += [HELD_OUT] if dataset.held_out is not None else []
    full = sum(width(name) + KEY_MARK + KEY_GAP for name in (*dataset.class_names, *marks))
    plane = axes_rect(stage, x, y, "y", names[0], have_one_unit(x, y))
    beside = full + width(names[1]) < plane.width
    upper = 0 if beside else _upper_row(dataset.class_names, stage.rect.right - plane.left, width)
    rows = 0 if beside else 2 if upper else 1
    axes = bare_plane(replace(stage, rect=stage.rect.inset(top=rows * KEY_ROW)), x, y, *names)
    left, right = axes.bbox.x0 / stage.scale, axes.bbox.x1 / stage.scale
    labels, more = _key_labels(dataset.class_names[upper:], stage.rect.right - left, width)
    taken = sum(width(word) + KEY_MARK + KEY_GAP for word in labels) - KEY_GAP
    baseline = axes.bbox.y1 / stage.scale + TITLE_BASELINE + (0 if beside else KEY_ROW)
    _draw_key(stage, dataset.class_names[:upper], "", left, baseline + KEY_ROW)
    after = _draw_key(stage, labels, more, right - full + KEY_GAP if beside else left, baseline, upper)
    if not beside and (more or left + taken + KEY_GAP + _marks_width(stage, marks) > stage.rect.right):
        # what the rings mean stands in the line of y's name, as much of it as there is room for
        after, baseline = left + width(names[1]) + (KEY_GAP if names[1] else 0), baseline - KEY_ROW
        while marks and after + _marks_width(stage, marks) > stage.rect.right:
            marks.pop()
    for mark in marks:
        after = _draw_mark(stage, mark, after, baseline)
    return axes


def _upper_row(names: Sequence[str], room: float, width: Callable[[str], float]) -> int:
    """Return how many classes fill the upper of two rows of the key, whole; none where one row holds them all."""
    ends = np.cumsum([KEY_MARK + width(name) + KEY_GAP for name in names]) - KEY_GAP
    n_whole = int(np.searchsorted(ends, room, side="right"))
    return n_whole if n_whole < len(names) else 0


def draw_class_key(stage: PanelArea, left: float, right: float, baseline: float, marks: Sequence[str]) -> None:
    """Write the names of the classes, cut where they must be, and what rings mean, where there is room for it."""
    from backprop_anim.drawing import LABEL_SIZE

    names = stage.recording.experiment.dataset.class_names
    labels, more = _key_labels(names, right - left, lambda text: stage.text_width(text, LABEL_SIZE))
    after = _draw_key(stage, labels, more, left, baseline)
    for mark in marks:
        if after + KEY_MARK + stage.text_width(mark, LABEL_SIZE) <= right:
            after = _draw_mark(stage, mark, after, baseline)


def class_key_width(stage: PanelArea, marks: Sequence[str]) -> float:
    """Return how wide that key is where nothing is cut or left out."""
    from backprop_anim.drawing import LABEL_SIZE

    words = (*stage.recording.experiment.dataset.class_names, *marks)
    return sum(KEY_MARK + stage.text_width(word, LABEL_SIZE) + KEY_GAP for word in words) - KEY_GAP


def _marks_width(stage: PanelArea, marks: Sequence[str]) -> float:
    """Return how wide the part of the key is that says what the rings mean."""
    from backprop_anim.drawing import LABEL_SIZE

    return sum(KEY_MARK + stage.text_width(mark, LABEL_SIZE) + KEY_GAP for mark in marks) - KEY_GAP


def _without_words(stage: PanelArea, said: Sequence[str]) -> PanelArea:
    """Write at the foot which plane it is, in the longest words that there is room for; return the rest of the stage.

    Of tiles the one that writes the key says it there.
    """
    from backprop_anim.drawing import LABEL_SIZE

    if not said:
        return stage
    shared = stage.shared
    place = shared.key if shared and shared.key else stage.rect
    fitting = [words for words in said if stage.text_width(words, LABEL_SIZE) <= place.width] or said[-1:]
    words = stage.truncate_text(fitting[0], place.width)
    if shared is None:
        stage.text(place.left, place.bottom + 4, words, va="baseline")
        return replace(stage, rect=stage.rect.inset(bottom=SAID_ROOM))
    if shared.key is None:
        return stage
    words = next((one for one in said if stage.text_width(one, LABEL_SIZE) <= SAID_SHARE * place.width), said[-1])
    stage.text(place.right, place.bottom + KEY_BASELINE, words, ha="right", va="baseline")
    rest = place.inset(right=stage.text_width(words, LABEL_SIZE) + KEY_GAP)
    return replace(stage, shared=replace(shared, key=rest))


def have_one_unit(x: Scale, y: Scale) -> bool:
    """Return whether two inputs are taken to share a unit, so that one of it must be as long on both axes.

    They are where neither axis is more than `ONE_UNIT` times as long as the other: places in a plane, two shares,
    two normalised features. Kilometres beside years would make a strip of the plane.
    """
    widths = x.high - x.low, y.high - y.low
    return max(widths) <= ONE_UNIT * min(widths)


def bare_plane(stage: PanelArea, x: Scale, y: Scale, x_name: str, y_name: str = "") -> Axes:
    """Draw axes without a grid, which the field would hide."""
    from backprop_anim.drawing import plot_axes

    axes = plot_axes(stage, x, y, "", x_name, y_name or ("" if stage.shared else " "), have_one_unit(x, y))
    axes.grid(False)
    return axes


def frame_plane(axes: Axes, color: str) -> None:
    """Draw a frame in the run's colour around the whole pixels of the field."""
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import IdentityTransform

    box, width = axes.bbox, FRAME * axes.figure.dpi / 72
    left, right, bottom, top = (int(np.floor(edge + 0.5)) for edge in (box.x0, box.x1, box.y0, box.y1))
    corner = left - width / 2, bottom - width / 2
    edge = Rectangle(corner, right - left + width, top - bottom + width, fill=False, edgecolor=color, linewidth=FRAME)
    edge.set(clip_on=False, snap=False)
    axes.add_patch(edge)
    edge.set_transform(IdentityTransform())


def input_scale(values: Array, of_days: bool = False) -> Scale:
    """Return the axis of an input: from 0 to 1 for a share that fills it, otherwise the data and a margin."""
    from backprop_anim.drawing import date_scale, linear_scale

    low, high = float(values.min()), float(values.max())
    if low >= 0.049 and high <= 0.951 and high - low >= 0.5:
        return linear_scale(0.0, 1.0, 5)
    return (date_scale if of_days else linear_scale)(low, high, 5, 0.08)


def _key_labels(names: Sequence[str], room: float, width: Callable[[str], float]) -> tuple[list[str], str]:
    """Return the names as they fit side by side, cut where they must be, and how many there is no room for."""
    from backprop_anim.drawing import told_apart, truncate_text

    for n in range(len(names), 0, -1):
        more = f"… {len(names) - n} more" if n < len(names) else ""
        left = room - n * (KEY_MARK + KEY_GAP) - (width(more) if more else -KEY_GAP)
        limit = _limit([width(name) for name in names[:n]], left)
        if limit >= LEAST_NAME or n == 1 or all(width(name) <= limit for name in names[:n]):
            break

    def fits(text: str) -> bool:
        return width(text) <= limit

    return told_apart(names[:n], [truncate_text(name, fits) for name in names[:n]], fits), more


def _limit(widths: Sequence[float], room: float) -> float:
    """Return the width to which the wider ones must be cut so that all together take no more than `room`."""
    narrow, rest = 0.0, sorted(widths)
    while rest and narrow + rest[0] * len(rest) <= room:
        narrow += rest.pop(0)
    return (room - narrow) / len(rest) if rest else max(widths)


def _draw_key(
    stage: PanelArea, labels: Sequence[str], more: str, left: float, baseline: float, first: int = 0
) -> float:
    """Write the names of the classes side by side, each behind its mark; return where the next would start."""
    from backprop_anim.drawing import LABEL_SIZE

    axes, x = stage.canvas_axes(), left
    for k, label in enumerate(labels, start=first):
        axes.plot([x + 6], [baseline + LABEL_SIZE * 0.33], clip_on=False, **class_mark(stage, k, KEY_SIZE))
        stage.text(x + KEY_MARK, baseline, label, LABEL_SIZE)
        x += KEY_MARK + stage.text_width(label, LABEL_SIZE) + KEY_GAP
    if more:
        stage.text(x, baseline, more, LABEL_SIZE)
        x += stage.text_width(more, LABEL_SIZE) + KEY_GAP
    return x


def _draw_mark(stage: PanelArea, word: str, left: float, baseline: float) -> float:
    """Say in the key what a halo or the ring means; return where the next would start."""
    from backprop_anim.drawing import LABEL_SIZE

    axes, looks = stage.canvas_axes(), halo_marks(stage, KEY_SIZE - HALO_ROOM)
    if word == CURRENT:
        looks = (ring_mark(stage, CURRENT_SIZE),)
    if word == HELD_OUT:
        looks = (held_out_mark(stage, 0, KEY_SIZE) | {"mec": stage.theme.muted},)
    for look in looks:
        axes.plot([left + 6], [baseline + LABEL_SIZE * 0.33], **(look | {"clip_on": False}))
    stage.text(left + KEY_MARK, baseline, word, LABEL_SIZE)
    return left + KEY_MARK + stage.text_width(word, LABEL_SIZE) + KEY_GAP


def class_mark(stage: PanelArea, k: int, size: float) -> dict[str, Any]:
    """Return how the samples of class `k` are drawn."""
    marker, factor = MARKERS[k % len(MARKERS)]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": size * factor,
        "color": class_color(stage, k),
        "mec": stage.theme.background,
        "mew": 1.3,
    }


def held_out_mark(stage: PanelArea, k: int, size: float) -> dict[str, Any]:
    """Return how the samples of class `k` are drawn that the network is not trained on: hollow."""
    return class_mark(stage, k, 0.85 * size) | {"mfc": stage.theme.background, "mec": class_color(stage, k), "mew": 1.8}


def halo_marks(stage: PanelArea, size: float) -> tuple[dict[str, Any], ...]:
    """Return how the ring around a sample of the wrong side is drawn: on a wider one that parts it from the field."""
    ring = {"linestyle": "none", "marker": "o", "mfc": "none", "markersize": size + HALO_ROOM}
    return ring | {"mec": stage.theme.background, "mew": 4.0}, ring | {"mec": stage.theme.ink, "mew": 1.5}


def ring_mark(stage: PanelArea, size: float) -> dict[str, Any]:
    """Return how the ring around the sample is drawn that all panels show now."""
    look = {"linestyle": "none", "marker": "o", "mfc": "none", "markersize": size, "clip_on": False}
    return look | {"mec": stage.theme.ink, "mew": 2.2}


def class_color(stage: PanelArea, k: int) -> str:
    """Return the colour of class `k`; with more classes than colours they begin anew."""
    return stage.theme.classes[k % len(stage.theme.classes)]
