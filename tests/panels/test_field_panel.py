"""The field panel shows the network's own answers in colours that the bar explains, and the targets in the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from small_runs import DrawnFilm, texts
from table_films import NETWORK, drawn, made, plane_text, rgb, table

from backprop_anim.common.errors import ExperimentError
from backprop_anim.drawing.dotted_field import DITHER
from backprop_anim.drawing.marker_sprite import MarkerSprite
from backprop_anim.drawing.value_field import ValueField
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import default_grid, leading_panel
from backprop_anim.panels.field import FieldPanel
from backprop_anim.story.moment import shown_state
from backprop_anim.story.shown_samples import probe_samples

ALONE = "video.panels=[[field]]"
BARE = "video.panel_options={field: {max_points: 0}}"
KINDS = {
    "one output": NETWORK,
    "sigmoid": NETWORK.replace("[5]", "[5], output: sigmoid"),
    "a line": NETWORK.replace("hidden: [5]", "hidden: []"),
    "no bias": NETWORK.replace("[5]", "[5], bias: false"),
}


def field_of(shown: DrawnFilm) -> Any:
    (field,) = shown.animated("field", ValueField)
    return field


def axes_of(shown: DrawnFilm) -> Any:
    (ring,) = shown.animated("field", Line2D)
    return ring.axes


def expected(shown: DrawnFilm, answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The colours of amounts by the definition: even steps from the least target to the greatest."""
    targets = shown.recording.experiment.dataset.shown_targets[:, 0]
    share = np.clip((answers - targets.min()) / np.ptp(targets), 0, 1)
    colors = np.array([rgb(color) for color in themes[shown.recording.experiment.video.theme]().values])
    place = share * (len(colors) - 1)
    return np.column_stack([np.interp(place, np.arange(len(colors)), part) for part in colors.T])


def colors_at(shown: DrawnFilm, frame: int, places: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """The mean colours of squares around places in the units of the file."""
    pixels = shown.draw(frame)
    at = axes_of(shown).transData.transform(places)
    found = []
    for x, y in at:
        row, column = len(pixels) - int(y) - 1, int(x)
        found.append(pixels[row - reach : row + reach + 2, column - reach : column + reach + 2, :3].mean(axis=(0, 1)))
    return np.array(found)


@pytest.mark.parametrize("theme", themes)
@pytest.mark.parametrize("kind", KINDS)
def test_the_colour_at_a_place_is_that_of_the_answer(kind: str, theme: str) -> None:
    scale = ("task.normalize=range",) if kind == "sigmoid" else ()
    shown = drawn(plane_text(40, KINDS[kind]), ALONE, BARE, f"video.theme={theme}", "video.milestones=false", *scale)
    experiment = shown.recording.experiment
    places = experiment.dataset.shown_inputs
    for frame in (0, len(shown.moments) - 1):
        state = shown_state(shown.recording, shown.moments[frame])
        ring = probe_samples(shown.recording, shown.moments)[frame]
        away = np.hypot(*(places - places[ring]).T) > 60
        seen = colors_at(shown, frame, places[away], 1)
        off = np.abs(seen - expected(shown, experiment.answers(state, places[away])[:, 0]))
        assert np.median(off) <= DITHER / 2
        assert off.max() <= 3 * DITHER


def test_answers_beyond_the_targets_have_the_colours_of_the_ends() -> None:
    shown = drawn(plane_text(), ALONE, BARE, "training.steps=1", "video.milestones=false", "training.aggression=80")
    field, theme = field_of(shown), themes["light"]()
    shown.draw(0)
    field.set_values(np.full((len(field.y), 1, len(field.x)), 1e6, np.float32))
    pixels = shown.canvas.pixels
    field.draw(shown.canvas.figure.canvas.get_renderer())
    middle = shown.canvas.figure.canvas.buffer_rgba()
    box = axes_of(shown).bbox
    here = np.asarray(middle)[len(pixels) - int(box.y1) + 20, int(box.x0) + 20, :3]
    assert np.abs(here - rgb(theme.values[-1])).max() <= DITHER


@pytest.mark.parametrize("theme", themes)
def test_the_dots_of_a_right_network_vanish_in_the_field(theme: str) -> None:
    text = plane_text(40, NETWORK.replace("hidden: [5]", "hidden: []").replace("60", "4000"))
    shown = drawn(text, ALONE, f"video.theme={theme}", "video.milestones=false")
    experiment, last = shown.recording.experiment, len(shown.moments) - 1
    places = experiment.dataset.shown_inputs
    off = experiment.answers(shown.parameters(last), places) - experiment.dataset.shown_targets
    assert np.abs(off).max() < 1  # of 600
    ring = probe_samples(shown.recording, shown.moments)[last]
    alone = [s for s in range(len(places)) if s != ring and np.sort(np.hypot(*(places - places[s]).T))[1] > 30]
    inside = colors_at(shown, last, places[alone], 0)
    values = expected(shown, experiment.dataset.shown_targets[alone, 0])
    assert np.abs(inside - values).max() <= DITHER


def test_dots_have_the_colours_of_their_targets_and_stay_few() -> None:
    options = "video.panel_options={field: {max_points: 7}}"
    shown = drawn(plane_text(), ALONE, options)
    (sprite,) = shown.animated("field", MarkerSprite)
    (dots,) = sprite._artists
    assert isinstance(dots, PathCollection)
    inputs = shown.recording.experiment.dataset.shown_inputs
    current = set(probe_samples(shown.recording, shown.moments))
    assert 7 <= len(dots.get_offsets()) <= 7 + len(current)
    at = [int(np.hypot(*(inputs - place).T).argmin()) for place in dots.get_offsets()]
    assert current <= set(at)
    values = shown.recording.experiment.dataset.shown_targets[at, 0]
    np.testing.assert_allclose(255 * np.array(dots.get_facecolors())[:, :3], expected(shown, values), atol=1)


def test_the_ring_is_around_the_current_sample() -> None:
    shown = drawn(plane_text(), ALONE)
    (ring,) = shown.animated("field", Line2D)
    samples = probe_samples(shown.recording, shown.moments)
    for frame in shown.some_frames():
        shown.draw(frame)
        place = shown.recording.experiment.dataset.shown_inputs[samples[frame]]
        np.testing.assert_array_equal(np.ravel(ring.get_data()), place)


@pytest.mark.parametrize("size", ["1280x720", "1080x1080", "1080x1920", "320x180"])
def test_inputs_target_and_round_numbers_are_written(size: str) -> None:
    shown = drawn(plane_text(), ALONE, f"video.size={size}")
    shown.draw(-1)
    said = texts(shown.canvas)
    assert {"east", "north", "height"} <= set(said)
    targets = shown.recording.experiment.dataset.shown_targets
    numbers = [float(word.replace(",", "").replace("−", "-")) for word in said if word.replace(",", "").isdigit()]
    assert sum(targets.min() <= number <= targets.max() for number in numbers) >= 3


def test_targets_that_are_all_the_same_are_no_fault() -> None:
    rows = np.column_stack([np.random.default_rng(2).normal(size=(6, 2)), np.full(6, 5.0)])
    shown = drawn(table(["a", "b", "y"], rows, "[y]"), ALONE)
    assert shown.draw(-1).any()


def test_it_leads_where_there_are_two_inputs() -> None:
    experiment = made(plane_text())
    assert leading_panel(experiment) == "field"
    assert default_grid(experiment, 16 / 9)[0][0] == "field"


def two_outputs(*settings: str) -> Any:
    rng = np.random.default_rng(1)
    return made(table(["a", "b", "u", "v"], rng.normal(size=(12, 4)), "[u, v]"), *settings)


@pytest.mark.parametrize(
    ("output", "said"),
    [("w", "no output is called 'w'"), ("3", "there is no output 3; this network has 2"), ("0", "at least 1")],
)
@pytest.mark.parametrize("panels", ["auto", "[[field, loss]]"])
def test_an_output_that_is_not_there_is_refused(output: str, said: str, panels: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        two_outputs(f"video.panel_options={{field: {{output: {output}}}}}", f"video.panels={panels}")


@pytest.mark.parametrize("output", ["v", "2"])
def test_an_output_is_chosen_by_name_or_number(output: str) -> None:
    experiment = two_outputs()
    assert FieldPanel().unsupported_reason(experiment) is None
    rng = np.random.default_rng(1)
    text = table(["a", "b", "u", "v"], rng.normal(size=(12, 4)), "[u, v]")
    shown = drawn(text, ALONE, f"video.panel_options={{field: {{output: {output}}}}}")
    shown.draw(-1)
    assert "v" in texts(shown.canvas)
    assert "u" not in texts(shown.canvas)
