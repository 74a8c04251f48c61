"""Sixteen hearts trained and drawn as one film of 4×4 tiles, 1920×1080; whole process.

python -m benchmarks.compare
"""

from __future__ import annotations

import tempfile

from benchmarks.common import Bar, Report, arguments, take_turns, tool, whole_process

COMPARE, ONE = "compare, 16 runs of the heart, 4×4 at 1920x1080, MP4", "train heart, MP4 of 1280x720"
SWEEPS = ("--sweep", "training.aggression=0.5,1,2,3,4,5,6,7", "--sweep", "training.noise=0,0.5")


def main() -> None:
    """Measure and report."""
    parser = arguments(__doc__ or "", rounds=3)
    parser.add_argument("--steps", type=int, default=20_000, help="training steps (20000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        common = ("-o", folder, "-q", "--formats", "mp4", "--set", f"training.steps={options.steps}")
        contenders = {
            COMPARE: lambda: whole_process(tool("compare", "heart", *SWEEPS, "--size", "1920x1080", *common)),
            ONE: lambda: whole_process(tool("train", "heart", "--force", *common)),
        }
        report = Report("Many runs in one film", "s", take_turns(contenders, options.rounds, options.json))
    report.bars = [Bar(COMPARE, limit=15.0, at_least=False), Bar(COMPARE, ONE)]
    report.finish(options)


if __name__ == "__main__":
    main()
