"""A small film with known colours, and ways to look at what was made of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

from backprop_anim.writers import FilmSpec, Format, Pixels, formats, open_writers
from backprop_anim.writers.encoder_pipe import executable

FILMS = [name for name in formats if formats[name].is_film]
"""The formats that are made of frames."""

GROUND = (251, 250, 247)
CRIMSON = (220, 20, 60)
INK = (20, 22, 30)
LAST = (0, 114, 178)
BLOCK = (slice(8, 40), slice(8, 40))  # crimson in every frame
CORNER = (slice(-40, -8), slice(-40, -8))  # ground; `LAST` in the last frame

FILM = FilmSpec(width_px=192, height_px=108, fps=30, n_frames=30)


def draw(film: FilmSpec, index: int) -> Pixels:
    """Frame `index`: a crimson square, a thin line that moves a pixel a frame, another square in the last frame."""
    pixels = np.full(film.shape, 255, np.uint8)
    pixels[..., :3] = GROUND
    pixels[BLOCK][..., :3] = CRIMSON
    pixels[50:58, 48 + 2 * (index % 40), :3] = INK
    if index == film.n_frames - 1:
        pixels[CORNER][..., :3] = LAST
    return pixels


def samples(film: FilmSpec) -> list[Pixels]:
    return [draw(film, 0), draw(film, film.n_frames - 1)]


def write(path: Path, made: Format, film: FilmSpec = FILM) -> Path:
    """Write the whole film with one reused array, as the drawing does."""
    buffer = np.empty(film.shape, np.uint8)
    with open_writers({path: made}, film, samples(film)) as writers:
        for index in range(film.n_frames):
            buffer[...] = draw(film, index)
            writers.write(buffer)
        buffer[...] = 0
    return path


def probe(path: Path) -> str:
    """What ffmpeg says about a file."""
    return subprocess.run(
        [executable(), "-hide_banner", "-i", path], capture_output=True, text=True, check=False
    ).stderr


def duration_s(path: Path) -> float:
    found = re.search(r"Duration: (\d+):(\d+):([\d.]+)", probe(path))
    assert found is not None
    hours, minutes, seconds = map(float, found.groups())
    return 3600 * hours + 60 * minutes + seconds


def decode(path: Path, film: FilmSpec = FILM) -> Pixels:
    """Every frame as a player that honours BT.709 shows it, (n, height, width, 3)."""
    filters = "scale=in_color_matrix=bt709:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int"
    command = [executable(), "-v", "error", "-i", path, "-vf", filters, "-fps_mode", "passthrough"]
    raw = subprocess.run([*command, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, film.height_px, film.width_px, 3)


def pictures(path: Path) -> tuple[list[Pixels], list[int]]:
    """The pictures of a GIF or WebP, each (height, width, 3), and how long each is shown, in ms."""
    shown, lasts = [], []
    with Image.open(path) as image:
        for index in range(image.n_frames):
            image.seek(index)
            shown.append(np.asarray(image.convert("RGB")))
            lasts.append(image.info["duration"])
    return shown, lasts


def distance(pixels: Pixels, colour: tuple[int, int, int]) -> float:
    """The largest difference of a channel's mean over a square from `colour`."""
    return float(np.abs(pixels.reshape(-1, 3).mean(axis=0) - colour).max())
