"""The page: its engine's steps beside a network of objects in Node, its first picture and its frames in Chromium.

python -m benchmarks.page                             all of it
python -m benchmarks.page --only engine               without a browser
python -m benchmarks.page --only browser --profile    and where the time of the frames goes, by function

The browser needs Playwright, and a Chromium on the path or in BACKPROP_ANIM_CHROMIUM.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from backprop_anim.config import load_experiment
from backprop_anim.training.recording import Recording
from backprop_anim.training.trainer import train
from backprop_anim.webpage import make_page
from backprop_anim.webpage.page_data import page_data
from benchmarks.common import HERE, ROOT, Bar, Report, arguments, leave, require_modules, take_turns

ENGINE, OBJECTS = "page's engine", "neuron and link objects"
LEAST_RATIO, MOST_MICROSECONDS = 2, 3
FIRST, MOST_MS_TO_FIRST = "fruit, navigation to the first picture", 500
PLAYED, MOST_MS_A_FRAME = ("fruit", "heart", "classifier"), 8
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WINDOW = {"width": 1280, "height": 720}
SAME = 1e-9
MOST_TOLD = 12

MARK_THE_FIRST_PICTURE = """
customElements.whenDefined("backprop-anim").then(async () => {
  await document.querySelector("backprop-anim").ready;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { globalThis.firstPictureAt = performance.now(); };
    port2.postMessage(0);
  });
});
"""
"""The message comes after the frame was styled, laid out and painted."""

PLAY = """
async () => {
  const film = await document.querySelector("backprop-anim").ready;
  const { session } = film;
  const drawn = [];
  const whole = [];
  for (let row = 1; row < session.recorded.steps.length; row++) {
    await new Promise((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        const started = performance.now();
        session.show(row);
        drawn.push(performance.now() - started);
        port1.onmessage = () => { whole.push(performance.now() - started); done(); };
        port2.postMessage(0);
      });
    });
  }
  return { drawn, whole };
}
"""
"""Every kept state in a frame of its own, as the player shows them; `whole` has style, layout and paint in it too."""


def recording_of(name: str) -> Recording:
    """Return the recording of an example."""
    return train(load_experiment(ROOT / "configs" / f"{name}.yaml"))


def steps_in_node(node: str, kind: str, data: str, seconds: float) -> dict[str, Any]:
    """Return the microseconds of a step, and the losses of the first ones."""
    command = [node, str(HERE / "page_steps.mjs"), kind, str(seconds)]
    done = subprocess.run(command, input=data, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        leave(f"`{' '.join(command)}` ended with status {done.returncode}:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def engine_report(options: argparse.Namespace) -> Report:
    """Measure training steps in Node."""
    node = shutil.which("node")
    if node is None:
        leave("there is no Node on the path")
    report = Report("a training step in Node", "µs")
    contenders: dict[str, Callable[[], float]] = {}
    for name, what in (("heart", "heart, all 100 samples, noise"), ("fruit", "fruit, one sample")):
        data = json.dumps(page_data(recording_of(name)))
        ours, theirs = (steps_in_node(node, kind, data, 0.1)["losses"] for kind in ("engine", "objects"))
        worst = max(abs(a - b) / abs(a) for a, b in zip(ours, theirs, strict=True))
        if worst > SAME:
            leave(f"{name}: the contenders do not train alike; their losses differ by {worst:.0e}")
        for kind, label in (("engine", ENGINE), ("objects", OBJECTS)):
            contenders[f"{what}: {label}"] = lambda kind=kind, data=data: float(
                steps_in_node(node, kind, data, options.seconds)["microseconds"]
            )
        ratio = LEAST_RATIO if name == "heart" else None
        report.bars.append(Bar(f"{what}: {OBJECTS}", f"{what}: {ENGINE}", ratio))
        if name == "fruit":
            report.bars.append(Bar(f"{what}: {ENGINE}", None, MOST_MICROSECONDS, at_least=False))
    report.samples = take_turns(contenders, options.rounds, options.json)
    for label, values in report.samples.items():
        report.notes.append(f"{label}: {1e6 / statistics.median(values):,.0f} steps a second")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    report.notes.append(f"Node {version}; both contenders make the same losses, to {SAME:.0e}")
    return report


@contextmanager
def browser() -> Iterator[Any]:
    """Start a Chromium without a window."""
    from playwright.sync_api import sync_playwright

    names = (os.environ.get("BACKPROP_ANIM_CHROMIUM"), *PROGRAMS)
    program = next((path for name in names if name and (path := shutil.which(name))), None)
    if program is None:
        leave("there is no Chromium on the path or in BACKPROP_ANIM_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def opened(chromium: Any, path: Path) -> Iterator[Any]:
    """Open a page in a window of its own that marks its first picture, and wait for that."""
    context = chromium.new_context(viewport=WINDOW)
    page = context.new_page()
    page.add_init_script(MARK_THE_FIRST_PICTURE)
    page.goto(path.as_uri())
    while not page.evaluate("globalThis.firstPictureAt"):
        time.sleep(0.01)
    yield page
    context.close()


def profile_of(page: Any) -> list[tuple[str, float]]:
    """Play the page and return the functions in which most of the time went, themselves alone, with their share."""
    session = page.context.new_cdp_session(page)
    session.send("Profiler.enable")
    session.send("Profiler.setSamplingInterval", {"interval": 200})
    session.send("Profiler.start")
    page.evaluate(PLAY)
    profile = session.send("Profiler.stop")["profile"]
    frames = {node["id"]: node["callFrame"] for node in profile["nodes"]}
    spent: Counter[str] = Counter()
    for node, micros in zip(profile["samples"], profile["timeDeltas"], strict=True):
        name, line = frames[node]["functionName"] or "(anonymous)", frames[node]["lineNumber"]
        spent[name if name.startswith("(") else f"{name}, line {line + 1}"] += micros
    spent.pop("(idle)", None)
    total = sum(spent.values())
    return [(name, micros / total) for name, micros in spent.most_common(MOST_TOLD)]


def browser_report(options: argparse.Namespace) -> Report:
    """Measure the first picture and the frames in Chromium."""
    require_modules(sys.executable, "playwright")
    report = Report(f"the page in Chromium at {WINDOW['width']}×{WINDOW['height']}", "ms")
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        paths = {name: Path(folder) / f"{name}.html" for name in PLAYED}
        for name, path in paths.items():
            path.write_text(make_page(recording_of(name)).html, encoding="utf-8")
        whole: dict[str, list[float]] = {name: [] for name in PLAYED}

        def first_picture() -> float:
            with opened(chromium, paths["fruit"]) as page:
                return float(page.evaluate("firstPictureAt"))

        def frame(name: str) -> float:
            with opened(chromium, paths[name]) as page:
                found = page.evaluate(PLAY)
            whole[name].append(statistics.median(found["whole"]))
            return statistics.median(found["drawn"])

        first_picture()
        contenders: dict[str, Callable[[], float]] = {FIRST: first_picture}
        contenders |= {f"{name}, drawing a frame": lambda name=name: frame(name) for name in PLAYED}
        report.samples = take_turns(contenders, options.rounds, options.json)
        for name in PLAYED:
            report.samples[f"{name}, with style, layout and paint"] = whole[name]
        report.bars = [Bar(FIRST, None, MOST_MS_TO_FIRST, at_least=False)]
        report.bars += [Bar(f"{name}, drawing a frame", None, MOST_MS_A_FRAME, at_least=False) for name in PLAYED]
        report.notes.append(f"Chromium {chromium.version}, without a window; frames are medians over a whole play")
        if options.profile:
            for name, path in paths.items():
                with opened(chromium, path) as page:
                    told = ", ".join(f"{function} {share:.0%}" for function, share in profile_of(page))
                report.notes.append(f"{name}: {told}")
    return report


def main() -> None:
    parser = arguments(__doc__ or "", rounds=5)
    parser.add_argument("--only", choices=("engine", "browser"), help="measure one half alone")
    parser.add_argument("--seconds", type=float, default=1.0, help="of steps in each turn (1)")
    parser.add_argument("--profile", action="store_true", help="tell where the time of the frames goes")
    options = parser.parse_args()
    if options.json and not options.only:
        parser.error("--json prints one half: add --only engine or --only browser")
    reports = []
    if options.only != "browser":
        reports.append(engine_report(options))
    if options.only != "engine":
        reports.append(browser_report(options))
    with ExitStack() as finishing:  # all of them are printed, even where one ends the program
        for report in reversed(reports):
            finishing.callback(report.finish, options)


if __name__ == "__main__":
    main()
