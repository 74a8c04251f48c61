"""A page in a real browser: the runs it is made of, what it asks for and complains about, and its element's members."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_runs

from backprop_anim.config import read_experiment
from backprop_anim.engine import Array
from backprop_anim.training import Recording, train
from backprop_anim.webpage import make_page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 20
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="there is no axe-core: npm install --no-package-lock")

POINTS = """\
title: Two kinds
task: {kind: points, shape: moons, points: 24}
network: {hidden: [4], activation: tanh}
"""
FAST = """\
title: Far too fast
task: {kind: series, y: "sin(t)", points: 12, scale: false}
network: {hidden: [3], activation: relu}
"""
LABELS = """\
title: Two labels at once
task: {kind: table, columns: [u, v, l1, l2], rows: [[0, 0, 0, 1], [1, 1, 1, 1]], inputs: [u, v], targets: [l1, l2]}
network: {hidden: [4]}
"""
UNITS = """\
title: In grams and millimetres
task:
  kind: table
  columns: [length, sex, mass]
  rows: [[180, m, 3500], [195, f, 3200.5], [210, m, 4100], [224, f, 4800], [201, f, 4000], [188, m, 3900]]
  targets: mass
network: {hidden: [4]}
"""
BY_ONE = """\
title: Three kinds by one length
task:
  kind: table
  columns: [length, kind]
  rows: [[0, a], [1, a], [2.5, a], [3, b], [4, b], [4.5, c], [5, b], [6, c], [7, c], [8, c], [1.5, b], [7.5, c]]
  targets: kind
  test: 0.25
network: {hidden: [5]}
"""
COSTLY = "training: {steps: 24, loss: {kind: huber, delta: 0.3}, weight_decay: 0.01, l1: 0.002}\n"
LINEAR = "snapshots: {count: 9, schedule: linear}\n"
FEATURES = """\
task:
  kind: table
  columns: [body mass, tail, kind]
  rows: [[31, 0.5, a], [42, -0.2, b], [53, 0.1, a], [64, 0.9, b], [75, -0.7, a], [86, 0.3, b], [97, 0.2, a], [18, 0, b]]
  targets: kind
  features: [tail, "`body mass`^2", "log(`body mass`)*tail", "mod(`body mass`, 7)", {fourier: 1}]
  test: 0.25
network: {hidden: [4]}
"""
WAVES = """\
task: {kind: series, y: "sin(t)", range: [1, 7], points: 12, features: [t, {fourier: 2}, "step(t - 3)"]}
network: {hidden: [4]}
"""

TEXTS = {
    "by one": BY_ONE + "training: {steps: 60, aggression: 0.5}\n" + LINEAR,
    "full": POINTS + "training: {steps: 24, aggression: 0.5}\n" + LINEAR,
    "long": POINTS + "training: {steps: 240, aggression: 0.5}\nsnapshots: {every: 1}\n",
    "one": POINTS + "training: {steps: 24, aggression: 0.2, batch: 1, order: random}\n" + LINEAR,
    "mini": POINTS + "training: {steps: 24, aggression: 0.3, batch: 5, order: shuffled}\n" + LINEAR,
    "noise": POINTS + "training: {steps: 24, aggression: 0.3, noise: 0.5}\n" + LINEAR,
    "noisy mini": POINTS + "training: {steps: 24, aggression: 0.3, noise: 0.5, batch: 5, order: random}\n" + LINEAR,
    "momentum": POINTS + "training: {steps: 24, aggression: 0.1, optimizer: momentum}\n" + LINEAR,
    "adam": POINTS + "training: {steps: 24, aggression: 0.05, optimizer: adam, noise: 0.3, batch: 4}\n" + LINEAR,
    "cosine": POINTS + "training: {steps: 24, aggression: 0.5, schedule: cosine}\n" + LINEAR,
    "warmup": POINTS + "training: {steps: 24, schedule: {kind: warmup, steps: 9, then: cosine}}\n" + LINEAR,
    "costly": POINTS.replace("[4]", "[4], output: sigmoid, freeze: [b1, W2]") + COSTLY + LINEAR,
    "labels": LABELS + "training: {steps: 24, loss: binary_cross_entropy, stop: {loss: 0.001}}\n" + LINEAR,
    "units": UNITS + "training: {steps: 24, aggression: 0.1}\n" + LINEAR,
    "held out": POINTS.replace("points: 24", "points: 24, test: 0.25") + "training: {steps: 24}\n" + LINEAR,
    "features": FEATURES + "training: {steps: 24, aggression: 0.1, batch: 5}\n" + LINEAR,
    "waves": WAVES + "training: {steps: 24, aggression: 0.1}\n" + LINEAR,
    "deep": POINTS.replace("[4]", "[4, 3, 5]") + "training: {steps: 24, aggression: 0.5}\n" + LINEAR,
    "single": POINTS.replace("[4]", "[28, 28]") + "training: {steps: 60, aggression: 0.1}\nsnapshots: {every: 1}\n",
    "huge": FAST + "training: {steps: 60, aggression: 50}\n",
    "diverging": FAST + "training: {steps: 300, aggression: 50, noise: 0.2, batch: 4}\n",
    "curve": small_runs.TEXTS["heart"],
    "series": small_runs.TEXTS["series"].replace("hidden: [30]", "hidden: [8]"),
    "classes": small_runs.TEXTS["classes"].replace("hidden: [30]", "hidden: [5]"),
    "table": small_runs.TEXTS["table"],
    "plane": small_runs.TEXTS["plane"],
}
"""Small experiments by name."""

BUILT_IN = {"xor": 60, "fruit": 320, "heart-adam": 40, "epidemic": 40, "classifier": 40}
"""Built-in experiments, and for how many steps they are trained here."""

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def run_of(name: str) -> Recording:
    """The recording of a small or a built-in experiment."""
    if name in TEXTS:
        return recorded(TEXTS[name], name)
    settings = [f"training.steps={BUILT_IN[name]}", "snapshots.count=9"]
    text = (CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")
    return train(read_experiment(text, label=name, name=name, folder=CONFIGS, overrides=settings))


def recorded(text: str, name: str = "small") -> Recording:
    return train(read_experiment(text, label=name, name=name, folder=Path("nowhere")))


@cache
def html_of(name: str) -> str:
    return make_page(run_of(name)).html


def program() -> str | None:
    """The browser's path, if there is one."""
    found = (os.environ.get("BACKPROP_ANIM_CHROMIUM"), *PROGRAMS)
    return next((path for name in found if name and (path := shutil.which(name))), None)


READ = """
async ([index, name, given]) => {
  const element = document.querySelectorAll("backprop-anim")[index];
  await element.ready;
  const plain = (value) => (ArrayBuffer.isView(value) ? [...value] : value);
  if (given === null) return plain(await element[name]);
  try {
    return { answer: plain(await element[name](...given)) ?? null };
  } catch (error) {
    return { refused: `${error.name}: ${error.message}` };
  }
}
"""


@dataclass
class Film:
    """One `<backprop-anim>` on a page, by its members."""

    page: Any
    index: int = 0
    recording: Recording | None = None
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def read(self, name: str) -> Any:
        return self.page.evaluate(READ, [self.index, name, None])

    def numbers(self, name: str) -> Array:
        return np.array(self.read(name), dtype=float)

    def call(self, name: str, *given: Any) -> Any:
        answer = self.page.evaluate(READ, [self.index, name, list(given)])
        assert "refused" not in answer, answer
        return answer["answer"]

    def refusal(self, name: str, *given: Any) -> str:
        """What a call is refused with; no words if it is not."""
        return str(self.page.evaluate(READ, [self.index, name, list(given)]).get("refused", ""))

    def choose(self, name: str, value: Any) -> None:
        """Write one of the element's properties."""
        self.page.evaluate(
            "([index, name, value]) => { document.querySelectorAll('backprop-anim')[index][name] = value; }",
            [self.index, name, value],
        )

    def state(self) -> dict[str, Any]:
        """Everything that is shown and set."""
        names = ("mode", "step", "phase", "parameters", "loss", "samples", "playing")
        keys = ("aggression", "noise", "batch", "order", "optimizer", "loss", "weight_decay", "l1")
        settings = {f"training.{key}": self.call("get", f"training.{key}") for key in keys}
        return {name: self.read(name) for name in names} | settings | {"hidden": self.call("get", "network.hidden")}

    def find(self, selector: str) -> Any:
        """A part of the element: selectors reach into its shadow."""
        return self.page.locator("backprop-anim").nth(self.index).locator(selector)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def until(self, what: Callable[[], Any]) -> None:
        """Wait for something to be true; the page's policy refuses the browser's own way of waiting."""
        for _ in range(PATIENCE_S * 20):
            if what():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it never came")


Open = Callable[..., Film]
"""Opens the page of a run, or a page's text, in a window of its own."""


def faults(film: Film) -> list[str]:
    """What axe finds wrong with what is shown."""
    if not film.page.evaluate("'axe' in window"):
        film.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = film.page.evaluate("axe.run().then((found) => found.violations)")
    nodes = [(each["id"], node["html"][:160], node["failureSummary"]) for each in found for node in each["nodes"]]
    return [json.dumps(node, ensure_ascii=False) for node in nodes]
