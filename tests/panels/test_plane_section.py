"""Classes over a plane of many inputs: which plane it is, what is asked there, and what the panel says of it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from small_runs import DrawnFilm, texts
from table_films import drawn, kinds_text, made, rgb

from backprop_anim.common.errors import ExperimentError
from backprop_anim.drawing.color_field import ColorField
from backprop_anim.drawing.dotted_field import DITHER
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import leading_panel
from backprop_anim.panels.boundary import BoundaryPanel
from backprop_anim.panels.grid_pass import GridPass
from backprop_anim.panels.plane_section import plane_section

ALONE = ("video.panels=[[boundary]]", "video.milestones=false")
BARE = "max_points: 0, halos: false"


def options(given: str) -> str:
    return f"video.panel_options={{boundary: {{{given}}}}}"


def words(shown: DrawnFilm) -> str:
    shown.draw(-1)
    return " | ".join(texts(shown.canvas))


def test_the_two_inputs_that_part_the_classes_best_are_shown() -> None:
    dataset = made(kinds_text()).dataset
    assert plane_section(dataset, "auto").names == ("long", "wide")
    assert leading_panel(made(kinds_text())) == "boundary"
    said = words(drawn(kinds_text(), *ALONE))
    assert "long" in said
    assert "wide" in said
    assert "The two inputs that part the classes best; the colours are for the other 2 inputs at their means" in said


def test_inputs_can_be_named() -> None:
    said = words(drawn(kinds_text(), *ALONE, options("inputs: [noise, long]")))
    assert "noise" in said
    assert "wide" not in said
    assert "The colours are for the other 2 inputs at their means" in said


@pytest.mark.parametrize("size", ["1280x720", "1080x1080", "1080x1920", "320x180"])
@pytest.mark.parametrize("inputs", ["auto", "pca", "[flag, noise]"])
def test_what_is_said_fits(size: str, inputs: str) -> None:
    shown = drawn(kinds_text(), *ALONE, f"video.size={size}", options(f"inputs: {inputs}"))
    shown.draw(-1)
    (said,) = (text for text in texts(shown.canvas) if "olours" in text)
    assert "…" not in said


@pytest.mark.parametrize("inputs", ["auto", "pca", "[noise, wide]", "[wide, noise]"])
def test_the_colours_are_what_the_network_answers_in_the_plane(inputs: str) -> None:
    shown = drawn(kinds_text(), *ALONE, options(f"inputs: {inputs}, {BARE}"))
    run, (field,) = shown.recording.experiment, shown.animated("boundary", ColorField)
    dataset = run.dataset
    if inputs == "pca":
        centred = dataset.inputs - dataset.inputs.mean(axis=0)
        variances, directions = np.linalg.eigh(centred.T @ centred)
        along = directions[:, np.argsort(-variances)[:2]].T
        along *= np.sign(along[[0, 1], np.abs(along).argmax(axis=1)])[:, np.newaxis]
    shown.draw(-1)
    pixels = shown.canvas.pixels
    field.draw(shown.canvas.figure.canvas.get_renderer())
    axes = shown.animated("boundary", PathPatch)[0].axes
    box, theme = axes.bbox, themes["light"]()
    for x, y in np.random.default_rng(0).uniform(0.1, 0.9, (30, 2)):
        px, py = round(box.x0 + x * box.width), round(box.y0 + y * box.height)
        place = axes.transData.inverted().transform((px, py))
        if inputs == "pca":
            asked = dataset.inputs.mean(axis=0) + place @ along
        else:
            names = ["long", "wide"] if inputs == "auto" else inputs.strip("[]").split(", ")
            point = dataset.shown_inputs.mean(axis=0)
            point[[dataset.input_names.index(name) for name in names]] = place
            asked = dataset.to_inputs(point)
        p = run.network.outputs(shown.parameters(-1), asked[np.newaxis])[0]
        share = np.clip((p - 1 / 3) * 1.5, 0, 1)
        ground = rgb(theme.background)
        colors = np.array([rgb(color) for color in theme.classes[:3]])
        wanted = ground + BoundaryPanel().strength * share @ (colors - ground)
        row = len(pixels) - py
        seen = pixels[row - 1 : row + 1, px - 1 : px + 1, :3].mean(axis=(0, 1))
        assert np.abs(seen - wanted).max() <= 3 * DITHER + 3


FEATURES = ", features: [long, 'wide^2', 'long*noise', 'sin(wide)', flag], normalize: none}"


@pytest.mark.parametrize("inputs", ["auto", "pca", "[wide, long]"])
def test_with_features_the_network_is_asked_for_the_features_of_each_place(inputs: str) -> None:
    text = kinds_text().replace("[kind]}", "[kind]" + FEATURES).replace("inputs", "inputs")
    run = drawn(text, *ALONE).recording
    dataset = run.experiment.dataset
    wanted = (("long", "wide") if inputs == "auto" else inputs) if inputs in ("auto", "pca") else ("wide", "long")
    section = plane_section(dataset, wanted)  # type: ignore[arg-type]
    x, y = np.linspace(-3.0, 4.0, 5), np.linspace(-1.0, 6.0, 4)
    found = GridPass(run.experiment, section, x, y).run(run.parameters[-1])
    for row, column in ((0, 0), (1, 3), (3, 4)):
        place = np.array([x[column], y[row]])
        if inputs == "pca":
            raw = section.base + place @ section.along
        else:
            raw = dataset.shown_inputs.mean(axis=0)
            raw[[dataset.input_names.index(name) for name in wanted]] = place
        noise, long, wide, flag = (raw[dataset.input_names.index(name)] for name in ("noise", "long", "wide", "flag"))
        given = np.array([long, wide**2, long * noise, np.sin(wide), flag])
        answer = run.experiment.network.outputs(run.parameters[-1], given[np.newaxis])[0]
        z = found[row, :, column].astype(float)
        np.testing.assert_allclose(np.exp(z) / np.exp(z).sum(), answer, atol=2e-6)


def test_with_features_components_are_of_the_inputs_each_by_its_deviation() -> None:
    dataset = made(kinds_text().replace("[kind]}", "[kind]" + FEATURES)).dataset
    section = plane_section(dataset, "pca")
    places = section.places(dataset)
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(np.corrcoef(places.T)[0, 1], 0, atol=1e-12)
    scaled = (dataset.shown_inputs - dataset.shown_inputs.mean(axis=0)) / dataset.shown_inputs.std(axis=0)
    np.testing.assert_allclose(places.var(axis=0), np.linalg.eigvalsh(np.cov(scaled.T, bias=True))[::-1][:2])
    assert section.across is not None
    np.testing.assert_allclose(section.across @ section.along.T, np.eye(2), atol=1e-12)


def test_samples_stand_at_their_coordinates() -> None:
    dataset = made(kinds_text()).dataset
    np.testing.assert_array_equal(
        plane_section(dataset, ("wide", "noise")).places(dataset), dataset.shown_inputs[:, [2, 0]]
    )
    section = plane_section(dataset, "pca")
    places = section.places(dataset)
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(np.corrcoef(places.T)[0, 1], 0, atol=1e-12)
    for place, inputs in zip(places, dataset.inputs, strict=True):  # the nearest place of the plane
        beside = inputs - section.inputs_at(dataset, place)
        np.testing.assert_allclose(section.along @ beside, 0, atol=1e-12)


def test_components_say_their_share_of_the_variance() -> None:
    dataset = made(kinds_text()).dataset
    shares = [float(name.split("(")[1].split(" %")[0]) for name in plane_section(dataset, "pca").names]
    assert 100 >= sum(shares) > 60
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ("[lnog, wide]", "no input is called 'lnog'.*did you mean 'long'"),
        ("[wide, wide]", "both are 'wide'"),
        ("[wide]", "inputs"),
        ("best", "inputs"),
    ],
)
@pytest.mark.parametrize("panels", ["auto", "[[boundary]]"])
def test_a_plane_that_cannot_be_is_refused(inputs: str, said: str, panels: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        made(kinds_text(), options(f"inputs: {inputs}"), f"video.panels={panels}")


def test_two_inputs_are_all_there_is_and_nothing_is_said() -> None:
    text = kinds_text().replace("targets: [kind]", "targets: [kind], inputs: [long, noise]")
    shown = drawn(text, *ALONE)
    assert "olours" not in words(shown)
    assert shown.animated("boundary", PathPatch)
