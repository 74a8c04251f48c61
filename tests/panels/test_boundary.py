"""The boundary panel shows what the engine answers at every place, and where it is undecided."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from color_measures import contrast
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from numpy.typing import NDArray
from small_runs import SMALL, DrawnFilm, experiment, film

from backprop_anim.config import read_experiment
from backprop_anim.drawing.color_field import ColorField
from backprop_anim.drawing.dotted_field import DITHER
from backprop_anim.drawing.marker_sprite import MarkerSprite
from backprop_anim.experiment.themes import themes
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels.boundary import BoundaryPanel
from backprop_anim.story.moment import picture_key, shown_state
from backprop_anim.story.shown_samples import probe_samples
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

ALONE = "video.panels=[[boundary]]"
STRENGTH = BoundaryPanel().strength

KINDS = {
    "one output": "network: {hidden: [6], activation: [tanh, sigmoid]}",
    "two outputs": "network: {layers: [2, 6, 2], activation: [relu, softmax]}",
    "a line": "network: {layers: [2, 1], activation: linear}",
    "waves": "network: {layers: [2, 4, 1], activation: [tanh, sine]}",
    "no bias": "network: {layers: [2, 8, 1], activation: [tanh, tanh], bias: false}",
    "many": "network: {layers: [2, 9, 9, 5], activation: [tanh, tanh, softmax]}",
    "many that do not add up": "network: {layers: [2, 9, 5], activation: [tanh, sigmoid]}",
}


@lru_cache(maxsize=24)  # a canvas takes some megabytes
def run(kind: str, *video: str, task: str = "") -> DrawnFilm:
    """A canvas with a boundary alone; `task` replaces moons, and blobs where there are many classes."""
    task = task or ("{kind: points, shape: blobs, classes: 5}" if "many" in kind else "{kind: points, points: 40}")
    loss = "cross_entropy" if "softmax" in KINDS[kind] else "mse"
    text = f"task: {task}\n{KINDS[kind]}\ntraining: {{steps: 60, loss: {loss}, optimizer: adam, aggression: 0.05}}\n"
    settings = [*SMALL, "snapshots.count=6", ALONE, *video]
    recording = train(read_experiment(text, label=kind, name="boundary", folder=Path("nowhere"), overrides=settings))
    moments = timeline(recording.experiment.video, recording)
    return DrawnFilm(Canvas(recording, moments), moments, recording)


def axes_of(shown: DrawnFilm) -> Axes:
    axes = shown.animated("boundary", PathPatch)[0].axes
    assert isinstance(axes, Axes)
    return axes


def rectangle(shown: DrawnFilm) -> tuple[slice, slice]:
    """The rows and columns of the axes in the picture."""
    box, height = axes_of(shown).bbox, len(shown.canvas.pixels)
    left, right, bottom, top = (int(np.floor(edge + 0.5)) for edge in (box.x0, box.x1, box.y0, box.y1))
    return slice(height - top, height - bottom), slice(left, right)


def answers_at(shown: DrawnFilm, frame: int, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the engine answers at places in pixels from the lower left corner, (places, n_out)."""
    recording = shown.recording
    places = axes_of(shown).transData.inverted().transform(pixels)
    state = shown_state(recording, shown.moments[frame])
    return recording.experiment.network.outputs(state, places)


def rgb(color: str) -> NDArray[np.float64]:
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)


def expected_colors(shown: DrawnFilm, p: NDArray[np.float64]) -> NDArray[np.float64]:
    """The definition: from the background to a class's colour as the class goes from chance to certainty."""
    theme = themes[shown.recording.experiment.video.theme]()
    p = np.column_stack([1 - p, p]) if p.shape[1] == 1 else p
    chance = 1 / p.shape[1]
    share = np.clip((p - chance) / (1 - chance), 0, 1)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1)
    colors = np.array([rgb(color) for color in theme.classes[: p.shape[1]]])
    ground = rgb(theme.background)
    return ground + STRENGTH * share @ (colors - ground)


def field_errors(shown: DrawnFilm, frame: int) -> NDArray[np.float64]:
    """How far the colours of the field, without what lies over it, are from what they should be."""
    (field,) = shown.animated("boundary", ColorField)
    field.draw(shown.canvas.figure.canvas.get_renderer())  # type: ignore[attr-defined]
    rows, columns = rectangle(shown)
    down, across = (grid.ravel() for grid in np.mgrid[rows.start : rows.stop : 3, columns.start : columns.stop : 3])
    places = np.column_stack([across + 0.5, len(shown.canvas.pixels) - down - 0.5])
    wanted = expected_colors(shown, answers_at(shown, frame, places))
    return np.abs(shown.canvas.pixels[down, across, :3] - wanted)


DOTS = DITHER
"""The colour of a dot is that of a level, and the whole tint is brought to one."""


@pytest.mark.parametrize(
    ("kind", "theme"), [*((kind, "light") for kind in KINDS), ("two outputs", "dark"), ("one output", "paper")]
)
def test_the_field_has_the_colours_of_the_networks_answers(kind: str, theme: str) -> None:
    shown = run(kind, f"video.theme={theme}")
    for frame in (0, len(shown.moments) - 1):
        shown.draw(frame)
        error = field_errors(shown, frame)
        assert error.size > 5000
        assert np.quantile(error, 0.98) < DOTS + 1
        assert error.mean() < 2
        assert error.max() < 12  # beside a kink


def border_of(shown: DrawnFilm) -> PathPatch:
    _, border = shown.animated("boundary", PathPatch)
    return border  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "many" not in kind])
def test_the_border_lies_where_the_network_is_undecided(kind: str) -> None:
    """Within a pixel of it there are both answers."""
    shown = run(kind)
    last = len(shown.moments) - 1
    shown.draw(last)
    border = border_of(shown)
    vertices = border.get_path().vertices
    assert len(vertices) > 20
    box = axes_of(shown).bbox
    vertices = vertices[(vertices > [box.x0, box.y0]).all(axis=1) & (vertices < [box.x1, box.y1]).all(axis=1)]
    around = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False)]
    sides = []
    for shift in around:
        p = answers_at(shown, last, vertices + shift)
        sides.append(p[:, 0] >= 0.5 if p.shape[1] == 1 else p[:, 1] > p[:, 0])
    both = np.any(sides, axis=0) & ~np.all(sides, axis=0)
    assert both.mean() > 0.98


@pytest.mark.parametrize("kind", ["one output", "two outputs", "many"])
def test_the_border_fades_in_as_the_answers_part(kind: str) -> None:
    """From state to state of an undecided network it would blink."""
    shown = run(kind)
    border = border_of(shown)
    network = shown.recording.experiment.network
    parameters = shown.recording.parameters
    kept, alphas = parameters[-1].copy(), []
    last = network.layout.blocks(parameters[-1])[-1]
    weights, bias = last[:, :-1].copy(), last[:, -1].copy()
    try:
        for factor in (1e-6, 0.002, 0.006, 0.02, 0.1, 0.3, 1.0, 3.0):
            last[:, :-1], last[:, -1] = weights * factor, bias * factor
            shown.draw(0)  # or the state would be the one that is shown
            shown.draw(-1)
            alphas.append(border.get_alpha())
    finally:
        parameters[-1] = kept
    assert alphas[0] < 0.01
    assert alphas[-1] == 1
    assert alphas == sorted(alphas)
    assert any(0.01 < alpha < 0.99 for alpha in alphas)


def test_with_many_classes_the_border_parts_the_likeliest() -> None:
    shown = run("many")
    last = len(shown.moments) - 1
    shown.draw(last)
    vertices = border_of(shown).get_path().vertices
    assert len(vertices) > 60
    lead = np.diff(np.sort(answers_at(shown, last, vertices), axis=1)[:, -2:], axis=1)
    assert np.quantile(lead, 0.95) < 0.05


def test_the_ring_is_around_the_sample_of_the_moment() -> None:
    shown = film("slow", ALONE)
    samples = probe_samples(shown.recording, shown.moments)
    (ring,) = (line for line in shown.animated("boundary", Line2D) if line.get_markersize() == 24)
    seen = set()
    for frame in range(0, len(shown.moments), 3):
        shown.draw(frame)
        seen.add(int(samples[frame]))
        assert np.ravel(ring.get_data()) == pytest.approx(shown.recording.experiment.dataset.inputs[samples[frame]])
    assert len(seen) > 1
    assert ring.get_markeredgecolor() == themes["light"]().ink


def test_in_the_update_of_a_slow_step_the_field_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = film("slow", ALONE, trained=("training.aggression=4",))
    acts = [moment for moment in shown.moments if moment.act is not None]
    found: list[int] = []
    drawn: tuple[int, float] | None = None
    monkeypatch.setattr(
        ColorField, "set_values", lambda field, z, whole=ColorField.set_values: (found.append(1), whole(field, z))
    )
    for moment in acts:
        before = len(found)
        shown.draw(moment.frame)
        assert moment.act is not None
        assert np.quantile(field_errors(shown, moment.frame), 0.98) < DOTS + 1
        key = picture_key(moment)
        assert len(found) - before == (key != drawn)  # nothing is found anew where nothing has changed
        drawn = key
    recording = shown.recording
    states = [shown_state(recording, moment) for moment in acts]
    assert np.abs(states[-1] - states[0]).max() > 0.1


def test_a_told_step_leaves_its_border_behind() -> None:
    shown = film("slow", ALONE, trained=("training.aggression=4",))
    ghost, border = shown.animated("boundary", PathPatch)
    before = next(moment for moment in shown.moments if moment.act)
    shown.draw(before.frame)
    assert not ghost.get_visible()
    kept = border.get_path().vertices.copy()
    seen = set()
    for moment in shown.moments:
        shown.draw(moment.frame)
        told = moment.act is not None and moment.act.phase in ("update", "outcome")
        assert ghost.get_visible() == told
        if told:
            np.testing.assert_array_equal(ghost.get_path().vertices, kept)
            seen.add(border.get_path().vertices.tobytes())
    assert len(seen) > 1
    assert ghost.get_alpha() < 0.5


def test_halos_change_with_the_header_not_on_the_way() -> None:
    shown = film("slow", ALONE, trained=("training.aggression=4",))
    labels, inputs = shown.recording.experiment.dataset.labels, shown.recording.experiment.dataset.inputs
    for moment in shown.moments:
        shown.draw(moment.frame)
        answers = shown.recording.experiment.network.outputs(shown.parameters(moment.frame), inputs)
        n_wrong = int(((answers[:, 0] >= 0.5) != labels).sum())
        assert len(halos_of(shown)[0].get_xydata()) == n_wrong


@pytest.mark.parametrize("size", ["640x360", "540x540", "500x888"])
@pytest.mark.parametrize("name", ["slow", "classes"])
def test_nothing_outside_the_axes_changes_and_everything_can_be_drawn_again(name: str, size: str) -> None:
    shown = film(name, ALONE, f"video.size={size}", "video.milestones=false", "video.captions=[]", "video.intro=0")
    frames = [shown.draw(frame) for frame in shown.some_frames()]
    header = round(shown.stage("header").rect.height * shown.stage("header").scale)
    changed = np.any([(frame != frames[0]).any(axis=2) for frame in frames[1:]], axis=0)
    changed[:header] = False
    rows, columns = rectangle(shown)
    assert changed[rows, columns].mean() > 0.2
    changed[rows, columns] = False
    assert not changed.any()
    for frame, pixels in zip(reversed(shown.some_frames()), reversed(frames), strict=True):
        assert (shown.draw(frame) == pixels).all()


@pytest.mark.parametrize("most", [0, 7, 600])
def test_points_are_thinned_evenly_but_the_ringed_ones_are_there(most: int) -> None:
    options = f"video.panel_options={{boundary: {{max_points: {most}}}}}"
    task = "{kind: points, shape: blobs, classes: 5, points: 200}"
    shown = run("many", options, "video.seconds=4", task=task)  # long enough for the ring to move on
    (stamp,) = shown.animated("boundary", MarkerSprite)
    lines = [artist for artist in axes_of(shown).lines if artist in stamp._artists]
    counts = [len(line.get_xdata()) for line in lines]
    assert len(counts) == 5
    ringed = set(probe_samples(shown.recording, shown.moments).tolist())
    assert sum(counts) <= max(most, 5) * (most > 0) + len(ringed)
    drawn = {tuple(place) for line in lines for place in line.get_xydata()}
    places = {tuple(shown.recording.experiment.dataset.inputs[sample]) for sample in ringed}
    assert places <= drawn or not most
    assert all(counts) == (most > 0)
    marks = {(line.get_marker(), line.get_color()) for line in lines}
    assert len({marker for marker, _ in marks}) == len({color for _, color in marks}) == 5


def halos_of(shown: DrawnFilm) -> list[Line2D]:
    return [line for line in shown.animated("boundary", Line2D) if line.get_markersize() < 24]


@pytest.mark.parametrize("kind", ["one output", "two outputs", "many"])
@pytest.mark.parametrize("theme", themes)
def test_the_wrong_samples_have_a_halo(kind: str, theme: str) -> None:
    shown = run(kind, f"video.theme={theme}")
    dataset, network = shown.recording.experiment.dataset, shown.recording.experiment.network
    found = set()
    for frame in shown.some_frames():
        shown.draw(frame)
        p = network.outputs(shown.parameters(frame), dataset.inputs)
        chosen = p.argmax(axis=1) if p.shape[1] > 1 else (p[:, 0] >= 0.5).astype(int)
        wrong = {tuple(place) for place in dataset.inputs[chosen != dataset.labels]}
        outer, inner = halos_of(shown)
        assert {tuple(place) for place in inner.get_xydata()} == wrong
        assert (inner.get_xydata() == outer.get_xydata()).all()
        found.add(len(wrong))
    assert len(found) > 1
    ring = str(inner.get_markeredgecolor())
    ground = themes[theme]().background
    assert contrast(ring, ground) > 10
    for color in themes[theme]().classes:  # a ring of the background parts it from marks and field
        field = rgb(ground) + STRENGTH * (rgb(color) - rgb(ground))
        assert contrast(ring, "#" + "".join(f"{round(part):02x}" for part in field)) > 4.5
    assert outer.get_markeredgecolor() == ground
    assert outer.get_markeredgewidth() > inner.get_markeredgewidth() + 2
    assert "wrong" in words_of(shown)


def test_halos_can_be_left_out() -> None:
    shown = run("one output", "video.panel_options={boundary: {halos: false}}")
    assert halos_of(shown) == []
    assert "wrong" not in words_of(shown)


def words_of(shown: DrawnFilm) -> list[str]:
    return [text.get_text() for text in shown.canvas.figure.findobj(Text)]


@pytest.mark.parametrize("size", ["640x360", "540x540"])
@pytest.mark.parametrize("panels", ["[[boundary]]", "[[boundary, network, loss]]"])
def test_the_key_names_the_classes_side_by_side_in_one_row_or_two(size: str, panels: str) -> None:
    shown = film("classes", f"video.panels={panels}", f"video.size={size}")
    names = shown.recording.experiment.dataset.class_names
    rect, scale = shown.stage("boundary").rect, shown.stage("boundary").scale
    top = axes_of(shown).bbox.y1
    texts = [text for text in shown.canvas.figure.findobj(Text) if text.get_text()]
    others = shown.recording.experiment.dataset.input_names[1], "wrong", "current"
    texts = [text for text in texts if text.get_text() not in others]
    key = [text for text in texts if top < text.get_window_extent().y0 < rect.top * scale]
    key = [text for text in key if rect.left * scale <= text.get_window_extent().x0 < rect.right * scale]
    key.sort(key=lambda text: (-round(text.get_position()[1], 3), text.get_window_extent().x0))
    assert key
    boxes = [text.get_window_extent() for text in key]
    assert all(left.x1 < right.x0 or left.y0 >= right.y1 for left, right in pairwise(boxes))
    assert max(box.x1 for box in boxes) <= rect.right * scale + 1
    stems = [text.get_text().rstrip("…").rstrip() for text in key if not text.get_text().startswith("…")]
    assert stems
    assert all(name.startswith(stem) for name, stem in zip(names, stems, strict=False))


@pytest.mark.parametrize("size", ["1280x720", "1080x1080", "720x1280"])
def test_the_key_says_what_the_rings_are(size: str) -> None:
    """In a square frame too, where the names of the classes leave no room in their line."""
    shown = film("slow", f"video.size={size}")
    stage = shown.stage("boundary")
    top, right = axes_of(shown).bbox.y1, stage.rect.right * stage.scale
    everything = [(text.get_text(), text.get_window_extent()) for text in shown.canvas.figure.findobj(Text)]
    found = {text: box for text, box in everything if box.y0 > top and box.x0 < right}
    for word in ("wrong", "current", "lemon", "strawberry"):
        assert top < found[word].y0 < top + 60 * stage.scale
        assert stage.rect.left * stage.scale <= found[word].x0 - 14 * stage.scale
        assert found[word].x1 <= right + 1
    rings = [line for line in shown.canvas.figure.findobj(Line2D) if line.get_markerfacecolor() == "none"]
    middles = [line.axes.transData.transform(line.get_xydata()) for line in rings if len(line.get_xydata()) == 1]
    for word in ("wrong", "current"):  # each behind a sample of its ring
        before = [found[word].x0 - place[0, 0] for place in middles if abs(place[0, 1] - found[word].y0) < 20]
        assert any(8 * stage.scale < gap < 20 * stage.scale for gap in before)


def test_shares_of_one_have_axes_from_zero_to_one() -> None:
    axes = axes_of(film("slow", ALONE))
    assert axes.get_xlim() == axes.get_ylim() == (0, 1)
    axes = axes_of(film("classes", ALONE))
    low, high = experiment("classes").dataset.inputs.min(axis=0), experiment("classes").dataset.inputs.max(axis=0)
    assert axes.get_xlim()[0] < low[0] < high[0] < axes.get_xlim()[1]
    assert axes.get_ylim()[0] < low[1] < high[1] < axes.get_ylim()[1]


@pytest.mark.parametrize("size", ["640x360", "540x540", "540x960", "320x180"])
@pytest.mark.parametrize("panels", ["[[boundary]]", "[[boundary, network, loss]]", "[[boundary], [loss]]"])
@pytest.mark.parametrize("name", ["slow", "classes"])
def test_inputs_of_one_unit_are_drawn_to_scale_as_large_as_the_cell_allows(name: str, panels: str, size: str) -> None:
    shown = film(name, f"video.panels={panels}", f"video.size={size}")
    axes, stage = axes_of(shown), shown.stage("boundary")
    lengths = [np.ptp(axes.get_xlim()) / axes.bbox.width, np.ptp(axes.get_ylim()) / axes.bbox.height]
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-6)
    rect, box = stage.rect, axes.bbox
    edges = np.array([box.x0, box.x1, box.y0, box.y1]) / stage.scale
    free = [edges[0] - rect.left, rect.right - edges[1], edges[2] - rect.bottom, rect.top - edges[3]]
    assert min(free) >= -1e-6
    assert min(free[0] + free[1], free[2] + free[3]) < 130  # words alone
    names = [text.get_text() for text in axes.get_xticklabels() + axes.get_yticklabels()]
    assert all(names)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        extent = text.get_window_extent()
        near = extent.x1 > box.x0 - 30 * stage.scale and extent.y1 > box.y0 - 40 * stage.scale
        assert near
        assert extent.x0 >= rect.left * stage.scale - 2
        assert extent.y0 >= rect.bottom * stage.scale - 2


@pytest.mark.parametrize(("stretch", "equal"), [(1.0, True), (1.8, True), (0.6, True), (2.5, False), (1e4, False)])
def test_inputs_of_different_ranges_fill_the_cell(stretch: float, equal: bool) -> None:
    rows = ", ".join(f"[{k % 7 / 7 * 30}, {k % 5 / 4 * 6 / 7 * 30 * stretch}, {int(k % 7 > 3)}]" for k in range(35))
    task = f"{{kind: table, columns: [x, y, c], inputs: [x, y], targets: [c], classes: true, rows: [{rows}]}}"
    axes = axes_of(run("a line", task=task))
    ratio = np.ptp(axes.get_xlim()) / axes.bbox.width * axes.bbox.height / np.ptp(axes.get_ylim())
    assert (abs(ratio - 1) < 1e-6) == equal


@pytest.mark.parametrize("factor", [1e30, 1e200])
def test_a_network_that_went_astray_is_drawn_all_the_same(factor: float) -> None:
    for kind in ("one output", "two outputs", "a line", "many"):
        whole = run(kind)
        whole.draw(0)  # the last state may be the one that is shown
        whole.recording.parameters[-1] *= factor
        try:
            whole.draw(-1)
            (field,) = whole.animated("boundary", ColorField)
            field.draw(whole.canvas.figure.canvas.get_renderer())  # type: ignore[attr-defined]
            theme = themes["light"]()
            tints = [rgb(theme.background) * (1 - STRENGTH) + rgb(color) * STRENGTH for color in theme.classes]
            assert (whole.canvas.pixels[rectangle(whole)][..., :3] >= np.min(tints, axis=0) - 2).all()  # no holes
        finally:
            whole.recording.parameters[-1] /= factor


def test_places_far_from_zero_are_told_apart() -> None:
    """In single precision 1e7 and 1e7 + 0.3 are the same; the field is not drawn in steps."""
    rows = ", ".join(f"[{1e7 + k % 7 / 7}, {k % 5 / 5}, {int(k % 7 > 3)}]" for k in range(35))
    given = "columns: [x, y, c], inputs: [x, y], targets: [c], classes: true, normalize: none"
    task = f"{{kind: table, {given}, rows: [{rows}]}}"
    shown = run("a line", task=task)
    network = shown.recording.experiment.network
    shown.recording.parameters[-1] = network.layout.pack({"W1": np.array([[1.0, 0.0]]), "b1": np.array([-1e7])})
    shown.draw(-1)
    (field,) = shown.animated("boundary", ColorField)
    field.draw(shown.canvas.figure.canvas.get_renderer())  # type: ignore[attr-defined]
    rows_, columns = rectangle(shown)
    lines = shown.canvas.pixels[rows_, columns][10:18, :, :3].astype(int)
    means = lines[:, : lines.shape[1] // 4 * 4].reshape(8, -1, 4, 3).mean(axis=(0, 2))
    assert len(np.unique(means, axis=0)) > 40
    assert np.abs(np.diff(means, axis=0)).max() <= 6


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("heart", "it draws the boundary between classes, and this task gives curve"),
        ("series", "it draws the boundary between classes, and this task gives series"),
        ("slow", None),
        ("classes", None),
    ],
)
def test_it_says_which_tasks_it_cannot_show(name: str, reason: str | None) -> None:
    assert BoundaryPanel().unsupported_reason(experiment(name)) == reason


def test_it_needs_two_inputs() -> None:
    text = """\
task: {kind: table, columns: [a, b, c, d], rows: [[0, 1, 0, no], [1, 1, 0, yes]], inputs: [a], targets: [d]}
network: {hidden: 2}
training: {steps: 1}
"""
    one = read_experiment(text, label="one", name="one", folder=Path("nowhere"), overrides=())
    assert BoundaryPanel().unsupported_reason(one) == "it needs two inputs for its axes, and this task has 1"
