"""Tiles of a comparison have one pair of axes and one key: the same data stand at the same place in each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color
from matplotlib.lines import Line2D
from matplotlib.text import Text

from backprop_anim.batch.comparison import FILM_ALONE, _align_snapshots, _trained
from backprop_anim.common.progress import silent
from backprop_anim.config import read_experiment
from backprop_anim.config.sweep import read_variants
from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.drawing.pixel_picture import PixelPicture
from backprop_anim.film.compared_losses import _acts_early, _loss_scale
from backprop_anim.film.run_measures import ComparedRun, measure_runs
from backprop_anim.film.small_multiples import SmallMultiples, tile_panel
from backprop_anim.story.timeline import timeline

PLACES = ", ".join(f"[{k % 5}, {k // 5}, {60 * (k % 5) - 9 * k}]" for k in range(25))
PRICES = ", ".join(f"[{k % 5}, {k % 7}, {k % 3}, {50 * (k % 5) + k % 7}]" for k in range(36))
TASKS = {
    "curve": "{kind: curve, curve: circle, points: 12}",
    "series": "{kind: series, series: bell, points: 24, noise: 0.05, names: {inputs: [time], outputs: [height]}}",
    "classes": "{kind: points, shape: moons, points: 16, names: {inputs: [left, up], classes: [one, two]}}",
    "plane": f"{{kind: table, columns: [east, north, height], rows: [{PLACES}], targets: height, normalize: auto}}",
    "amounts": f"{{kind: table, columns: [a, b, c, price], rows: [{PRICES}], targets: price, test: 0.25}}",
}

PICTURE = Path(__file__).parents[2] / "configs" / "data" / "fox.png"


def board(task: str, *sweeps: str, size: str = "640x360") -> SmallMultiples:
    text = f"""\
task: {TASKS.get(task, task)}
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
        ("plane", ("↑ north", "east", "actual", "height")),
        ("amounts", ("↑ predicted price", "actual price", "right", "held out")),
    ],
)
def test_names_and_key_are_written_once(task: str, words: tuple[str, ...]) -> None:
    said = written(board(task, "training.aggression=0.1,0.5,1", size="1280x720"))
    for word in words:
        assert said.count(word) == 1, word


def test_amounts_have_one_scale_of_colours_in_all_tiles() -> None:
    shown = board("plane", "training.aggression=0.1,0.5,1", size="1280x720")
    fields = [stage for name, stage in shown.stages.items() if name.startswith("tile")]
    assert len({stage.theme.values for stage in fields}) == 1
    assert len({stage.theme.accent for stage in fields}) == 3


def test_runs_are_judged_by_what_is_held_out() -> None:
    shown = board("amounts", "training.aggression=0.001,0.02,0.05", size="1280x720")
    shown.draw(shown.stages["header"].moments[-1])
    assert "Mean squared error; dashed: held out" in written(shown)
    recordings = [stage.recording for name, stage in shown.stages.items() if name.startswith("tile")]
    measures = measure_runs([ComparedRun(str(k), each, int(each.steps[-1])) for k, each in enumerate(recordings)])
    tested = [each.test_losses for each in recordings]
    assert measures.title == "held-out loss"
    assert measures.best == {min(range(3), key=lambda k: tested[k][-1])}  # type: ignore[index]
    for said, losses in zip(measures.texts, tested, strict=True):
        np.testing.assert_allclose([float(text) for text in said], losses, atol=1e-4)  # type: ignore[arg-type]
    dashed = [line for line in shown.figure.findobj(Line2D) if line.get_linestyle() == "--" and line.get_alpha() == 0.9]
    assert len(dashed) == 3


def test_four_rows_are_a_table_in_their_tiles() -> None:
    xor = "{kind: table, columns: [a, b, y], rows: [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], targets: y}"
    text = f"task: {xor}\nnetwork: {{hidden: 3}}\ntraining: {{steps: 9}}\n"
    assert tile_panel([read_experiment(text, label="xor", name="xor", folder=Path())]) == "field"
    text = text.replace("[a, b, y]", "[a, b, c, y]").replace("[0, 0, 0]", "[0, 0, 1, 0]")
    text = text.replace("[0, 1, 1]", "[0, 1, 1, 1]").replace("[1, 0, 1]", "[1, 0, 0, 1]")
    text = text.replace("[1, 1, 0]", "[1, 1, 1, 0]")
    assert tile_panel([read_experiment(text, label="xor", name="xor", folder=Path())]) == "table"


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
        probes = [
            line for line in axes.lines if line.get_marker() == "o" and same_color(line.get_markerfacecolor(), color)
        ]
        assert len(probes) == 1
    assert np.ptp([axes.bbox.width for axes in tiles(shown)]) < 1e-6


def tile_texts(shown: SmallMultiples, frame: int) -> list[list[str]]:
    """What is written over each tile at a frame, from left to right."""
    shown.draw(shown.stages["header"].moments[frame])
    return [
        [one.content for one in stage.animated if isinstance(one, ChangingText) and one.content]
        for name, stage in shown.stages.items()
        if name.startswith("tile")
    ]


@pytest.mark.parametrize("task", ["curve", "classes"])
def test_the_best_run_is_marked_with_the_last_states_and_not_before(task: str) -> None:
    shown = board(task, "training.aggression=0.001,0.5,0.01", size="1280x720")
    moments = shown.stages["header"].moments
    last = moments[-1].snapshot
    recordings = [stage.recording for name, stage in shown.stages.items() if name.startswith("tile")]
    best = int(np.argmin([each.snapshot_losses[-1] for each in recordings]))
    label = ("aggression 0.001", "aggression 0.5", "aggression 0.01")[best]
    for frame, moment in enumerate(moments):
        texts = tile_texts(shown, frame)
        verdict = [
            one.content for one in shown.stages["losses"].animated if isinstance(one, ChangingText) and one.content
        ]
        marked = [k for k, said in enumerate(texts) if any(text.startswith("lowest") for text in said)]
        assert marked == ([best] if moment.snapshot == last else [])
        assert verdict == ([f"lowest at the end: {label}"] if moment.snapshot == last else [])
        assert all(len(said) == 1 for said in texts)
    assert any(moment.snapshot < last for moment in moments)


def test_runs_that_end_alike_have_no_best() -> None:
    shown = board("curve", "training.aggression=0.1,0.10000000001", size="1280x720")
    assert not any("lowest" in text for said in tile_texts(shown, -1) for text in said)


def test_all_numbers_have_the_same_decimals_and_their_name_once() -> None:
    shown = board("curve", "training.aggression=0.000001,0.5,1", size="1280x720")
    texts = [text for said in tile_texts(shown, 0) for text in said]
    assert texts[0].startswith("loss ")
    assert not any(text.startswith("loss") for text in texts[1:])
    assert len({len(text.split()[-1].partition(".")[2]) for text in texts}) == 1


def test_two_settings_make_a_grid_with_heads() -> None:
    shown = board("curve", "training.aggression=0.1,0.5,1", "training.noise=0,0.2", size="1280x720")
    said = written(shown)
    for words in ("aggression 0.1", "aggression 0.5", "aggression 1", "0", "0.2"):
        assert said.count(words) >= 1, words
    assert said.count("noise") == 2
    assert not any("·" in words for texts in tile_texts(shown, 0) for words in texts)
    axes = tiles(shown)  # noise changes first from run to run
    lefts, bottoms = [round(one.bbox.x0) for one in axes], [round(one.bbox.y0) for one in axes]
    assert lefts[::2] == lefts[1::2]
    assert len(set(lefts)) == 3
    assert len(set(bottoms[::2])) == len(set(bottoms[1::2])) == 1
    assert bottoms[0] > bottoms[1]


def test_the_noisiest_line_lies_under_all_others() -> None:
    shown = board("curve", "training.noise=3,0,0.5")
    strong = [line for line in shown.stages["losses"].reveals[0]._artists if isinstance(line, Line2D)]
    drawn = [line.get_color() for line in strong]
    colors = [stage.shared.color for name, stage in shown.stages.items() if name.startswith("tile") and stage.shared]
    assert (drawn[0], drawn[-1]) == (colors[0], colors[1])


def test_steps_stand_in_decades_where_the_losses_fall_early() -> None:
    steps = np.arange(5001.0)
    early = [(steps, 0.01 + np.exp(-steps / 20)), (steps, 0.02 + np.exp(-steps / 30))]
    late = [(steps, 1 - steps / 6000), (steps, 1.5 - steps / 6000)]
    assert _acts_early(early, 5000, False)
    assert not _acts_early(late, 5000, False)


def test_a_spike_to_the_sky_does_not_flatten_the_others() -> None:
    shown = board("curve", "training.aggression=0.1,0.5")
    runs = [ComparedRun("a", stage.recording, 60) for name, stage in shown.stages.items() if name.startswith("tile")]
    steps = np.arange(61.0)
    spiked = np.ones(61)
    spiked[30] = 1e40
    scale = _loss_scale(runs, [(steps, spiked), (steps, np.geomspace(1, 0.01, 61))])
    assert scale.high < 1000
    assert scale.low <= 0.01


def test_a_tile_of_a_picture_is_what_its_network_draws() -> None:
    shown = board(f"{{kind: picture, file: {PICTURE}, size: 8}}", "training.aggression=0.01,0.4")
    drawn = [stage.animated for name, stage in shown.stages.items() if name.startswith("tile")]
    pictures = [one for animated in drawn for one in animated if isinstance(one, PixelPicture)]
    assert len(pictures) == len(shown.figure.findobj(PixelPicture)) == 2
    stages = [stage for name, stage in shown.stages.items() if name.startswith("tile")]
    shown.draw(stages[0].moments[-1])
    for stage, picture in zip(stages, pictures, strict=True):
        experiment, last = stage.recording.experiment, stage.recording.parameters[-1]
        answers = experiment.answers(last, experiment.dataset.inputs).clip(0, 1).reshape(8, 8, 3)
        assert np.abs(picture.colors[..., :3] - 255 * answers).max() <= 1
