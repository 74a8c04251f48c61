"""The header says the step and the loss of the state that is shown, and its words always fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text
from small_runs import LONG, SIZES, DrawnFilm, film, recording

from backprop_anim.common import number_text
from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.story.measures import loss_decimals
from backprop_anim.training import Recording

FULL = (LONG * 2)[:200]
"""The longest title that there may be."""


def changing(shown: DrawnFilm) -> list[str]:
    return [text.content for text in shown.animated("header", ChangingText)]


def title_and_subtitle(shown: DrawnFilm) -> list[Text]:
    return [text for text in shown.canvas.figure.texts if text.get_position()[1] > 0.85][:2]


def right_of(run: Recording, row: int) -> int:
    outputs = run.experiment.network.outputs(run.parameters[row], run.experiment.dataset.inputs)
    return int((outputs.argmax(axis=1) == run.experiment.dataset.labels).sum())


@pytest.mark.parametrize("name", ["heart", "classes"])
def test_it_says_the_step_and_the_loss_over_all_samples(name: str) -> None:
    shown = film(name)
    for frame in shown.some_frames():
        shown.draw(frame)
        row = shown.moments[frame].snapshot
        step, _, loss, _ = changing(shown)
        assert step == f"{shown.recording.steps[row]:,}"
        value = f"{shown.recording.snapshot_losses[row]:.4f}"
        if name == "heart":
            assert loss == f"loss {value}"
        else:
            assert loss == f"{right_of(shown.recording, row)} of 100 right  ·  loss over all data {value}"


def test_title_and_subtitle_are_those_of_the_experiment() -> None:
    title, subtitle = title_and_subtitle(film("heart"))
    assert title.get_text() == "Backpropagating love"
    assert subtitle.get_text() == "A 1 → 6 → 7 → 2 sigmoid network learns to draw a heart"
    assert title.get_fontsize() > subtitle.get_fontsize()
    assert title.get_weight() > subtitle.get_weight()


def test_a_title_that_is_a_little_long_is_made_smaller() -> None:
    usual = title_and_subtitle(film("heart"))[0].get_fontsize()
    longer = "Backpropagating love, and how it went"
    title = title_and_subtitle(film("heart", f"title={longer}", "video.size=540x540"))[0]
    assert title.get_text() == longer
    assert 18 <= title.get_fontsize() < usual


@pytest.mark.parametrize("size", SIZES)
def test_what_never_fits_is_cut(size: str) -> None:
    shown = film("heart", f"title={FULL!r}", f"subtitle={FULL!r}", f"video.size={size}")
    title, subtitle = title_and_subtitle(shown)
    assert title.get_text().endswith("…")
    assert subtitle.get_text().endswith("…")
    for line in (title, subtitle):
        assert FULL.startswith(line.get_text().rstrip("…"))
        assert len(line.get_text()) > 40


def test_words_are_not_taken_for_formulas() -> None:
    title = title_and_subtitle(film("heart", "title=From $1 to $2"))[0]
    assert title.get_text() == "From $1 to $2"
    assert not title.get_parse_math()


@pytest.mark.parametrize(("least", "decimals"), [(0.5, 4), (0.012, 4), (0.00123, 4), (0.000123, 5), (1e-12, 8)])
def test_the_least_loss_keeps_two_digits(least: float, decimals: int) -> None:
    run = replace(recording("heart"))
    run.__dict__["snapshot_losses"] = np.array([1.0, least, 0.7])
    assert loss_decimals(run) == decimals


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12345, "0.1235"),
        (12.0, "12.0000"),
        (999_999.0, "999999.0000"),
        (1.5e6, "1.5·10⁶"),
        (2.5e300, "2.5·10³⁰⁰"),
        (np.inf, "∞"),
        (np.nan, "∞"),
    ],
)
def test_number_text(value: float, text: str) -> None:
    assert number_text(value, 4) == text


def test_beside_a_long_subtitle_the_loss_is_named_briefly() -> None:
    shown = film("classes", "subtitle=Four kinds of fruit in one small basket", "video.size=540x960")
    shown.draw(0)
    said = changing(shown)[2]
    assert " right  ·  loss " in said
    assert "all data" not in said


@pytest.mark.parametrize("size", ["1280x720", "720x1280", "640x360"])
def test_the_number_of_the_step_stands_close_to_its_word_however_many_digits_it_has(size: str) -> None:
    shown = film("heart", f"video.size={size}", "video.milestones=false")
    number, word = shown.animated("header", ChangingText)[:2]
    scale, ends, lengths = shown.stage("header").scale, set(), set()
    for frame in (0, len(shown.moments) // 2, len(shown.moments) - 1):
        shown.draw(frame)
        box = number.get_window_extent()
        assert word.content == "step"
        assert 8 * scale <= box.x0 - word.get_window_extent().x1 <= 16 * scale
        ends.add(box.x1)
        lengths.add(len(number.content))
    assert len(ends) == 1
    assert abs(ends.pop() - shown.stage("header").rect.right * scale) <= 1
    assert len(lengths) > 1
