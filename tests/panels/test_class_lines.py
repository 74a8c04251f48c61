"""Classes over one input: a line for each class is what the network answers, and its samples stand in a row below."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from small_runs import DrawnFilm, texts
from table_films import NETWORK, drawn, made, table

from backprop_anim.engine import decided_classes
from backprop_anim.experiment import themes
from backprop_anim.panels import leading_panel
from backprop_anim.panels.class_lines import ALONG
from backprop_anim.panels.fit import FitPanel

X = np.random.default_rng(2).normal(np.repeat([0.0, 3.0, 6.0], 12), 1.2)


def kinds(more: str = "", network: str = NETWORK) -> str:
    """Three kinds along one length, which overlap."""
    numbers = table(["length", "kind"], np.column_stack([X, np.repeat([0, 1, 2], 12)]), f"[kind], classes: true{more}")
    return numbers.removesuffix(NETWORK) + network


def lines(shown: DrawnFilm) -> list[Any]:
    """The lines of the classes as they are drawn, in order."""
    width = shown.stage("fit").theme.line
    return [line for line in shown.animated("fit", Line2D) if line.get_linewidth() == width]


def still(shown: DrawnFilm) -> list[Line2D]:
    """The marks of the samples, a line for each class, those that are held out after the others."""
    (axes,) = {line.axes for line in lines(shown)}
    return [line for line in axes.lines if not line.get_animated() and line.get_transform() == axes.transData]


@pytest.mark.parametrize("theme", ["light", "paper"])
def test_each_line_is_the_answer_for_its_class(theme: str) -> None:
    shown = drawn(kinds(), f"video.theme={theme}")
    experiment = shown.recording.experiment
    way = np.linspace(X.min(), X.max(), ALONG)[:, np.newaxis]
    for frame in shown.some_frames():
        shown.draw(frame)
        expected = experiment.answers(shown.parameters(frame), way)
        for k, line in enumerate(lines(shown)):
            np.testing.assert_allclose(line.get_xdata(), way[:, 0], atol=1e-5)
            np.testing.assert_allclose(line.get_ydata(), expected[:, k], atol=1e-5)
    assert [line.get_color() for line in lines(shown)] == list(themes[theme]().classes[:3])
    assert len({line.get_linestyle() for line in lines(shown)}) == (1 if theme == "light" else 2)
    assert len({str(line._dash_pattern) for line in lines(shown)}) == (1 if theme == "light" else 3)


@pytest.mark.parametrize("more", ["", ", test: 0.25"])
def test_samples_stand_in_the_rows_of_their_classes_below_0(more: str) -> None:
    shown = drawn(kinds(more))
    dataset, marks = shown.recording.experiment.dataset, still(shown)
    parts = [dataset] + ([dataset.held_out] if dataset.held_out is not None else [])
    assert len(marks) == 3 * len(parts)
    low = marks[0].axes.get_ylim()[0]
    for part, drawn_marks in zip(parts, (marks[:3], marks[3:]), strict=False):
        for k, mark in enumerate(drawn_marks):
            np.testing.assert_allclose(mark.get_xdata(), part.shown_inputs[part.labels == k, 0])
            assert (mark.get_markerfacecolor() == mark.get_color()) == (part is dataset)
    ends = [(float(np.max(mark.get_ydata())), float(np.min(mark.get_ydata()))) for mark in marks[:3]]
    heights = [0.0, *(end for both in ends for end in both), low]
    assert heights == sorted(heights, reverse=True)
    assert len(set(np.round(marks[0].get_ydata(), 9))) == len(marks[0].get_ydata())  # equal samples part


def test_wrong_samples_have_rings_where_they_stand() -> None:
    shown = drawn(kinds())
    experiment, marks = shown.recording.experiment, still(shown)
    places = {x: y for mark in marks for x, y in zip(*mark.get_data(), strict=True)}
    halo = next(line for line in shown.animated("fit", Line2D) if line.get_markeredgewidth() == 1.5)
    seen = set()
    for frame in shown.some_frames():
        shown.draw(frame)
        found = experiment.answers(shown.parameters(frame), experiment.dataset.shown_inputs)
        wrong = experiment.dataset.shown_inputs[decided_classes(found) != experiment.dataset.labels, 0]
        np.testing.assert_allclose(halo.get_xdata(), wrong)
        np.testing.assert_allclose(halo.get_ydata(), [places[x] for x in wrong])
        seen.add(len(wrong))
    assert len(seen) > 1


def test_it_leads_names_its_classes_and_says_what_it_draws() -> None:
    given = made(kinds())
    assert leading_panel(given) == "fit"
    shown = drawn(kinds())
    shown.draw(0)
    assert {"probability", "0", "1", "2", "wrong", "length"} <= set(texts(shown.canvas))
    two = made(kinds().replace("[5]}", "[5], output: softmax}"))
    assert FitPanel().unsupported_reason(two) is None
    others = drawn(kinds(network="network: {hidden: [5], output: sigmoid}\ntraining: {steps: 60, loss: mse}\n"))
    others.draw(0)
    assert "answer" in texts(others.canvas)
