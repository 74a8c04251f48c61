"""Themes can be read by everybody: contrast, lightness, colour-blind eyes and prints without colour."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import combinations

import numpy as np
import pytest
from color_measures import contrast, lab, lightness, linear, seen_by
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgb
from small_runs import experiment, film

from backprop_anim.common.errors import ExperimentError
from backprop_anim.experiment.themes import is_color, themes
from backprop_anim.panels.steps import OLDEST


def test_there_are_themes() -> None:
    assert {"light", "dark", "paper"} <= set(themes)


@pytest.mark.parametrize("name", themes)
def test_a_theme_is_a_frozen_dataclass_of_colours(name: str) -> None:
    theme = themes[name]()
    assert is_dataclass(theme)
    assert themes.summary(name).endswith(".")
    values = {option.name: getattr(theme, option.name) for option in fields(theme)}
    assert all(map(is_color, (*theme.ramp, *theme.classes)))
    assert all(is_color(value) for value in values.values() if isinstance(value, str))
    assert len(theme.ramp) >= 2
    assert len(theme.classes) >= 2


@pytest.mark.parametrize("name", themes)
def test_words_and_marks_stand_out_from_the_ground(name: str) -> None:
    theme = themes[name]()
    assert contrast(theme.ink, theme.background) >= 7  # WCAG AAA
    assert contrast(theme.muted, theme.background) >= 4.5  # WCAG AA
    for color in (*theme.number_colors, theme.positive, theme.negative):  # numbers are written in them
        assert contrast(color, theme.background) >= 4.5
    for color in (theme.accent, *theme.classes[:2]):
        assert contrast(color, theme.background) >= 2
    assert contrast(theme.accent, theme.background) >= 4.5
    assert contrast(theme.ink, theme.background) > contrast(theme.muted, theme.background)
    assert contrast(theme.muted, theme.background) > contrast(theme.faint, theme.background)
    assert contrast(theme.faint, theme.background) > contrast(theme.hairline, theme.background) > 1.1


@pytest.mark.parametrize("name", themes)
def test_the_signs_of_weights_differ_in_lightness(name: str) -> None:
    theme = themes[name]()
    assert abs(lightness(theme.positive) - lightness(theme.negative)) >= 12
    assert contrast(theme.positive, theme.background) >= 2.5
    assert contrast(theme.negative, theme.background) >= 2.5


def test_paper_needs_no_colour() -> None:
    theme = themes["paper"]()
    assert abs(lightness(theme.positive) - lightness(theme.negative)) >= 40
    steps = np.diff([lightness(color) for color in theme.ramp])
    assert (steps > 10).all() or (steps < -10).all()
    for color in (theme.ink, theme.muted, theme.accent, theme.positive, theme.negative):
        assert color[1:3] == color[3:5] == color[5:7]


def test_numbers_stay_dark_where_there_are_no_hues() -> None:
    paper, light = themes["paper"](), themes["light"]()
    assert not paper.has_hues
    assert paper.number_colors == (paper.ink, paper.ink)
    assert light.has_hues
    assert light.number_colors == (light.negative, light.positive)


@pytest.mark.parametrize("name", themes)
def test_the_oldest_row_of_the_log_can_be_read(name: str) -> None:
    theme = themes[name]()
    ink, ground = (np.array(to_rgb(color)) for color in (theme.ink, theme.background))
    assert contrast(to_hex(ground + OLDEST * (ink - ground)), theme.background) >= 4.5


@pytest.mark.parametrize("name", themes)
def test_the_weakest_line_of_a_network_can_be_seen(name: str) -> None:
    shown = film("heart", f"video.theme={name}")
    shown.draw(0)
    (lines, *_) = shown.animated("network", LineCollection)
    theme = themes[name]()
    ground = np.array(to_rgb(theme.background))
    for red, green, blue, opacity in lines.get_colors():
        seen = ground + opacity * (np.array([red, green, blue]) - ground)
        assert contrast(to_hex(seen), theme.background) >= 1.5


def test_negative_weights_are_dashed_where_there_are_no_hues() -> None:
    for name, broken in (("light", False), ("paper", True)):
        shown = film("heart", f"video.theme={name}")
        shown.draw(-1)
        (lines, *_) = shown.animated("network", LineCollection)
        negative = (lines.get_colors()[:, :3] == to_rgb(themes[name]().negative)).all(axis=1)
        styles = lines.get_linestyle()
        dashed = [style[1] is not None for style in styles] * (len(negative) // len(styles))
        assert negative.any()
        np.testing.assert_array_equal(dashed, negative if broken else np.zeros(len(negative), bool))


@pytest.mark.parametrize("missing", ["red", "green"])
@pytest.mark.parametrize("name", themes)
def test_colour_blind_eyes_tell_signs_and_classes_apart(name: str, missing: str) -> None:
    theme = themes[name]()

    def distance(one: str, other: str) -> float:
        return float(np.linalg.norm(lab(seen_by(one, missing)) - lab(seen_by(other, missing))))

    assert distance(theme.positive, theme.negative) >= 30
    assert min(distance(*pair) for pair in combinations(theme.classes[:4], 2)) >= 15


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_ramp_goes_one_way(name: str) -> None:
    steps = np.diff([lightness(color) for color in themes[name]().ramp])
    assert (steps > 4).all()


@pytest.mark.parametrize("name", themes)
def test_every_theme_draws_on_its_ground(name: str) -> None:
    shown = film("heart", "video.size=320x180", f"video.theme={name}")
    ground = [int(themes[name]().background[k : k + 2], 16) for k in (1, 3, 5)]
    pixels = shown.draw(-1)
    np.testing.assert_array_equal(pixels[0, 0, :3], ground)
    assert 0.5 < (pixels[..., :3] == ground).all(axis=-1).mean() < 0.99


def test_colours_of_ones_own() -> None:
    shown = film("heart", 'video.theme={kind: dark, accent: "#00ff00", background: "#000033"}')
    pixels = shown.draw(-1)
    assert (pixels[0, 0, :3] == (0, 0, 0x33)).all()
    assert (pixels[..., :3] == (0, 255, 0)).all(axis=-1).any()
    assert shown.stage("fit").theme.ink == themes["dark"]().ink  # the others are the theme's


def test_a_thicker_line_of_ones_own() -> None:
    thin, thick = (film("heart", f"video.theme={{kind: light, line: {width}}}").draw(-1) for width in (1, 12))
    assert (thick != thin).any()


@pytest.mark.parametrize("color", ["rod", "#12345", "#1234567", "123456", "#gggggg"])
def test_what_is_no_colour_is_refused(color: str) -> None:
    with pytest.raises(ExperimentError, match=r"video\.theme\.ink"):
        experiment("heart", f"video.theme={{kind: light, ink: '{color}'}}")


@pytest.mark.parametrize("name", themes)
def test_colours_of_amounts_go_one_way_in_even_steps_and_never_reach_the_ink(name: str) -> None:
    theme = themes[name]()
    light = [lightness(color) for color in theme.values]
    toward = np.sign(lightness(theme.ink) - lightness(theme.background))
    assert (toward * np.diff(light) > 1.5).all()
    labs = np.array([lab(linear(color)) for color in theme.values])
    steps = np.linalg.norm(np.diff(labs, axis=0), axis=1)
    assert np.quantile(np.abs(steps / np.median(steps) - 1), 0.9) < 0.12
    assert steps.min() > 0.5 * np.median(steps)  # where the way turns at a colour of the ramp it is cut short
    assert toward * (lightness(theme.ink) - light[-1]) > 25
    assert 4 < np.linalg.norm(labs[0] - lab(linear(theme.background))) < 15


@pytest.mark.parametrize("ramp", ["['#777777', '#777777']", "['#ffffff', '#fcfaf7']", "['#000000', '#ff0000']"])
def test_colours_of_amounts_come_of_any_ramp(ramp: str) -> None:
    options = experiment("heart", f"video.theme={{kind: light, ramp: {ramp}}}").video.theme_options
    light = [lightness(color) for color in themes["light"](**options).values]
    assert (np.diff(light) < 0).all()
    assert light[0] - light[-1] > 10
