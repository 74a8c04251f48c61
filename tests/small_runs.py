"""Small experiments, trained once for all tests, and what there is to see on a canvas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from backprop_anim.config import read_experiment
from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.text_bitmaps import BitmapLayer
from backprop_anim.drawing.text_rows import TextRows
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.film.frame_renderer import Pixels
from backprop_anim.runs.recordings import revised
from backprop_anim.story.moment import Moment
from backprop_anim.story.timeline import timeline
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

FOX = Path(__file__).parents[1] / "configs" / "data" / "fox.png"
LONG = "A title so long that no frame can ever hold it: it is made smaller first, and cut as the last resort of all"
NAME = "the name of an axis that nobody would ever give in earnest, but that somebody will give by mistake one day"

TEXTS = {
    "heart": """\
title: Backpropagating love
subtitle: A 1 → 6 → 7 → 2 sigmoid network learns to draw a heart
seed: 7
task: {kind: curve, curve: heart}
network: {layers: [1, 6, 7, 2], activation: sigmoid, init: {kind: normal, scale: 0.5, bias: same}}
training: {steps: 1500, aggression: 6.0, noise: 0.5}
snapshots: {count: 60, schedule: log}
""",
    "deep": f"""\
title: {LONG!r}
subtitle: {LONG!r}
task: {{kind: curve, curve: star}}
network: {{hidden: [1200, 300, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 30]}}
training: {{steps: 6, aggression: 0.05}}
snapshots: {{count: 4}}
""",
    "series": f"""\
title: Through the noise
task: {{kind: series, series: bell, noise: 0.05, range: [0, 100], names: {{inputs: [{NAME!r}], outputs: [{NAME!r}]}}}}
network: {{hidden: [30]}}
training: {{steps: 40}}
snapshots: {{count: 20}}
""",
    "target": """\
task: {kind: series, y: "1e6*sin(t)", range: [-1000000, 1000000], points: 12, scale: false}
network: {hidden: [3]}
training: {steps: 3, aggression: 1.0e-3}
""",
    "classes": """\
title: Baskets
subtitle: Four kinds of fruit
task:
  kind: points
  shape: blobs
  classes: 4
  names:
    inputs: [sweetness of fruit, redness of skin]
    classes: [ripe yellow lemon, wild strawberry, big watermelon, sour gooseberry]
network: {hidden: [30]}
training: {steps: 300, aggression: 0.5, batch: 1, order: random}
snapshots: {count: 20}
""",
    "table": """\
task:
  kind: table
  inputs: [x1, x2, x3]
  targets: [y]
  columns: [x1, x2, x3, y]
  rows: [[0, 0, 1, 0], [0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 0]]
network: {layers: [3, 4, 1], activation: sigmoid, bias: false}
training: {steps: 30, loss: sse, aggression: 1.0}
""",
    "plane": """\
title: Heights
task:
  kind: table
  columns: [east, north, height]
  rows: [[10, 150, 900], [40, 260, 1120], [90, 180, 700], [140, 290, 1010], [180, 120, 640], [230, 240, 880],
    [280, 160, 730], [320, 280, 1190], [360, 110, 660], [390, 210, 980]]
  targets: [height]
network: {hidden: [6]}
training: {steps: 60, optimizer: adam, aggression: 0.05}
snapshots: {count: 12}
""",
    "features": """\
title: A line through squares
task: {kind: points, shape: circles, points: 40, features: [x1, x2, "x1^2", "x2^2", "x1*x2", "sin(3*x1)"], test: 0.2}
network: {hidden: [4]}
training: {steps: 60, aggression: 0.3, batch: 1, order: random}
snapshots: {count: 20}
""",
    "picture": f"""\
title: Pixels
task: {{kind: picture, file: {FOX}, size: 12, test: 0.2}}
network: {{hidden: [12]}}
training: {{steps: 60, batch: 20, optimizer: adam, aggression: 0.05}}
snapshots: {{count: 12}}
""",
    "slow": """\
title: One step
task: {kind: points, shape: fruit}
network: {hidden: 4, activation: sigmoid}
training: {steps: 40, loss: mse, aggression: 0.3, batch: 1, order: random}
snapshots: {count: 12, schedule: linear}
video:
  intro: 0.2
  slow_motion: [{step: 10, seconds: 2}]
  captions: [{step: 20, text: "And on it goes", seconds: 0.3}]
""",
}
"""Experiments by name; between them they have everything that panels may meet."""

NAMES = list(TEXTS)
SIZES = ["640x360", "540x540", "540x960"]
SMALL = ("video.formats=[png]", "video.size=832x468", "video.fps=10", "video.hold=0.3", "video.opening=0")


@cache
def experiment(name: str, *settings: str) -> Experiment:
    return read_experiment(TEXTS[name], label=name, name=name, folder=Path("nowhere"), overrides=[*SMALL, *settings])


@cache
def recording(name: str, *settings: str) -> Recording:
    """A run, with what it was trained with among the settings."""
    return train(experiment(name, *settings))


@dataclass(frozen=True, eq=False)
class DrawnFilm:
    """A canvas with the moments that it was made for."""

    canvas: Canvas
    moments: tuple[Moment, ...]
    recording: Recording

    def draw(self, frame: int) -> Pixels:
        """A copy of one frame; negative numbers count from the end."""
        return self.canvas.draw(self.moments[frame]).copy()

    def stage(self, panel: str) -> PanelArea:
        return self.canvas.stages[panel]

    def animated(self, panel: str, kind: type) -> list[Any]:
        """What a panel draws in every frame, of one kind."""
        return [artist for artist in self.stage(panel).animated if isinstance(artist, kind)]

    def parameters(self, frame: int) -> Any:
        return self.recording.parameters[self.moments[frame].snapshot]

    def some_frames(self) -> list[int]:
        return np.unique(np.linspace(0, len(self.moments) - 1, 5).astype(int)).tolist()


@lru_cache(maxsize=24)  # a canvas takes some megabytes
def film(name: str, *video: str, trained: tuple[str, ...] = ()) -> DrawnFilm:
    """The canvas of a run; `video` are settings of the film."""
    run = revised(recording(name, *trained), video)
    moments = timeline(run.experiment.video, run)
    return DrawnFilm(Canvas(run, moments), moments, run)


def words(canvas: Canvas) -> list[tuple[str, Bbox]]:
    """Every text that stands on the canvas as it was drawn last, with its box in pixels."""
    found = []
    hidden = {text for axes in canvas.figure.axes if not axes.get_visible() for text in axes.findobj(Text)}
    for artist in canvas.figure.findobj(Text):
        if artist.get_visible() and artist not in hidden and artist.get_text().strip():
            found.append((artist.get_text(), artist.get_window_extent()))
    for artist in _everything_animated(canvas):
        if isinstance(artist, ChangingText) and artist.content:
            found.append((artist.content, artist.get_window_extent()))
        elif hasattr(artist, "boxes"):
            found += [(f"pasted {index}", box) for index, box in enumerate(artist.boxes())]
    return found


def texts(canvas: Canvas) -> list[str]:
    return [text for text, _ in words(canvas)]


def letter_sizes(canvas: Canvas) -> list[tuple[str, float]]:
    """Every text of the canvas as it was drawn last, letter by letter or pasted, with its font size in points."""
    kinds = (Text, ChangingText, TextRows, BitmapLayer)
    top = [*_everything_animated(canvas), *canvas.figure.findobj(lambda artist: isinstance(artist, kinds))]
    inner = [part for artist in top for part in vars(artist).values() if isinstance(part, BitmapLayer)]
    found = []
    for artist in {id(artist): artist for artist in [*top, *inner] if artist.get_visible()}.values():
        if isinstance(artist, Text) and artist.get_text().strip():
            found.append((artist.get_text(), float(artist.get_fontsize())))
        elif isinstance(artist, ChangingText) and artist.content:
            found.append((artist.content, artist.size))
        elif isinstance(artist, TextRows):
            found += [(content, artist.size) for content in artist.contents if content]
        elif isinstance(artist, BitmapLayer):
            found += zip(artist.contents, artist.sizes, strict=True)
    return found


def _everything_animated(canvas: Canvas) -> list[Any]:
    return canvas.animated
