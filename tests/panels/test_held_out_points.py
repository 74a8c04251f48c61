"""Samples that are held out are seen wherever they lie, and wrong ones are ringed as the others are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.lines import Line2D
from small_runs import SMALL, DrawnFilm

from backprop_anim.config import read_experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels.class_plane import halo_marks
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

TRAINED = "x,y,kind\n" + "".join(f"{k % 5},{k % 3},{'ab'[k % 5 > 2]}\n" for k in range(30))
FAR = "x,y,kind\n9,9,a\n-8,0,b\n1,1,a\n"
"""Two that a line through the others gets wrong, far from them, and one that it gets right."""


def far_film(folder: Path) -> DrawnFilm:
    (folder / "some.csv").write_text(TRAINED)
    (folder / "far.csv").write_text(FAR)
    text = """\
task: {kind: table, file: some.csv, test_file: far.csv, inputs: [x, y], targets: kind, normalize: none}
network: {hidden: [4]}
training: {steps: 200, optimizer: adam, aggression: 0.05}
snapshots: {count: 6}
video: {panels: [[boundary]], milestones: false}
"""
    recording = train(read_experiment(text, label="far", name="far", folder=folder, overrides=SMALL))
    moments = timeline(recording.experiment.video, recording)
    return DrawnFilm(Canvas(recording, moments), moments, recording)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> DrawnFilm:
    return far_film(tmp_path_factory.mktemp("far"))


def test_the_axes_hold_them(shown: DrawnFilm) -> None:
    axes = shown.animated("boundary", Line2D)[0].axes
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert left < -8
    assert right > 9
    assert low < 0
    assert high > 9


def test_wrong_ones_have_a_ring(shown: DrawnFilm) -> None:
    shown.draw(-1)
    width = halo_marks(shown.stage("boundary"), 5.0)[-1]["mew"]
    rings = [line for line in shown.animated("boundary", Line2D) if line.get_markeredgewidth() == width]
    ringed = {tuple(place) for line in rings for place in np.column_stack(line.get_data()).tolist()}
    run = shown.recording
    held_out = run.experiment.dataset.held_out
    assert held_out is not None
    assert held_out.labels is not None
    answers = run.experiment.answers(run.parameters[-1], held_out.shown_inputs)[:, 0] >= 0.5
    wrong = held_out.shown_inputs[answers != held_out.labels]
    assert len(wrong) > 0
    assert {tuple(place) for place in wrong.tolist()} <= ringed
