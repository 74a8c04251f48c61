"""What everything but the encoder costs: our whole process beside ffmpeg alone, given the finished frames.

python -m benchmarks.encode

The frames are drawn once and stand in a file (1.3 GB for the heart) that ffmpeg reads as its standard input: once with
the options of the tool's own MP4 writer, chosen for speed, the last copy with the index in front included, and
once as somebody would call it who has frames and wants a film, with its default preset.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from backprop_anim.config import load_experiment
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.timeline import timeline
from backprop_anim.training.trainer import train
from backprop_anim.writers import FilmSpec
from backprop_anim.writers.encoder_pipe import QUIET, EncoderPipe, executable
from backprop_anim.writers.ffmpeg_writer import raw_video_args
from backprop_anim.writers.mp4 import Mp4Writer
from benchmarks.common import ROOT, Bar, Report, arguments, leave, take_turns, tool, whole_process

ALONE, PLAIN = "ffmpeg alone, with our options", "ffmpeg alone, with its default preset"
MP4, BOTH = "backprop-anim, MP4", "backprop-anim, MP4 and GIF"


class Listening(EncoderPipe):
    """Notes what ffmpeg would be started with, and starts nothing."""

    commands: list[list[str]] = []  # noqa: RUF012  # one list for all

    def start(self, *arguments: str) -> None:
        """Note the command."""
        self.commands.append([executable(), *QUIET, *arguments])

    def finish(self) -> int:
        """Say nothing."""
        return 0


def writer_commands(film: FilmSpec, path: Path) -> list[list[str]]:
    """Return the commands that the MP4 writer runs for one film: the encoder, then the copy."""
    Listening.commands.clear()
    with patch("backprop_anim.writers.ffmpeg_writer.EncoderPipe", Listening):
        Mp4Writer(path, film).complete()
    return list(Listening.commands)


def plain_command(film: FilmSpec, path: Path) -> list[str]:
    """Return the command that makes the same film with ffmpeg's own preset."""
    given = raw_video_args(film.width_px, film.height_px, str(film.fps))
    return [executable(), *QUIET, *given, "-pix_fmt", "yuv420p", "-c:v", "libx264", str(path)]


def draw_frames(experiment: Experiment, path: Path) -> int:
    """Write every frame of the film to `path`, raw, and return how many there are."""
    recording = train(experiment)
    moments = timeline(experiment.video, recording)
    canvas = Canvas(recording, moments)
    with path.open("wb") as file:
        for moment in moments:
            file.write(canvas.draw(moment).data)
    return len(moments)


def encode(frames: Path, commands: list[list[str]]) -> float:
    """Return how long ffmpeg takes for the frames."""
    started = time.perf_counter()
    for number, command in enumerate(commands):
        with (frames if number == 0 else Path("/dev/null")).open("rb") as given:
            done = subprocess.run(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            leave(f"ffmpeg failed:\n{done.stderr.decode(errors='replace')}")
    return time.perf_counter() - started


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = arguments(__doc__ or "", rounds=5)
    parser.add_argument("--config", default="heart", help="an example's name (heart)")
    parser.add_argument("--tmp", metavar="DIR", help="where the frames go for the time of the run")
    parser.add_argument("--quality", default="standard", help="draft, standard or high")
    parser.add_argument("--size", default="1280x720", help="size of the frames")
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    options = parse()
    settings = [f"video.quality={options.quality}", f"video.size={options.size}"]
    experiment = load_experiment(ROOT / "configs" / f"{options.config}.yaml", settings)
    video = experiment.video
    with tempfile.TemporaryDirectory(dir=options.tmp) as name:
        folder = Path(name)
        frames = folder / "frames.rgba"
        n_frames = draw_frames(experiment, frames)
        film = FilmSpec(video.width_px, video.height_px, video.fps, n_frames, video.quality)
        commands = writer_commands(film, folder / "alone.mp4")
        words = [
            "train",
            options.config,
            "-o",
            name,
            "--force",
            "--quiet",
            *(word for s in settings for word in ("--set", s)),
        ]
        contenders = {
            ALONE: lambda: encode(frames, commands),
            PLAIN: lambda: encode(frames, [plain_command(film, folder / "plain.mp4")]),
            MP4: lambda: whole_process(tool(*words, "--formats", "mp4")),
            BOTH: lambda: whole_process(tool(*words, "--formats", "mp4,gif")),
        }
        report = Report(f"{options.config}, {n_frames} frames of {options.size}, {options.quality} quality", "s")
        report.samples = take_turns(contenders, options.rounds, options.json)
    report.bars = [
        Bar(MP4, ALONE, 2, at_least=False),
        Bar(MP4, PLAIN, 2, at_least=False),
        Bar(BOTH, MP4, 1.8, at_least=False),
    ]
    report.finish(options)


if __name__ == "__main__":
    main()
