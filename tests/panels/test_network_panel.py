"""The network panel shows the recorded weights and the activations that the engine finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from small_runs import NAMES, SIZES, DrawnFilm, film, texts

from backprop_anim.config import read_experiment
from backprop_anim.drawing.diagram import Diagram
from backprop_anim.drawing.diagram_colors import FULLEST
from backprop_anim.drawing.diagram_layout import shown_units
from backprop_anim.drawing.node_pictures import NodePictures
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.shown_samples import probe_inputs
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

Array = NDArray[np.float64]


def lines_of(shown: DrawnFilm) -> LineCollection:
    return shown.animated("network", LineCollection)[0]


def nodes_of(shown: DrawnFilm) -> EllipseCollection:
    (nodes,) = shown.animated("network", EllipseCollection)
    return nodes


def centres_of(shown: DrawnFilm) -> tuple[Array, float]:
    """The centres of the nodes, be they discs or pictures, and half of their width."""
    for pictures in shown.animated("network", NodePictures):
        return pictures.centres, pictures.side / shown.stage("network").scale / 2
    return np.asarray(nodes_of(shown).get_offsets()), nodes_of(shown).get_widths()[0] / 2


def columns_of(shown: DrawnFilm) -> list[Array]:
    """The centres of the nodes, layer by layer, from the left."""
    centres, _ = centres_of(shown)
    return [centres[centres[:, 0] == x] for x in np.unique(centres[:, 0])]


def weights(shown: DrawnFilm, frame: int) -> Array:
    """Every weight of a state, layer by layer, in the order of the rows of W."""
    arrays = shown.recording.experiment.network.layout.arrays(shown.parameters(frame))
    return np.concatenate([arrays[name].ravel() for name in arrays if name.startswith("W")])


def test_every_weight_has_a_line_between_its_two_nodes() -> None:
    shown = film("heart")
    sizes = shown.recording.experiment.network.sizes
    columns = columns_of(shown)
    assert [len(column) for column in columns] == list(sizes)
    expected = [
        (before, after)
        for layer in range(len(sizes) - 1)
        for after in columns[layer + 1]  # the rows of W
        for before in columns[layer]
    ]
    np.testing.assert_allclose(lines_of(shown).get_segments(), expected)
    assert len(expected) == 1 * 6 + 6 * 7 + 7 * 2


def test_the_first_unit_stands_on_top() -> None:
    for column in columns_of(film("heart")):
        assert (np.diff(column[:, 1]) < 0).all()


@pytest.mark.parametrize("theme", ["light", "paper"])
def test_lines_show_sign_and_size_of_the_weights(theme: str) -> None:
    shown = film("heart", f"video.theme={theme}")
    palette = shown.stage("network").theme
    for frame in shown.some_frames():
        shown.draw(frame)
        values, lines = weights(shown, frame), lines_of(shown)
        colors, widths = lines.get_colors(), np.asarray(lines.get_linewidths())
        expected = np.where(values[:, np.newaxis] >= 0, to_rgb(palette.positive), to_rgb(palette.negative))
        np.testing.assert_allclose(colors[:, :3], expected)
        order = np.argsort(np.abs(values))
        assert (np.diff(widths[order]) >= 0).all()
        assert (np.diff(colors[order, 3]) >= 0).all()
        small = widths < widths.max()  # those below the limit are drawn to scale
        slopes = (widths[small] - 0.5) / np.abs(values[small])
        np.testing.assert_allclose(slopes, slopes[0])


def test_one_scale_of_widths_holds_for_the_whole_film() -> None:
    shown = film("heart")
    slopes = []
    for frame in shown.some_frames():
        shown.draw(frame)
        least = np.abs(weights(shown, frame)).argmin()
        slopes.append((lines_of(shown).get_linewidths()[least] - 0.5) / np.abs(weights(shown, frame))[least])
    np.testing.assert_allclose(slopes, slopes[0])


def levels(shown: DrawnFilm, frame: int) -> list[Array]:
    """What the engine finds for the probe, layer by layer."""
    probe = probe_inputs(shown.recording, shown.moments)[frame : frame + 1]
    return [layer[0] for layer in shown.recording.experiment.network.layers(shown.parameters(frame), probe)]


PLAIN = "video.panel_options={network: {nodes: plain}}"


def grey(shown: DrawnFilm, level: float) -> Array:
    """The grey of a plain node, from the least activation at 0 to the greatest at 1."""
    theme = shown.stage("network").theme
    empty, ink = np.array(to_rgb(theme.surface)), np.array(to_rgb(theme.ink))
    return empty + level * FULLEST * (ink - empty)


def test_plain_nodes_show_the_activations_of_the_probe_in_greys() -> None:
    shown = film("heart", PLAIN)
    for frame in shown.some_frames():
        shown.draw(frame)
        activations = np.concatenate(levels(shown, frame)[1:])  # sigmoid: from 0 to 1, and shown so
        colors = nodes_of(shown).get_facecolor()[1:, :3]
        np.testing.assert_allclose(colors, [grey(shown, level) for level in activations], atol=3e-3)


def test_negative_activations_are_lighter_than_zero() -> None:
    shown = film("classes")
    shown.draw(-1)
    units = shown_units(30, 16).units
    hidden = levels(shown, len(shown.moments) - 1)[1][units]
    colors = nodes_of(shown).get_facecolor()[2 : 2 + len(units), :3]
    assert (hidden < 0).any()
    np.testing.assert_allclose(colors, [grey(shown, (1 + level) / 2) for level in hidden], atol=3e-3)  # tanh


def test_the_outputs_of_a_classifier_have_the_colours_of_their_classes() -> None:
    shown = film("classes")
    theme = shown.stage("network").theme
    ground = np.array(to_rgb(theme.background))
    for frame in shown.some_frames():
        shown.draw(frame)
        answers = levels(shown, frame)[-1]
        colors = nodes_of(shown).get_facecolor()[-4:, :3]
        for k, (answer, color) in enumerate(zip(answers, colors, strict=True)):
            share = max(0.0, (answer - 0.25) / 0.75)
            np.testing.assert_allclose(color, ground + share * (np.array(to_rgb(theme.classes[k])) - ground), atol=1e-9)


@pytest.mark.parametrize("batch", [1, 3])
def test_the_probe_is_a_sample_of_the_data(batch: int) -> None:
    shown = film("table", trained=(f"training.batch={batch}",))
    inputs = shown.recording.experiment.dataset.inputs
    probes = probe_inputs(shown.recording, shown.moments)
    assert all((inputs == probe).all(axis=1).any() for probe in probes)
    if batch == 1:  # then it is the one that the step saw
        seen = shown.recording.samples[[moment.snapshot for moment in shown.moments]]
        np.testing.assert_array_equal(probes[seen >= 0], inputs[seen[seen >= 0]])


def test_large_layers_are_shortened_to_their_first_and_last_units() -> None:
    shown = film("classes", "video.panel_options={network: {max_nodes: 8}}")
    units = shown_units(30, 8).units
    assert [len(column) for column in columns_of(shown)] == [2, 7, 4]
    assert "30 units" in texts(shown.canvas)
    shown.draw(-1)
    arrays = shown.recording.experiment.network.layout.arrays(shown.parameters(-1))
    drawn = np.concatenate([arrays["W1"][units].ravel(), arrays["W2"][:, units].ravel()])
    colors = lines_of(shown).get_colors()
    positive = (colors[:, :3] == to_rgb(shown.stage("network").theme.positive)).all(axis=1)
    np.testing.assert_array_equal(positive, drawn >= 0)


@pytest.mark.parametrize("most", [3, 4, 5, 12])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 100])
def test_shown_units(n: int, most: int) -> None:
    shown = shown_units(n, most)
    assert shown.places <= most
    assert shown.elided == (n > most)
    assert {0, n - 1} <= set(shown.units.tolist())
    assert (np.diff(shown.units) > 0).all()
    places = [shown.place(index) for index in range(len(shown.units))]
    assert places[-1] == shown.places - 1
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("wanted", [{7}, {3}, {5, 9}, set(range(20)), {0, 29}, set()])
def test_units_that_are_told_are_among_those_that_are_shown(wanted: set[int]) -> None:
    usual = shown_units(30, 8)
    shown = usual.holding(wanted)
    assert len(shown.units) == len(usual.units)
    assert shown.gap == usual.gap
    assert (np.diff(shown.units) > 0).all()
    held = wanted & set(shown.units.tolist())
    assert held == wanted or len(held) >= usual.gap
    if not wanted - set(usual.units.tolist()):
        assert shown is usual


def test_the_neuron_of_a_told_step_is_never_behind_the_dots() -> None:
    slow = ("video.slow_motion=[{step: 10, follow: [hidden 12]}]",)
    shown = film("classes", "video.panel_options={network: {max_nodes: 8}}", *slow, trained=slow)
    n_inputs, n_shown, _ = (len(column) for column in columns_of(shown))
    assert n_shown < 30
    first = next(moment.frame for moment in shown.moments if moment.act)
    shown.draw(first + 8)
    widths = np.array(nodes_of(shown).get_linewidths())
    assert n_inputs <= int(np.argmax(widths)) < n_inputs + n_shown
    assert widths.max() > 3


def dots(shown: DrawnFilm) -> list[Any]:
    return [line for line in lines_of(shown).axes.lines if isinstance(line, Line2D) and line.get_marker() == "o"]


def test_many_layers_are_shortened_too() -> None:
    shown = film("deep")
    columns = columns_of(shown)
    assert len(columns) < len(shown.recording.experiment.network.sizes)
    assert {"input", "output"} <= set(texts(shown.canvas))
    across = [line for line in dots(shown) if len(set(line.get_ydata())) == 1]
    assert len(across) == 1
    gap = np.asarray(across[0].get_xdata())
    xs = [float(column[0, 0]) for column in columns]
    left, right = max(x for x in xs if x < gap.mean()), min(x for x in xs if x > gap.mean())
    assert left < gap.min() < gap.max() < right
    starts, ends = np.asarray(lines_of(shown).get_segments())[:, :, 0].T
    assert ((ends <= left) | (starts >= right)).all()  # no line leaps over what is left out


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_everything_is_inside_the_panel(name: str, size: str) -> None:
    shown = film(name, f"video.size={size}")
    rect = shown.stage("network").rect
    centres, radius = centres_of(shown)
    assert (centres - radius >= [rect.left - 1e-6, rect.bottom - 1e-6]).all()
    assert (centres + radius <= [rect.right + 1e-6, rect.top + 1e-6]).all()
    for column in columns_of(shown):
        assert (np.abs(np.diff(column[:, 1])) > 2 * radius).all()


def test_names_stand_beside_their_nodes() -> None:
    said = texts(film("classes", "video.panels=[[network]]", "video.panel_options={network: {max_nodes: 8}}").canvas)
    assert {"input", "hidden", "output", "sweetness of\nfruit", "sour\ngooseberry"} <= set(said)


def test_labels_can_be_left_out() -> None:
    said = texts(film("classes", "video.panel_options={network: {labels: false}}").canvas)
    assert not {"input", "hidden", "output"} & set(said)


def test_nodes_that_hold_numbers_leave_room_for_the_lines_between_them() -> None:
    shown = film("slow", "video.size=540x540")
    xs = [float(column[0, 0]) for column in columns_of(shown)]
    assert (np.diff(xs) > 1.6 * 2 * centres_of(shown)[1]).all()


def test_names_are_made_smaller_before_they_are_cut() -> None:
    assert {"sweetness", "redness", "strawberry"} <= set(texts(film("slow", "video.size=540x540").canvas))


SMALL_NETWORKS = {
    "xor": "{task: {kind: table, rows: [{a: 0, b: 0, c: 1, y: 0}, {a: 1, b: 0, c: 0, y: 1}], inputs: [a, b, c], "
    "targets: y}, network: {hidden: 4}, training: {steps: 5}}",
    "2-2-2": "{task: {kind: points, shape: blobs, classes: 2}, network: {layers: [2, 2, 2]}, training: {steps: 5}}",
    "1-2-1": "{task: {kind: series, series: bell}, network: {hidden: 2}, training: {steps: 5}}",
}


@pytest.mark.parametrize("size", ["1280x720", "1080x1920"])
@pytest.mark.parametrize("name", SMALL_NETWORKS)
def test_a_network_of_few_neurons_fills_its_panel(name: str, size: str) -> None:
    video = f"video.size={size}", "video.panels=[[network]]"
    run = train(read_experiment(SMALL_NETWORKS[name], label=name, name=name, folder=Path(), overrides=video))
    moments = timeline(run.experiment.video, run)
    stage = Canvas(run, moments).stages["network"]
    diagram = Diagram(stage, run.experiment.network.sizes, 16, labels=True, pictures=name != "xor")
    high = np.ptp(diagram.centres[:, 1]) + 2 * diagram.radius
    assert high >= 0.75 * (stage.rect.height - 60)
    assert np.ptp(diagram.centres[:, 0]) >= 0.6 * stage.rect.width
    assert diagram.radius >= (36 if name == "xor" else 50)
