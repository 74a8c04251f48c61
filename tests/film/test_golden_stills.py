"""Small stills of every panel in every theme against kept ones, so that a change of look is seen in review.

After a change that is meant: UPDATE_GOLDEN=1 python -m pytest tests/film/test_golden_stills.py, and look at what
it drew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from backprop_anim.config import read_experiment
from backprop_anim.experiment.themes import themes
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels import panels
from backprop_anim.story.timeline import timeline
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train
from backprop_anim.writers.png import save_png

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
BLOCK = 6
"""Pictures are compared by the means of blocks of this many pixels, which hide how letters are smoothed."""

MEAN, WORST = 0.5, 16.0
"""How far, of 255, all blocks may differ in the mean, and the worst of them alone."""

REST = (
    "snapshots: {count: 20, schedule: log}, "
    "video: {size: 480x270, fps: 10, milestones: false, slow_motion: [{step: 7, seconds: 2}]}"
)
HEIGHTS = ", ".join(
    f"[{x}, {y}, {600 + x - 2 * y + x * y / 90}]" for x in range(0, 400, 90) for y in range(100, 300, 60)
)
FOX = Path(__file__).parents[2] / "configs" / "data" / "fox.png"
TASKS = (
    f"{{task: {{kind: picture, file: {FOX}, size: 24, test: 0.2}}, "
    f"network: {{hidden: 16, output: sigmoid}}, training: {{steps: 90, optimizer: adam, aggression: 0.03}}, {REST}}}",
    f"{{task: {{kind: table, columns: [east, north, height], rows: [{HEIGHTS}], targets: [height]}}, "
    f"network: {{hidden: 6}}, training: {{steps: 90, optimizer: adam, aggression: 0.03}}, {REST}}}",
    "{task: {kind: points, shape: fruit}, network: {hidden: 4, activation: sigmoid}, "
    f"training: {{steps: 30, aggression: 0.5, batch: 1, loss: mse}}, {REST}}}",
    "{task: {kind: curve, curve: heart, points: 40}, network: {hidden: [6, 7], activation: sigmoid}, "
    f"training: {{steps: 200, optimizer: adam, aggression: 0.03}}, {REST}}}",
)


@cache
def recorded(text: str) -> Recording:
    return train(read_experiment(text, label="golden", name="golden", folder=Path()))


def still(panel: str, theme: str) -> NDArray[np.uint8]:
    """Draw a panel alone, in the backward pass where it shows steps, with the last of the tasks that it fits."""
    fitting = [text for text in TASKS if panels[panel]().unsupported_reason(recorded(text).experiment) is None]  # type: ignore[call-arg]
    recording = recorded(fitting[-1])
    experiment = recording.experiment.with_video(theme=theme, panels=((panel,),))
    recording = replace(recording, experiment=experiment)
    moments = timeline(experiment.video, recording)
    slow = [moment for moment in moments if moment.act is not None and moment.act.phase == "backward"]
    moment = slow[len(slow) // 2] if panel in ("equations", "network") else moments[-experiment.video.fps * 2 - 4]
    return Canvas(recording, moments).draw(moment).copy()


def blocks(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    height, width = (side // BLOCK for side in pixels.shape[:2])
    cut = pixels[: height * BLOCK, : width * BLOCK, :3].astype(np.float64)
    return cut.reshape(height, BLOCK, width, BLOCK, 3).mean(axis=(1, 3))


def difference(ours: NDArray[np.uint8], theirs: NDArray[np.uint8]) -> tuple[float, float]:
    apart = np.abs(blocks(ours) - blocks(theirs))
    return float(apart.mean()), float(apart.max())


@pytest.mark.parametrize("theme", themes)
@pytest.mark.parametrize("panel", panels)
def test_the_look_is_the_one_that_was_reviewed(panel: str, theme: str) -> None:
    path, pixels = GOLDEN / f"{panel}-{theme}.png", still(panel, theme)
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_png(path, pixels)
    kept = np.asarray(Image.open(path).convert("RGBA"))
    mean, worst = difference(pixels, kept)
    assert mean <= MEAN, f"{path.name} differs by {mean:.2f} of 255 in the mean"
    assert worst <= WORST, f"{path.name} differs by {worst:.0f} of 255 in a block"


def test_a_changed_colour_would_be_seen() -> None:
    pixels = still("loss", "light")
    recolored = pixels.copy()
    accent = (np.abs(pixels[..., :3].astype(int) - (216, 27, 96)) < 30).all(axis=2)
    recolored[accent, :3] = (27, 96, 216)
    assert difference(pixels, recolored)[1] > WORST
