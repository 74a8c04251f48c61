"""Pictures of lines and letters show what the pixels show, at the same places, and tell no date."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from numpy.typing import NDArray
from small_runs import NAMES, experiment, recording

from backprop_anim.drawing import PixelArtist, painted_by
from backprop_anim.film.canvas import Canvas
from backprop_anim.film.line_picture import FINE, draw_line_picture
from backprop_anim.panels import panels
from backprop_anim.runs.recordings import revised
from backprop_anim.story.moment import Moment
from backprop_anim.story.timeline import moment_of_still, timeline
from backprop_anim.training.recording import Recording

BLOCK = 8
WORST = 35.0
"""How far, of 255, the mean of a block of pixels may differ: letters are smoothed otherwise, and not hinted."""


class Lines(RendererBase):
    """Lines and letters as an SVG would have them, drawn as pixels to be compared."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        width, height = (round(size * 72) for size in canvas.figure.get_size_inches())
        self.agg = RendererAgg(width, height, 72)

    def __getattribute__(self, name: str) -> Any:
        if name == "agg" or name.startswith("__"):
            return super().__getattribute__(name)
        return getattr(self.agg, name)


@cache
def shown(panel: str, theme: str, told: bool) -> tuple[Recording, Moment]:
    fits = (name for name in NAMES if panels[panel]().unsupported_reason(experiment(name)) is None)
    names = ["slow"] if told or panel in ("equations", "steps") else list(fits)
    run = revised(recording(names[0]), [f"video.theme={theme}", f"video.panels=[[{panel}]]", "video.size=960x540"])
    video = run.experiment.video
    if told:
        moments = [each for each in timeline(video, run) if each.act is not None and each.act.phase == "backward"]
        return run, replace(moments[len(moments) // 2], frame=0)
    return run, moment_of_still(video, run, int(run.steps[len(run.steps) // 2]))


def blocks(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    height, width = (size // BLOCK * BLOCK for size in pixels.shape[:2])
    parts = pixels[:height, :width, :3].astype(float).reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return np.asarray(parts.mean(axis=(1, 3)))


TELLING = [panel for panel in panels if panels[panel]().unsupported_reason(experiment("slow")) is None]
CASES = [*((panel, False) for panel in panels), *((panel, True) for panel in TELLING)]


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
@pytest.mark.parametrize(("panel", "told"), CASES)
def test_lines_stand_where_pixels_do(panel: str, theme: str, told: bool) -> None:
    run, moment = shown(panel, theme, told)
    canvas = Canvas(run, (moment,), scale=1)
    wanted = canvas.draw(moment).copy()
    lines = Lines(canvas)

    def paint(artist: PixelArtist) -> None:
        if (painted := painted_by(artist, canvas.renderer)) is not None:
            left, bottom, colors = painted
            lines.agg.draw_image(lines.agg.new_gc(), left, bottom, colors)

    canvas.draw_lines(moment, lines, paint)
    found = np.asarray(lines.agg.buffer_rgba())
    difference = np.abs(blocks(found) - blocks(wanted)).max(axis=2)
    assert difference.max() < WORST
    assert difference.mean() < 0.6


@pytest.mark.parametrize("panel", panels)
def test_finer_pixels_stand_where_those_of_the_film_do(panel: str) -> None:
    run, moment = shown(panel, "light", False)
    plain, fine = Canvas(run, (moment,), 1), Canvas(run, (moment,), FINE)
    plain.draw(moment)
    fine.draw(moment)
    for one, other in zip(plain.pixel_artists, fine.pixel_artists, strict=True):
        if one.is_sharp:
            continue
        boxes = []
        for artist, canvas, scale in ((one, plain, 1), (other, fine, FINE)):
            left, bottom, colors = painted_by(artist, canvas.renderer) or (0, 0, np.zeros((0, 0, 4)))
            height, width = colors.shape[:2]
            boxes.append(np.array([left, bottom, left + width, bottom + height]) / scale)
        np.testing.assert_allclose(*boxes, atol=1.01)


@pytest.mark.parametrize("kind", [".svg", ".pdf"])
def test_a_file_holds_lines_and_letters_and_the_same_bytes_again(kind: str, tmp_path: Path) -> None:
    run, moment = shown("loss", "light", False)
    one, other = tmp_path / f"one{kind}", tmp_path / f"other{kind}"
    for path in (one, other):
        draw_line_picture(run, moment, path, kind)
    data = one.read_bytes()
    assert data == other.read_bytes()
    assert not re.search(rb"<dc:date>|CreationDate", data)
    if kind == ".svg":
        text = data.decode()
        assert "<image" not in text
        assert "<!-- training step -->" in text
        assert re.search(r'viewBox="0 0 1280 720"', text)
        assert re.search(r"<!-- loss [0-9.]+ -->", text), "what changes from frame to frame is letters too"
    else:
        assert data.startswith(b"%PDF")
        assert b"/Subtype /Image" not in data
        assert b"/MediaBox [ 0 0 1280 720 ]" in data


def test_what_is_pixels_stands_in_it_as_finer_ones(tmp_path: Path) -> None:
    run, moment = shown("boundary", "light", False)
    draw_line_picture(run, moment, tmp_path / "field.svg", ".svg")
    images = re.findall(r"<image [^>]*", (tmp_path / "field.svg").read_text())
    assert len(images) == 1
    width = float(re.search(r'width="([0-9.]+)"', images[0])[1])  # type: ignore[index]
    assert 300 < width < 1280
