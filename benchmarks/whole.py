"""The whole heart, from the YAML file to the MP4, beside PyTorch and matplotlib's FuncAnimation doing the same.

python -m benchmarks.whole --torch-python PATH

The other script needs one to three minutes, so it takes few turns; ours takes several before each of them.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from benchmarks.common import (
    HERE,
    Bar,
    Report,
    add_torch_option,
    arguments,
    leave,
    require_modules,
    take_turns,
    tool,
    whole_process,
)

OURS, THEIRS = "backprop-anim train heart, MP4", "PyTorch and FuncAnimation"
N_FRAMES = 360


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = arguments(__doc__ or "", rounds=1)
    add_torch_option(parser)
    parser.add_argument(
        "--ours", type=int, default=5, help="our turns for each of the other's; their median counts (5)"
    )
    parser.add_argument("--steps", type=int, default=20_000, help="training steps (20000)")
    parser.add_argument("--size", default="1280x720", help="size of our frames; only the default is the other's too")
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    options = parse()
    require_modules(options.torch_python, "torch", "numpy", "matplotlib", "imageio_ffmpeg")
    settings = ["--set", f"training.steps={options.steps}", "--set", f"video.size={options.size}"]
    settings += ["--set", "video.opening=0"]  # as many frames as theirs
    with tempfile.TemporaryDirectory() as folder:
        ours = tool("train", "heart", "-o", folder, "--formats", "mp4", "--force", "--quiet", *settings)
        script = str(HERE / "torch_funcanimation.py")
        theirs = [options.torch_python, script, str(Path(folder) / "theirs.mp4"), "--steps", str(options.steps)]
        single: list[float] = []

        def several() -> float:
            taken = [whole_process(ours) for _ in range(options.ours)]
            single.extend(taken)
            return statistics.median(taken)

        samples = take_turns({OURS: several, THEIRS: lambda: whole_process(theirs)}, options.rounds, options.json)
        _same_film(Path(folder))
    report = Report(f"The heart's film, {options.steps:,} steps, 300 + 60 frames; whole process", "s", samples)
    report.bars = [Bar(THEIRS, OURS, 10)]
    report.notes = [f"ours took {', '.join(f'{seconds:.2f}' for seconds in single)} s"]
    report.extra = {"ours": single}
    report.finish(options)


def _same_film(folder: Path) -> None:
    """Leave if the two films do not have the same number of frames."""
    from imageio_ffmpeg import count_frames_and_secs

    counts = {path.name: count_frames_and_secs(str(path))[0] for path in folder.rglob("*.mp4")}
    if len(counts) != 2 or set(counts.values()) != {N_FRAMES}:
        leave(f"the films should both have {N_FRAMES} frames: {counts}")


if __name__ == "__main__":
    main()
