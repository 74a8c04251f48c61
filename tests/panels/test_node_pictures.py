"""Neurons as pictures: each shows what the engine finds for it along the inputs, and where the probe is."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from numpy.typing import NDArray
from small_runs import DrawnFilm, experiment, film, texts

from backprop_anim.drawing.neuron_views import INSET
from backprop_anim.drawing.node_pictures import NodePictures
from backprop_anim.drawing.small_curves import stroke_coverage
from backprop_anim.panels import panels
from backprop_anim.story.neuron_functions import NeuronFunctions
from backprop_anim.story.shown_samples import probe_inputs

Array = NDArray[np.float64]
BIG = "video.panels=[[network]]"


def pictures_of(shown: DrawnFilm) -> NodePictures:
    (pictures,) = shown.animated("network", NodePictures)
    return pictures


def marks_of(shown: DrawnFilm) -> EllipseCollection:
    (marks,) = shown.animated("network", EllipseCollection)
    return marks


def answers(shown: DrawnFilm, frame: int, places: Array) -> list[Array]:
    return shown.recording.experiment.network.layers(shown.parameters(frame), places)


def test_the_curve_of_every_neuron_is_its_answer_along_the_input() -> None:
    shown = film("heart", BIG)
    pictures, functions = pictures_of(shown), NeuronFunctions(shown.recording)
    inset = round(INSET * pictures.side)
    inner = pictures.side - 2 * inset
    way = np.linspace(functions.low, functions.high, inner)
    for frame in shown.some_frames():
        shown.draw(frame)
        found = np.concatenate([layer.T for layer in answers(shown, frame, way)])
        assert len(pictures.levels) == len(found) == 1 + 6 + 7 + 2
        for picture, values in zip(pictures.levels, found, strict=True):  # sigmoids and t: all from 0 to 1
            inked = picture[:, inset : pictures.side - inset]
            rows = np.arange(pictures.side)[:, np.newaxis] + 0.5
            middle = (inked * rows).sum(axis=0) / inked.sum(axis=0)
            steep = np.abs(np.gradient(values)) * inner > 1
            np.testing.assert_allclose(middle[~steep], (inset + (1 - values) * inner)[~steep], atol=0.6)


def test_the_map_of_every_neuron_is_its_answer_over_both_inputs() -> None:
    shown = film("slow", BIG)
    pictures, functions = pictures_of(shown), NeuronFunctions(shown.recording)
    shown.draw(0)
    low, high = functions.low, functions.high
    corners = {(-1, 0): low, (-1, -1): [high[0], low[1]], (0, 0): [low[0], high[1]], (0, -1): high}
    for (row, column), place in corners.items():
        found = np.concatenate(answers(shown, 0, np.array([place]))[1:], axis=1)[0]  # sigmoids: 0.5 is the middle
        np.testing.assert_allclose(pictures.levels[2:, row, column], 2 * found - 1, atol=1e-6)
    first, second = pictures.levels[:2]  # the inputs show themselves
    assert (np.diff(first, axis=1) > 0).all()
    assert (np.diff(second, axis=0) < 0).all()  # the uppermost row comes first


@pytest.mark.parametrize("name", ["heart", "slow"])
def test_the_probe_is_marked_in_every_picture(name: str) -> None:
    shown = film(name, BIG)
    pictures, functions = pictures_of(shown), NeuronFunctions(shown.recording)
    half = pictures.side / shown.stage("network").scale / 2
    frame = 3
    shown.draw(frame)
    probe = probe_inputs(shown.recording, shown.moments)[frame]
    moved = np.asarray(marks_of(shown).get_offsets()) - pictures.centres
    share = 2 * (probe - functions.low) / (functions.high - functions.low) - 1
    if name == "slow":
        np.testing.assert_allclose(moved, np.tile(half * np.clip(share, -0.9, 0.9), (len(moved), 1)), atol=1e-9)
    else:
        heights = np.concatenate(answers(shown, frame, probe[np.newaxis])[0:], axis=1)[0]
        inner = half * (1 - 2 * INSET)
        np.testing.assert_allclose(moved[:, 0], inner * share[0], atol=1e-6)
        np.testing.assert_allclose(moved[1:, 1], inner * (2 * heights[1:] - 1), atol=1e-6)


def test_the_input_of_a_curve_has_the_colour_of_its_place() -> None:
    shown = film("heart", BIG)
    ramp = LinearSegmentedColormap.from_list("ramp", list(shown.stage("network").theme.ramp))
    for frame in shown.some_frames():
        shown.draw(frame)
        probe = float(probe_inputs(shown.recording, shown.moments)[frame, 0])
        np.testing.assert_allclose(to_rgb(pictures_of(shown).rims[0]), ramp(probe)[:3], atol=4 / 255)


@pytest.mark.parametrize(("name", "some"), [("heart", True), ("slow", True), ("classes", False), ("table", False)])
def test_pictures_are_the_default_where_they_fit(name: str, some: bool) -> None:
    assert bool(film(name, BIG).animated("network", NodePictures)) is some  # 36 neurons are too many, 3 inputs too
    assert not film(name, BIG, "video.panel_options={network: {nodes: plain}}").animated("network", NodePictures)


def test_pictures_of_three_inputs_are_refused() -> None:
    reason = panels["network"](nodes="pictures").unsupported_reason(experiment("table"))  # type: ignore[call-arg]
    assert reason is not None
    assert "this task has 3" in reason


def test_a_key_says_what_the_colours_mean() -> None:
    assert {"−", "+ weight", "low", "high activation"} <= set(texts(film("slow", BIG).canvas))
    curves = set(texts(film("heart", BIG).canvas))
    assert "+ weight" in curves
    assert "high activation" not in curves  # a curve needs no ramp


def test_a_dimmed_picture_is_nearer_to_the_ground() -> None:
    shown = film("slow", BIG)
    pictures = pictures_of(shown)
    shown.draw(0)
    ground = np.array(to_rgb(shown.stage("network").theme.background)) * 255
    whole = pictures._pictures()[..., :3] - ground
    pictures.opacities = np.full(len(whole), 0.25)
    np.testing.assert_allclose(pictures._pictures()[..., :3] - ground, 0.25 * whole, atol=1.1)
    pictures.opacities = np.ones(len(whole))


def test_a_stroke_is_as_wide_as_the_pen_whatever_its_slope() -> None:
    for slope in (0.0, 0.5, 3.0):
        y = (20 + slope * (np.arange(9) - 4))[np.newaxis].astype(np.float32)
        covered = stroke_coverage(y, 40, 2.0)[0, :, 4].sum()
        assert covered == pytest.approx(2.0 * np.hypot(1, slope), rel=0.12)
