"""A picture on the page: its pixels in the network's own colours, the original and the error; it trains on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from browser_page import Film, Open, recorded
from numpy.typing import NDArray

from backprop_anim.experiment import themes
from backprop_anim.panels import panels
from backprop_anim.training import Recording
from backprop_anim.webpage import make_page
from backprop_anim.webpage.page_data import page_data

FOX = Path(__file__).parents[2] / "configs" / "data" / "fox.png"


def run(more: str = "") -> Recording:
    return recorded(
        f"task: {{kind: picture, file: {FOX}, size: 12{more}}}\n"
        "network: {hidden: [8], output: linear}\n"
        "training: {steps: 60, batch: 32, optimizer: adam, aggression: 0.05}\nsnapshots: {count: 9}\n"
    )


def opened(open_html: Open, recording: Recording) -> Film:
    film = open_html(make_page(recording).html, viewport={"width": 1280, "height": 800}, color_scheme="light")
    film.call("get", "seed")
    return film


CELLS = """(canvas) => {
  const scale = canvas.width / canvas.clientWidth;
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const [caption, key, gap, edge] = [24, 24, 18, 1];
  const [width, height] = [canvas.clientWidth, canvas.clientHeight - key];
  const large = Math.min(height - caption, (width - 2 * edge - gap + (gap + caption) / 2) / 1.5);
  const small = (large - gap - caption) / 2;
  const x = (width - large - small - gap) / 2;
  const right = x + large + gap;
  const boxes = [[x, caption, large], [right, caption, small], [right, 2 * caption + small + gap, small]];
  return boxes.map(([left, top, side]) => Array.from({ length: 144 }, (_, k) => {
    const at = [left + ((k % 12) + 0.5) * side / 12, top + (Math.floor(k / 12) + 0.5) * side / 12];
    return [...context.getImageData(...at.map((value) => Math.floor(value * scale)), 1, 1).data].slice(0, 3);
  }));
}"""


def cells(film: Film) -> NDArray[np.float64]:
    """The colours of what is drawn, of the original and of the error, (3, pixels, RGB)."""
    return np.array(film.find(".view.plane canvas").evaluate(CELLS), dtype=float)


def test_the_page_is_told_that_it_is_a_picture() -> None:
    data = page_data(run())
    assert (data["hero"], data["pictureSize"]) == ("picture", (12, 12))
    assert "picture" in panels


def test_its_pixels_are_but_a_small_part_of_the_page() -> None:
    sizes = []
    for side in (2, 96):
        text = f"task: {{kind: picture, file: {FOX}, size: {side}}}\nnetwork: {{hidden: [4]}}\ntraining: {{steps: 2}}\n"
        sizes.append(len(make_page(recorded(text)).html))
    assert sizes[1] - sizes[0] < 60_000


@pytest.mark.browser
@pytest.mark.parametrize("more", ["", ", grey: true", ", test: 0.25"])
def test_every_pixel_has_the_colour_of_the_answer_there(more: str, open_html: Open) -> None:
    recording = run(more)
    film, experiment = opened(open_html, recording), recording.experiment
    for row in (0, len(recording.steps) - 1):
        film.call("seek", int(recording.steps[row]))
        drawn, original, _ = cells(film)
        for part in filter(None, (experiment.dataset, experiment.dataset.held_out)):
            answers = experiment.answers(recording.parameters[row], part.shown_inputs)
            assert np.abs(drawn[part.pixels] - np.rint(255 * answers.clip(0, 1))).max() <= 1
        dataset = experiment.dataset
        assert np.abs(original[dataset.pixels] - 255 * dataset.targets).max() <= 1
    assert film.errors == []


@pytest.mark.browser
def test_the_error_is_that_of_the_colours_as_they_are_seen(open_html: Open) -> None:
    recording = run()
    film, dataset = opened(open_html, recording), recording.experiment.dataset
    targets = np.rint(255 * dataset.targets)

    def errors(row: int) -> NDArray[np.float64]:
        answers = recording.experiment.answers(recording.parameters[row], dataset.inputs)
        return np.abs(np.rint(255 * answers.clip(0, 1)) - targets).mean(axis=1) / 255

    middle = np.sort(errors(len(recording.steps) // 2))
    limit = middle[int(0.98 * (len(middle) - 1))]
    unit = 10 ** (np.floor(np.log10(limit)) - 1)
    ramp = np.array([[int(color[k : k + 2], 16) for k in (1, 3, 5)] for color in themes["light"]().values])
    for row in (0, len(recording.steps) - 1):
        film.call("seek", int(recording.steps[row]))
        place = np.clip(errors(row) / (np.ceil(limit / unit) * unit), 0, 1) * (len(ramp) - 1)
        expected = np.column_stack([np.interp(place, np.arange(len(ramp)), part) for part in ramp.T])
        assert np.abs(cells(film)[2] - expected).max() <= 3


@pytest.mark.browser
def test_it_trains_on_in_batches_and_a_pixel_can_be_followed(open_html: Open) -> None:
    film = opened(open_html, run(", test: 0.25"))
    film.call("seek", 10**9)
    before, seen = float(film.read("loss")), cells(film)[0]
    film.call("train", 300)
    assert float(film.read("loss")) < before
    assert np.abs(cells(film)[0] - seen).max() > 3
    canvas = film.find(".view.plane canvas")
    sample = film.read("sample")
    canvas.click(position={"x": 120, "y": 180})
    assert film.read("sample") != sample
    assert film.errors == []
