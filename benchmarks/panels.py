"""What each panel of a film costs a frame, and which artist of it, measured while whole films are drawn.

python -m benchmarks.panels                           every example
python -m benchmarks.panels heart --theme dark --size 1920x1080
python -m benchmarks.panels heart --profile           where the time goes, by function

All panels stand on one canvas, as in the film. A panel's time is that of its update and of its artists; "static" is
what would be added if the unchanging part were drawn anew for every frame too.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from backprop_anim.common.errors import BackpropAnimError
from backprop_anim.config import load_experiment
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.film import canvas as canvas_module
from backprop_anim.film.canvas import Canvas
from backprop_anim.panels import panels
from backprop_anim.story.timeline import timeline
from backprop_anim.training.recording import Recording
from backprop_anim.training.trainer import train
from benchmarks.common import ROOT, Report, arguments, leave

HEADER = "header"


@dataclass
class Stopwatch:
    """Seconds by panel and part: ``("fit", "LineCollection")``."""

    seconds: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))

    def timed(self, key: tuple[str, str], call: Callable[..., Any]) -> Callable[..., Any]:
        """Return `call` with its time added up under `key`."""

        def measured(*given: Any) -> Any:
            started = time.perf_counter()
            answer = call(*given)
            self.seconds[key] += time.perf_counter() - started
            return answer

        return measured


@contextmanager
def timed_updates(watch: Stopwatch) -> Iterator[None]:
    """Let every panel that is started here, and the header, hand out a timed update."""

    def timed_start(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: watch.timed((name, "update"), original(*given))

    with ExitStack() as stack:
        stack.enter_context(
            patch.object(canvas_module, "create_header", timed_start(HEADER, canvas_module.create_header))
        )
        for name in panels:
            stack.enter_context(
                patch.object(panels[name], "create_artists", timed_start(name, panels[name].create_artists))
            )
        yield


def timed_canvas(recording: Recording, moments: tuple[Any, ...], watch: Stopwatch) -> Canvas:
    """Return a canvas whose updates and animated artists report to `watch`."""
    with timed_updates(watch):
        canvas = Canvas(recording, moments)
    for name, stage in canvas.stages.items():
        for artist in stage.animated:
            artist.draw = watch.timed((name, type(artist).__name__), artist.draw)
    return canvas


def measure(experiment: Experiment, rounds: int) -> Report:
    """Draw the film `rounds` times and return what each part took, in milliseconds a frame."""
    recording = train(experiment)
    moments = timeline(experiment.video, recording)
    moving = [moment for moment in moments if not moment.held]
    watch = Stopwatch()
    started = time.perf_counter()
    canvas = timed_canvas(recording, moments, watch)
    set_up = (time.perf_counter() - started) * 1e3
    report = Report(f"{experiment.name}, {experiment.video.theme}, {len(moving)} frames of {_size(experiment)}", "ms")
    samples: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        watch.seconds.clear()
        started = time.perf_counter()
        for moment in moving:
            canvas.draw(moment)
        whole = (time.perf_counter() - started) / len(moving) * 1e3
        for name, milliseconds in _parts(watch, len(moving)).items():
            samples[name].append(milliseconds)
        samples["copy of the static picture, and the rest"].append(
            whole - sum(watch.seconds.values()) / len(moving) * 1e3
        )
        samples["a frame"].append(whole)
        samples["static, drawn once"].append(_static(canvas))
    report.samples = dict(samples)
    frame, static = samples["a frame"][0], samples["static, drawn once"][0]
    report.notes = [
        f"setting up took {set_up:.0f} ms; of a whole drawing {static / (static + frame):.0%} is static, drawn once"
    ]
    report.extra = {"set_up_ms": set_up, "static_share": static / (static + frame)}
    return report


def _size(experiment: Experiment) -> str:
    return f"{experiment.video.width_px}x{experiment.video.height_px}"


def _parts(watch: Stopwatch, n_frames: int) -> dict[str, float]:
    """Return each panel's milliseconds a frame, and beneath it those of its parts."""
    by_panel: dict[str, dict[str, float]] = defaultdict(dict)
    for (panel, part), seconds in watch.seconds.items():
        by_panel[panel][part] = seconds / n_frames * 1e3
    found = {}
    for panel, parts in by_panel.items():
        found[panel] = sum(parts.values())
        found |= {f"  {panel}: {part}": milliseconds for part, milliseconds in parts.items()}
    return found


def _static(canvas: Canvas) -> float:
    """Return the milliseconds of drawing what never changes."""
    started = time.perf_counter()
    canvas.figure.canvas.draw()
    return (time.perf_counter() - started) * 1e3


def profile(experiment: Experiment, rows: int) -> None:
    """Print the functions in which drawing spends its time."""
    recording = train(experiment)
    moments = timeline(experiment.video, recording)
    canvas = Canvas(recording, moments)
    profiler = cProfile.Profile()
    with profiler:
        for moment in moments:
            canvas.draw(moment)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(rows)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = arguments(__doc__ or "", rounds=3)
    parser.add_argument("examples", nargs="*", help="names of examples (all)")
    parser.add_argument("--theme", default="light")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--steps", type=int, default=1000, help="training steps, at most; drawing does not mind (1000)")
    parser.add_argument("--profile", type=int, nargs="?", const=25, metavar="ROWS", help="profile instead (25 rows)")
    return parser.parse_args()


def experiments(options: argparse.Namespace) -> Iterator[Experiment]:
    """Yield the examples that can be read."""
    paths = [ROOT / "configs" / f"{name}.yaml" for name in options.examples] or sorted(
        (ROOT / "configs").glob("*.yaml")
    )
    settings = [f"video.theme={options.theme}", f"video.size={options.size}"]
    for path in paths:
        try:
            steps = min(options.steps, load_experiment(path).training.steps)
            yield load_experiment(path, [*settings, f"training.steps={steps}"])
        except BackpropAnimError as error:
            if options.examples:
                leave(str(error))


def main() -> None:
    """Measure and report, example by example."""
    options = parse()
    for experiment in experiments(options):
        if options.profile:
            profile(experiment, options.profile)
        else:
            measure(experiment, options.rounds).finish(options)


if __name__ == "__main__":
    main()
