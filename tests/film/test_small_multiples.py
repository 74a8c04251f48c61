"""Tiles of a comparison have one pair of axes and one key: the same data stand at the same place in each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from backprop_anim.batch.comparison import FILM_ALONE, _align_snapshots, _trained
from backprop_anim.common.progress import silent
from backprop_anim.config.sweep import read_variants
from backprop_anim.film.small_multiples import SmallMultiples
from backprop_anim.story.timeline import timeline

TASKS = {
    "curve": "{kind: curve, curve: circle, points: 12}",
    "series": "{kind: series, series: bell, points: 24, noise: 0.05, names: {inputs: [time], outputs: [height]}}",
    "classes": "{kind: points, shape: moons, points: 16, names: {inputs: [left, up], classes: [one, two]}}",
}


def board(task: str, *sweeps: str, size: str = "640x360") -> SmallMultiples:
    text = f"""\
task: {TASKS[task]}
network: {{hidden: 5, activation: tanh}}
training: {{steps: 60, aggression: 0.5}}
snapshots: {{count: 6}}
video: {{size: {size}, fps: 5, hold: 0.2, formats: [mp4]}}
"""
    chosen = list(read_variants(text, label="here", name="here", folder=Path(), overrides=FILM_ALONE, sweeps=sweeps))
    runs = _align_snapshots(chosen, _trained([each.experiment for each in chosen], 1, silent))
    moments = timeline(runs[0].recording.experiment.video, runs[0].recording)
    return SmallMultiples(runs, moments)


def tiles(shown: SmallMultiples) -> list[Axes]:
    """The axes of each tile that hold what changes."""
    found = []
    for name, stage in shown.stages.items():
        if name.startswith("tile"):
            found.append(next(one.axes for one in stage.animated if isinstance(one.axes, Axes)))
    return found


def written(shown: SmallMultiples) -> list[str]:
    return [one.get_text() for one in shown.figure.findobj(Text) if one.get_visible()]


@pytest.mark.parametrize("size", ["640x360", "540x540", "540x960"])
@pytest.mark.parametrize("task", TASKS)
def test_the_same_data_stand_at_the_same_place_of_every_tile(task: str, size: str) -> None:
    shown = board(task, "training.aggression=0.01,0.4,1", "seed=1,2", size=size)
    shown.draw(shown.stages["header"].moments[-1])
    axes = tiles(shown)
    assert len(axes) == 6
    for one in axes[1:]:
        assert one.get_xlim() == axes[0].get_xlim()
        assert one.get_ylim() == axes[0].get_ylim()
        assert one.bbox.size == pytest.approx(axes[0].bbox.size)


def test_the_axis_holds_what_any_run_comes_to() -> None:
    shown = board("series", "training.aggression=0.001,0.2,0.5")
    low, high = tiles(shown)[0].get_ylim()
    for name, stage in shown.stages.items():
        if name.startswith("tile"):
            experiment = stage.recording.experiment
            last = experiment.network.outputs(stage.recording.parameters[-1], experiment.dataset.inputs)
            assert low < last.min()
            assert last.max() < high


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("series", ("↑ height", "time", "observations", "true curve")),
        ("classes", ("↑ up", "left", "one", "two")),
        ("curve", ("target",)),
    ],
)
def test_names_and_key_are_written_once(task: str, words: tuple[str, ...]) -> None:
    said = written(board(task, "training.aggression=0.1,0.5,1", size="1280x720"))
    for word in words:
        assert said.count(word) == 1, word


def test_numbers_stand_at_the_left_and_at_the_foot() -> None:
    shown = board("classes", "training.aggression=0.1,0.2,0.3,0.4,0.5,1", size="1080x1920")
    axes = tiles(shown)
    lefts, bottoms = [one.bbox.x0 for one in axes], [one.bbox.y0 for one in axes]
    for one in axes:
        has_left = any(label.get_visible() for label in one.get_yticklabels())
        has_foot = any(label.get_visible() for label in one.get_xticklabels())
        assert has_left == (one.bbox.x0 < min(lefts) + 1)
        assert has_foot == (one.bbox.y0 < min(bottoms) + 1)


def test_a_curve_has_the_colour_of_its_run() -> None:
    shown = board("series", "training.aggression=0.1,0.5,1")
    colors = [stage.shared.color for name, stage in shown.stages.items() if name.startswith("tile") and stage.shared]
    assert len(set(colors)) == 3
    losses = [line.get_color() for line in shown.figure.findobj(Line2D) if line.get_alpha() == 0.9]
    assert set(colors) == set(losses)
    for axes, color in zip(tiles(shown), colors, strict=True):
        probes = [line for line in axes.lines if line.get_marker() == "o" and line.get_color() == color]
        assert len(probes) == 1
    assert np.ptp([axes.bbox.width for axes in tiles(shown)]) < 1e-6
