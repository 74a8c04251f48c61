"""Nothing that has to be read is too small: every word of every example's film and of its step in slow motion."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest
from matplotlib.collections import EllipseCollection
from matplotlib.transforms import Bbox
from small_runs import DrawnFilm, film, letter_sizes

from backprop_anim.config import load_experiment
from backprop_anim.config.examples import example_names, examples_folder
from backprop_anim.drawing.layout import LEAST_SIZE
from backprop_anim.drawing.node_pictures import NodePictures
from backprop_anim.drawing.text_bitmaps import BitmapLayer
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels import panels
from backprop_anim.runs.recordings import revised
from backprop_anim.story.moment import Moment
from backprop_anim.story.timeline import timeline
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

SIZES = ("1280x720", "1080x1080", "1080x1920")
IN_EVERY_SIZE = ("heart", "fruit", "classifier", "xor")
EXAMPLES = [
    (name, size)
    for place, name in enumerate(example_names())
    for k, size in enumerate(SIZES)
    if name in IN_EVERY_SIZE or k == place % len(SIZES)
]
"""Examples with the sizes of their frames: those with most words in all of them, the others in one each."""

STEP = 20
EXPLAINED = (
    f"video.slow_motion=[{{step: {STEP}}}]",
    "video.milestones=false",
    "video.captions=[]",
    "video.panels=auto",
)
SHARES = 14
"""Moments of each phase of a slow step that are looked at: no passage is told in a shorter time."""


@cache
def recorded(name: str, explained: bool) -> Recording:
    path = examples_folder() / f"{name}.yaml"
    few = ["training.steps=40", "snapshots={count: 5}", "video.seconds=null", "video.fps=10"]
    slow = load_experiment(path).video.slow_motion
    film = EXPLAINED if explained else [f"video.slow_motion=[{{step: {STEP}}}]"] if slow else []
    return train(load_experiment(path, [*few, *film]))


def drawn(name: str, size: str, explained: bool) -> DrawnFilm:
    run = revised(recorded(name, explained), [f"video.size={size}"])
    moments = timeline(run.experiment.video, run, explained)
    return DrawnFilm(Canvas(run, moments), moments, run)


def kinds_of(moments: tuple[Moment, ...]) -> list[int]:
    """Return a frame for each card, each caption, and each part of a slow step, and the last of all."""
    found = {}
    for moment in moments:
        act = moment.act
        told = (act.motion, act.phase, int(SHARES * act.progress)) if act is not None else None
        found[(bool(moment.card), moment.caption, told)] = moment.frame
    return sorted({*found.values(), moments[-1].frame})


def too_small(shown: DrawnFilm, least: float = LEAST_SIZE) -> set[tuple[str, float]]:
    found = set()
    for frame in kinds_of(shown.moments):
        shown.draw(frame)
        found |= {(text, size) for text, size in letter_sizes(shown.canvas) if size < least - 1e-6}
    return found


@pytest.mark.parametrize("explained", [False, True], ids=["film", "explain"])
@pytest.mark.parametrize(("name", "size"), EXAMPLES)
def test_every_word_of_an_example_can_be_read(name: str, size: str, explained: bool) -> None:
    assert too_small(drawn(name, size, explained)) == set()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("panel", panels)
def test_every_word_of_a_panel_can_be_read(panel: str, size: str) -> None:
    fitting = [name for name in ("slow", "heart", "classes", "series", "deep", "plane", "picture") if fits(panel, name)]
    assert fitting
    for name in fitting[:2]:
        assert too_small(film(name, f"video.panels=[[{panel}]]", f"video.size={size}")) == set()


def fits(panel: str, name: str) -> bool:
    return panels[panel]().unsupported_reason(film(name).recording.experiment) is None


@pytest.mark.parametrize(("name", "size"), EXAMPLES)
def test_numbers_in_the_network_meet_neither_a_neuron_nor_each_other(name: str, size: str) -> None:
    shown = drawn(name, size, True)
    scale, (words,) = shown.stage("network").scale, shown.animated("network", BitmapLayer)
    neurons, n_written = neuron_boxes(shown), 0
    for frame in kinds_of(shown.moments):
        shown.draw(frame)
        inked = [ink_of(box, scale) for box in words.boxes()]
        n_written = max(n_written, len(inked))
        assert not [words.contents[k] for k, box in enumerate(inked) if any(meet(box, other) for other in neurons)]
        assert not any(meet(one, other) for one, other in combinations(inked, 2))
    assert n_written >= 3


def neuron_boxes(shown: DrawnFilm) -> list[Bbox]:
    scale = shown.stage("network").scale
    pictures = shown.animated("network", NodePictures)
    if pictures:
        half = pictures[0].side / 2
        return [Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in pictures[0].centres * scale]
    (nodes,) = shown.animated("network", EllipseCollection)
    half = nodes.get_widths()[0] * scale / 2
    return [Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in nodes.get_offsets() * scale]


def ink_of(box: Bbox, scale: float) -> Bbox:
    """Return the part of a line's box that digits cover: it is as high as the font's lines."""
    middle = (box.y0 + box.y1) / 2
    return Bbox.from_extents(box.x0, middle - 0.3 * LEAST_SIZE * scale, box.x1, middle + 0.3 * LEAST_SIZE * scale)


def meet(one: Bbox, other: Bbox) -> bool:
    return bool(one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1)


def test_the_test_sees_every_kind_of_text() -> None:
    shown = drawn("fruit", "1280x720", True)
    said = {text for text, _ in too_small(shown, 99.0)}
    assert {"Teaching a network to see", "input", "strawberry", "Forward"} <= said
    assert any("hat y" in text for text in said)
    assert any(text.startswith("δ = ") for text in said)
