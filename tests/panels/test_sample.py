"""The sample panel writes the engine's own numbers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from numpy.typing import NDArray
from small_runs import NAMES, SIZES, SMALL, DrawnFilm, film

from backprop_anim.config import read_experiment
from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.drawing.sample_table import split_rows
from backprop_anim.engine.backprop import Backprop
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.moment import shown_state
from backprop_anim.story.shown_samples import probe_samples
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train

ALONE = "video.panels=[[sample]]"


def contents(shown: DrawnFilm) -> list[str]:
    """What changes, as it stands now, from the top down and from the left."""
    texts = [text for text in shown.animated("sample", ChangingText) if text.content]
    return [text.content for text in sorted(texts, key=lambda text: (-text.y, text.x))]


def numbers(shown: DrawnFilm) -> list[str]:
    return [text for text in contents(shown) if text[-1].isdigit() and not text.startswith("sample")]


def engine_numbers(shown: DrawnFilm, frame: int) -> tuple[int, NDArray[np.float64], NDArray[np.float64], float]:
    """The sample of a moment, its target, the network's output and the loss of this sample alone."""
    recording = shown.recording
    experiment = recording.experiment
    sample = int(probe_samples(recording, shown.moments)[frame])
    state = shown_state(recording, shown.moments[frame]).copy()
    single = Backprop(experiment.network, experiment.training.loss, state, 1)
    output = single.forward(experiment.dataset.inputs[sample][:, np.newaxis])[:, 0].copy()
    target = experiment.targets()[sample]
    return sample, target, output, single.loss_value(target[:, np.newaxis])


def value(text: str) -> float:
    return float(text.replace("−", "-"))


def close(text: str, wanted: float) -> bool:
    """Whether a number is the wanted one, rounded to the decimals that it has."""
    decimals = len(text.partition(".")[2])
    return abs(value(text) - wanted) <= 0.5 * 10**-decimals + 1e-12


@pytest.mark.parametrize("name", ["heart", "series", "target", "classes", "table", "slow"])
def test_it_writes_the_engines_numbers(name: str) -> None:
    shown = film(name, ALONE, "video.size=720x720")
    dataset = shown.recording.experiment.dataset
    for frame in shown.some_frames():
        shown.draw(frame)
        sample, target, output, loss = engine_numbers(shown, frame)
        written = numbers(shown)
        assert contents(shown)[0] == f"sample {sample}"
        inputs = dataset.inputs[sample]
        if dataset.shown_range is not None:
            low, high = dataset.inputs.min(), dataset.inputs.max()
            first, last = dataset.shown_range
            inputs = first + (inputs - low) / (high - low) * (last - first)
        columns = [output, target] if dataset.labels is not None else [output, target, output - target]
        wanted = [*inputs, *np.column_stack(columns).ravel(), loss]
        assert len(written) == len(wanted)
        if name != "target":  # numbers in powers of ten
            assert all(close(text, number) for text, number in zip(written, wanted, strict=True)), (written, wanted)


def test_it_says_whether_the_network_is_right() -> None:
    shown = film("classes", ALONE)
    dataset = shown.recording.experiment.dataset
    said = set()
    for frame in range(len(shown.moments)):
        shown.draw(frame)
        sample, _, output, _ = engine_numbers(shown, frame)
        assert dataset.labels is not None
        label, chosen = int(dataset.labels[sample]), int(output.argmax())
        verdict = "right" if label == chosen else "wrong"
        said.add(verdict)
        assert f"{dataset.class_names[chosen]}, {verdict}" in contents(shown)
        assert dataset.class_names[label] in contents(shown)
        assert sum(text.endswith((", right", ", wrong")) for text in contents(shown)) == 1
    assert said == {"right", "wrong"}


def test_with_one_output_half_is_where_the_answer_changes() -> None:
    shown = film("slow", ALONE)
    names = shown.recording.experiment.dataset.class_names
    answers = set()
    for frame in range(len(shown.moments)):
        shown.draw(frame)
        _, _, output, _ = engine_numbers(shown, frame)
        (said,) = [text for text in contents(shown) if text.endswith((", right", ", wrong"))]
        assert said.startswith(names[int(output[0] >= 0.5)])
        answers.add(said)
    assert len(answers) > 1


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("deep", "target")])
def test_numbers_keep_their_decimals(name: str) -> None:
    """A number that changed its length would shake."""
    shown = film(name, ALONE)
    rows: list[list[int]] = []
    for frame in shown.some_frames():
        shown.draw(frame)
        rows.append([len(text.partition(".")[2]) for text in numbers(shown) if "·" not in text])
    assert len({tuple(row) for row in rows}) == 1


def test_bars_end_at_the_numbers_and_marks_at_the_targets() -> None:
    shown = film("heart", ALONE, "video.size=720x720")
    targets = shown.recording.experiment.targets()
    bars, marks = shown.animated("sample", LineCollection)
    for frame in shown.some_frames():
        shown.draw(frame)
        _, target, output, _ = engine_numbers(shown, frame)
        ends = np.array([line[:, 0] for line in bars.get_segments()])[1:]  # without the input's
        places = np.array([line[0, 0] for line in marks.get_segments()])
        full = 240.0
        low, high = np.minimum(targets.min(axis=0), 0), targets.max(axis=0)
        left = ends[0, 0] - full * (0 - low[0]) / (high - low)[0]
        assert ends[:, 1] == pytest.approx(left + full * np.clip((output - low) / (high - low), 0, 1))
        assert places == pytest.approx(left + full * (target - low) / (high - low))


def many(n_in: int, n_out: int, *video: str) -> DrawnFilm:
    """A regression with so many inputs and outputs."""
    columns = [*(f"in{k}" for k in range(n_in)), *(f"out{k}" for k in range(n_out))]
    rows = [[(k * 7 + row * 3) % 10 / 10 for k in range(len(columns))] for row in range(4)]
    text = f"""\
task: {{kind: table, columns: {columns}, rows: {rows}, inputs: {columns[:n_in]}, targets: {columns[n_in:]}}}
network: {{hidden: 3}}
training: {{steps: 3}}
"""
    settings = [*SMALL, ALONE, *video]
    recording = train(read_experiment(text, label="many", name="many", folder=Path("nowhere"), overrides=settings))
    moments = timeline(recording.experiment.video, recording)
    return DrawnFilm(Canvas(recording, moments), moments, recording)


@pytest.mark.parametrize(("n_in", "n_out"), [(18, 1), (1, 18), (20, 20), (7, 2)])
def test_of_many_numbers_the_first_are_shown_and_the_rest_counted(n_in: int, n_out: int) -> None:
    shown = many(n_in, n_out, "video.size=720x1280")
    shown.draw(0)
    words = [text.get_text() for text in shown.canvas.figure.findobj(Text)]
    for n, stem in ((n_in, "in"), (n_out, "out")):
        names = [word for word in words if word.startswith(stem) and word[len(stem) :].isdigit()]
        assert names == [f"{stem}{k}" for k in range(len(names))]
        assert len(names) == (n if n <= 7 else 6)
        assert (f"… {n - len(names)} more" in words) == (n > len(names))
    rect, scale = shown.stage("sample").rect, shown.stage("sample").scale
    boxes = [text.get_window_extent() for text in shown.animated("sample", ChangingText) if text.content]
    assert min(box.y0 for box in boxes) >= (rect.bottom - 10) * scale


@pytest.mark.parametrize("n_in", range(1, 12))
@pytest.mark.parametrize("n_out", range(1, 12))
def test_rows_are_shared_fairly(n_in: int, n_out: int) -> None:
    for room in range(2, 14):
        shown = split_rows(n_in, n_out, room, 6)
        rows = sum(shown) + (shown[0] < n_in) + (shown[1] < n_out)
        assert rows <= max(room, 4)
        assert 1 <= shown[0] <= n_in
        assert 1 <= shown[1] <= n_out
        assert n_in - shown[0] != 1  # "… 1 more" takes the place of that one
        assert n_out - shown[1] != 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["heart", "series", "classes", "table"])
def test_it_stays_in_its_place(name: str, size: str) -> None:
    shown = film(name, "video.panels=[[sample, network], [loss, network]]", f"video.size={size}")
    rect, scale = shown.stage("sample").rect, shown.stage("sample").scale
    for frame in shown.some_frames():
        shown.draw(frame)
        boxes = [text.get_window_extent() for text in shown.animated("sample", ChangingText) if text.content]
        assert boxes
        assert min(box.x0 for box in boxes) >= rect.left * scale - 2
        assert max(box.x1 for box in boxes) <= rect.right * scale + 2
        assert min(box.y0 for box in boxes) >= (rect.bottom - 10) * scale
        rows = sorted({round(box.y0) for box in boxes})
        assert all(high - low >= 2 for low, high in pairwise(rows))
